//! How many pieces of a lot: a number that is never nothing.

use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// The most units of one lot, and of one bid.
pub const UNITS_MAX: u32 = 10_000;

/// A number of units, from 1 to [`UNITS_MAX`].
///
/// ```
/// use auction_core::auction::{UNITS_MAX, Units};
/// assert_eq!(Units::new(12).map(Units::count), Some(12));
/// assert_eq!(Units::new(0), None);
/// assert_eq!(Units::new(UNITS_MAX + 1), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Units(NonZeroU32);

impl Units {
    /// A single one.
    pub const ONE: Self = Self(NonZeroU32::MIN);

    /// So many; `None` for none at all and for more than [`UNITS_MAX`].
    pub const fn new(count: u32) -> Option<Self> {
        match NonZeroU32::new(count) {
            Some(units) if count <= UNITS_MAX => Some(Self(units)),
            _ => None,
        }
    }

    /// How many.
    pub const fn count(self) -> u32 {
        self.0.get()
    }
}

impl TryFrom<u32> for Units {
    type Error = String;
    fn try_from(count: u32) -> Result<Self, String> {
        Self::new(count).ok_or_else(|| format!("units are 1 to {UNITS_MAX}"))
    }
}

impl From<Units> for u32 {
    fn from(units: Units) -> Self {
        units.count()
    }
}
