//! Accounts, registrations and sessions in SQLite.

use crate::sqlite::open::connect_options;
use crate::sqlite::turn::{Draft, Pen, Writing};
use auction_core::ports::{Failure, FailureKind};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;

/// Accounts, registrations and sessions in SQLite.
///
/// Each write is one statement, or one transaction that takes the write lock when it begins, so that several
/// processes may write. Inside a process all who write to the same file are let in as they came.
#[derive(Clone, Debug)]
pub struct SqliteAccounts {
    pool: SqlitePool,
    pen: Pen,
}

macro_rules! account_columns {
    () => {
        "accounts.id, accounts.email, accounts.username, accounts.first_name, accounts.last_name, \
         accounts.password_hash, accounts.is_verified, accounts.role, accounts.selling, accounts.ban_scope, \
         accounts.ban_until, accounts.ban_reason, accounts.has_second_factor, accounts.created_at"
    };
}

macro_rules! session_columns {
    () => {
        "sessions.id AS session_id, sessions.user_id, sessions.style, sessions.device, sessions.created_at AS session_at, \
         sessions.expires_at"
    };
}

macro_rules! registration_columns {
    () => {
        "email, username, first_name, last_name, password_hash, code_id, code_digest, code_expires, \
         code_attempts, at"
    };
}

mod audit;
mod credentials;
mod migrations;
mod profiles;
mod refreshing;
mod registrations;
mod rows;
mod second_factors;
mod standing;
mod store;
#[cfg(test)]
mod tests;
mod tickets;

/// How many connections one process reads with at once.
const CONNECTIONS_MAX: u32 = 4;

impl SqliteAccounts {
    /// Opens a database, makes it where there is none, and its tables where they are missing. Any process may,
    /// beside the one that writes auctions.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        const OPERATION: &str = "open the accounts";
        let failed = |error| failure(OPERATION, error);
        let options = connect_options(path.as_ref()).create_if_missing(true);
        let pen = Pen::new(path.as_ref(), options.clone(), SqliteSynchronous::Full);
        let mut draft = pen.begin(OPERATION).await?;
        migrations::run(&mut draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS_MAX).connect_lazy_with(options);
        Ok(Self { pool, pen })
    }

    /// Closes the connections; other handles fail from then on.
    pub async fn close(&self) {
        self.pool.close().await;
        self.pen.close().await;
    }

    /// Waits for the turn, to write with one statement.
    async fn pen(&self) -> Result<Writing, Failure> {
        self.pen.take("take a connection that writes").await
    }

    async fn begin(&self, operation: &'static str) -> Result<Draft, Failure> {
        self.pen.begin(operation).await
    }
}

/// Ids are below 2^53.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

fn failure(operation: &'static str, error: sqlx::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, operation, error)
}
