//! The formats: how a winner is found. One room each; a new one enters as a room and an arm of each match here.
//!
//! A format decides what a bid does to its [`Book`] and what the outcome is. Who may bid, whether the auction is
//! open, and what a bid does to the end is the same for all formats and decided outside.

pub mod dutch;
pub mod english;
pub mod fixed_price;
pub mod reverse;
pub mod sealed;
pub mod stock;

use crate::auction::command::BidKind;
use crate::auction::event::{Event, Events};
use crate::auction::record::Placed;
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::Outcome;
use crate::auction::terms::{BidEffect, Terms};
use crate::auction::units::Units;
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// How a winner is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Open and ascending, with straight and maximum bids in one auction.
    #[default]
    English,
    /// One sealed bid each; the highest wins and is paid.
    SealedFirstPrice(sealed::Sealing),
    /// One sealed bid each; the highest wins and pays the second highest.
    Vickrey(sealed::Sealing),
    /// Several units, given out among sealed bids.
    MultiUnit(sealed::MultiUnit),
    /// A price that falls until somebody takes it.
    Dutch(dutch::Dutch),
    /// Sellers bid to supply: the lowest wins.
    Reverse(reverse::Reverse),
    /// So many units at one price.
    FixedPrice(fixed_price::FixedPrice),
}

/// What a format remembers of the bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Book {
    /// Of an English auction.
    English(english::Book),
    /// Of one with sealed bids.
    Sealed(sealed::Book),
    /// Of one in which units are bought.
    Stock(stock::Book),
    /// Of a reverse auction.
    Reverse(reverse::Book),
}

/// A bid that may be placed as far as everything but its amount is concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) bidder: UserId,
    pub(crate) kind: BidKind,
    pub(crate) amount: Amount,
    pub(crate) units: Units,
    /// The most that the bidder may commit to.
    pub(crate) spendable: Option<Amount>,
}

impl Offer {
    /// Refuses what is more than the bidder may commit to.
    #[inline]
    pub(crate) fn check_limit(&self) -> Result<(), Rejection> {
        match self.spendable {
            Some(limit) if self.amount > limit => Err(Rejection::OverLimit { limit }),
            _ => Ok(()),
        }
    }
}

impl Format {
    /// The names of the formats.
    pub(crate) const NAMES: [&'static str; 7] =
        ["english", "sealed_first_price", "vickrey", "multi_unit", "dutch", "reverse", "fixed_price"];

    /// The name in a document of terms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "english",
            Self::SealedFirstPrice(_) => "sealed_first_price",
            Self::Vickrey(_) => "vickrey",
            Self::MultiUnit(_) => "multi_unit",
            Self::Dutch(_) => "dutch",
            Self::Reverse(_) => "reverse",
            Self::FixedPrice(_) => "fixed_price",
        }
    }

    /// How many units are sold.
    #[inline]
    pub const fn units(self) -> Units {
        match self {
            Self::English | Self::SealedFirstPrice(_) | Self::Vickrey(_) | Self::Reverse(_) => Units::ONE,
            Self::MultiUnit(rules) => rules.units,
            Self::Dutch(rules) => rules.units,
            Self::FixedPrice(rules) => rules.units,
        }
    }

    /// Whether bidding may start at nothing.
    pub(crate) const fn takes_free_start(self) -> bool {
        matches!(self, Self::English | Self::SealedFirstPrice(_) | Self::Vickrey(_) | Self::MultiUnit(_))
    }

    /// Whether units are bought at the price that stands, and are their buyer's at once.
    pub(crate) const fn sells_at_once(self) -> bool {
        matches!(self, Self::Dutch(_) | Self::FixedPrice(_))
    }

    /// Whether everybody is told how many bids came in while they are hidden.
    pub(crate) const fn tells_count(self) -> bool {
        match self {
            Self::SealedFirstPrice(sealing) | Self::Vickrey(sealing) => {
                matches!(sealing.count, sealed::Count::Shown)
            }
            Self::MultiUnit(rules) => matches!(rules.count, sealed::Count::Shown),
            Self::English | Self::Dutch(_) | Self::Reverse(_) | Self::FixedPrice(_) => true,
        }
    }

    /// Whether the lowest bid wins.
    #[inline]
    pub const fn is_reverse(self) -> bool {
        matches!(self, Self::Reverse(_))
    }

    /// Whether bids are hidden from others until the auction is over.
    #[inline]
    pub const fn hides_bids(self) -> bool {
        match self {
            Self::English | Self::Dutch(_) | Self::FixedPrice(_) => false,
            Self::SealedFirstPrice(_) | Self::Vickrey(_) | Self::MultiUnit(_) => true,
            Self::Reverse(rules) => matches!(rules.visibility, reverse::Visibility::RankOnly),
        }
    }
}

impl Book {
    /// The book of an auction without bids.
    pub(crate) const fn new(terms: &Terms) -> Self {
        match terms.format {
            Format::English => Self::English(english::Book::EMPTY),
            Format::SealedFirstPrice(_) | Format::Vickrey(_) | Format::MultiUnit(_) => {
                Self::Sealed(sealed::Book::new(terms.format))
            }
            Format::Dutch(_) | Format::FixedPrice(_) => Self::Stock(stock::Book::EMPTY),
            Format::Reverse(rules) => Self::Reverse(reverse::Book::new(rules)),
        }
    }

