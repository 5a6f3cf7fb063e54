//! Auctions that have changed.

use super::NOTED_MAX;
use crate::id::AuctionId;
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// Auctions that have changed, each once, in the order in which they were noted.
#[derive(Debug, Default)]
pub(super) struct Noted {
    queue: VecDeque<AuctionId>,
    known: FxHashSet<AuctionId>,
    is_overfull: bool,
}

impl Noted {
    /// Adds one; `true` where there was none.
    pub(super) fn add(&mut self, auction: AuctionId) -> bool {
        if self.queue.len() >= NOTED_MAX {
            self.is_overfull |= !self.known.contains(&auction);
            return false;
        }
        let was_empty = self.queue.is_empty();
        if self.known.insert(auction) {
            self.queue.push_back(auction);
        }
        was_empty
    }

    /// Takes out at most so many, those that wait longest.
    pub(super) fn take(&mut self, auctions_max: usize) -> Vec<AuctionId> {
        let count = auctions_max.min(self.queue.len());
        let taken: Vec<_> = self.queue.drain(..count).collect();
        for auction in &taken {
            self.known.remove(auction);
        }
        taken
    }

    /// Whether some were left out since this was asked last.
    pub(super) fn take_overfull(&mut self) -> bool {
        std::mem::take(&mut self.is_overfull)
    }

    /// How many more it can take.
    pub(super) fn room(&self) -> usize {
        NOTED_MAX.saturating_sub(self.queue.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auction(number: usize) -> AuctionId {
        AuctionId::new(number as u64 + 1).unwrap()
    }

    #[test]
    fn each_is_noted_once_and_taken_in_order() {
        let mut noted = Noted::default();
        assert!(noted.add(auction(2)));
        assert!(!noted.add(auction(1)));
        assert!(!noted.add(auction(2)));
        assert_eq!(noted.take(1), [auction(2)]);
        assert!(!noted.add(auction(2)));
        assert_eq!(noted.take(9), [auction(1), auction(2)]);
        assert!(noted.add(auction(3)));
    }

    #[test]
    fn what_has_no_room_is_told_once() {
        let mut noted = Noted::default();
        for number in 0..NOTED_MAX {
            noted.add(auction(number));
        }
        noted.add(auction(0));
        assert!(!noted.take_overfull());
        noted.add(auction(NOTED_MAX));
        assert!(noted.take_overfull());
        assert!(!noted.take_overfull());
        assert_eq!(noted.room(), 0);
        assert_eq!(noted.take(usize::MAX).len(), NOTED_MAX);
    }
}
