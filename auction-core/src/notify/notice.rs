//! One thing that one person is told.

use super::kind::NoticeKind;
use super::letter::one_line;
use super::preferences::Channels;
use crate::auction::format::Format;
use crate::catalog::TITLE_CHARS_MAX;
use crate::id::{AuctionId, UserId};
use crate::money::{Amount, Currency};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The number of a notice. It grows with time, and is never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub u64);

/// A notice that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Who is told.
    pub user: UserId,
    /// About which auction.
    pub auction: AuctionId,
    /// What.
    pub kind: NoticeKind,
    /// The how manieth time: the version of the event for what may happen more than once, 0 for the rest.
    pub occurrence: u64,
    /// What they are told besides.
    pub facts: NoticeFacts,
    /// Since when it is true.
    pub at: Timestamp,
    /// By which ways. A notice with none is not written.
    pub channels: Channels,
}

/// A notice that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// Who is told.
    pub user: UserId,
    /// About which auction.
    pub auction: AuctionId,
    /// What.
    pub kind: NoticeKind,
    /// The how manieth time.
    pub occurrence: u64,
    /// What they are told besides.
    pub facts: NoticeFacts,
    /// Since when it is true.
    pub at: Timestamp,
    /// It stands in the inbox.
    pub in_app: bool,
    /// It was read.
    pub is_read: bool,
}

/// What a notice says besides its kind: nothing that only somebody else may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeFacts {
    /// The title of the lot.
    pub title: String,
    /// The standing price, or what the lot was sold for; to a winner of units what they pay for all of theirs.
    pub price: Option<Amount>,
    /// The currency of the auction.
    pub currency: Currency,
    /// When the auction starts, for what is told before.
    pub starts_at: Option<Timestamp>,
    /// When the auction ends or ended.
    pub ends_at: Option<Timestamp>,
    /// How it ended, where it did.
    pub result: Option<NoticeResult>,
    /// How it is bid for. Notices of older versions do not say so.
    #[serde(default)]
    pub manner: Manner,
}

impl NoticeFacts {
    /// The title of the lot as it is said: one line of at most [`TITLE_CHARS_MAX`] characters.
    pub fn lot(&self) -> String {
        one_line(&self.title, TITLE_CHARS_MAX)
    }
}

/// How a lot is bid for, as far as it matters to what is said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Manner {
    /// People buy, and everybody sees at what price it stands.
    #[default]
    Open,
    /// People buy, and bids are hidden until it is over.
    Hidden,
    /// People supply, and everybody sees at what price it stands.
    Reverse,
    /// People supply, and bids are hidden until it is over.
    HiddenReverse,
}

impl Manner {
    /// That of a format.
    pub const fn of(format: Format) -> Self {
        match (format, format.hides_bids()) {
            (Format::Reverse(_), false) => Self::Reverse,
            (Format::Reverse(_), true) => Self::HiddenReverse,
            (_, false) => Self::Open,
            (_, true) => Self::Hidden,
        }
    }

    /// Whether the winner supplies the lot and is paid, in place of buying it.
    pub const fn is_reverse(self) -> bool {
        matches!(self, Self::Reverse | Self::HiddenReverse)
    }

    /// Whether bids are hidden until it is over.
    pub const fn hides_bids(self) -> bool {
        matches!(self, Self::Hidden | Self::HiddenReverse)
    }
}

/// How an auction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoticeResult {
    /// Sold to the leader.
    Sold,
    /// Below the reserve.
    ReserveNotMet,
    /// Without a bid.
    NoBids,
    /// Sold at once.
    BoughtNow,
    /// Called off.
    Cancelled,
}

impl NoticeResult {
    /// Its name in the API, which is that of the auction's outcome.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::ReserveNotMet => "reserve_not_met",
            Self::NoBids => "no_bids",
            Self::BoughtNow => "bought_now",
            Self::Cancelled => "cancelled",
        }
    }
}
