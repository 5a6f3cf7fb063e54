//! Chance that repeats itself.

use crate::ports::Entropy;
use std::sync::atomic::{AtomicU64, Ordering};

/// The step from one state to the next: 2^64 divided by the golden ratio, made odd.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Numbers that look random and are the same after every start from the same seed (SplitMix64).
///
/// **Not for secrets**: who sees one number knows all that follow. It is for tests and simulations, where a seed
/// has to reproduce a run.
///
/// ```
/// use auction_core::memory::SeededEntropy;
/// let (one, other) = (SeededEntropy::new(7), SeededEntropy::new(7));
/// assert_eq!(one.next(), other.next());
/// ```
#[derive(Debug)]
pub struct SeededEntropy {
    state: AtomicU64,
}

impl SeededEntropy {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    /// The next 64 bits.
    pub fn next(&self) -> u64 {
        let mut mixed = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, and without, `bound`; 0 where that is 0. Small bounds are hit evenly enough for a
    /// test.
    pub fn below(&self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        let entropy = SeededEntropy::new(1_234_567);
        let first = [entropy.next(), entropy.next(), entropy.next()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn bytes_are_the_numbers_in_little_endian_order() {
        let mut bytes = [0; 11];
        SeededEntropy::new(1).fill(&mut bytes);
        let numbers = SeededEntropy::new(1);
        assert_eq!(bytes[..8], numbers.next().to_le_bytes());
        assert_eq!(bytes[8..], numbers.next().to_le_bytes()[..3]);
    }
}
