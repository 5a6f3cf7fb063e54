//! Accounts, registrations and sessions, and the audit.
//!
//! What several nodes do at once stays in order in three ways. A single statement on one row needs nothing more: it is
//! decided on the row as it is when its turn comes. Whoever writes several rows of a person locks their account first.
//! Whoever brings an address to an account holds that address first, so that nobody else does before the end.
//!
//! Nobody waits for each other crosswise: first comes what is held, in one call; then registrations; then accounts, in
//! the order of their numbers; then what belongs to them. Rows of many people are only removed where nobody else has
//! locked them.

use super::columns::signed;
use super::driver::{Connection, Database, Row};
use super::failure::{failure, refused};
use super::pen::{Pen, Readers};
use super::portions;
use auction_core::UserId;
use auction_core::identity::Email;

/// Accounts, registrations and sessions, and the audit.
///
/// Each write is one transaction, so that several processes may write.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(super) readers: Readers,
    pub(super) pen: Pen,
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
mod finding;
mod profiles;
mod refreshing;
mod registrations;
mod rows;
mod second_factors;
mod standing;
mod store;
mod tickets;

/// The name under which an address is held.
fn address(email: &Email) -> String {
    format!("email {}", email.key())
}

/// Locks an account, and answers it as it is then: those who write several rows of somebody do so one after the other.
async fn lock(connection: &mut Connection, user: UserId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE id = $1", for_update!()))
        .bind(signed(user.number()))
        .fetch_optional(connection)
        .await
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}
