//! What sellers and staff do with an auction as a whole.

use super::Case;
use crate::auction::command::Actor;
use crate::auction::event::{Charter, Event};
use crate::auction::facts::BidderFacts;
use crate::auction::format::Book;
use crate::auction::rejection::Rejection;
use crate::auction::status::{Outcome, Phase};
use crate::auction::terms::EarlyClose;
use std::sync::Arc;

impl Case<'_> {
    pub(super) fn publish(&mut self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        self.must_own(by, facts)?;
        self.must_be(&[Phase::Draft])?;
        if self.at >= self.auction.ends_at() {
            return Err(Rejection::EndPassed);
        }
        self.events.push(Event::Published);
        Ok(())
    }

    pub(super) fn revise(
        &mut self,
        by: Actor,
        facts: &BidderFacts,
        charter: &Arc<Charter>,
    ) -> Result<(), Rejection> {
        self.must_own(by, facts)?;
        self.must_be(&[Phase::Draft, Phase::Scheduled])?;
        // Who sells, and in which currency, is what an auction is.
        if charter.seller() != self.auction.seller()
            || (self.phase == Phase::Scheduled && charter.terms().currency != self.auction.terms().currency)
        {
            return Err(Rejection::IllegalTransition { from: self.phase });
        }
        if self.at >= charter.schedule().ends_at() {
            return Err(Rejection::EndPassed);
        }
        self.events.push(Event::Revised { charter: Arc::clone(charter) });
        Ok(())
    }

    pub(super) fn pause(&mut self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        self.must_govern(by, facts)?;
        self.must_be(&[Phase::Started])?;
        self.events.push(Event::Paused);
        Ok(())
    }

    pub(super) fn resume(&mut self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        self.must_govern(by, facts)?;
        let Some(since) = self.paused_since() else {
            return Err(Rejection::IllegalTransition { from: self.phase });
        };
        self.events.push(Event::Resumed { ends_at: self.auction.ends_at().after(self.at.since(since)) });
        Ok(())
    }

    pub(super) fn close(&mut self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        self.must_govern(by, facts)?;
        self.must_be(&[Phase::Started])?;
        self.end_at(self.at);
        Ok(())
    }

    pub(super) fn cancel(&mut self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        match self.phase {
            // Nobody can have bid yet.
            Phase::Draft | Phase::Scheduled => self.must_own(by, facts)?,
            _ => self.must_govern(by, facts)?,
        }
        // Nobody has been told of a draft: it is discarded, and never becomes something that was called off.
        self.must_be(&[Phase::Scheduled, Phase::Started, Phase::Paused])?;
        // What somebody has bought stays theirs: such an auction is closed, not called off.
        if matches!(self.auction.book, Book::Stock(stock) if stock.price().is_some()) {
            return Err(Rejection::IllegalTransition { from: self.phase });
        }
        self.events.push(Event::Ended { at: self.at, outcome: Outcome::Cancelled });
        Ok(())
    }

    /// For the seller and the staff.
    fn must_own(&self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        let may = match by {
            Actor::System => true,
            Actor::User(user) => (facts.staff || user == self.auction.seller()) && !facts.banned,
        };
        if may { Ok(()) } else { Err(Rejection::NotPermitted) }
    }

    /// For the staff, and for the seller where the terms let sellers end their auctions early.
    fn must_govern(&self, by: Actor, facts: &BidderFacts) -> Result<(), Rejection> {
        self.must_own(by, facts)?;
        let is_seller = by.user().is_some() && !facts.staff;
        match self.auction.terms().early_close {
            EarlyClose::Staff if is_seller => Err(Rejection::NotPermitted),
            EarlyClose::Staff | EarlyClose::Seller => Ok(()),
        }
    }

    fn must_be(&self, allowed: &[Phase]) -> Result<(), Rejection> {
        if allowed.contains(&self.phase) {
            return Ok(());
        }
        Err(Rejection::IllegalTransition { from: self.phase })
    }
}
