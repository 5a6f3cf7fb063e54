//! What is odd about an increment policy.

use std::fmt;

use crate::money::Amount;

/// Something odd, though not wrong, about an increment policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IncrementWarning {
    /// Where this bracket begins, the next bid becomes lower although the price becomes higher.
    NextBidFalls {
        /// The bracket's place in the table, counted from 0.
        bracket: usize,
        /// Where the bracket begins.
        from: Amount,
    },
    /// Where this bracket begins, the next bid of a reverse auction becomes lower although the price becomes higher.
    NextReverseBidFalls {
        /// The bracket's place in the table, counted from 0.
        bracket: usize,
        /// Where the bracket begins.
        from: Amount,
    },
}

impl fmt::Display for IncrementWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NextBidFalls { bracket, .. } => {
                write!(f, "the next bid falls where bracket {bracket} begins, since its step is smaller")
            }
            Self::NextReverseBidFalls { bracket, .. } => {
                write!(
                    f,
                    "the next reverse bid falls where bracket {bracket} begins, since its step is larger"
                )
            }
        }
    }
}
