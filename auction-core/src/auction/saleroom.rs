//! One auction in memory.

use crate::auction::command::Command;
use crate::auction::decide::{decide, decide_with};
use crate::auction::event::{Charter, Event, Events, Recorded};
use crate::auction::evolve::fold;
use crate::auction::facts::BidderFacts;
use crate::auction::group::{Follow, Moves};
use crate::auction::record::{Record, needs_record};
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::state::Auction;
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One auction in memory, with the standings of all its bidders and its whole log.
///
/// For simulations, tests and replays; it stores nothing. A host that must not lose bids goes through the
/// [`desk`](crate::service::desk) and a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saleroom {
    auction: Auction,
    standings: BTreeMap<UserId, Standing>,
    log: Vec<Recorded>,
}

impl Saleroom {
    /// A scheduled auction, created at `at`.
    pub fn open(id: AuctionId, charter: Charter, at: Timestamp) -> Self {
        Self::create(id, charter, at, false)
    }

    /// A draft, created at `at`.
    pub fn draft(id: AuctionId, charter: Charter, at: Timestamp) -> Self {
        Self::create(id, charter, at, true)
    }

    fn create(id: AuctionId, charter: Charter, at: Timestamp, draft: bool) -> Self {
        let event = Event::Created { charter: Arc::new(charter), draft };
        let log = vec![Recorded { revision: 1, version: 0, at, event }];
        let (auction, standings) = fold(id, &log).expect("invariant: the log starts with the creation");
        Self { auction, standings, log }
    }

    /// Decides a command and applies what becomes of it.
    ///
    /// # Errors
    /// The [`Rejection`]; nothing has changed then.
    pub fn handle(&mut self, facts: &BidderFacts, command: &Command) -> Result<&[Recorded], Rejection> {
        let standing = command.by.user().map(|user| self.standing(user)).unwrap_or_default();
        let events = if needs_record(&self.auction, command) {
            decide_with(&self.auction, &standing, facts, command, &Record::of(&self.log))?
        } else {
            decide(&self.auction, &standing, facts, command)?
        };
        let before = self.log.len();
        self.auction.record(&mut self.standings, command.at, events, |recorded| self.log.push(recorded));
        Ok(&self.log[before..])
    }

    /// Lets the auction catch up with the lots that close together with it, and answers what it has recorded.
    pub fn follow(&mut self, moves: &Moves) -> Option<Follow> {
        let follow = moves.follow(&self.auction)?;
        let events = Events::from_iter([follow.event()]);
        self.auction.record(&mut self.standings, follow.at, events, |recorded| self.log.push(recorded));
        Some(follow)
    }

    /// The state.
    pub const fn auction(&self) -> &Auction {
        &self.auction
    }

    /// What the auction knows of somebody.
    pub fn standing(&self, bidder: UserId) -> Standing {
        self.standings.get(&bidder).copied().unwrap_or_default()
    }

    /// All standings, by bidder.
    pub const fn standings(&self) -> &BTreeMap<UserId, Standing> {
        &self.standings
    }

    /// Everything that happened, in order.
    pub fn log(&self) -> &[Recorded] {
        &self.log
    }
}
