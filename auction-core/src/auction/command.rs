//! What somebody wants of an auction.

use crate::auction::event::Charter;
use crate::auction::units::Units;
use crate::auction::withdrawal::{Reason, Removal};
use crate::id::UserId;
use crate::time::Timestamp;
use rust_decimal::Decimal;
use std::sync::Arc;

/// A wish, stamped once with the time at which it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When the whole request had been read: the only time that a decision knows.
    pub at: Timestamp,
    /// Who wants it.
    pub by: Actor,
    /// What is wanted.
    pub action: Action,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The house itself, when something is due.
    System,
    /// A person.
    User(UserId),
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Open or close the auction if it is time.
    Advance,
    /// Take part.
    Join,
    /// Bid.
    Bid(Bid),
    /// Buy at the price that stands: the buy-now price, that of a Dutch clock, or a fixed one.
    Buy {
        /// The price of one unit that the buyer saw, as written: nothing is ever sold for more.
        price: Decimal,
        /// How many; one of a lot that is sold as a whole.
        units: Units,
    },
    /// Make a draft an auction that will start.
    Publish,
    /// Change terms or schedule before the start.
    Revise(Arc<Charter>),
    /// Stop the clock of an auction that has started.
    Pause,
    /// Let the clock run again; the end moves by as long as the pause was.
    Resume,
    /// End the auction now, as it stands.
    Close,
    /// End the auction without a sale.
    Cancel,
    /// Take back the own bids, as far as the terms allow it now.
    Retract {
        /// Why, in the bidder's words.
        reason: Reason,
    },
    /// Strike bids, as the house.
    Void {
        /// Which.
        removal: Removal,
        /// Why.
        reason: Reason,
    },
}

/// An offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bid {
    /// Straight or maximum.
    pub kind: BidKind,
    /// The amount as the bidder wrote it; whether it is one in the auction's currency is decided with the bid.
    pub amount: Decimal,
    /// For how many units; one where a lot is sold as a whole.
    pub units: Units,
}

/// The two ways to bid, in one auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum BidKind {
    /// At its amount: a straight bid that takes the lead sets the price.
    Straight,
    /// Up to its amount: the engine bids for its owner, no more than is needed.
    Maximum,
}

impl Command {
    /// What `user` wants, at `at`.
    pub const fn of(user: UserId, at: Timestamp, action: Action) -> Self {
        Self { at, by: Actor::User(user), action }
    }

    /// What the house does at `at` by itself.
    pub const fn advance(at: Timestamp) -> Self {
        Self { at, by: Actor::System, action: Action::Advance }
    }
}

impl Actor {
    /// The person, where it is one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::System => None,
            Self::User(user) => Some(user),
        }
    }
}

impl Bid {
    /// A bid at this amount.
    pub const fn straight(amount: Decimal) -> Self {
        Self { kind: BidKind::Straight, amount, units: Units::ONE }
    }

    /// A bid up to this amount.
    pub const fn maximum(amount: Decimal) -> Self {
        Self { kind: BidKind::Maximum, amount, units: Units::ONE }
    }

    /// The same for so many units, each at its amount.
    #[must_use]
    pub const fn for_units(self, units: Units) -> Self {
        Self { units, ..self }
    }
}

impl BidKind {
    /// `straight` or `max`, as rows of the history name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::Maximum => "max",
        }
    }
}
