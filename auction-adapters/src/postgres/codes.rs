//! What the codes of the server mean.

use auction_core::ports::FailureKind;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// Whether the server has refused a statement and goes on as before.
pub(super) fn is_settled(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            // Of the connection itself (class 08), or of a transaction that is not what it should be (25), which is also
            // what a server says that only reads by now.
            let code = database.code();
            let is_of_connection = code.is_some_and(|code| code.starts_with("08") || code.starts_with("25"));
            let database = database.try_downcast_ref::<PgDatabaseError>();
            !is_of_connection && database.is_some_and(|database| database.severity() == PgSeverity::Error)
        }
        // It was not even sent.
        sqlx::Error::Encode(_) => true,
        _ => false,
    }
}

/// Which SQLSTATE is what: classes 22, 23, 42 and the like are statements or data that would fail again; what is left
/// is a server that is gone, goes, is full, waits too long, or only reads.
pub(super) fn kind(error: &sqlx::Error) -> FailureKind {
    match error {
        sqlx::Error::Database(database) => match database.code().as_deref().map(|code| code.split_at(2).0) {
            // Integrity: what is written was checked before, so that the database is not what it should be.
            Some("23" | "XX") => FailureKind::Corrupt,
            Some("0A" | "22" | "26" | "3D" | "3F" | "42") => FailureKind::Other,
            _ => FailureKind::Unavailable,
        },
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::RowNotFound => FailureKind::Corrupt,
        sqlx::Error::Configuration(_) | sqlx::Error::Encode(_) => FailureKind::Other,
        _ => FailureKind::Unavailable,
    }
}
