//! What auctions remember in which units are bought at a price that stands: the Dutch clock and the fixed price.

use crate::auction::event::{Event, Events};
use crate::auction::rejection::Rejection;
use crate::auction::status::Outcome;
use crate::auction::terms::Terms;
use crate::auction::units::Units;
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// How many units are gone, and who bought last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    sold: u32,
    last: Option<(UserId, Amount)>,
}

/// A purchase that may be made as far as everything but price and number is concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchase {
    pub(crate) buyer: UserId,
    pub(crate) units: Units,
    /// The price of one unit that the buyer saw.
    pub(crate) seen: Amount,
    /// What the buyer is committed to already.
    pub(crate) committed: Option<Amount>,
    /// The most that the buyer may commit to.
    pub(crate) spendable: Option<Amount>,
}

impl Book {
    pub(super) const EMPTY: Self = Self { sold: 0, last: None };

    pub(crate) fn price(&self) -> Option<Amount> {
        self.last.map(|(_, price)| price)
    }

    pub(crate) const fn left(&self, terms: &Terms) -> u32 {
        terms.format.units().count().saturating_sub(self.sold)
    }

    /// Adds what becomes of a purchase at this price to `events`; answers the outcome where it was the last one.
    pub(crate) fn buy(
        &self,
        terms: &Terms,
        price: Amount,
        purchase: &Purchase,
        events: &mut Events,
    ) -> Result<Option<Outcome>, Rejection> {
        let Purchase { buyer, units, seen, committed, spendable } = *purchase;
        let left = self.left(terms);
        if units.count() > left {
            return Err(Rejection::NotEnoughUnits { left });
        }
        // The house charges its own price where that is not higher than the one that the buyer saw.
        if seen < price {
            return Err(Rejection::BelowMinimum { minimum: Some(price) });
        }
        let cost = price.checked_mul(units.count());
        let sum = cost.and_then(|cost| committed.unwrap_or(Amount::ZERO).checked_add(cost));
        let limit = spendable.unwrap_or(Amount::MAX);
        if sum.is_none_or(|sum| sum > limit) {
            return Err(Rejection::OverLimit { limit });
        }
        events.push(Event::Bought { bidder: buyer, units, price });
        let mut after = *self;
        after.apply(&Event::Bought { bidder: buyer, units, price });
        Ok((after.left(terms) == 0).then(|| after.outcome(terms)))
    }

    pub(super) fn apply(&mut self, event: &Event) {
        if let Event::Bought { bidder, units, price } = *event {
            self.sold += units.count();
            self.last = Some((bidder, price));
        }
    }

    pub(super) fn outcome(&self, terms: &Terms) -> Outcome {
        match self.last {
            None => Outcome::NoBids,
            Some((winner, price)) if terms.format.units() == Units::ONE => Outcome::Sold { winner, price },
            Some(_) => Outcome::SoldUnits { units: self.sold },
        }
    }
}
