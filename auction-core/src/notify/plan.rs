//! What follows from the events of an auction.

use super::kind::NoticeKind;
use super::notice::{NewNotice, NoticeFacts};
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;

/// How far the events of an auction have been planned, and what has to be remembered to go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The revision of the last event that was planned; 0 before the first.
    pub revision: u64,
    /// Who led after it.
    pub leader: Option<UserId>,
}

/// What was planned from some events of one auction; it is written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which auction.
    pub auction: AuctionId,
    /// The revision that the [`Position`] must still have.
    pub before: u64,
    /// The position afterwards.
    pub after: Position,
    /// For single people.
    pub notices: Vec<NewNotice>,
    /// For audiences. A round of the same kind and occurrence that was not called yet is replaced, one that was begun
    /// or called stays as it is.
    pub rounds: Vec<NewRound>,
    /// Kinds whose rounds make no sense any more: those that are not begun are removed.
    pub dropped: Vec<NoticeKind>,
}

/// A notice for an audience, to be called when it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRound {
    /// What they are told.
    pub kind: NoticeKind,
    /// The how manieth time; see [`NewNotice::occurrence`].
    pub occurrence: u64,
    /// Who is told.
    pub audience: Audience,
    /// Who is left out, since they are told something else.
    pub except: Option<UserId>,
    /// What they are told besides.
    pub facts: NoticeFacts,
    /// When they are to be told.
    pub due_at: Timestamp,
}

/// Who of an auction is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// All who take part.
    Participants,
    /// Those of them who have bid.
    Bidders,
    /// Those of them who have not bid.
    Onlookers,
}

/// The number of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoundId(pub u64);

/// A round that somebody works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its number.
    pub id: RoundId,
    /// With which it is held: drawn anew by whoever claims it.
    pub token: u64,
    /// About which auction.
    pub auction: AuctionId,
    /// What it calls.
    pub call: NewRound,
    /// Up to whom it was called already.
    pub called_up_to: Option<UserId>,
}

/// A part of a round that is written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundPage {
    /// Which round.
    pub round: RoundId,
    /// With which it was claimed; where another one holds it by now nothing is written.
    pub token: u64,
    /// The notices of the page.
    pub notices: Vec<NewNotice>,
    /// Up to whom it is called then; `None` when it is done, and is removed.
    pub called_up_to: Option<UserId>,
}

impl Audience {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Participants => "participants",
            Self::Bidders => "bidders",
            Self::Onlookers => "onlookers",
        }
    }

    /// The audience with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Participants, Self::Bidders, Self::Onlookers]
            .into_iter()
            .find(|audience| audience.name() == name)
    }
}
