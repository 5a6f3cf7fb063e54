//! Points in time and lengths of time, in whole microseconds.
//!
//! A [`Timestamp`] is UTC and has exactly the precision that the stores keep, so that what was decided and what
//! is read back later never differ by a rounding. It converts to and from `chrono::DateTime<Utc>`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
///
/// ```
/// use auction_core::Timestamp;
/// # fn main() -> Result<(), auction_core::InvalidTime> {
/// let end: Timestamp = "2026-01-01T15:00:00Z".parse()?;
/// assert_eq!(end.to_string(), "2026-01-01T15:00:00Z");
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Timestamp(i64);

/// A length of time in whole microseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

/// A time before 1970, after the year 9999, or not written as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTime {
    /// Before 1970 or after the year 9999.
    #[error("a time lies between the years 1970 and 9999")]
    OutOfRange,
    /// Not RFC 3339.
    #[error("a time is written like 2026-01-31T15:00:00Z")]
    Format,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The last microsecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The time this many microseconds after [`Timestamp::EPOCH`].
    ///
    /// # Errors
    /// [`InvalidTime::OutOfRange`] before 1970 and after [`Timestamp::MAX`].
    pub const fn from_micros(micros: i64) -> Result<Self, InvalidTime> {
        if micros < 0 || micros > Self::MAX.0 { Err(InvalidTime::OutOfRange) } else { Ok(Self(micros)) }
    }

    /// Microseconds since [`Timestamp::EPOCH`].
    #[inline]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since [`Timestamp::EPOCH`], rounded down.
    pub const fn millis(self) -> i64 {
        self.0 / 1_000
    }

    /// This time and a span later; never later than [`Timestamp::MAX`].
    #[inline]
    #[must_use]
    pub const fn after(self, span: Span) -> Self {
        let later = self.0.saturating_add(span.0);
        if later > Self::MAX.0 { Self::MAX } else { Self(later) }
    }

    /// The time a span before this one; never before [`Timestamp::EPOCH`].
    #[inline]
    #[must_use]
    pub const fn before(self, span: Span) -> Self {
        let earlier = self.0 - span.0;
        if earlier < 0 { Self::EPOCH } else { Self(earlier) }
    }

    /// How long it is from `earlier` until this time; zero where `earlier` is the later one.
    #[inline]
    pub const fn since(self, earlier: Self) -> Span {
        if self.0 > earlier.0 { Span(self.0 - earlier.0) } else { Span(0) }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// This many microseconds.
    pub const fn from_micros(micros: u32) -> Self {
        Self(micros as i64)
    }

    /// This many milliseconds.
    pub const fn from_millis(millis: u32) -> Self {
        Self(millis as i64 * 1_000)
    }

    /// This many seconds.
    pub const fn from_secs(secs: u32) -> Self {
        Self(secs as i64 * 1_000_000)
    }

    /// So many spans one after the other; the longest there is where they are longer.
    #[must_use]
    pub const fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count as i64))
    }

    /// The length of each where this one is cut into so many, rounded down.
    #[must_use]
    pub const fn divided_by(self, parts: NonZeroU32) -> Self {
        Self(self.0 / parts.get() as i64)
    }

    /// Whole microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.0 / 1_000_000
    }
}

impl From<Duration> for Span {
    /// Cuts off what is smaller than a microsecond, and what is longer than the longest span.
    fn from(duration: Duration) -> Self {
        Self(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }
}

impl TryFrom<i64> for Timestamp {
    type Error = InvalidTime;
    fn try_from(micros: i64) -> Result<Self, InvalidTime> {
        Self::from_micros(micros)
    }
}

impl From<Timestamp> for i64 {
    fn from(time: Timestamp) -> i64 {
        time.0
    }
}

impl TryFrom<DateTime<Utc>> for Timestamp {
    type Error = InvalidTime;
    /// Cuts off what is smaller than a microsecond.
    fn try_from(time: DateTime<Utc>) -> Result<Self, InvalidTime> {
        Self::from_micros(time.timestamp_micros())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(time: Timestamp) -> Self {
        DateTime::from_timestamp_micros(time.0).unwrap_or(DateTime::<Utc>::UNIX_EPOCH)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTime;
    /// RFC 3339; a time without a zone is UTC.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let time = match DateTime::parse_from_rfc3339(text) {
            Ok(time) => time.with_timezone(&Utc),
            Err(_) => text.parse::<chrono::NaiveDateTime>().map_err(|_| InvalidTime::Format)?.and_utc(),
        };
        time.try_into()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DateTime::<Utc>::from(*self).to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_to_the_microsecond() {
        for text in ["2026-01-01T14:59:59.999999Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        let nanos: Timestamp = "2026-01-01T00:00:00.123456789Z".parse().unwrap();
        assert_eq!(nanos.to_string(), "2026-01-01T00:00:00.123456Z");
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        assert_eq!("2026-01-01T10:00:00".parse::<Timestamp>(), "2026-01-01T12:00:00+02:00".parse());
    }

    #[test]
    fn times_outside_the_years_are_refused() {
        assert_eq!("1969-12-31T23:59:59Z".parse::<Timestamp>(), Err(InvalidTime::OutOfRange));
        assert_eq!("+10000-01-01T00:00:00Z".parse::<Timestamp>(), Err(InvalidTime::Format));
        assert_eq!("tomorrow".parse::<Timestamp>(), Err(InvalidTime::Format));
    }

    #[test]
    fn adding_stops_at_the_last_time() {
        assert_eq!(Timestamp::MAX.after(Span::from_secs(1)), Timestamp::MAX);
        assert_eq!(Timestamp::EPOCH.since(Timestamp::MAX), Span::ZERO);
        assert_eq!(Timestamp::EPOCH.before(Span::from_secs(1)), Timestamp::EPOCH);
    }
}
