//! What went wrong, in the words of the ports.

use super::codes::kind;
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
