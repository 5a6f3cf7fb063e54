//! Adapters behind the ports of `auction-core`, each behind a feature; none is on by default.
//!
//! | room | feature | holds |
//! |---|---|---|
//! | `argon2id` | `argon2` | passwords hashed with Argon2id, a few at once |
//! | `files` | `files` | blobs as files in a folder |
//! | `maildir` | `maildir` | mails as `.eml` files in a folder |
//! | `postgres` | `postgres` | auctions, accounts and notices in one Postgres, for several nodes |
//! | `redis` | `redis` | what nodes tell each other, and limits that all of them share, over Redis |
//! | `runtime` | `runtime` | the desk and the workers on tokio: queues, group commit, loops, graceful shutdown |
//! | `smtp` | `smtp` | mails handed to a mail server |
//! | `sqlite` | `sqlite` | auctions and accounts in one SQLite file |
//! | `system` | `system` | the clock and the chance of the machine |
//!
//! What is written once for both databases stands in the folder `sql` and is compiled for each: as a part of `sqlite`
//! and of `postgres`, which say in their `driver` how the drivers and the dialects differ.

// That is on purpose.
#![allow(clippy::duplicate_mod)]

#[cfg(feature = "argon2")]
pub mod argon2id;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod checked;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "maildir")]
pub mod maildir;
#[cfg(any(feature = "maildir", feature = "smtp"))]
mod message;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "runtime")]
pub mod runtime;
#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "system")]
pub mod system;
