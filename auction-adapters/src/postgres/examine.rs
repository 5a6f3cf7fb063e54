//! What a server is and how it is set up, for whoever operates it.

use super::database::PostgresDatabase;
use super::failure::{failure, refused};
use super::link::connect_options;
use super::options::PostgresOptions;
use auction_core::ports::{Clock, Failure, FailureKind};
use sqlx::postgres::PgRow;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row as _};
use std::time::Duration;
use tokio::time::timeout;

const OPERATION: &str = "examine the database";

/// How often it is asked for its time; the answer that came fastest is believed.
const TIME_ASKED: usize = 5;

/// By the simple protocol, which works through any pooler.
const SETTINGS: &str = "\
SELECT CAST(current_setting('server_version_num') AS INT) AS version,
    current_setting('server_version') AS version_name, pg_is_in_recovery() AS is_standby,
    CAST(current_setting('transaction_read_only') AS BOOLEAN) AS only_reads,
    CAST(current_setting('fsync') AS BOOLEAN) AS fsync,
    CAST(current_setting('full_page_writes') AS BOOLEAN) AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('synchronous_standby_names') <> '' AS has_synchronous_standbys,
    CAST(current_setting('max_connections') AS INT)
        - CAST(current_setting('superuser_reserved_connections') AS INT)
        - coalesce(CAST(current_setting('reserved_connections', TRUE) AS INT), 0) AS connections_max";

const TIME: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS time";

/// What a server is and how it is set up, as one database and one user see it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Examined {
    /// Its version as a number: 150014 for 15.14.
    pub version: u32,
    /// Its version as it names it.
    pub version_name: String,
    /// It follows another server, and takes no writes.
    pub is_standby: bool,
    /// Transactions take no writes, since it is a standby or was told so.
    pub only_reads: bool,
    /// What is committed is on the disk. Without, the end of the machine may leave no database at all.
    pub fsync: bool,
    /// The same for pages of which a half was written.
    pub full_page_writes: bool,
    /// For what a commit waits: `on`, `remote_apply`, `remote_write`, `local`, `off`.
    pub synchronous_commit: String,
    /// Standbys are named that have a commit before it is acknowledged.
    pub has_synchronous_standbys: bool,
    /// How many connections all but superusers may open at once, all nodes and others together.
    pub connections_max: u32,
    /// How far its clock is ahead of the one that was handed in, in microseconds.
    pub clock_ahead_micros: i64,
    /// How far that can be wrong.
    pub clock_doubt: Duration,
}

impl PostgresDatabase {
    /// Asks a server what it is, and changes nothing. It may be one that [`open`](Self::open) would refuse. `clock` is
    /// that of this machine.
    ///
    /// # Errors
    /// A [`Failure`]: the address makes no sense, or the database does not answer.
    pub async fn examine(
        url: &str,
        options: &PostgresOptions,
        clock: &dyn Clock,
    ) -> Result<Examined, Failure> {
        let failed = |error| failure(OPERATION, error);
        let connect = connect_options(url, options).map_err(failed)?;
        let asking = async {
            let mut connection = connect.connect().await?;
            let row = connection.fetch_one(SETTINGS).await?;
            let mut examined = Examined::read(&row)?;
            examined.compare_clocks(&mut connection, clock).await?;
            connection.close().await?;
            Ok(examined)
        };
        match timeout(options.connect_duration_max + options.statement_duration_max, asking).await {
            Ok(asked) => asked.map_err(failed),
            Err(_) => {
                Err(refused(FailureKind::Unavailable, OPERATION, "the database did not answer in time"))
            }
        }
    }
}

impl Examined {
    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let number = |column| row.try_get::<i32, _>(column).map(i32::unsigned_abs);
        Ok(Self {
            version: number("version")?,
            version_name: row.try_get("version_name")?,
            is_standby: row.try_get("is_standby")?,
            only_reads: row.try_get("only_reads")?,
            fsync: row.try_get("fsync")?,
            full_page_writes: row.try_get("full_page_writes")?,
            synchronous_commit: row.try_get("synchronous_commit")?,
            has_synchronous_standbys: row.try_get("has_synchronous_standbys")?,
            connections_max: number("connections_max")?,
            clock_ahead_micros: 0,
            clock_doubt: Duration::MAX,
        })
    }

    async fn compare_clocks(
        &mut self,
        connection: &mut PgConnection,
        clock: &dyn Clock,
    ) -> Result<(), sqlx::Error> {
        for _ in 0..TIME_ASKED {
            let sent = clock.now().micros();
            let row = connection.fetch_one(TIME).await?;
            let way = clock.now().micros().saturating_sub(sent).max(0);
            let doubt = Duration::from_micros(way.unsigned_abs().div_ceil(2));
            if doubt < self.clock_doubt {
                self.clock_doubt = doubt;
                self.clock_ahead_micros = row.try_get::<i64, _>("time")? - (sent + way / 2);
            }
        }
        Ok(())
    }
}