    /// Adds what becomes of an offer to `events`, and answers what it means for the end of the auction; `None`
    /// where it cannot matter.
    #[inline]
    pub(crate) fn place(
        &self,
        terms: &Terms,
        standing: &Standing,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        match self {
            Self::English(book) => book.place(terms, offer, events),
            Self::Sealed(book) => book.place(terms, standing, offer, events),
            Self::Reverse(book) => book.place(terms, standing, offer, events),
            Self::Stock(_) => Err(Rejection::BiddingUnavailable),
        }
    }

    /// Takes in an event that this format made.
    #[inline]
    pub(crate) fn apply(&mut self, event: &Event) {
        match self {
            Self::English(book) => book.apply(event),
            Self::Sealed(book) => book.apply(event),
            Self::Stock(book) => book.apply(event),
            Self::Reverse(book) => book.apply(event),
        }
    }

    /// What the bids of a record make of an auction, without a look at minimums and limits (rules: retraction).
    pub(crate) fn replayed(terms: &Terms, bids: &[Placed]) -> Self {
        match terms.format {
            Format::English => Self::English(english::Book::replayed(terms, bids)),
            Format::SealedFirstPrice(_) | Format::Vickrey(_) | Format::MultiUnit(_) => {
                Self::Sealed(sealed::Book::replayed(terms, bids))
            }
            Format::Reverse(rules) => Self::Reverse(reverse::Book::replayed(rules, bids)),
            // What was bought is no bid.
            Format::Dutch(_) | Format::FixedPrice(_) => Self::new(terms),
        }
    }

    /// The standing price as everybody may know it; `None` without bids, and where they are hidden.
    #[inline]
    pub(crate) fn price(&self) -> Option<Amount> {
        match self {
            Self::English(book) => book.price(),
            Self::Sealed(book) => book.price(),
            Self::Stock(book) => book.price(),
            Self::Reverse(book) => book.price(),
        }
    }

    /// Who leads, as everybody may know it.
    #[inline]
    pub(crate) fn leader(&self) -> Option<UserId> {
        match self {
            Self::English(book) => book.leader(),
            Self::Sealed(book) => book.leader(),
            Self::Stock(_) => None,
            Self::Reverse(book) => book.leader(),
        }
    }

    /// Whose bid is the best, whoever may know.
    pub(crate) fn ahead(&self) -> Option<UserId> {
        match self {
            Self::Reverse(book) => book.ahead(),
            Self::English(_) | Self::Sealed(_) | Self::Stock(_) => self.leader(),
        }
    }

    /// The leader's maximum.
    pub(crate) fn leader_maximum(&self) -> Option<Amount> {
        match self {
            Self::English(book) => book.leader_maximum(),
            Self::Reverse(book) => book.price(),
            Self::Sealed(_) | Self::Stock(_) => None,
        }
    }

    /// The least that somebody who does not lead has to bid, in a reverse auction the most; `None` where no
    /// such amount exists.
    #[inline]
    pub(crate) fn minimum(&self, terms: &Terms) -> Option<Amount> {
        match self {
            Self::English(book) => book.minimum(terms),
            Self::Sealed(_) => Some(sealed::minimum(terms)),
            Self::Stock(_) => None,
            Self::Reverse(book) => book.limit(terms),
        }
    }

    /// How it went, if the auction ended now. Not for books that end by their record.
    pub(crate) fn outcome(&self, terms: &Terms) -> Outcome {
        match self {
            Self::English(book) => book.outcome(terms),
            // Its outcome stands in the record: see `sealed::resolve`.
            Self::Sealed(_) => Outcome::NoBids,
            Self::Stock(book) => book.outcome(terms),
            Self::Reverse(book) => book.outcome(terms),
        }
    }

    /// Whether the outcome is found in the record of all bids, and not in the book.
    #[inline]
    pub(crate) const fn ends_by_record(&self) -> bool {
        matches!(self, Self::Sealed(_))
    }

    /// How many units are left to buy.
    pub(crate) const fn left(&self, terms: &Terms) -> u32 {
        match self {
            Self::Stock(book) => book.left(terms),
            Self::English(_) | Self::Sealed(_) | Self::Reverse(_) => 0,
        }
    }

    /// How many bids nobody was told of while the auction was open.
    pub(crate) const fn uncounted(&self) -> u64 {
        match self {
            Self::Sealed(book) => book.uncounted(),
            Self::English(_) | Self::Stock(_) | Self::Reverse(_) => 0,
        }
    }

    /// What a bidder is committed to after an event of theirs that this format made.
    pub(crate) fn committed(&self, before: Option<Amount>, event: &Event) -> Option<Amount> {
        let added = |price: Amount, units: Units| {
            let sum = price.checked_mul(units.count())?;
            Some(before.and_then(|before| before.checked_add(sum)).unwrap_or(sum))
        };
        match *event {
            Event::SealedBid { amount, units, .. } => match self {
                Self::Sealed(book) if book.adds_up() => added(amount, units),
                _ => Some(amount),
            },
            Event::Bought { price, units, .. } => added(price, units),
            _ => before,
        }
    }

    /// The same without what only the leader may know.
    pub(crate) fn masked(&self) -> Self {
        match self {
            Self::English(book) => Self::English(book.masked()),
            Self::Sealed(book) => Self::Sealed(book.masked()),
            Self::Stock(book) => Self::Stock(*book),
            Self::Reverse(book) => Self::Reverse(book.masked()),
        }
    }
}
