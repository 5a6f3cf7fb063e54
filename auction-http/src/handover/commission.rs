//! Which sample auctions are wanted.

use crate::samples::Kind;
use serde::{Deserialize, Serialize};

/// How many auctions of a kind are made at once.
pub const COUNT_MAX: u32 = 1_000;

/// In how many days they may start at the latest.
pub const DAYS_AHEAD_MAX: u32 = 365;

/// How many hours they may be open.
pub const DURATION_HOURS_MAX: u32 = 90 * 24;

/// Sample auctions that are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wish")]
pub struct Commission {
    kinds: Vec<Kind>,
    count: u32,
    days_ahead: u32,
    duration_hours: u32,
}

/// What is wrong with a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCommission {
    /// No kind, or one twice.
    #[error("each kind is named once, and at least one of them")]
    Kinds,
    /// Too few or too many.
    #[error("from 1 to {COUNT_MAX} auctions of a kind can be made at once")]
    Count,
    /// Too soon or too late.
    #[error("auctions start within 1 to {DAYS_AHEAD_MAX} days")]
    DaysAhead,
    /// Too short or too long.
    #[error("auctions are open for 1 to {DURATION_HOURS_MAX} hours")]
    DurationHours,
}

/// A commission as it comes from another process.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    kinds: Vec<Kind>,
    count: u32,
    days_ahead: u32,
    duration_hours: u32,
}

impl Commission {
    /// `count` auctions of each kind, which start within `days_ahead` days and are open for `duration_hours`.
    ///
    /// # Errors
    /// The first thing that is out of bounds.
    pub fn new(
        kinds: Vec<Kind>,
        count: u32,
        days_ahead: u32,
        duration_hours: u32,
    ) -> Result<Self, InvalidCommission> {
        let repeats = |place: usize| kinds[..place].contains(&kinds[place]);
        if kinds.is_empty() || (0..kinds.len()).any(repeats) {
            return Err(InvalidCommission::Kinds);
        }
        if !(1..=COUNT_MAX).contains(&count) {
            return Err(InvalidCommission::Count);
        }
        if !(1..=DAYS_AHEAD_MAX).contains(&days_ahead) {
            return Err(InvalidCommission::DaysAhead);
        }
        if !(1..=DURATION_HOURS_MAX).contains(&duration_hours) {
            return Err(InvalidCommission::DurationHours);
        }
        Ok(Self { kinds, count, days_ahead, duration_hours })
    }

    /// Of these kinds.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// So many of each.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// They start within so many days.
    pub const fn days_ahead(&self) -> u32 {
        self.days_ahead
    }

    /// They are open for so many hours.
    pub const fn duration_hours(&self) -> u32 {
        self.duration_hours
    }

    /// How many auctions that are.
    pub fn total(&self) -> usize {
        self.kinds.len() * self.count as usize
    }
}

impl TryFrom<Wish> for Commission {
    type Error = InvalidCommission;

    fn try_from(wish: Wish) -> Result<Self, InvalidCommission> {
        Self::new(wish.kinds, wish.count, wish.days_ahead, wish.duration_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commission_is_read_as_it_was_written_and_only_within_its_bounds() {
        let commission = Commission::new(Kind::ALL.to_vec(), COUNT_MAX, 7, 24).unwrap();
        let text = serde_json::to_string(&commission).unwrap();
        assert_eq!(serde_json::from_str::<Commission>(&text).unwrap(), commission);
        for (wrong, instead) in [
            ("1000", "1001"),
            ("1000", "0"),
            (":7", ":0"),
            (":7", ":366"),
            (":24", ":2161"),
            (r#""electronics""#, r#""watches""#),
            (r#""electronics""#, r#""houses""#),
        ] {
            let bad = text.replacen(wrong, instead, 1);
            assert_ne!(bad, text);
            assert!(serde_json::from_str::<Commission>(&bad).is_err(), "{bad}");
        }
    }
}
