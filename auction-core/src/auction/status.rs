//! The status machine: `draft -> scheduled -> started <-> paused`, and `ended` with its outcome.

use crate::id::UserId;
use crate::money::Amount;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an auction stands. A status carries only what exists in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Being prepared; nobody else sees it.
    Draft,
    /// Waiting for its start.
    Scheduled,
    /// Open for bids.
    Started,
    /// Stopped by the house.
    Paused {
        /// Since when.
        since: Timestamp,
    },
    /// Over.
    Ended {
        /// Since when: its end, or earlier where it was ended before its time.
        at: Timestamp,
        /// How it went.
        outcome: Outcome,
    },
}

/// How an auction went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Outcome {
    /// The leader has won.
    Sold {
        /// Who.
        winner: UserId,
        /// The hammer price.
        price: Amount,
    },
    /// Nobody bid the reserve.
    ReserveNotMet,
    /// Nobody bid.
    NoBids,
    /// Somebody bought the lot at its buy-now price.
    BoughtNow {
        /// Who.
        winner: UserId,
        /// What they pay.
        price: Amount,
    },
    /// Called off.
    Cancelled,
    /// Units were sold, to one or to several; the events say to whom.
    SoldUnits {
        /// How many.
        units: u32,
    },
}

/// A status without what it carries: what an auction is *as of a time*, whether or not anybody has written that
/// down yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Phase {
    /// See [`Status::Draft`].
    Draft,
    /// See [`Status::Scheduled`].
    Scheduled,
    /// See [`Status::Started`].
    Started,
    /// See [`Status::Paused`].
    Paused,
    /// See [`Status::Ended`].
    Ended,
    /// Ended without a sale, by a cancellation.
    Cancelled,
    /// Ended by a buyer at the buy-now price.
    BoughtNow,
}

impl Status {
    /// The phase that was written down.
    #[inline]
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Draft => Phase::Draft,
            Self::Scheduled => Phase::Scheduled,
            Self::Started => Phase::Started,
            Self::Paused { .. } => Phase::Paused,
            Self::Ended { outcome: Outcome::Cancelled, .. } => Phase::Cancelled,
            Self::Ended { outcome: Outcome::BoughtNow { .. }, .. } => Phase::BoughtNow,
            Self::Ended { .. } => Phase::Ended,
        }
    }
}

impl Phase {
    /// The name that the public learns: `draft`, `scheduled`, `started`, `paused`, `ended` or `cancelled`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Started => "started",
            Self::Paused => "paused",
            Self::Ended | Self::BoughtNow => "ended",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Outcome {
    /// `sold`, `reserve_not_met`, `no_bids`, `bought_now` or `cancelled`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sold { .. } | Self::SoldUnits { .. } => "sold",
            Self::ReserveNotMet => "reserve_not_met",
            Self::NoBids => "no_bids",
            Self::BoughtNow { .. } => "bought_now",
            Self::Cancelled => "cancelled",
        }
    }

    /// The winner and what they pay, where there is one; of a lot of several units there may be many.
    pub const fn sale(&self) -> Option<(UserId, Amount)> {
        match *self {
            Self::Sold { winner, price } | Self::BoughtNow { winner, price } => Some((winner, price)),
            Self::ReserveNotMet | Self::NoBids | Self::Cancelled | Self::SoldUnits { .. } => None,
        }
    }
}
