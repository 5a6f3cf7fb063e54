//! The one connection that writes.

use super::faults::{Fault, Faults, Step};
use crate::sqlite::turn::{Taken, Turn};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Sqlite, raw_sql};
use std::io;
use std::sync::Arc;

/// A statement with its arguments.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// How soon a transaction has to survive a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sqlite) enum Durability {
    /// When its commit returns.
    Now,
    /// With the next commit that has to: what it writes can be found out again from what is durable.
    Later,
}

/// The one connection that writes. After a failure it is closed, which rolls back, and opened again when it is
/// needed next.
pub(in crate::sqlite) struct Link {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    durability: Durability,
    turn: Turn,
    /// While a transaction writes.
    taken: Option<Taken>,
    faults: Option<Arc<dyn Faults>>,
}

impl Link {
    pub(in crate::sqlite) fn new(
        options: SqliteConnectOptions,
        turn: Turn,
        faults: Option<Arc<dyn Faults>>,
    ) -> Self {
        Self { options, connection: None, durability: Durability::Now, turn, taken: None, faults }
    }

    /// The connection itself, for what is done before anybody writes.
    pub(in crate::sqlite) async fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        if self.connection.is_none() {
            self.mishap(Step::Connect).await?;
            self.connection = Some(self.options.connect().await?);
            self.durability = Durability::Now;
        }
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Writes with one statement outside of a transaction, when it is its turn. It is durable then.
    pub(in crate::sqlite) async fn write(
        &mut self,
        step: Step,
        statement: Statement<'_>,
    ) -> Result<u64, sqlx::Error> {
        self.ensure(Durability::Now).await?;
        let _taken = self.turn.take().await;
        self.run(step, statement).await
    }

    /// Runs one statement inside of a transaction and answers how many rows it changed.
    pub(in crate::sqlite) async fn run(
        &mut self,
        step: Step,
        statement: Statement<'_>,
    ) -> Result<u64, sqlx::Error> {
        let is_unheard = self.mishap(step).await?;
        let result = statement.execute(self.connection().await?).await?;
        if is_unheard { Err(mishap()) } else { Ok(result.rows_affected()) }
    }

    /// Reads rows.
    pub(in crate::sqlite) async fn read(
        &mut self,
        statement: Statement<'_>,
    ) -> Result<Vec<SqliteRow>, sqlx::Error> {
        self.mishap(Step::Read).await?;
        statement.fetch_all(self.connection().await?).await
    }

    /// Begins a transaction that writes, when it is its turn.
    pub(in crate::sqlite) async fn begin(&mut self, durability: Durability) -> Result<(), sqlx::Error> {
        self.ensure(durability).await?;
        // Whoever failed before may not have severed: nobody waits for themselves.
        self.taken = None;
        self.taken = Some(self.turn.take().await);
        self.run(Step::Begin, sqlx::query("BEGIN IMMEDIATE")).await.map(drop)
    }

    /// Commits it.
    pub(in crate::sqlite) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.run(Step::Commit, sqlx::query("COMMIT")).await?;
        self.taken = None;
        Ok(())
    }

    /// Closes the connection after a failure, which rolls back what it had begun.
    pub(in crate::sqlite) async fn sever(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "closing a connection that had failed");
        }
        self.taken = None;
    }

    async fn ensure(&mut self, durability: Durability) -> Result<(), sqlx::Error> {
        self.connection().await?;
        if self.durability != durability {
            // Not a prepared statement: this one takes effect when it is prepared.
            let sql = match durability {
                Durability::Now => "PRAGMA synchronous = FULL",
                Durability::Later => "PRAGMA synchronous = NORMAL",
            };
            raw_sql(AssertSqlSafe(sql)).execute(self.connection().await?).await?;
            self.durability = durability;
        }
        Ok(())
    }

    /// Lets go wrong what was ordered to; answers whether the step is to be done without being heard of.
    async fn mishap(&mut self, step: Step) -> Result<bool, sqlx::Error> {
        match self.faults.as_ref().and_then(|faults| faults.next(step)) {
            None => Ok(false),
            Some(Fault::Unheard) => Ok(true),
            Some(Fault::Fails) => Err(mishap()),
            Some(Fault::Severed) => {
                self.sever().await;
                Err(mishap())
            }
        }
    }
}

fn mishap() -> sqlx::Error {
    sqlx::Error::Io(io::Error::other("a mishap that a test ordered"))
}
