//! How a node uses its database.

use std::num::NonZeroU32;
use std::time::Duration;

/// How a node uses its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// How many connections a node opens, at most. A quarter of them, two at the least, is kept for bids.
    pub connections_max: NonZeroU32,
    /// What stands between a node and the database.
    pub pooler: Pooler,
    /// How long a statement takes at most, in the database and on the way to it and back.
    pub statement_duration_max: Duration,
    /// How long a statement waits for a row that somebody else has locked, at most. Bids wait for 2 seconds where this is
    /// longer.
    pub lock_duration_max: Duration,
    /// How long a node waits for a connection, at most.
    pub connect_duration_max: Duration,
}

/// What stands between a node and the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing, or something that gives each connection a server of its own for as long as it lasts and passes on what
    /// it says at the start (`options`). pgbouncer does not, in any mode.
    Session,
    /// Something that gives a connection a server for one transaction at a time, such as pgbouncer in its transaction
    /// mode. Then nothing is kept from one transaction to the next, and everything is a transaction.
    Transaction,
}

impl PostgresOptions {
    /// 20 connections, no pooler, 5 seconds for a statement, 3 for a lock and for a connection.
    pub const DEFAULT: Self = Self {
        connections_max: const { NonZeroU32::new(20).expect("invariant: not zero") },
        pooler: Pooler::Session,
        statement_duration_max: Duration::from_secs(5),
        lock_duration_max: Duration::from_secs(3),
        connect_duration_max: Duration::from_secs(3),
    };

    /// With at most this many connections.
    #[must_use]
    pub const fn with_connections_max(self, connections_max: NonZeroU32) -> Self {
        Self { connections_max, ..self }
    }

    /// How long a node waits for the answer to a statement: as long as it may take in the database, on the way there and
    /// back.
    pub(super) fn answer_duration_max(&self) -> Duration {
        self.connect_duration_max + self.statement_duration_max
    }

    /// With this between a node and the database.
    #[must_use]
    pub const fn with_pooler(self, pooler: Pooler) -> Self {
        Self { pooler, ..self }
    }
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self::DEFAULT
    }
}
