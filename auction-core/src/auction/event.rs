//! What happened to an auction.
//!
//! Events are at once the bid history, the audit trail and the outbox. Parts marked *private* are seen by nobody
//! but the owner of a bid and admins; stores keep them apart from what public queries select.

use crate::auction::command::BidKind;
use crate::auction::draw::Draw;
use crate::auction::schedule::Schedule;
use crate::auction::status::Outcome;
use crate::auction::terms::{ClosingPolicy, FieldError, Terms, TermsErrors};
use crate::auction::units::Units;
use crate::auction::withdrawal::Withdrawal;
use crate::id::UserId;
use crate::money::Amount;
use crate::time::Timestamp;
use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most events that one command makes: start, join, bid, answer, extension, end.
pub const EVENTS_PER_COMMAND_MAX: usize = 6;

/// What one command made, in order.
pub type Events = ArrayVec<Event, EVENTS_PER_COMMAND_MAX>;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Event {
    /// The auction came into being. Always the first event. Private.
    Created {
        /// What was agreed on.
        charter: Arc<Charter>,
        /// It is a draft and not yet scheduled.
        draft: bool,
    },
    /// Terms or schedule changed before the start.
    Revised {
        /// What is agreed on now.
        charter: Arc<Charter>,
    },
    /// The draft became a scheduled auction.
    Published,
    /// Bidding opened.
    Started,
    /// The clock stopped.
    Paused,
    /// The clock runs again.
    Resumed {
        /// The new end: the old one, moved by the length of the pause.
        ends_at: Timestamp,
    },
    /// Somebody takes part. Private.
    Joined {
        /// Who.
        bidder: UserId,
    },
    /// A bid was accepted.
    Bid {
        /// Who.
        bidder: UserId,
        /// Straight or maximum.
        kind: BidKind,
        /// Whether it has the lead now.
        leads: bool,
        /// What the history shows: the standing price where it leads, else its amount.
        price: Amount,
        /// The bidder's maximum now. Private.
        maximum: Amount,
        /// Where it leads: the price at which its answer to the best losing bid is complete. Private.
        answer: Amount,
    },
    /// The leader's maximum answered a bid.
    AutoBid {
        /// The leader.
        bidder: UserId,
        /// The standing price.
        price: Amount,
        /// The price at which the answer is complete, which the maximum may not reach. Private.
        answer: Amount,
    },
    /// The leader's maximum changed, and neither the price nor the leader did. Private.
    MaximumChanged {
        /// The leader.
        bidder: UserId,
        /// The new maximum.
        maximum: Amount,
    },
    /// The end moved.
    Extended {
        /// The new end.
        ends_at: Timestamp,
    },
    /// The auction is over.
    Ended {
        /// Since when.
        at: Timestamp,
        /// How it went.
        outcome: Outcome,
    },
    /// A sealed bid was accepted. Private.
    SealedBid {
        /// Who.
        bidder: UserId,
        /// What is offered for one unit.
        amount: Amount,
        /// For how many.
        units: Units,
    },
    /// A sealed bid came in, of which the terms let everybody know no more than that.
    Received,
    /// Units were bought at the price that stood.
    Bought {
        /// Who.
        bidder: UserId,
        /// How many.
        units: Units,
        /// The price of one.
        price: Amount,
    },
    /// The units of a lot were given out among the bids for them.
    Awarded {
        /// To whom, the best bid first.
        awards: Arc<[Award]>,
    },
    /// Bids were taken back or struck. Private where nobody could see them, and nothing that is public changes.
    Withdrawn(Arc<Withdrawal>),
    /// The end of a candle auction was drawn.
    Drawn(Arc<Draw>),
}

/// What a winning bid gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Who.
    pub bidder: UserId,
    /// How many units.
    pub units: Units,
    /// What is paid for one.
    pub price: Amount,
}

/// An event in its place in the log of its auction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// How many events of any kind the auction has had with this one. Never shown.
    pub revision: u64,
    /// How many public events the auction has had; a private event has that of the public one before it.
    pub version: u64,
    /// When the command came in that made it; never before the event before it.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What seller and house agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    seller: UserId,
    schedule: Schedule,
    terms: Terms,
}

