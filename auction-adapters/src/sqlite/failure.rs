//! What went wrong, in the words of the ports.

use auction_core::ports::{Failure, FailureKind};
use std::fmt;

/// A row that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("table {table}, column {column}, row {row}: {why}")]
struct BadRow {
    table: &'static str,
    column: &'static str,
    row: String,
    why: String,
}

/// SQLite's codes of a file that is no database any more: CORRUPT, NOTADB; and CONSTRAINT, since what is written
/// was checked before.
const CORRUPT_CODES: [i64; 3] = [11, 26, 19];

/// Statements that are wrong in themselves: ERROR, MISMATCH, MISUSE, RANGE.
const WRONG_CODES: [i64; 4] = [1, 20, 21, 25];

/// A failure of the database.
pub(super) fn failure(operation: &'static str, error: sqlx::Error) -> Failure {
    Failure::new(kind(&error), operation, error)
}

/// A failure of a kind, with a sentence.
pub(super) fn refused(kind: FailureKind, operation: &'static str, why: &'static str) -> Failure {
    Failure::new(kind, operation, why)
}

/// A row that makes no sense.
pub(super) fn corrupt(
    operation: &'static str,
    (table, column): (&'static str, &'static str),
    row: impl fmt::Display,
    why: impl fmt::Display,
) -> Failure {
    let bad = BadRow { table, column, row: row.to_string(), why: why.to_string() };
    Failure::new(FailureKind::Corrupt, operation, bad)
}

/// The same failure for somebody else who waits for it: of the kind and the operation, without the source.
pub(super) fn again(failure: &Failure) -> Failure {
    let why = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
    Failure::new(failure.kind, failure.operation, why)
}

fn kind(error: &sqlx::Error) -> FailureKind {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<i64>().ok()).unwrap_or_default();
            // The lower byte is the code, the rest says more of it.
            match code & 0xff {
                code if CORRUPT_CODES.contains(&code) => FailureKind::Corrupt,
                code if WRONG_CODES.contains(&code) => FailureKind::Other,
                _ => FailureKind::Unavailable,
            }
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::RowNotFound => FailureKind::Corrupt,
        _ => FailureKind::Unavailable,
    }
}
