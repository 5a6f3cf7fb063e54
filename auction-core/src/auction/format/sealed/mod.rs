//! Sealed bids: nobody learns of them while the auction is open.
//!
//! What the book keeps is how many there are, and after the end who won; the bids themselves stand in the log, and
//! the outcome is found in the [`Record`] of all of them when the auction ends: see [`resolve`].

mod single;
mod units;

pub use units::{MultiUnit, Pricing};

use super::Offer;
use crate::auction::event::{Award, Event, Events};
use crate::auction::format::Format;
use crate::auction::record::{Placed, Record};
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::Outcome;
use crate::auction::terms::{BidEffect, Terms};
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most sealed bids that one auction takes.
pub const SEALED_BIDS_MAX: u32 = 1_000_000;

/// What is agreed on about sealed bids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Whether a bid can be replaced.
    pub revisions: Revisions,
    /// Who learns how many bids came in.
    pub count: Count,
}

/// Whether a sealed bid can be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Revisions {
    /// One bid each, and it stays.
    #[default]
    One,
    /// A later bid of the same bidder takes the place of the earlier one, and comes in when it comes in.
    Replace,
}

/// Who learns how many sealed bids came in while the auction is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Count {
    /// Nobody.
    #[default]
    Hidden,
    /// Everybody.
    Shown,
}

/// What an auction with sealed bids remembers: how many came in, and who won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    bids: u32,
    /// How many of them everybody was told of.
    told: u32,
    adds_up: bool,
    /// Who won a single lot, and the price; `None` until then.
    sale: Option<(UserId, Amount)>,
}

impl Book {
    pub(super) const fn new(format: Format) -> Self {
        Self { bids: 0, told: 0, adds_up: matches!(format, Format::MultiUnit(_)), sale: None }
    }

    pub(super) fn replayed(terms: &Terms, bids: &[Placed]) -> Self {
        let bids = u32::try_from(bids.len()).unwrap_or(SEALED_BIDS_MAX);
        let told = if sealing(terms).count == Count::Shown { bids } else { 0 };
        Self { bids, told, ..Self::new(terms.format) }
    }

    /// Whether the bids of one bidder add up.
    pub(super) const fn adds_up(&self) -> bool {
        self.adds_up
    }

    pub(super) fn price(&self) -> Option<Amount> {
        self.sale.map(|(_, price)| price)
    }

    pub(super) fn leader(&self) -> Option<UserId> {
        self.sale.map(|(winner, _)| winner)
    }

    pub(super) const fn uncounted(&self) -> u64 {
        (self.bids - self.told) as u64
    }

    pub(super) fn masked(&self) -> Self {
        Self { bids: self.told, ..*self }
    }

    pub(super) fn place(
        &self,
        terms: &Terms,
        standing: &Standing,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        let Offer { bidder, amount, units, spendable, .. } = *offer;
        let sealing = sealing(terms);
        if self.bids >= SEALED_BIDS_MAX {
            return Err(Rejection::HistoryFull);
        }
        let minimum = minimum(terms);
        if amount < minimum {
            let starting_price = terms.starting_price;
            return Err(Rejection::BelowStartingPrice { starting_price, minimum });
        }
        let cost = amount.checked_mul(units.count());
        let sum = if self.adds_up {
            cost.and_then(|cost| standing.maximum.unwrap_or(Amount::ZERO).checked_add(cost))
        } else {
            match (sealing.revisions, standing.maximum) {
                (_, None) => {}
                (Revisions::One, Some(_)) => return Err(Rejection::AlreadyBid),
                // The same bid again changes nothing, its place neither.
                (Revisions::Replace, Some(own)) if own == amount => return Ok(None),
                (Revisions::Replace, Some(_)) => {}
            }
            cost
        };
        let limit = spendable.unwrap_or(Amount::MAX);
        if sum.is_none_or(|sum| sum > limit) {
            return Err(Rejection::OverLimit { limit });
        }
        events.push(Event::SealedBid { bidder, amount, units });
        if sealing.count == Count::Shown {
            events.push(Event::Received);
        }
        Ok(None)
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::SealedBid { .. } => self.bids += 1,
            Event::Received => self.told += 1,
            Event::Ended { outcome: Outcome::Sold { winner, price }, .. } => {
                self.sale = Some((*winner, *price))
            }
            _ => {}
        }
    }
}

/// The least that a sealed bid has to be: the starting price, and never nothing.
pub(super) fn minimum(terms: &Terms) -> Amount {
    terms.starting_price.max(Amount::ONE_MINOR)
}

fn sealing(terms: &Terms) -> Sealing {
    match terms.format {
        Format::SealedFirstPrice(sealing) | Format::Vickrey(sealing) => sealing,
        Format::MultiUnit(rules) => Sealing { revisions: Revisions::Replace, count: rules.count },
        Format::English | Format::Dutch(_) | Format::Reverse(_) | Format::FixedPrice(_) => Sealing::default(),
    }
}

/// How an auction with sealed bids went; of several units also who gets how many, the best bid first.
///
/// ```
/// use auction_core::auction::format::sealed::resolve;
/// use auction_core::auction::{Outcome, Record, TermsDocument};
/// use auction_core::money::{Amount, Currency};
///
/// let document = TermsDocument::parse(r#"{"format":{"kind":"vickrey"}}"#)?;
/// let terms = document.terms(Currency::USD, Amount::from_minor(1_000).expect("an amount"))?;
/// assert_eq!(resolve(&terms, &Record::default()), (Outcome::NoBids, None));
/// # Ok::<(), auction_core::auction::TermsErrors>(())
/// ```
pub fn resolve(terms: &Terms, record: &Record) -> (Outcome, Option<Arc<[Award]>>) {
    match terms.format {
        Format::MultiUnit(rules) => units::resolve(terms, rules, record.bids()),
        Format::Vickrey(_) => (single::second_price(terms, record.bids()), None),
        _ => (single::first_price(terms, record.bids()), None),
    }
}

/// A bid in the order in which bids win: a higher one first, of equal ones the earlier.
fn by_rank(one: &Placed, other: &Placed) -> std::cmp::Ordering {
    other.amount.cmp(&one.amount).then(one.revision.cmp(&other.revision))
}

/// The bids that stand where each bidder has one: the last one of each.
fn last_of_each(bids: &[Placed]) -> impl Iterator<Item = &Placed> {
    let mut last = std::collections::BTreeMap::<UserId, &Placed>::new();
    for bid in bids {
        last.insert(bid.bidder, bid);
    }
    last.into_values()
}
