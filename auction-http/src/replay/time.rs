//! The times of a log: RFC 3339, or seconds as a decimal.

use super::error::Reason;
use auction_core::{InvalidTime, Timestamp};

/// The longest text of a time, in bytes.
pub const TIME_TEXT_BYTES_MAX: usize = 64;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_DIGITS: usize = 6;

/// The unit in which a log writes its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// RFC 3339; a time without a zone is UTC.
    Rfc3339,
    /// Seconds since an origin that the log does not tell; the replay takes the year 1970 for it.
    Seconds,
}

impl TimeUnit {
    /// The unit in which this text would be a time.
    pub fn of(text: &str) -> Self {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_number { Self::Seconds } else { Self::Rfc3339 }
    }

    /// Reads a time exactly, and cuts off what is finer than a microsecond.
    ///
    /// # Errors
    /// What is wrong with the text.
    ///
    /// ```
    /// use auction_http::replay::TimeUnit;
    /// assert_eq!(TimeUnit::Seconds.parse("192753.9936").map(|time| time.micros()).ok(), Some(192_753_993_600));
    /// ```
    pub fn parse(self, text: &str) -> Result<Timestamp, Reason> {
        if text.len() > TIME_TEXT_BYTES_MAX {
            return Err(Reason::TimeFormat);
        }
        let read = match Self::of(text) {
            Self::Seconds => parse_seconds(text)?,
            Self::Rfc3339 => text.parse().map_err(|error| match error {
                InvalidTime::OutOfRange => Reason::TimeRange(error),
                _ => Reason::TimeFormat,
            })?,
        };
        if Self::of(text) == self { Ok(read) } else { Err(Reason::TimeUnit) }
    }

    /// The shortest text of a time in this unit.
    ///
    /// ```
    /// use auction_http::replay::TimeUnit;
    /// let time = TimeUnit::Seconds.parse("1180.50").expect("a time");
    /// assert_eq!(TimeUnit::Seconds.text(time), "1180.5");
    /// assert_eq!(TimeUnit::Rfc3339.text(time), "1970-01-01T00:19:40.500Z");
    /// ```
    pub fn text(self, time: Timestamp) -> String {
        if self == Self::Rfc3339 {
            return time.to_string();
        }
        let (seconds, micros) = (time.micros() / MICROS_PER_SECOND, time.micros() % MICROS_PER_SECOND);
        match micros {
            0 => seconds.to_string(),
            _ => format!("{seconds}.{micros:06}").trim_end_matches('0').to_owned(),
        }
    }
}

fn parse_seconds(text: &str) -> Result<Timestamp, Reason> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return Err(Reason::TimeFormat),
        Some(parts) => parts,
        None => (text, "0"),
    };
    if whole.is_empty() || fraction.contains('.') {
        return Err(Reason::TimeFormat);
    }
    let out_of_range = || Reason::TimeRange(InvalidTime::OutOfRange);
    let seconds: i64 = whole.parse().map_err(|_| out_of_range())?;
    let micros = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(MICROS_DIGITS)
        .fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0'));
    let total = seconds.checked_mul(MICROS_PER_SECOND).and_then(|total| total.checked_add(micros));
    Timestamp::from_micros(total.ok_or_else(out_of_range)?).map_err(Reason::TimeRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Result<i64, String> {
        TimeUnit::Seconds.parse(text).map(Timestamp::micros).map_err(|reason| reason.to_string())
    }

    #[test]
    fn seconds_are_read_to_the_microsecond_without_rounding() {
        assert_eq!(seconds("0"), Ok(0));
        assert_eq!(seconds("1180"), Ok(1_180_000_000));
        assert_eq!(seconds("0.1"), Ok(100_000));
        assert_eq!(seconds("0.000001"), Ok(1));
        assert_eq!(seconds("224709.9999999999"), Ok(224_709_999_999));
    }

    #[test]
    fn what_is_no_number_of_seconds_is_refused() {
        for text in ["", ".", "1.", ".5", "1.2.3", "-1", "+1", "1e3", "1_0", " 1", "1,5", "NaN", "١"] {
            assert!(seconds(text).is_err_and(|why| why.starts_with("a time is RFC 3339")), "{text}");
        }
        for text in ["253402300800", "9223372036854775808"] {
            assert!(seconds(text).is_err_and(|why| why.contains("1970 and 9999")), "{text}");
        }
        assert!(seconds(&"9".repeat(TIME_TEXT_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn a_time_in_the_other_unit_is_refused() {
        assert!(matches!(TimeUnit::Seconds.parse("2026-01-01T00:00:00Z"), Err(Reason::TimeUnit)));
        assert!(matches!(TimeUnit::Rfc3339.parse("1180"), Err(Reason::TimeUnit)));
    }
}
