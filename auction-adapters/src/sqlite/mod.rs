//! Everything in one SQLite file.

mod accounts;

pub use accounts::SqliteAccounts;
