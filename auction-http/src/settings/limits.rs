//! How often somebody may call.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// So many calls in so much time, all of which may come at once; or as many as one likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Nothing is counted.
    Unlimited,
    /// At most so many.
    AtMost {
        /// How many.
        calls: NonZeroU32,
        /// In which time.
        per: Unit,
    },
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// How often somebody may call, by who they are and what they want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowances {
    /// All calls of a source that has not signed in.
    pub anonymous: Allowance,
    /// All calls of a user.
    pub user: Allowance,
    /// Bids of a user.
    pub bids: Allowance,
    /// Wrong passwords for one account from one source, in 15 minutes.
    pub sign_in: NonZeroU32,
    /// Wrong passwords from one source, whatever the account, in 15 minutes.
    pub sign_in_address: NonZeroU32,
}

impl Allowance {
    /// So many calls in such a time.
    pub const fn at_most(calls: NonZeroU32, per: Unit) -> Self {
        Self::AtMost { calls, per }
    }
}

impl Unit {
    const ALL: [(Self, &str); 4] =
        [(Self::Second, "second"), (Self::Minute, "minute"), (Self::Hour, "hour"), (Self::Day, "day")];

    /// How long it is.
    pub const fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        })
    }
}

impl FromStr for Allowance {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "is written like 300/minute (second, minute, hour or day), or off";
        if text.eq_ignore_ascii_case("off") {
            return Ok(Self::Unlimited);
        }
        let (calls, per) = text.split_once('/').ok_or(FORM)?;
        let calls = calls.trim().parse().map_err(|_| FORM)?;
        let per = per.trim();
        let unit = Unit::ALL.into_iter().find(|(_, name)| per.eq_ignore_ascii_case(name));
        unit.map(|(per, _)| Self::AtMost { calls, per }).ok_or(FORM)
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.write_str("off"),
            Self::AtMost { calls, per } => write!(f, "{calls}/{per}"),
        }
    }
}
