//! Why a command was refused.

use crate::auction::status::Phase;
use crate::money::{Amount, MoneyError};
use crate::time::Timestamp;

/// Why a command was refused: a value with a stable [`code`](Rejection::code) and what the client needs to know.
///
/// A refusal leaves no trace. The variants stand in their order of precedence: where several apply, the first
/// one is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The person may not take part yet.
    #[error("the account is not verified")]
    AccountNotVerified,
    /// The person is shut out.
    #[error("the account is banned")]
    AccountBanned,
    /// There is no such auction.
    #[error("there is no such auction")]
    NotFound,
    /// The price is none in this auction's currency.
    #[error("the price is invalid: {0}")]
    InvalidPrice(InvalidPrice),
    /// The number of units is none that this auction knows.
    #[error("a bid is for 1 to {most} units")]
    InvalidUnits {
        /// The most.
        most: u32,
    },
    /// The same idempotency key came before with another command.
    #[error("the idempotency key was used for another command")]
    IdempotencyKeyReused,
    /// Neither the seller nor, where they may, the staff.
    #[error("this is for the seller and the staff")]
    NotPermitted,
    /// Sellers do not bid on their own auctions.
    #[error("the seller cannot bid")]
    SellerCannotBid,
    /// The bidder has not joined.
    #[error("only participants can bid")]
    NotParticipant,
    /// Joined before.
    #[error("the bidder has joined already")]
    AlreadyJoined,
    /// Too late to join.
    #[error("the auction can no longer be joined")]
    JoinClosed,
    /// Bidding opens later.
    #[error("the auction has not started")]
    NotStarted {
        /// When it opens.
        starts_at: Timestamp,
    },
    /// The clock is stopped.
    #[error("the auction is paused")]
    Paused,
    /// The auction was called off.
    #[error("the auction was cancelled")]
    Cancelled,
    /// The auction is over.
    #[error("the auction has ended")]
    Ended,
    /// Somebody bought the lot.
    #[error("the lot is already sold")]
    AlreadySold,
    /// The status does not allow it.
    #[error("an auction that is {} does not allow this", .from.name())]
    IllegalTransition {
        /// The status.
        from: Phase,
    },
    /// The whole time of the auction lies in the past.
    #[error("the end of the auction has passed")]
    EndPassed,
    /// There is no buy-now offer, or it is gone.
    #[error("the lot cannot be bought now")]
    BuyNowUnavailable,
    /// The format takes no bids: what it sells is bought at the price that stands.
    #[error("this auction takes no bids")]
    BiddingUnavailable,
    /// The bid beats the best one by less than the front buffer: it must be better than that, or stay behind.
    #[error("the bid is within the front buffer of the best one")]
    WithinFrontBuffer,
    /// Fewer units are left.
    #[error("only {left} units are left")]
    NotEnoughUnits {
        /// How many.
        left: u32,
    },
    /// The own bid cannot be replaced.
    #[error("a sealed bid cannot be replaced in this auction")]
    AlreadyBid,
    /// The terms do not let bids be taken back, or not any more.
    #[error("bids can no longer be taken back")]
    RetractionClosed,
    /// There is no such bid that stands.
    #[error("there is no such bid")]
    NoSuchBid,
    /// The auction has had as many events as it can number.
    #[error("the history of the auction is full")]
    HistoryFull,
    /// The first bid does not reach the starting price in the way that the terms ask for.
    #[error("the bid is too low for the starting price")]
    BelowStartingPrice {
        /// The starting price.
        starting_price: Amount,
        /// The least that is taken.
        minimum: Amount,
    },
    /// The bid does not beat the standing price by the increment.
    #[error("the bid is below the minimum")]
    BelowMinimum {
        /// The least that is taken; `None` where no higher amount exists.
        minimum: Option<Amount>,
    },
    /// The bid is suspiciously high.
    #[error("the bid is too far above the minimum")]
    ExceedsMaxJump {
        /// The most that is taken.
        most: Amount,
    },
    /// The leader's bid changes nothing.
    #[error("the bidder leads already")]
    AlreadyLeading,
    /// The bidder may not commit to so much.
    #[error("the bid is over the bidder's limit")]
    OverLimit {
        /// The most that the bidder may commit to in this auction.
        limit: Amount,
    },
    /// Whoever asked did not hand in the record of the bids that this command needs. It never leaves the engine.
    #[error("the record of the bids is missing")]
    RecordMissing,
    /// Too much is waiting; try again.
    #[error("the auction is busy")]
    Busy,
}

/// What is wrong with a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPrice {
    /// It is no amount of the currency.
    #[error("{0}")]
    Money(MoneyError),
    /// It is zero.
    #[error("a price is positive")]
    Zero,
}

impl Rejection {
    /// The stable name that clients see.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AccountNotVerified => "account_not_verified",
            Self::AccountBanned => "account_banned",
            Self::NotFound => "not_found",
            Self::InvalidPrice(_) => "invalid_price",
            Self::InvalidUnits { .. } => "invalid_quantity",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::NotPermitted => "permission_denied",
            Self::SellerCannotBid => "seller_cannot_bid",
            Self::NotParticipant => "not_participant",
            Self::AlreadyJoined => "already_joined",
            Self::JoinClosed => "join_closed",
            Self::NotStarted { .. } => "not_started",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
            Self::AlreadySold => "already_sold",
            Self::IllegalTransition { .. } => "illegal_transition",
            Self::EndPassed => "end_passed",
            Self::BuyNowUnavailable => "buy_now_unavailable",
            Self::BiddingUnavailable => "bidding_unavailable",
            Self::WithinFrontBuffer => "within_front_buffer",
            Self::NotEnoughUnits { .. } => "not_enough_units",
            Self::AlreadyBid => "already_bid",
            Self::RetractionClosed => "retraction_closed",
            Self::NoSuchBid => "no_such_bid",
            Self::HistoryFull => "history_full",
            Self::BelowStartingPrice { .. } => "below_starting_price",
            Self::BelowMinimum { .. } => "below_minimum",
            Self::ExceedsMaxJump { .. } => "exceeds_max_jump",
            Self::AlreadyLeading => "already_leading",
            Self::OverLimit { .. } => "over_limit",
            Self::RecordMissing => "record_missing",
            Self::Busy => "busy",
        }
    }

    /// Whether it rests on the state of the auction, which another node may have changed: such a refusal is only
    /// given on a state that was read afresh.
    pub const fn rests_on_state(&self) -> bool {
        !matches!(
            self,
            Self::AccountNotVerified
                | Self::AccountBanned
                | Self::InvalidPrice(_)
                | Self::InvalidUnits { .. }
                | Self::IdempotencyKeyReused
                | Self::SellerCannotBid
        )
    }

    /// Whether it rests on facts about the person, which may have changed a moment ago: such a refusal is only
    /// given on facts that were read afresh.
    pub const fn rests_on_facts(&self) -> bool {
        matches!(
            self,
            Self::AccountNotVerified | Self::AccountBanned | Self::NotPermitted | Self::OverLimit { .. }
        )
    }
}
