//! When somebody was born.

use crate::time::Timestamp;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::fmt;

/// The first year in which somebody may have been born.
pub const BIRTH_YEAR_MIN: i32 = 1900;

/// A day since 1900 that is not later than the one on which it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthDate(NaiveDate);

/// Not the day on which somebody was born.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBirthDate {
    /// Not written like `1990-01-31`, or no day of the calendar.
    #[error("Enter a valid date in the form YYYY-MM-DD.")]
    Malformed,
    /// Before [`BIRTH_YEAR_MIN`], or not yet.
    #[error("Enter a date between {BIRTH_YEAR_MIN}-01-01 and today.")]
    OutOfRange,
}

impl BirthDate {
    /// Reads a day like `1990-01-31`, which must not be later than the one of `at`, in UTC.
    ///
    /// # Errors
    /// [`InvalidBirthDate`].
    pub fn parse(text: &str, at: Timestamp) -> Result<Self, InvalidBirthDate> {
        let text = text.trim();
        let is_form = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| is_form);
        let date = date.ok_or(InvalidBirthDate::Malformed)?;
        let today = DateTime::<Utc>::from(at).date_naive();
        if date.year() < BIRTH_YEAR_MIN || date > today {
            return Err(InvalidBirthDate::OutOfRange);
        }
        Ok(Self(date))
    }

    /// The day.
    pub const fn date(self) -> NaiveDate {
        self.0
    }
}

/// Like `1990-01-31`.
impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_a_day_from_1900_until_today() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        for text in ["1900-01-01", "2000-02-29", "2026-03-01"] {
            assert_eq!(BirthDate::parse(text, now).unwrap().to_string(), text);
        }
        for text in ["1899-12-31", "2026-03-02", "0001-01-01", "9999-12-31"] {
            assert_eq!(BirthDate::parse(text, now), Err(InvalidBirthDate::OutOfRange), "{text}");
        }
        for text in [
            "",
            "2001-02-29",
            "1990-13-01",
            "1990-1-1",
            "01-01-1990",
            "1990/01/01",
            "+1990-01-01",
            "1990-01-01T00:00:00Z",
            "１990-01-01",
            "19900101",
            "-990-01-01",
        ] {
            assert_eq!(BirthDate::parse(text, now), Err(InvalidBirthDate::Malformed), "{text}");
        }
    }
}
