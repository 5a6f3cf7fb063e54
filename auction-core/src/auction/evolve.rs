//! How an event changes the state.

use crate::auction::event::{Event, Events, Recorded};
use crate::auction::format::Book;
use crate::auction::standing::{Standing, Standings};
use crate::auction::state::Auction;
use crate::auction::status::Status;
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Applies one event, the next in the log of its auction, to the state and the standings.
///
/// It takes events as they are: whether they are right was decided when they were made.
#[inline]
pub fn evolve(auction: &mut Auction, standings: &mut impl Standings, recorded: &Recorded) {
    auction.revision = recorded.revision;
    auction.version = recorded.version;
    auction.last_at = recorded.at;
    // What bids make over and over stands here, and all else apart, so that this is small enough to be inlined.
    match &recorded.event {
        Event::Bid { bidder, maximum, .. } => {
            let standing = standings.of(*bidder);
            standing.maximum = match auction.book {
                Book::Reverse(_) => Some(*maximum),
                _ => Some(standing.maximum.map_or(*maximum, |own| own.max(*maximum))),
            };
            standing.bids += 1;
            standing.last_version = recorded.version;
            auction.bid_count += 1;
            auction.book.apply(&recorded.event);
        }
        Event::AutoBid { .. } => auction.book.apply(&recorded.event),
        Event::MaximumChanged { bidder, maximum } => {
            standings.of(*bidder).maximum = Some(*maximum);
            auction.book.apply(&recorded.event);
        }
        Event::Joined { bidder } => {
            auction.participants += 1;
            standings.of(*bidder).number = auction.participants;
        }
        Event::Extended { ends_at } => {
            auction.ends_at = *ends_at;
            auction.extensions += 1;
        }
        _ => evolve_otherwise(auction, standings, recorded),
    }
}

/// Applies what [`evolve`] does not itself.
#[inline(never)]
fn evolve_otherwise(auction: &mut Auction, standings: &mut impl Standings, recorded: &Recorded) {
    match &recorded.event {
        Event::Revised { charter } => {
            auction.ends_at = charter.schedule().ends_at();
            auction.hard_end = charter.terms().closing.hard_end();
            auction.book = Book::new(charter.terms());
            auction.charter = Arc::clone(charter);
        }
        Event::Published => auction.status = Status::Scheduled,
        Event::Started => auction.status = Status::Started,
        Event::Paused => auction.status = Status::Paused { since: recorded.at },
        Event::Resumed { ends_at } => {
            let moved = ends_at.since(auction.ends_at);
            auction.hard_end = auction.hard_end.map(|hard_end| hard_end.after(moved));
            auction.ends_at = *ends_at;
            auction.status = Status::Started;
        }
        Event::Ended { at, outcome } => {
            auction.status = Status::Ended { at: *at, outcome: *outcome };
            auction.bid_count += auction.book.uncounted();
            auction.book.apply(&recorded.event);
        }
        Event::SealedBid { bidder, .. } => {
            let standing = standings.of(*bidder);
            standing.maximum = auction.book.committed(standing.maximum, &recorded.event);
            // It is no row of the history, so that the last version stays.
            standing.bids += 1;
            auction.book.apply(&recorded.event);
        }
        Event::Received => {
            auction.bid_count += 1;
            auction.book.apply(&recorded.event);
        }
        Event::Bought { bidder, .. } => {
            let standing = standings.of(*bidder);
            standing.maximum = auction.book.committed(standing.maximum, &recorded.event);
            standing.bids += 1;
            standing.last_version = recorded.version;
            auction.bid_count += 1;
            auction.book.apply(&recorded.event);
        }
        Event::Drawn(draw) => auction.book = draw.book,
        Event::Withdrawn(withdrawal) => {
            let standing = standings.of(withdrawal.bidder);
            standing.maximum = withdrawal.maximum;
            standing.bids = withdrawal.bids;
            auction.bid_count -= u64::from(withdrawal.removed).min(auction.bid_count);
            auction.book = withdrawal.book;
        }
        Event::Created { .. }
        | Event::Joined { .. }
        | Event::Bid { .. }
        | Event::AutoBid { .. }
        | Event::MaximumChanged { .. }
        | Event::Extended { .. }
        | Event::Awarded { .. } => {}
    }
}

/// The auction and all standings that a whole log makes; `None` where the log does not start with its creation
/// or leaves out a revision.
pub fn fold<'a>(
    id: AuctionId,
    log: impl IntoIterator<Item = &'a Recorded>,
) -> Option<(Auction, BTreeMap<UserId, Standing>)> {
    let mut log = log.into_iter();
    let mut auction = Auction::created(id, log.next()?)?;
    let mut standings = BTreeMap::new();
    for recorded in log {
        if recorded.revision != auction.revision + 1 {
            return None;
        }
        evolve(&mut auction, &mut standings, recorded);
    }
    Some((auction, standings))
}

impl Auction {
    /// Numbers `events`, applies them, and hands each to `log`.
    ///
    /// `at` is the time of their command; a log never goes back in time, so that a command which was stamped
    /// before one that is already committed takes that one's time.
    pub fn record(
        &mut self,
        standings: &mut impl Standings,
        at: Timestamp,
        events: Events,
        mut log: impl FnMut(Recorded),
    ) {
        let at = at.max(self.last_at);
        for event in events {
            let version = self.version + u64::from(event.is_public());
            let recorded = Recorded { revision: self.revision + 1, version, at, event };
            evolve(self, standings, &recorded);
            log(recorded);
        }
    }
}
