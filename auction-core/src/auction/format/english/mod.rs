//! The English auction: open and ascending, with straight and maximum bids in one auction.
//!
//! The leader's maximum bids for its owner. It is kept as one number, so that a decision costs the same
//! whatever the number of bids and bidders: see `proxy`.
//!
//! With a fixed increment of 10 and a starting price of 100, a maximum of 150 leads at 100; a rival's 145 makes
//! it answer with min(150, 145 + 10) = 150.

mod proxy;
mod replay;

use super::Offer;
use crate::auction::command::BidKind;
use crate::auction::event::{Event, Events};
use crate::auction::rejection::Rejection;
use crate::auction::status::Outcome;
use crate::auction::terms::{BidEffect, FirstBid, LeaderStraight, LowerMax, Terms};
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// What an English auction remembers of its bids: the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    lead: Option<Lead>,
}

/// Who leads, at which price, and how far the leader goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lead {
    bidder: UserId,
    /// The standing price.
    price: Amount,
    /// The leader's maximum, never below the price.
    maximum: Amount,
    /// The price at which the answer to the best losing bid is complete. The maximum may fall short of it; a
    /// raise of the maximum then completes it.
    answer: Amount,
}

impl Book {
    /// The book of an auction without bids.
    pub(super) const EMPTY: Self = Self { lead: None };

    pub(super) fn masked(&self) -> Self {
        let lead = self.lead.map(|lead| Lead { maximum: lead.price, answer: lead.price, ..lead });
        Self { lead }
    }

    #[inline]
    pub(super) fn price(&self) -> Option<Amount> {
        self.lead.map(|lead| lead.price)
    }

    #[inline]
    pub(super) fn leader(&self) -> Option<UserId> {
        self.lead.map(|lead| lead.bidder)
    }

    pub(super) fn leader_maximum(&self) -> Option<Amount> {
        self.lead.map(|lead| lead.maximum)
    }

    #[inline]
    pub(super) fn minimum(&self, terms: &Terms) -> Option<Amount> {
        match &self.lead {
            Some(lead) => terms.increments.next(lead.price),
            None => opening_minimum(terms),
        }
    }

    pub(super) fn outcome(&self, terms: &Terms) -> Outcome {
        match &self.lead {
            None => Outcome::NoBids,
            Some(lead) if terms.reserve.is_some_and(|reserve| lead.price < reserve) => Outcome::ReserveNotMet,
            Some(lead) => Outcome::Sold { winner: lead.bidder, price: lead.price },
        }
    }

