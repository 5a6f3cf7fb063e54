//! Bids and purchases: who may, whether the auction is open, what the format says, and what it does to the end.

use super::Case;
use crate::auction::command::Bid;
use crate::auction::event::{EVENTS_PER_COMMAND_MAX, Event};
use crate::auction::facts::BidderFacts;
use crate::auction::format::stock::Purchase;
use crate::auction::format::{Book, Offer, stock};
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::{Outcome, Phase};
use crate::auction::terms::{BuyNowRule, Participation};
use crate::auction::units::Units;
use crate::id::{UserId, VERSION_MAX};
use crate::money::Amount;

/// Bids stop this many versions before the last one that can be numbered: what ends the auction still fits.
const VERSIONS_RESERVED: u64 = 64 + EVENTS_PER_COMMAND_MAX as u64;

/// Bids are given back and struck until this many versions before the last one.
pub(super) const VERSIONS_TO_END: u64 = VERSIONS_RESERVED / 2;

impl Case<'_> {
    pub(super) fn bid(
        &mut self,
        bidder: UserId,
        standing: &Standing,
        facts: &BidderFacts,
        bid: &Bid,
        amount: Amount,
    ) -> Result<(), Rejection> {
        self.must_take_part(bidder, standing)?;
        self.must_be_open()?;
        if let Some(offer) = self.auction.buy_now()
            && offer.rule == BuyNowRule::Always
            && amount >= offer.price
        {
            return self.sell(bidder, standing, facts, offer.price);
        }
        let auction = self.auction;
        self.must_have_room(VERSIONS_RESERVED)?;
        let Bid { kind, units, .. } = *bid;
        let offer = Offer { bidder, kind, amount, units, spendable: facts.spendable };
        // Of a bid that is refused no event is kept, that of joining neither.
        self.join_with_first_bid(bidder, standing);
        if let Some(effect) = auction.book.place(auction.terms(), standing, &offer, &mut self.events)? {
            let closing = &auction.terms().closing;
            let moved = closing.extended(
                auction.ends_at(),
                auction.hard_end(),
                auction.extensions(),
                self.at,
                effect,
            );
            if let Some(ends_at) = moved {
                self.events.push(Event::Extended { ends_at });
            }
        }
        Ok(())
    }

    pub(super) fn buy(
        &mut self,
        buyer: UserId,
        standing: &Standing,
        facts: &BidderFacts,
        units: Units,
        seen: Amount,
    ) -> Result<(), Rejection> {
        self.must_take_part(buyer, standing)?;
        self.must_be_open()?;
        if let Book::Stock(stock) = &self.auction.book {
            let (committed, spendable) = (standing.maximum, facts.spendable);
            return self.take(stock, standing, &Purchase { buyer, units, seen, committed, spendable });
        }
        let offer = self.auction.buy_now().ok_or(Rejection::BuyNowUnavailable)?;
        if seen < offer.price {
            return Err(Rejection::BelowMinimum { minimum: Some(offer.price) });
        }
        self.sell(buyer, standing, facts, offer.price)
    }

    /// Sells units at the price that stands: what the clock says, or the fixed price.
    fn take(
        &mut self,
        stock: &stock::Book,
        standing: &Standing,
        purchase: &Purchase,
    ) -> Result<(), Rejection> {
        self.must_have_room(VERSIONS_RESERVED)?;
        let price = self.auction.price_at(self.at);
        self.join_with_first_bid(purchase.buyer, standing);
        if let Some(outcome) = stock.buy(self.auction.terms(), price, purchase, &mut self.events)? {
            self.events.push(Event::Ended { at: self.at, outcome });
            self.phase = Phase::Ended;
        }
        Ok(())
    }

    /// Refuses where the last versions are needed for what ends the auction.
    #[inline]
    pub(super) fn must_have_room(&self, reserved: u64) -> Result<(), Rejection> {
        if self.auction.version() > VERSION_MAX - reserved {
            return Err(Rejection::HistoryFull);
        }
        Ok(())
    }

    fn sell(
        &mut self,
        buyer: UserId,
        standing: &Standing,
        facts: &BidderFacts,
        price: Amount,
    ) -> Result<(), Rejection> {
        if let Some(limit) = facts.spendable.filter(|limit| price > *limit) {
            return Err(Rejection::OverLimit { limit });
        }
        self.join_with_first_bid(buyer, standing);
        self.events.push(Event::Ended { at: self.at, outcome: Outcome::BoughtNow { winner: buyer, price } });
        self.phase = Phase::BoughtNow;
        Ok(())
    }

    #[inline]
    fn must_take_part(&self, bidder: UserId, standing: &Standing) -> Result<(), Rejection> {
        if bidder == self.auction.seller() {
            return Err(Rejection::SellerCannotBid);
        }
        if !standing.has_joined() && self.auction.terms().participation == Participation::Join {
            return Err(Rejection::NotParticipant);
        }
        Ok(())
    }

    #[inline]
    fn join_with_first_bid(&mut self, bidder: UserId, standing: &Standing) {
        if !standing.has_joined() {
            self.events.push(Event::Joined { bidder });
        }
    }
}
