//! Why a log cannot be replayed.

use super::through::ServerError;
use super::{NAME_BYTES_MAX, ROW_BYTES_MAX, ROWS_MAX};
use auction_core::InvalidTime;
use auction_core::auction::TermsErrors;
use auction_core::money::MoneyError;
use std::io;
use std::path::PathBuf;

/// How much of a wrong value is repeated in a message, in characters.
const SHOWN_CHARS_MAX: usize = 100;

/// Why a replay has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The options make no sense in this currency.
    #[error("the options make no sense together: {0}")]
    Overrides(TermsErrors),
    /// The file of terms is wrong, or contradicts the options.
    #[error("{}: {source}", .path.display())]
    Terms {
        /// The file.
        path: PathBuf,
        /// What is wrong, by field.
        source: TermsErrors,
    },
    /// The log is wrong.
    #[error("{log}: {source}")]
    Log {
        /// Which log.
        log: String,
        /// What is wrong, by line.
        source: LogError,
    },
    /// The server through which the bids go failed.
    #[error("the server: {0}")]
    Server(#[source] ServerError),
    /// The refusals would replace what they are made of.
    #[error("the refusals would overwrite the input {}", .path.display())]
    RefusalsOverInput {
        /// The file.
        path: PathBuf,
    },
    /// Something cannot be read.
    #[error("{from} cannot be read: {source}")]
    Read {
        /// What.
        from: String,
        /// Why.
        source: io::Error,
    },
    /// Something cannot be written.
    #[error("{target} cannot be written: {source}")]
    Write {
        /// What.
        target: String,
        /// Why.
        source: io::Error,
    },
}

impl ReplayError {
    /// Whether it is the command line that is wrong, rather than a file.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Overrides(_) | Self::RefusalsOverInput { .. })
    }
}

/// What is wrong with a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// A column that every log has is not there.
    #[error("line {line}: there is no column `{column}` in the header {}", shown(.found))]
    MissingColumn {
        /// The line of the header.
        line: u64,
        /// Which column.
        column: &'static str,
        /// The header.
        found: String,
    },
    /// Two columns have the same name.
    #[error("line {line}: the column `{column}` is there twice")]
    RepeatedColumn {
        /// The line of the header.
        line: u64,
        /// Which column.
        column: &'static str,
    },
    /// A row is wrong.
    #[error("line {line}: {problem}")]
    Row {
        /// The line on which the row begins.
        line: u64,
        /// What is wrong.
        problem: Problem,
    },
    /// There are too many rows.
    #[error("line {line}: a log has at most {ROWS_MAX} rows; split it by auctions")]
    TooManyRows {
        /// The line of the first row that is too much.
        line: u64,
    },
    /// The log cannot be read to its end.
    #[error("line {line}: cannot be read: {source}")]
    Read {
        /// The line that could not be read.
        line: u64,
        /// Why.
        source: io::Error,
    },
}

/// What is wrong with a row of a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// More or fewer values than the header has columns.
    #[error("the row has {found} values, the header {expected}")]
    Length {
        /// How many values the row has.
        found: usize,
        /// How many columns the header has.
        expected: usize,
    },
    /// It does not end.
    #[error("the row is longer than {ROW_BYTES_MAX} bytes; is a quotation mark not closed?")]
    Endless,
    /// A column is wrong.
    #[error("{column} {}: {reason}", shown(.value))]
    Value {
        /// Which column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What is wrong with it.
        reason: Reason,
    },
    /// The auction that begins with this row cannot be held under its terms.
    #[error("{0}")]
    Terms(TermsErrors),
    /// The end that follows from the last bid is none.
    #[error("this is the last bid, and without an ends_at the auction would end a day later; {0}")]
    ImpliedEnd(TermsErrors),
}

/// What is wrong with a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing stands where something must.
    #[error("must not be empty")]
    Empty,
    /// Not UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// A name that is too long.
    #[error("a name has at most {NAME_BYTES_MAX} bytes")]
    NameTooLong,
    /// No amount of the currency.
    #[error("{0}")]
    Money(#[from] MoneyError),
    /// A price of zero.
    #[error("a price is positive")]
    Zero,
    /// No time.
    #[error("a time is RFC 3339, like 2026-01-31T15:00:00Z, or a number of seconds, like 1180 or 12.5")]
    TimeFormat,
    /// A time outside of the years.
    #[error("{0}")]
    TimeRange(InvalidTime),
    /// A time in another unit than the first one of the log.
    #[error("the times of a log are either all RFC 3339 or all seconds")]
    TimeUnit,
    /// Neither of the two kinds.
    #[error("a bid is `max` or `straight`")]
    Kind,
    /// No number of units.
    #[error("a quantity is a whole number from 1 to {}", auction_core::auction::UNITS_MAX)]
    Quantity,
}

/// A value as it may be shown: on one line, escaped, and not all of it.
fn shown(value: &str) -> String {
    let short: String = value.chars().take(SHOWN_CHARS_MAX).collect();
    let more = if short.len() < value.len() { "..." } else { "" };
    format!("{short:?}{more}")
}
