//! What cases of the notices play with: two handles of one store, plans, letters and claims.

use super::{Counter, Mailroom};
use crate::conformance::checks::{Deviation, Verdict, same};
use crate::id::{AuctionId, UserId};
use crate::identity::Sealed;
use crate::money::{Amount, Currency};
use crate::notify::{
    Audience, Channels, MailClass, MailContent, MailId, MailState, Manner, NewNotice, NewRound, Notice,
    NoticeFacts, NoticeId, NoticeKind, NoticeResult, OutgoingMail, Plan, Position, Round, RoundPage,
};
use crate::ports::{InboxPage, Letter, RowClaim};
use crate::time::Span;
use std::sync::Arc;

/// For how many seconds every claim holds.
pub(super) const LEASE: u32 = 60;
pub(super) const BOTH: Channels = Channels { mail: true, in_app: true };
pub(super) const BY_MAIL: Channels = Channels { mail: true, in_app: false };
pub(super) const IN_APP: Channels = Channels { mail: false, in_app: true };

/// Two handles of one store: what one has written the other one sees.
pub(super) struct Stage {
    pub(super) here: Arc<dyn Mailroom>,
    pub(super) there: Arc<dyn Mailroom>,
}

pub(super) use crate::conformance::scene::at;

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).expect("invariant: cases name few people")
}

pub(super) fn auction(number: u64) -> AuctionId {
    AuctionId::new(number).expect("invariant: cases name few auctions")
}

/// Facts that differ by their price.
pub(super) fn facts(minor: i64) -> NoticeFacts {
    NoticeFacts {
        title: "A \"lot\", l\u{f6}t; <b>'--".to_owned(),
        price: Some(Amount::from_minor(minor).expect("invariant: cases name valid amounts")),
        currency: Currency::KWD,
        starts_at: None,
        ends_at: Some(at(9_000).after(Span::from_micros(1))),
        result: Some(NoticeResult::ReserveNotMet),
        manner: Manner::HiddenReverse,
    }
}

/// Something that somebody is told about the first auction, by mail and in the inbox.
pub(super) fn told(person: u64, kind: NoticeKind, occurrence: u64) -> NewNotice {
    NewNotice {
        user: user(person),
        auction: auction(1),
        kind,
        occurrence,
        facts: facts(i64::try_from(occurrence).unwrap_or_default() + 100),
        at: at(10),
        channels: BOTH,
    }
}

/// A round about an auction that does not say to whom it belongs.
pub(super) fn round(kind: NoticeKind, due: u32) -> NewRound {
    let audience = Audience::Onlookers;
    NewRound { kind, occurrence: 0, audience, except: Some(user(9)), facts: facts(5), due_at: at(due) }
}

/// A plan that goes from one revision to the next, and has nothing in it yet.
pub(super) fn step(number: u64, before: u64) -> Plan {
    Plan {
        auction: auction(number),
        before,
        after: Position { revision: before + 1, leader: Some(user(before + 1)) },
        notices: Vec::new(),
        rounds: Vec::new(),
        dropped: Vec::new(),
    }
}

pub(super) fn letter(name: &str, class: MailClass, written: u32) -> Letter {
    Letter {
        message_id: name.to_owned(),
        class,
        sealed: Sealed::from_bytes(format!("sealed {name}").into_bytes()),
        at: at(written),
        expires_at: at(written + 3_600),
    }
}

pub(super) fn claim(now: u32, token: u64, rows_max: usize) -> RowClaim {
    RowClaim { now: at(now), lease: Span::from_secs(LEASE), token, rows_max }
}

pub(super) fn page(round: &Round, notices: Vec<NewNotice>, up_to: Option<u64>) -> RoundPage {
    RoundPage { round: round.id, token: round.token, notices, called_up_to: up_to.map(user) }
}

/// What a written notice looks like.
pub(super) fn written(id: NoticeId, new: &NewNotice) -> Notice {
    Notice {
        id,
        user: new.user,
        auction: new.auction,
        kind: new.kind,
        occurrence: new.occurrence,
        facts: new.facts.clone(),
        at: new.at,
        in_app: new.channels.in_app,
        is_read: false,
    }
}

pub(super) fn ids(mails: &[OutgoingMail]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.id).collect()
}

/// The notice that a mail is to tell.
pub(super) fn notice_of(mail: &OutgoingMail) -> Result<&Notice, Deviation> {
    match &mail.content {
        MailContent::Notice(notice) => Ok(notice),
        MailContent::Sealed(_) => Err(Deviation::new("the mail of a notice is a sealed one")),
    }
}

/// The only one of them.
pub(super) fn only<T>(what: &str, mut all: Vec<T>) -> Result<T, Deviation> {
    match all.len() {
        1 => all.pop().ok_or_else(|| Deviation::new(what)),
        count => Err(Deviation::new(format!("{what}: there should be one, and there are {count}"))),
    }
}

impl Stage {
    pub(super) async fn open(counter: &dyn Counter) -> Result<Self, Deviation> {
        Ok(Self { here: counter.open().await?, there: counter.open().await? })
    }

    /// Plans notices about the first auction on its next position, which has to succeed.
    pub(super) async fn tell(&self, before: u64, notices: &[NewNotice]) -> Result<Vec<Notice>, Deviation> {
        self.write(Plan { notices: notices.to_vec(), ..step(1, before) }).await
    }

    /// Writes a plan, which has to succeed.
    pub(super) async fn write(&self, plan: Plan) -> Result<Vec<Notice>, Deviation> {
        let answers = self.here.plan(&[plan]).await?;
        only("the answer to a plan", answers)?
            .ok_or_else(|| Deviation::new("a plan on the current position is refused"))
    }

    /// The newest notices of somebody.
    pub(super) async fn inbox(&self, person: u64) -> Result<Vec<Notice>, Deviation> {
        Ok(self.there.inbox(user(person), InboxPage::Before(None), 100).await?)
    }

    /// Posts a letter.
    pub(super) async fn post(&self, name: &str, class: MailClass, written: u32) -> Result<MailId, Deviation> {
        Ok(self.here.post(&letter(name, class, written)).await?)
    }

    pub(super) async fn claimed(&self, now: u32, token: u64) -> Result<Vec<MailId>, Deviation> {
        Ok(ids(&self.there.claim_mails(&claim(now, token, 100)).await?))
    }

    /// Claims the rounds that are due.
    pub(super) async fn rounds(&self, now: u32, token: u64) -> Result<Vec<Round>, Deviation> {
        Ok(self.there.claim_rounds(&claim(now, token, 100)).await?)
    }

    /// So many mails are in each state, in the order waiting, sent, dropped, dead.
    pub(super) async fn mails_are(&self, expected: [u64; 4]) -> Verdict {
        let counts = self.there.count_mails().await?;
        let found = MailState::ALL.map(|state| {
            let count = counts.iter().find(|(known, _)| *known == state);
            count.map_or(0, |(_, count)| *count)
        });
        same("mails that wait, are sent, dropped and dead", found, expected)
    }
}