impl Charter {
    /// What `seller` sells, under these terms and in this time.
    ///
    /// # Errors
    /// A `hard_end` of the terms that is before the end of the schedule, a candle that burns longer than the auction
    /// lasts, or one without a seed: see [`Terms::with_seed`].
    pub fn new(seller: UserId, schedule: Schedule, terms: Terms) -> Result<Self, TermsErrors> {
        if let ClosingPolicy::Soft { hard_end: Some(hard_end), .. } = terms.closing
            && hard_end < schedule.ends_at()
        {
            let field = "closing.hard_end".to_owned();
            return Err(TermsErrors(vec![FieldError {
                field,
                message: "Must not be before the end.".to_owned(),
            }]));
        }
        if let ClosingPolicy::Candle { period, seed, .. } = terms.closing {
            let length = schedule.ends_at().since(schedule.starts_at());
            let wrong = |field: &str, message: &str| {
                let (field, message) = (field.to_owned(), message.to_owned());
                Err(TermsErrors(vec![FieldError { field, message }]))
            };
            if period > length {
                return wrong("closing.period_s", "Must not be longer than the auction.");
            }
            if seed.is_none() {
                return wrong("closing", "Needs a seed, which the house draws.");
            }
        }
        Ok(Self { seller, schedule, terms })
    }

    /// The same with the terms that may be shown.
    pub(super) fn showing(&self, terms: Terms) -> Self {
        Self { seller: self.seller, schedule: self.schedule, terms }
    }

    /// Who sells.
    pub const fn seller(&self) -> UserId {
        self.seller
    }

    /// From when until when.
    pub const fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// Under which terms.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }
}

impl Event {
    /// Whether everybody may learn of it. Private events have no row, no version and no count.
    #[inline]
    pub fn is_public(&self) -> bool {
        match self {
            Self::Created { .. }
            | Self::Joined { .. }
            | Self::MaximumChanged { .. }
            | Self::SealedBid { .. } => false,
            Self::Revised { .. }
            | Self::Published
            | Self::Started
            | Self::Paused
            | Self::Resumed { .. }
            | Self::Bid { .. }
            | Self::AutoBid { .. }
            | Self::Extended { .. }
            | Self::Ended { .. }
            | Self::Received
            | Self::Bought { .. }
            | Self::Awarded { .. }
            | Self::Drawn(_) => true,
            Self::Withdrawn(withdrawal) => withdrawal.is_public,
        }
    }

    /// Whose standing it changes.
    pub fn moves_standing_of(&self) -> Option<UserId> {
        match self {
            Self::Joined { bidder }
            | Self::Bid { bidder, .. }
            | Self::MaximumChanged { bidder, .. }
            | Self::SealedBid { bidder, .. }
            | Self::Bought { bidder, .. } => Some(*bidder),
            Self::Withdrawn(withdrawal) => Some(withdrawal.bidder),
            _ => None,
        }
    }

    /// The units that it gives to somebody: what was bought, or all that were awarded, the best bid first.
    pub fn shares(&self) -> impl Iterator<Item = Award> {
        let bought = match *self {
            Self::Bought { bidder, units, price } => Some(Award { bidder, units, price }),
            _ => None,
        };
        let awarded = match self {
            Self::Awarded { awards } => &awards[..],
            _ => &[],
        };
        bought.into_iter().chain(awarded.iter().copied())
    }

    /// A stable name: `created`, `bid`, `auto_bid` and so on.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Revised { .. } => "revised",
            Self::Published => "published",
            Self::Started => "started",
            Self::Paused => "paused",
            Self::Resumed { .. } => "resumed",
            Self::Joined { .. } => "joined",
            Self::Bid { .. } => "bid",
            Self::AutoBid { .. } => "auto_bid",
            Self::MaximumChanged { .. } => "maximum_changed",
            Self::Extended { .. } => "extended",
            Self::Ended { .. } => "ended",
            Self::SealedBid { .. } => "sealed_bid",
            Self::Received => "received",
            Self::Bought { .. } => "bought",
            Self::Awarded { .. } => "awarded",
            Self::Withdrawn(_) => "withdrawn",
            Self::Drawn(_) => "drawn",
        }
    }
}
