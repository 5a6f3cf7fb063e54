//! Everything in one Postgres, for several nodes.
//!
//! The version of a row decides: whoever commits on what has changed meanwhile decides again. Nothing here depends on
//! which node does what, on clocks that agree, or on messages that arrive.
//!
//! | file | holds |
//! |---|---|
//! | `database`, `options`, `migrations` | [`PostgresDatabase`], how it is opened, and its tables |
//! | `link`, `pen` | connections, transactions that write, and views that read |
//! | `store`, `commit`, `load` | [`PostgresStore`]: a commit is one statement, and so is a read |
//! | `clock`, `reckoning` | the time of the database, which all nodes share |
//! | `session` | a connection for one call, on which each statement is answered in time |
//! | `timetable`, `roll`, `catalog` | deadlines and claims; who takes part; listings, and how auctions are found |
//! | `accounts`, `open_accounts` | [`PostgresAccounts`]: accounts, registrations, sessions and the audit |
//! | `check`, `soundness` | whether the database is what its events say |
//! | `examine` | what a server is and how it is set up, for whoever operates it |
//! | `driver` | the words of the dialect, for what is written once for both databases (`sql/`) |
//! | `notices`, `open_notices` | [`PostgresNotices`]: notices, inboxes and mails that wait |
//!
//! Nothing here decides about auctions.

#[macro_use]
mod driver;

#[path = "../sql/accounts/mod.rs"]
mod accounts;
mod catalog;
mod check;
mod clock;
mod codes;
#[path = "../sql/columns.rs"]
mod columns;
mod commit;
mod database;
mod examine;
#[path = "../sql/failure.rs"]
mod failure;
mod link;
mod load;
#[path = "../sql/members.rs"]
mod members;
mod migrations;
#[path = "../sql/notices/mod.rs"]
mod notices;
mod open_accounts;
mod open_notices;
mod options;
mod pen;
#[path = "../sql/portions.rs"]
mod portions;
mod reckoning;
mod roll;
mod session;
#[path = "../sql/soundness.rs"]
mod soundness;
mod store;
mod timetable;
#[path = "../sql/value.rs"]
#[expect(dead_code, reason = "what SQLite binds one by one goes to Postgres in arrays")]
mod value;

#[cfg(test)]
mod tests;

pub use crate::checked::{CheckProgress, Checked, FINDINGS_MAX};
pub use accounts::Accounts as PostgresAccounts;
pub use clock::{CLOCK_DOUBT_MAX, PostgresClock};
pub use database::PostgresDatabase;
pub use examine::Examined;
pub use notices::Notices as PostgresNotices;
pub use options::{Pooler, PostgresOptions};
pub use store::PostgresStore;
