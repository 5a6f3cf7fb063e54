//! Everything in one SQLite file: the embedded default.
//!
//! A commit writes **one row of a journal**, with everything that all waiting batches bring: that is the whole price
//! of durability. Auctions, standings, events and receipts are tables that the same writer brings up to date
//! from the journal, in slices between commits. What is not yet in the tables is held in memory and looked up there
//! first, so that nobody can tell the difference; only lists wait for the tables.
//!
//! | file | holds |
//! |---|---|
//! | `store`, `open`, `options` | [`SqliteStore`] and how it is opened |
//! | `writer` | the one task that writes: group commit, projection, changes of the catalog |
//! | `journal` | the form of a journal row |
//! | `tail`, `live`, `overlay` | what is committed and not yet in the tables, and reads across both |
//! | `reader`, `check`, `soundness` | other processes, which only read; whether the database is what its events say |
//! | `timetable`, `locks` | deadlines, claims and locks, which the one process keeps in memory |
//! | `versions` | tables that any process may bring up to date |
//! | `turn` | the line of all in this process who write to the same file |
//! | `accounts`, `open_accounts` | [`SqliteAccounts`]: accounts, registrations and sessions, which any process may write |
//! | `notices`, `open_notices` | [`SqliteNotices`]: notices, inboxes and mails that wait, which any process may write |
//! | `roll`, `members` | which auctions there are, and who takes part; which lots close together |
//! | `catalog` | listings, categories, and how auctions are found |
//! | `tables`, `columns`, `value` | what the tables say, and how values stand in columns |
//!
//! Nothing here decides about auctions, and nothing here reads a clock.

#[macro_use]
mod driver;

#[path = "../sql/accounts/mod.rs"]
mod accounts;
mod catalog;
mod check;
mod codes;
#[path = "../sql/columns.rs"]
mod columns;
#[path = "../sql/failure.rs"]
mod failure;
mod journal;
mod live;
mod locks;
#[path = "../sql/members.rs"]
mod members;
#[path = "../sql/notices/mod.rs"]
mod notices;
mod open;
mod open_accounts;
mod open_notices;
mod options;
mod overlay;
#[path = "../sql/portions.rs"]
mod portions;
mod reader;
mod roll;
#[path = "../sql/soundness.rs"]
mod soundness;
mod store;
mod tables;
mod tail;
mod timetable;
mod turn;
#[path = "../sql/value.rs"]
mod value;
mod versions;
mod writer;

// As it is called where many write at once.
use turn as pen;

#[cfg(test)]
mod tests;

pub use crate::checked::{CheckProgress, Checked, FINDINGS_MAX};
pub use accounts::Accounts as SqliteAccounts;
pub use notices::Notices as SqliteNotices;
pub use options::SqliteOptions;
pub use reader::SqliteReader;
pub use store::SqliteStore;
