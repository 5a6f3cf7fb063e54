//! Adapters behind the ports of `auction-core`, each behind a feature; none is on by default.
//!
//! | room | feature | holds |
//! |---|---|---|
//! | `argon2id` | `argon2` | passwords hashed with Argon2id, a few at once |
//! | `maildir` | `maildir` | mails as `.eml` files in a folder |
//! | `sqlite` | `sqlite` | everything in one SQLite file |

#[cfg(feature = "argon2")]
pub mod argon2id;
#[cfg(feature = "maildir")]
pub mod maildir;
#[cfg(feature = "sqlite")]
pub mod sqlite;
