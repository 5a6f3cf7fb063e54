//! What people are told about.

use super::preferences::Channels;
use serde::{Deserialize, Serialize};

/// What somebody is told about an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoticeKind {
    /// It starts soon.
    StartingSoon,
    /// Bidding is open.
    Started,
    /// It ends soon.
    EndingSoon,
    /// It is over: for those who did not bid, and for the seller; for all where it was called off.
    Ended,
    /// Somebody else leads now.
    Outbid,
    /// The lot is theirs.
    Won,
    /// They bid, and the lot is somebody else's.
    Lost,
    /// The end moved.
    Extended,
    /// It ended below the reserve: for those who bid, and for the seller.
    ReserveNotMet,
    /// The hammer price is to be paid.
    PaymentDue,
}

impl NoticeKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 10] = [
        Self::StartingSoon,
        Self::Started,
        Self::EndingSoon,
        Self::Ended,
        Self::Outbid,
        Self::Won,
        Self::Lost,
        Self::Extended,
        Self::ReserveNotMet,
        Self::PaymentDue,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StartingSoon => "starting_soon",
            Self::Started => "started",
            Self::EndingSoon => "ending_soon",
            Self::Ended => "ended",
            Self::Outbid => "outbid",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Extended => "extended",
            Self::ReserveNotMet => "reserve_not_met",
            Self::PaymentDue => "payment_due",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How somebody is told who has not said otherwise.
    pub const fn channels_by_default(self) -> Channels {
        match self {
            Self::Extended | Self::PaymentDue => Channels { mail: false, in_app: true },
            Self::StartingSoon
            | Self::Started
            | Self::EndingSoon
            | Self::Ended
            | Self::Outbid
            | Self::Won
            | Self::Lost
            | Self::ReserveNotMet => Channels { mail: true, in_app: true },
        }
    }

    /// Whether a newer notice of this kind about the same auction takes the place of one that is not mailed yet.
    /// One that was never to be mailed is replaced as long as it is unread.
    pub const fn collapses(self) -> bool {
        matches!(self, Self::Outbid | Self::Extended)
    }
}
