//! What SQLite's codes mean, and failures of which several are told.

use auction_core::ports::{Failure, FailureKind};

/// SQLite's codes of a file that is no database any more: CORRUPT, NOTADB; and CONSTRAINT, since what is written
/// was checked before.
const CORRUPT_CODES: [i64; 3] = [11, 26, 19];

/// Statements that are wrong in themselves: ERROR, MISMATCH, MISUSE, RANGE.
const WRONG_CODES: [i64; 4] = [1, 20, 21, 25];

/// The same failure for somebody else who waits for it: of the kind and the operation, without the source.
pub(super) fn again(failure: &Failure) -> Failure {
    let why = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
    Failure::new(failure.kind, failure.operation, why)
}

/// Which code is what.
pub(super) fn kind(error: &sqlx::Error) -> FailureKind {
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
