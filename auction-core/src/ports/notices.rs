//! Where notices are planned and kept.

use crate::id::{AuctionId, UserId};
use crate::notify::{Notice, NoticeId, Plan, Position, Preferences, Round, RoundPage};
use crate::ports::Failure;
use crate::time::{Span, Timestamp};
use async_trait::async_trait;

/// The most rows that [`InboxStore::inbox`] answers at once.
pub const INBOX_PAGE_MAX: usize = 500;

/// Where it is kept how far auctions are planned, and what was planned.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - A notice is written once for each (auction, kind, user, occurrence), whoever plans it and however often; with it,
///   in the same transaction, the mail that it is to be sent as.
/// - One that [collapses](crate::notify::NoticeKind::collapses) takes the place of the latest one of its auction, kind
///   and user where that one's mail still waits and is not being sent, or where neither has a mail and that one is
///   unread: it has the new occurrence, facts and time then, is unread, and keeps its number and its mail. Occurrences
///   of such a kind only grow.
/// - What is written survives the death of the process. It may be lost with the machine, but then the positions are
///   lost with it, and it is planned again.
#[async_trait]
pub trait RelayStore: Send + Sync {
    /// How far auctions are planned, in the order of the question.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure>;

    /// Writes what was planned. For each plan in order: the notices that are new or changed and stand in an inbox, or
    /// `None`, with nothing of that plan written, where the auction has another position by now.
    ///
    /// # Errors
    /// A [`Failure`]; planning again is harmless.
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure>;

    /// Claims rounds that are due and that nobody holds, earliest first.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure>;

    /// Writes a page of a round and, unless it is done, holds it on; answers the notices that are new or changed and
    /// stand in an inbox. `None`, and nothing is written, where somebody else holds it by now.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure>;

    /// The earliest time at which there may be a round to claim; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn next_round(&self) -> Result<Option<Timestamp>, Failure>;

    /// How people want to be told, in the order of the question.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure>;
}

/// Which due rows somebody wants to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowClaim {
    /// The time now. Rows that are due by then are claimed; leases that were over by then do not count.
    pub now: Timestamp,
    /// For how long the claim holds.
    pub lease: Span,
    /// With which the rows are held; drawn anew for each claim.
    pub token: u64,
    /// How many at most.
    pub rows_max: usize,
}

/// How many of the newest notices in an inbox its [`InboxHead`] is of.
pub const INBOX_HEAD_MAX: usize = 16;

/// By what it is seen whether an inbox has changed: of its newest [`INBOX_HEAD_MAX`] notices, read or unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxHead {
    /// The highest number: one that is written later has a higher one.
    pub id: NoticeId,
    /// The latest time: one that takes the place of another keeps its number, and is later.
    pub at: Timestamp,
}

impl InboxHead {
    /// That of an inbox with these notices, newest first.
    pub fn of(newest: &[Notice]) -> Option<Self> {
        let newest = newest.iter().take(INBOX_HEAD_MAX);
        let (id, at) = (newest.clone().map(|notice| notice.id).max()?, newest.map(|notice| notice.at).max()?);
        Some(Self { id, at })
    }
}

/// The inboxes of people.
///
/// # Contract
/// - Every call is atomic, what was written before it began is seen by it, and nobody's notices are seen or changed for
///   anybody else.
/// - Numbers grow in the order in which notices can be seen, whoever writes them: behind one that was seen none appears
///   with a lower number.
#[async_trait]
pub trait InboxStore: Send + Sync {
    /// The notices of somebody, newest first, at most `rows_max` and [`INBOX_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn inbox(&self, user: UserId, page: InboxPage, rows_max: usize) -> Result<Vec<Notice>, Failure>;

    /// How many notices somebody has, and how many of them are unread.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn count_notices(&self, user: UserId) -> Result<NoticeCount, Failure>;

    /// By what it is seen whether each inbox has changed, in the order of the question; `None` where one is empty.
    /// Reading changes nothing.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn inbox_heads(&self, users: &[UserId]) -> Result<Vec<Option<InboxHead>>, Failure>;

    /// Marks a notice as read and answers it; `None` where the user has no such notice.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn read_notice(&self, user: UserId, notice: NoticeId) -> Result<Option<Notice>, Failure>;

    /// Marks all notices of somebody as read and answers how many were not.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn read_all_notices(&self, user: UserId) -> Result<u64, Failure>;

    /// Writes how somebody wants to be told, in the place of what they chose before.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn prefer(&self, user: UserId, preferences: &Preferences) -> Result<(), Failure>;
}

/// Which notices of an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxPage {
    /// Those before this one, or the newest.
    Before(Option<NoticeId>),
    /// So many after the newest ones were passed over.
    Skipping(u64),
}

/// How many notices somebody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeCount {
    /// All of them.
    pub all: u64,
    /// Those that were not read.
    pub unread: u64,
}