    /// Adds what becomes of an offer to `events` (rules: straight and maximum bids).
    #[inline]
    pub(super) fn place(
        &self,
        terms: &Terms,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        match &self.lead {
            None => open(terms, offer, events).map(Some),
            Some(lead) if lead.bidder == offer.bidder => lead.raise(terms, offer, events),
            Some(lead) => lead.challenge(terms, offer, events).map(Some),
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match *event {
            Event::Bid { leads: true, bidder, price, maximum, answer, .. } => {
                self.lead = Some(Lead { bidder, price, maximum, answer });
            }
            Event::AutoBid { price, answer, .. } => {
                if let Some(lead) = &mut self.lead {
                    lead.price = price;
                    lead.answer = answer;
                }
            }
            Event::MaximumChanged { maximum, .. } => {
                if let Some(lead) = &mut self.lead {
                    lead.maximum = maximum;
                }
            }
            _ => {}
        }
    }
}

/// The least that the first bid has to be.
#[inline]
fn opening_minimum(terms: &Terms) -> Option<Amount> {
    let start = terms.starting_price;
    match terms.first_bid {
        FirstBid::Above => start.checked_add(Amount::ONE_MINOR),
        // A bid of nothing is none, even where bidding starts at nothing.
        FirstBid::AtLeast => Some(start.max(Amount::ONE_MINOR)),
        FirstBid::PlusIncrement => terms.increments.next(start),
    }
}

/// Refuses what is suspiciously far above the least that is taken.
#[inline]
fn check_jump(terms: &Terms, minimum: Option<Amount>, amount: Amount) -> Result<(), Rejection> {
    match (terms.max_jump, minimum) {
        (Some(jump), Some(minimum)) if amount > jump.most(minimum) => {
            Err(Rejection::ExceedsMaxJump { most: jump.most(minimum) })
        }
        _ => Ok(()),
    }
}

/// The first bid.
fn open(terms: &Terms, offer: &Offer, events: &mut Events) -> Result<BidEffect, Rejection> {
    let starting_price = terms.starting_price;
    match opening_minimum(terms) {
        Some(minimum) if offer.amount < minimum => {
            return Err(Rejection::BelowStartingPrice { starting_price, minimum });
        }
        Some(minimum) => check_jump(terms, Some(minimum), offer.amount)?,
        None => return Err(Rejection::BelowMinimum { minimum: None }),
    }
    offer.check_limit()?;
    let price = match offer.kind {
        BidKind::Straight => offer.amount,
        BidKind::Maximum => proxy::reserved(terms, starting_price, offer.amount),
    };
    events.push(taken(offer, price, offer.amount, starting_price));
    Ok(EFFECT_OF_NEW_LEADER)
}

const EFFECT_OF_NEW_LEADER: BidEffect =
    BidEffect { price_changed: true, leader_changed: true, by_leader: false };

/// A bid that leads now.
#[inline]
fn taken(offer: &Offer, price: Amount, maximum: Amount, answer: Amount) -> Event {
    Event::Bid { bidder: offer.bidder, kind: offer.kind, leads: true, price, maximum, answer }
}

impl Lead {
    /// A bid of somebody else.
    #[inline]
    fn challenge(&self, terms: &Terms, offer: &Offer, events: &mut Events) -> Result<BidEffect, Rejection> {
        let minimum = terms.increments.next(self.price);
        if minimum.is_none_or(|minimum| offer.amount < minimum) {
            return Err(Rejection::BelowMinimum { minimum });
        }
        check_jump(terms, minimum, offer.amount)?;
        offer.check_limit()?;
        if offer.amount > self.maximum {
            let answer = proxy::answer(terms, self.price, self.maximum);
            let price = match offer.kind {
                BidKind::Straight => offer.amount,
                BidKind::Maximum => proxy::reserved(terms, answer.min(offer.amount), offer.amount),
            };
            events.push(taken(offer, price, offer.amount, answer));
            return Ok(EFFECT_OF_NEW_LEADER);
        }
        // The leader keeps the lead: the earlier of two equal maximums is the leader's.
        let answer = proxy::answer(terms, self.price, offer.amount);
        let price = proxy::reserved(terms, answer.min(self.maximum), self.maximum);
        events.push(Event::Bid {
            bidder: offer.bidder,
            kind: offer.kind,
            leads: false,
            price: offer.amount,
            maximum: offer.amount,
            answer: offer.amount,
        });
        events.push(Event::AutoBid { bidder: self.bidder, price, answer });
        Ok(BidEffect { price_changed: price != self.price, leader_changed: false, by_leader: false })
    }

    /// A bid of the leader: no minimum is checked.
    fn raise(
        &self,
        terms: &Terms,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        check_jump(terms, terms.increments.next(self.price), offer.amount)?;
        let (price, maximum) = match offer.kind {
            BidKind::Straight => match terms.leader_straight {
                LeaderStraight::Raises if offer.amount > self.price => {
                    (offer.amount, self.maximum.max(offer.amount))
                }
                LeaderStraight::Raises | LeaderStraight::Refused => return Err(Rejection::AlreadyLeading),
            },
            BidKind::Maximum if offer.amount > self.maximum => {
                (proxy::raised(terms, self.price, self.answer, offer.amount), offer.amount)
            }
            BidKind::Maximum => {
                let lowers = terms.proxy.lower_max == LowerMax::DownToVisible
                    && offer.amount < self.maximum
                    && offer.amount >= self.price;
                if !lowers {
                    return Err(Rejection::AlreadyLeading);
                }
                (self.price, offer.amount)
            }
        };
        offer.check_limit()?;
        if price == self.price {
            events.push(Event::MaximumChanged { bidder: self.bidder, maximum });
            return Ok(None);
        }
        events.push(taken(offer, price, maximum, self.answer));
        Ok(Some(BidEffect { price_changed: true, leader_changed: false, by_leader: true }))
    }
}
