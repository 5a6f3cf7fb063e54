//! Notices, how people want to be told, and mails as the house sees them.

use super::money::Price;
use super::time::Time;
use auction_core::notify::{
    Channels, MailReport, Notice, NoticeFacts, NoticeKind, NoticeResult, Preferences, Words,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A notice.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Notification)]
pub struct NoticeView {
    id: u64,
    /// `starting_soon`, `started`, `ending_soon`, `ended`, `outbid`, `won`, `lost`, `extended`, `reserve_not_met` or
    /// `payment_due`.
    #[schema(example = "outbid")]
    kind: &'static str,
    title: String,
    message: String,
    facts: FactsView,
    /// The auction that it is about.
    auction: u64,
    is_read: bool,
    created_at: Time,
}

/// What a notice tells of, for whoever says it in words of their own.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NotificationFacts)]
pub struct FactsView {
    /// The title of the lot.
    lot: String,
    /// What it stands at or was sold for; to who won units, what they pay for all of theirs. Null where nobody has bid,
    /// while bids are hidden, and where units were sold to somebody else.
    price: Option<Price>,
    #[schema(example = "USD")]
    currency: String,
    /// When bidding begins or began.
    starts_at: Option<Time>,
    /// When it ends or ended, as it was known then.
    ends_at: Option<Time>,
    /// `sold`, `reserve_not_met`, `no_bids`, `bought_now` or `cancelled`; null while it is not over.
    #[schema(example = "sold")]
    result: Option<&'static str>,
    /// It is a reverse auction: who wins supplies the lot and is paid.
    is_reverse: bool,
}

/// How many notices were not read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct UnreadCount {
    /// How many.
    pub unread_count: u64,
}

/// How many notices were marked as read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ReadCount {
    /// How many.
    pub read_count: u64,
}

/// The ways by which one is told.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Channels)]
pub struct ChannelsView {
    /// By mail.
    mail: bool,
    /// In the inbox.
    in_app: bool,
}

/// How one wants to be told, by kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NotificationPreferences)]
pub struct PreferencesView(BTreeMap<&'static str, ChannelsView>);

/// What the house may know about a mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MailReport)]
pub struct MailView {
    id: u64,
    /// `waiting`, `sent`, `dropped` or `dead`.
    state: &'static str,
    /// The kind of the notice; null for mails about accounts.
    kind: Option<&'static str>,
    attempts: u32,
    written_at: Time,
    /// When it is tried next, for those that wait.
    due_at: Option<Time>,
    /// Why it was not sent at the last try.
    reason: Option<String>,
}

impl From<&Notice> for NoticeView {
    fn from(notice: &Notice) -> Self {
        let Words { title, message } = Words::of(notice.kind, &notice.facts);
        Self {
            id: notice.id.0,
            kind: notice.kind.name(),
            title,
            message,
            facts: (&notice.facts).into(),
            auction: notice.auction.number(),
            is_read: notice.is_read,
            created_at: notice.at.into(),
        }
    }
}

impl From<&NoticeFacts> for FactsView {
    fn from(facts: &NoticeFacts) -> Self {
        Self {
            lot: facts.lot(),
            price: facts.price.map(|price| Price::new(price, facts.currency)),
            currency: facts.currency.code().to_owned(),
            starts_at: facts.starts_at.map(Time),
            ends_at: facts.ends_at.map(Time),
            result: facts.result.map(NoticeResult::name),
            is_reverse: facts.manner.is_reverse(),
        }
    }
}

impl From<Channels> for ChannelsView {
    fn from(Channels { mail, in_app }: Channels) -> Self {
        Self { mail, in_app }
    }
}

impl From<&Preferences> for PreferencesView {
    fn from(preferences: &Preferences) -> Self {
        let of = |kind: NoticeKind| (kind.name(), preferences.channels(kind).into());
        Self(NoticeKind::ALL.into_iter().map(of).collect())
    }
}

impl From<MailReport> for MailView {
    fn from(mail: MailReport) -> Self {
        let is_waiting = mail.state == auction_core::notify::MailState::Waiting;
        Self {
            id: mail.id.0,
            state: mail.state.name(),
            kind: mail.kind.map(NoticeKind::name),
            attempts: mail.attempts,
            written_at: mail.written_at.into(),
            due_at: is_waiting.then(|| mail.due_at.into()),
            reason: mail.reason,
        }
    }
}
