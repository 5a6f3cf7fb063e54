//! The reverse auction: one buyer, and sellers who bid to supply. The lowest bid wins.
//!
//! It mirrors the English auction with straight bids: the starting price is the most that is paid, a bid that
//! takes the lead is one increment below the best one (the front buffer), and the reserve is the most at which the
//! buyer buys. With ranks only nobody learns what others bid: a bid behind the best one is taken as well, as long
//! as it improves the bidder's own. Of two equal bids the earlier is the better.
//!
//! From 1,000 with a fixed increment of 50: 1,000 leads, 960 is refused, 950 leads.

use super::Offer;
use crate::auction::event::{Event, Events};
use crate::auction::record::Placed;
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::Outcome;
use crate::auction::terms::{BidEffect, LeaderStraight, Terms};
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// How a reverse auction is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reverse {
    /// What bidders see of each other.
    pub visibility: Visibility,
    /// By how much a bid must be below the same bidder's last one.
    pub improvement: Amount,
}

/// What bidders see of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Visibility {
    /// The best bid, and all that were made.
    #[default]
    Full,
    /// Their own place, and how many bids there are.
    RankOnly,
}

/// What a reverse auction remembers: the best bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    best: Option<(UserId, Amount)>,
    visibility: Visibility,
    /// It ended with a sale, and the best bid may be known whatever the visibility.
    is_over: bool,
}

/// The most that beats a price by the increment there; `None` where that is nothing.
pub(crate) fn below(terms: &Terms, price: Amount) -> Option<Amount> {
    let next = terms.increments.next(price).unwrap_or(Amount::MAX);
    let less = price.checked_sub(next.checked_sub(price)?)?;
    (less > Amount::ZERO).then_some(less)
}

impl Book {
    pub(super) const fn new(rules: Reverse) -> Self {
        Self { best: None, visibility: rules.visibility, is_over: false }
    }

    pub(super) fn replayed(rules: Reverse, bids: &[Placed]) -> Self {
        let mut book = Self::new(rules);
        for bid in bids {
            book.take(bid.bidder, bid.amount);
        }
        book
    }

    fn is_shown(&self) -> bool {
        self.is_over || self.visibility == Visibility::Full
    }

    pub(super) fn price(&self) -> Option<Amount> {
        self.best.filter(|_| self.is_shown()).map(|(_, price)| price)
    }

    pub(super) fn leader(&self) -> Option<UserId> {
        self.best.filter(|_| self.is_shown()).map(|(leader, _)| leader)
    }

    pub(super) fn ahead(&self) -> Option<UserId> {
        self.best.map(|(leader, _)| leader)
    }

    /// The most that a bid may be, as far as everybody may know.
    pub(super) fn limit(&self, terms: &Terms) -> Option<Amount> {
        match self.price() {
            Some(price) if !self.is_over => below(terms, price),
            _ => Some(terms.starting_price),
        }
    }

    pub(super) fn outcome(&self, terms: &Terms) -> Outcome {
        match self.best {
            None => Outcome::NoBids,
            Some((_, price)) if terms.reserve.is_some_and(|reserve| price > reserve) => {
                Outcome::ReserveNotMet
            }
            Some((winner, price)) => Outcome::Sold { winner, price },
        }
    }

    pub(super) fn place(
        &self,
        terms: &Terms,
        standing: &Standing,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        let Offer { bidder, kind, amount, .. } = *offer;
        let super::Format::Reverse(rules) = terms.format else { return Err(Rejection::BiddingUnavailable) };
        let starting_price = terms.starting_price;
        if amount > starting_price {
            return Err(Rejection::BelowStartingPrice { starting_price, minimum: starting_price });
        }
        let leads_already = self.best.is_some_and(|(leader, _)| leader == bidder);
        if let Some(own) = standing.maximum {
            if leads_already && terms.leader_straight == LeaderStraight::Refused && self.is_shown() {
                return Err(Rejection::AlreadyLeading);
            }
            let most = own.checked_sub(rules.improvement).filter(|most| *most > Amount::ZERO);
            if most.is_none_or(|most| amount > most) {
                return Err(Rejection::BelowMinimum { minimum: most });
            }
        }
        let takes_lead = match self.best {
            None => true,
            Some(_) if leads_already => false,
            Some((_, price)) => {
                let most = below(terms, price);
                let is_enough = most.is_some_and(|most| amount <= most);
                match self.visibility {
                    Visibility::Full if !is_enough => return Err(Rejection::BelowMinimum { minimum: most }),
                    Visibility::Full => true,
                    Visibility::RankOnly if amount < price && !is_enough => {
                        return Err(Rejection::WithinFrontBuffer);
                    }
                    Visibility::RankOnly => is_enough,
                }
            }
        };
        match self.visibility {
            Visibility::Full => {
                events.push(Event::Bid {
                    bidder,
                    kind,
                    leads: true,
                    price: amount,
                    maximum: amount,
                    answer: amount,
                });
            }
            Visibility::RankOnly => {
                events.push(Event::SealedBid { bidder, amount, units: offer.units });
                events.push(Event::Received);
            }
        }
        let price_changed = takes_lead || leads_already;
        // Where bids are hidden the leader's own bids count as any other: an end that stays would tell of the lead.
        let by_leader = leads_already && self.is_shown();
        Ok(Some(BidEffect { price_changed, leader_changed: takes_lead, by_leader }))
    }

    /// Takes in a bid: an equal one that came earlier stays the better.
    fn take(&mut self, bidder: UserId, amount: Amount) {
        if self.best.is_none_or(|(_, price)| amount < price) {
            self.best = Some((bidder, amount));
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match *event {
            Event::Bid { bidder, price: amount, .. } | Event::SealedBid { bidder, amount, .. } => {
                self.take(bidder, amount);
            }
            Event::Ended { outcome: Outcome::Sold { .. }, .. } => self.is_over = true,
            _ => {}
        }
    }

    pub(super) fn masked(&self) -> Self {
        Self { best: self.best.filter(|_| self.is_shown()), ..*self }
    }
}
