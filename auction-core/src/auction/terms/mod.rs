//! What a seller sets: plain data, stored with the auction, so that an auction explains itself.
//!
//! [`Terms`] are only made by [`TermsDocument::terms`], which parses the form that sellers write and checks that
//! no two terms contradict each other. This room does not apply them; that is what
//! [`decide`](crate::auction::decide()) does.

mod closing;
mod document;
mod fields;
mod fitting;
mod format;
mod write;

pub(crate) use closing::BidEffect;
pub use closing::{
    CANDLE_SAMPLES_MAX, ClosingPolicy, EXTENSIONS_MAX, Extension, Trigger, WINDOW_SECS_MAX, WINDOW_SECS_MIN,
};
pub use document::{FieldError, TermsDocument, TermsErrors};
pub use fields::RETRACTION_SECS_MAX;

use crate::auction::draw::Seed;
use crate::auction::format::Format;
use crate::auction::group::Group;
use crate::money::{Amount, Currency, IncrementPolicy};
use crate::time::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The terms of one auction. Every amount is in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// The currency of every amount of the auction.
    pub currency: Currency,
    /// How a winner is found.
    pub format: Format,
    /// The price at which bidding starts.
    pub starting_price: Amount,
    /// By how much a bid must beat the standing price.
    pub increments: IncrementPolicy,
    /// What the first bid must reach.
    pub first_bid: FirstBid,
    /// The price below which the seller does not sell.
    pub reserve: Option<Amount>,
    /// Who learns of the reserve.
    pub reserve_visibility: ReserveVisibility,
    /// How the leader's maximum bids for its owner.
    pub proxy: ProxyPolicy,
    /// What becomes of a straight bid of the leader.
    pub leader_straight: LeaderStraight,
    /// When the auction ends, and what moves its end.
    pub closing: ClosingPolicy,
    /// With which other lots of the seller it closes; only where the closing is soft. Part of `closing` in documents.
    pub group: Option<Group>,
    /// Who may bid.
    pub participation: Participation,
    /// Until when people may join.
    pub join_until: JoinUntil,
    /// At which price it can be bought at once.
    pub buy_now: Option<BuyNow>,
    /// How far above the minimum a bid may jump.
    pub max_jump: Option<MaxJump>,
    /// Who may end the auction early.
    pub early_close: EarlyClose,
    /// Whether bidders may take bids back.
    pub retraction: Retraction,
}

/// What the first bid must reach (rules: straight and maximum bids, 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstBid {
    /// More than the starting price.
    #[default]
    Above,
    /// The starting price or more.
    AtLeast,
    /// The starting price and one increment, or more.
    PlusIncrement,
}

/// Who learns of the reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReserveVisibility {
    /// Everybody sees whether it is met, nobody the amount.
    #[default]
    MetFlag,
    /// Everybody sees the amount.
    Public,
    /// Nobody learns that there is one.
    Hidden,
}

/// How the leader's maximum bids for its owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProxyPolicy {
    /// From where the winning maximum's answer is counted.
    pub anchor: Anchor,
    /// What a raise of the leader's own maximum does to the price.
    pub leader_raise: LeaderRaise,
    /// Whether the leader may lower the own maximum.
    pub lower_max: LowerMax,
    /// What a maximum below the reserve shows.
    pub below_reserve: BelowReserve,
}

/// From where the winning maximum's answer is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anchor {
    /// One increment above the highest losing maximum.
    #[default]
    SecondMax,
    /// The first rung above the losing maximum on the ladder that starts at the standing price: what a step by
    /// step bidding war would have reached.
    LadderWalk,
}

/// What a raise of the leader's own maximum does to the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaderRaise {
    /// Where the old maximum cut the answer short, the price rises to the full answer.
    #[default]
    CompletesIncrement,
    /// The price stays.
    NeverMoves,
}

/// Whether the leader may lower the own maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LowerMax {
    /// Never.
    #[default]
    Forbidden,
    /// Down to the standing price.
    DownToVisible,
}

/// What a maximum below the reserve shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BelowReserve {
    /// The price that it would have without a reserve.
    #[default]
    Normal,
    /// Its full amount, so that the bidding reaches the reserve sooner.
    FullMax,
}

/// What becomes of a straight bid of the leader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaderStraight {
    /// Above the price it is taken at its amount.
    #[default]
    Raises,
    /// It is refused.
    Refused,
}

/// Who may bid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Participation {
    /// Who joined.
    #[default]
    Join,
    /// Everybody; the first bid joins.
    Open,
}

/// Until when people may join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinUntil {
    /// The start of the auction.
    #[default]
    Start,
    /// The end of the auction.
    End,
}

/// Whether bidders may take bids back (rules: retraction, cancellation, second chance).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retraction {
    /// Never.
    #[default]
    Forbidden,
    /// As long as the end is far away all of one's own; after that those that are fresh.
    Allowed {
        /// More than this long before the end all own bids go.
        free_until: Span,
        /// Later than that only those that were placed this long ago or less.
        grace: Span,
    },
}

/// At which price the lot can be bought at once, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuyNow {
    /// What the buyer pays.
    pub price: Amount,
    /// Until when the offer stands.
    pub rule: BuyNowRule,
}

/// Until when a buy-now offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuyNowRule {
    /// The first bid.
    UntilFirstBid,
    /// The bid that meets the reserve; without a reserve the first bid.
    UntilReserveMet,
    /// The end. A bid at or above the price buys at the price.
    Always,
}

/// The most that a bid may be, as a multiple of the minimum bid: a guard against typing 1050 for 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxJump {
    ten_thousandths: u64,
}

/// The largest multiple that `max_jump` may name.
pub const MAX_JUMP_MULTIPLE_MAX: u32 = 1_000_000;

/// Who may end the auction before its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EarlyClose {
    /// The staff.
    #[default]
    Staff,
    /// The staff and the seller.
    Seller,
}

impl MaxJump {
    /// A multiple of at least 1 and at most [`MAX_JUMP_MULTIPLE_MAX`], in ten thousandths: 105000 is 10.5 times
    /// the minimum bid. `None` outside of these bounds.
    pub const fn from_ten_thousandths(ten_thousandths: u64) -> Option<Self> {
        if ten_thousandths < 10_000 || ten_thousandths > MAX_JUMP_MULTIPLE_MAX as u64 * 10_000 {
            return None;
        }
        Some(Self { ten_thousandths })
    }

    /// The multiple in ten thousandths.
    pub const fn ten_thousandths(self) -> u64 {
        self.ten_thousandths
    }

    /// The most that may be bid where `minimum` is the least: rounded down to the minor unit.
    pub fn most(self, minimum: Amount) -> Amount {
        // What does not fit in 64 bits is a ten thousandth of more than the largest amount.
        let product = minimum.minor().cast_unsigned().checked_mul(self.ten_thousandths);
        let most = product.and_then(|product| i64::try_from(product / 10_000).ok());
        most.and_then(|minor| Amount::from_minor(minor).ok()).unwrap_or(Amount::MAX)
    }
}

impl Terms {
    /// The same terms with the seed of their candle; terms without a candle need none.
    #[must_use]
    pub fn with_seed(mut self, new: Seed) -> Self {
        if let ClosingPolicy::Candle { seed, .. } = &mut self.closing {
            *seed = Some(new);
        }
        self
    }
}

/// Terms are stored as the text of the document that describes them.
impl Serialize for Terms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_stored())
    }
}

impl<'de> Deserialize<'de> for Terms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_stored(&text).map_err(serde::de::Error::custom)
    }
}
