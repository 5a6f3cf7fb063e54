//! What figures are compared with.

use crate::deciding::{House, Visit};
use auction_core::auction::Action;
use auction_core::memory::SeededEntropy;
use std::hint::black_box;

/// The bytes of a cache line.
const LINE_BYTES: usize = 64;

/// A table whose lines name one another in one random cycle: each read must wait for the one before it.
#[derive(Debug)]
pub struct Chase {
    lines: Vec<[u64; LINE_BYTES / 8]>,
}

impl Chase {
    /// A table that takes so many bytes.
    pub fn new(bytes: usize) -> Self {
        let mut lines: Vec<_> = (0..bytes.div_ceil(LINE_BYTES).max(1) as u64).map(|line| [line; 8]).collect();
        // Sattolo's shuffle makes a single cycle.
        let entropy = SeededEntropy::new(7);
        for last in (1..lines.len()).rev() {
            lines.swap(last, entropy.below(last as u64) as usize);
        }
        Self { lines }
    }

    /// Reads so many lines, each of which says where the next one is.
    pub fn read(&self, count: usize) {
        let mut line = 0;
        for _ in 0..count {
            line = self.lines[line][0] as usize;
        }
        black_box(line);
    }
}

/// The least that a rule can do: is the bid above the price? Over the same states in the same order.
pub fn compare_all(house: &House, tape: &[Visit]) -> usize {
    let mut above = 0;
    for visit in tape {
        let price = house.auctions[visit.lot as usize].price();
        if let Action::Bid(bid) = &visit.command.action {
            above += usize::from(black_box(bid.amount.mantissa()) > i128::from(price.minor()));
        }
    }
    black_box(above)
}
