//! From when until when an auction is open.

use crate::auction::terms::{FieldError, TermsErrors};
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest time from the start to the end of an auction: about ten years.
pub const LENGTH_DAYS_MAX: u32 = 3_660;

/// The latest end: the last microsecond of the year 2999, so that extensions and pauses never run out of years.
const ENDS_AT_MAX: i64 = 32_503_680_000_000_000 - 1;

/// The time in which an auction is open: from its start, and before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    starts_at: Timestamp,
    ends_at: Timestamp,
}

impl Schedule {
    /// Open in `[starts_at, ends_at)`.
    ///
    /// # Errors
    /// An end that is not after the start, more than [`LENGTH_DAYS_MAX`] days after it, or after the year 2999.
    ///
    /// ```
    /// use auction_core::{Timestamp, auction::Schedule};
    /// let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    /// let (noon, one) = (time("2026-01-01T12:00:00Z"), time("2026-01-01T13:00:00Z"));
    /// assert!(Schedule::new(noon, one).is_ok());
    /// let wrong = Schedule::new(one, noon).unwrap_err();
    /// assert_eq!(wrong.to_string(), "ends_at: Must be after the start.");
    /// ```
    pub fn new(starts_at: Timestamp, ends_at: Timestamp) -> Result<Self, TermsErrors> {
        let wrong =
            |message: String| Err(TermsErrors(vec![FieldError { field: "ends_at".to_owned(), message }]));
        if ends_at <= starts_at {
            return wrong("Must be after the start.".to_owned());
        }
        if ends_at.micros() > ENDS_AT_MAX {
            return wrong("Must be before the year 3000.".to_owned());
        }
        if ends_at.since(starts_at) > Span::from_secs(LENGTH_DAYS_MAX * 24 * 60 * 60) {
            return wrong(format!("Must be at most {LENGTH_DAYS_MAX} days after the start."));
        }
        Ok(Self { starts_at, ends_at })
    }

    /// From when.
    pub const fn starts_at(self) -> Timestamp {
        self.starts_at
    }

    /// Until when; this instant is outside.
    pub const fn ends_at(self) -> Timestamp {
        self.ends_at
    }
}
