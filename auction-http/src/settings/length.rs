//! Lengths of time.

use auction_core::Span;
use std::fmt;
use std::str::FromStr;

/// The longest, in days.
const DAYS_MAX: u32 = 3_650;

/// A length of time in whole seconds, from none to ten years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    secs: u32,
}

const UNITS: [(char, u32); 4] = [('d', 24 * 60 * 60), ('h', 60 * 60), ('m', 60), ('s', 1)];

impl Length {
    /// So many minutes.
    pub const fn minutes(minutes: u16) -> Self {
        Self { secs: minutes as u32 * 60 }
    }

    /// As the engine counts it.
    pub const fn span(self) -> Span {
        Span::from_secs(self.secs)
    }
}

impl FromStr for Length {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "is written like 90s, 15m, 2h or 1d, or off, and is at most 3650d";
        if text.eq_ignore_ascii_case("off") {
            return Ok(Self { secs: 0 });
        }
        let (number, unit) = UNITS
            .into_iter()
            .find_map(|(letter, secs)| Some((text.strip_suffix(letter)?, secs)))
            .ok_or(FORM)?;
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u32 = number.parse().ok().filter(|_| is_plain).ok_or(FORM)?;
        let secs = number.checked_mul(unit).filter(|secs| *secs <= DAYS_MAX * 24 * 60 * 60).ok_or(FORM)?;
        Ok(Self { secs })
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.secs == 0 {
            return f.write_str("off");
        }
        let whole = UNITS.into_iter().find(|(_, secs)| self.secs.is_multiple_of(*secs));
        let (letter, secs) = whole.unwrap_or(('s', 1));
        write!(f, "{}{letter}", self.secs / secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_number_and_a_unit_and_is_written_as_it_is_read() {
        for (text, secs, written) in [
            ("90s", 90, "90s"),
            ("120s", 120, "2m"),
            ("15m", 900, "15m"),
            ("2h", 7_200, "2h"),
            ("1d", 86_400, "1d"),
            ("3650d", 315_360_000, "3650d"),
            ("off", 0, "off"),
            ("0s", 0, "off"),
        ] {
            let length: Length = text.parse().unwrap();
            assert_eq!((length.secs, length.to_string().as_str()), (secs, written), "{text}");
        }
        for bad in ["", "s", "15", "-1m", "+1m", "1.5h", "15 m", "3651d", "99999999999s", "1w", "m15"] {
            assert!(bad.parse::<Length>().is_err(), "{bad}");
        }
    }
}
