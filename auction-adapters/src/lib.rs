//! Adapters behind the ports of `auction-core`.

#[cfg(feature = "sqlite")]
pub mod sqlite;
