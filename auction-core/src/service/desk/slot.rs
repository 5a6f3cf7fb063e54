//! What a shard remembers of an auction.

use super::company::Company;
use crate::auction::{Auction, Standing, Standings};
use crate::id::UserId;
use rustc_hash::FxHashMap;
use std::hint::black_box;

/// An auction and the standings of those who have acted lately.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) auction: Auction,
    pub(super) standings: Remembered,
    pub(super) company: Company,
}

/// Standings at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Remembered(FxHashMap<UserId, Standing>);

impl Slot {
    pub(super) fn new(auction: Auction) -> Self {
        Self { auction, standings: Remembered::default(), company: Company::None }
    }

    /// Fetches what a decision reads first, the state and the terms behind it, into the caches of the machine. Done
    /// for several auctions one after the other, their reads wait together.
    pub(super) fn look_at(&self) {
        black_box(self.auction.terms().currency);
    }
}

impl Remembered {
    pub(super) fn knows(&self, bidder: UserId) -> bool {
        self.0.contains_key(&bidder)
    }

    /// The standing of a bidder; that of somebody new where it is not at hand.
    pub(super) fn standing(&self, bidder: UserId) -> Standing {
        self.0.get(&bidder).copied().unwrap_or_default()
    }

    pub(super) fn learn(&mut self, bidder: UserId, standing: Standing) {
        self.0.insert(bidder, standing);
    }

    /// Forgets everybody once there are more than `standings_max`.
    pub(super) fn bound(&mut self, standings_max: usize) {
        if self.0.len() > standings_max {
            self.0.clear();
        }
    }
}

impl Standings for Remembered {
    fn of(&mut self, bidder: UserId) -> &mut Standing {
        // What is written replaces what is stored.
        debug_assert!(self.knows(bidder), "the standing of {bidder:?} changes, and was not read");
        self.0.entry(bidder).or_default()
    }
}
