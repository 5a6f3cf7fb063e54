//! Bids that are taken back by their bidder or struck by the house (rules: retraction, cancellation, second chance).

use super::Case;
use super::bidding::VERSIONS_TO_END;
use crate::auction::command::Actor;
use crate::auction::event::Event;
use crate::auction::facts::BidderFacts;
use crate::auction::format::Book;
use crate::auction::record::{Placed, Record};
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::Phase;
use crate::auction::terms::Retraction;
use crate::auction::withdrawal::{Reason, Removal, Withdrawal};
use crate::id::UserId;
use crate::money::Amount;
use std::sync::Arc;

impl Case<'_> {
    pub(super) fn retract(
        &mut self,
        bidder: UserId,
        standing: &Standing,
        reason: &Reason,
    ) -> Result<(), Rejection> {
        if !standing.has_joined() {
            return Err(Rejection::NotParticipant);
        }
        self.must_be_open()?;
        self.must_have_room(VERSIONS_TO_END)?;
        let Retraction::Allowed { free_until, grace } = self.auction.terms().retraction else {
            return Err(Rejection::RetractionClosed);
        };
        let is_early = self.auction.ends_at().since(self.at) > free_until;
        let at = self.at;
        let is_fresh = |bid: &Placed| is_early || at.since(bid.at) <= grace;
        if standing.bids == 0 {
            return Err(Rejection::NoSuchBid);
        }
        let Some(record) = self.record else {
            self.lacks_record = true;
            return Ok(());
        };
        let (gone, left) = taken_back(record.bids(), bidder, is_fresh);
        if gone.is_empty() {
            let has_bid = left.iter().any(|bid| bid.bidder == bidder);
            return Err(if has_bid { Rejection::RetractionClosed } else { Rejection::NoSuchBid });
        }
        self.withdraw(record, bidder, false, &gone, &left, reason);
        Ok(())
    }

    pub(super) fn void(
        &mut self,
        by: Actor,
        facts: &BidderFacts,
        removal: Removal,
        reason: &Reason,
    ) -> Result<(), Rejection> {
        if by.user().is_some() && (!facts.staff || facts.banned) {
            return Err(Rejection::NotPermitted);
        }
        if !matches!(self.phase, Phase::Started | Phase::Paused) {
            return Err(Rejection::IllegalTransition { from: self.phase });
        }
        self.must_have_room(VERSIONS_TO_END)?;
        let Some(record) = self.record else {
            self.lacks_record = true;
            return Ok(());
        };
        let (gone, left): (Vec<Placed>, Vec<Placed>) = match removal {
            Removal::Of(_) => record.bids().iter().partition(|bid| bid.is_meant_by(removal)),
            Removal::One(_) | Removal::Row(_) => one_of(record.bids(), removal),
        };
        let Some(bidder) = gone.first().map(|bid| bid.bidder) else { return Err(Rejection::NoSuchBid) };
        self.withdraw(record, bidder, true, &gone, &left, reason);
        Ok(())
    }

    /// Resolves what is left. The end stays where it is; the reserve and the buy-now offer follow the new price.
    fn withdraw(
        &mut self,
        record: &Record,
        bidder: UserId,
        by_house: bool,
        gone: &[Placed],
        left: &[Placed],
        reason: &Reason,
    ) {
        let auction = self.auction;
        let terms = auction.terms();
        let book = Book::replayed(terms, left);
        let own = left.iter().filter(|bid| bid.bidder == bidder);
        let maximum = own.fold(None, |own: Option<Amount>, bid| match auction.book {
            // It may have been lowered, too.
            Book::English(_) if bid.is_change_of_maximum() => Some(bid.amount),
            Book::English(_) => Some(own.map_or(bid.amount, |own| own.max(bid.amount))),
            Book::Sealed(_) | Book::Reverse(_) | Book::Stock(_) => {
                let event = Event::SealedBid { bidder, amount: bid.amount, units: bid.units };
                auction.book.committed(own, &event)
            }
        });
        let hides = terms.format.hides_bids();
        // A raise that nobody saw is no bid of the history, and in sealed ones there is no history.
        let is_bid = |bid: &&Placed| bid.version.is_some() || hides;
        let gone_bids = gone.iter().filter(is_bid).count();
        let removed = if hides && !terms.format.tells_count() { 0 } else { gone_bids };
        let stays = left.iter().filter(|bid| bid.bidder == bidder).filter(is_bid).count();
        // Their maximum never gave the answers that need more of it than is left.
        let answers = record.answers_above(bidder, maximum).map(|row| row.version);
        let mut versions: Vec<u64> = gone.iter().filter_map(|bid| bid.version).chain(answers).collect();
        versions.sort_unstable();
        let withdrawal = Withdrawal {
            bidder,
            by_house,
            // What nobody could see is not told when it is gone.
            is_public: removed > 0
                || book.price() != auction.book.price()
                || book.leader() != auction.book.leader(),
            leader: book.leader(),
            price: book.price(),
            removed: u32::try_from(removed).unwrap_or(u32::MAX),
            bids: u32::try_from(stays).unwrap_or(u32::MAX),
            versions,
            revisions: gone.iter().map(|bid| bid.revision).collect(),
            book,
            maximum,
            reason: Some(reason.clone()),
        };
        self.events.push(Event::Withdrawn(Arc::new(withdrawal)));
    }
}

/// A bid with the changes of its maximum that nobody saw, and the others: without their bid such changes would be a
/// lead that no row of the history explains.
fn one_of(bids: &[Placed], removal: Removal) -> (Vec<Placed>, Vec<Placed>) {
    let mut rest = bids.iter().skip_while(|bid| !bid.is_meant_by(removal));
    let Some(one) = rest.next() else { return (Vec::new(), bids.to_vec()) };
    let own = rest.filter(|bid| bid.bidder == one.bidder);
    let changes = own.take_while(|bid| bid.is_change_of_maximum() && !one.is_change_of_maximum());
    let gone: Vec<u64> = std::iter::once(one).chain(changes).map(|bid| bid.revision).collect();
    bids.iter().partition(|bid| gone.contains(&bid.revision))
}

/// The bids that somebody takes back, and the others. Who lowered the maximum of a bid that stays has it lowered: a
/// maximum that is taken back up would be a new bid, without one.
fn taken_back(
    bids: &[Placed],
    bidder: UserId,
    is_fresh: impl Fn(&Placed) -> bool,
) -> (Vec<Placed>, Vec<Placed>) {
    let mut maximum: Option<Amount> = None;
    bids.iter().partition(|bid| {
        if bid.bidder != bidder {
            return false;
        }
        let lowers = bid.is_change_of_maximum() && maximum.is_some_and(|stays| bid.amount < stays);
        if is_fresh(bid) && !lowers {
            return true;
        }
        maximum = if bid.is_change_of_maximum() { Some(bid.amount) } else { maximum.max(Some(bid.amount)) };
        false
    })
}
