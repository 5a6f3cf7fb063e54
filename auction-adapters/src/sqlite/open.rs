//! Opening a database.

use super::columns::Reading;
use super::failure::{corrupt, failure};
use super::journal;
use super::live::{Known, Live};
use super::locks::Locks;
use super::options::SqliteOptions;
use super::store::SqliteStore;
use super::tables;
use super::tail::Tail;
use super::timetable::Deadlines;
use super::turn::Turn;
use super::writer::{Link, Start, Writer};
use auction_core::AuctionId;
use auction_core::auction::Charter;
use auction_core::ports::{Failure, FailureKind};
use fs4::TryLockError;
use rustc_hash::FxHashMap;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row as _, SqliteConnection};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

const OPERATION: &str = "open the database";
/// A host's own migrations, should it use the same file, have another table.
const MIGRATIONS_TABLE: &str = "auction_migrations";
/// How long a statement waits for somebody outside (a backup, a shell) to let go of the database.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How often, and at which intervals, the lock is tried: a store that was just dropped may still be finishing.
const LOCK_TRIES: usize = 200;
const LOCK_WAIT: Duration = Duration::from_millis(10);
/// Pages of the log after which it is copied into the database.
const CHECKPOINT_PAGES: &str = "4000";
/// Kibibytes of pages that each connection keeps, as SQLite wants them: negative.
const CACHE_KIBIBYTES: &str = "-32768";

/// Another process has the database open.
#[derive(Debug, thiserror::Error)]
#[error("another process writes to this database: {0} is locked")]
struct Taken(PathBuf);

impl SqliteStore {
    /// Opens a database as the one process that writes to it; makes it where there is none, brings its tables up
    /// to date, and finishes what an earlier process left in the journal. Needs a tokio runtime.
    ///
    /// # Errors
    /// A [`Failure`]: another process has it, the file cannot be opened or is no database, or what is in it makes
    /// no sense.
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, Failure> {
        let path = path.as_ref();
        let lock = take_lock(path).await?;
        let connect = connect_options(path).create_if_missing(true);
        let turn = Turn::of(path);
        let mut link = Link::new(connect.clone(), turn.clone(), options.faults.clone());
        let connection = link.connection().await.map_err(failed)?;
        let taken = turn.take().await;
        migrate(connection).await?;
        drop(taken);
        let (known, last_auction) = recover(connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers_max.get())
            .connect_lazy_with(connect.pragma("query_only", "ON"));
        let (jobs, queue) = mpsc::channel(options.queue_jobs_max.get());
        let (live, locks) = (Arc::new(Live::new(known)), Arc::new(Locks::default()));
        let start = Start {
            jobs: queue,
            link,
            live: Arc::clone(&live),
            locks: Arc::clone(&locks),
            last_auction,
            lock,
        };
        tokio::spawn(Writer::new(start, &options).run());
        Ok(Self { jobs, readers, live, locks })
    }
}

/// How every connection is made.
pub(super) fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_WAIT)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", CACHE_KIBIBYTES)
        // What a statement of many rows would have to undo: a file for it would be made for each of them.
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
}

/// Takes the lock beside the database. It is given back when the file is closed, whatever the process dies of.
async fn take_lock(path: &Path) -> Result<File, Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let beside = PathBuf::from(beside);
    let unavailable = |error| Failure::new(FailureKind::Unavailable, OPERATION, error);
    let open = File::options().create(true).truncate(false).write(true).open(&beside);
    let file = open.map_err(unavailable)?;
    for _ in 0..LOCK_TRIES {
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_WAIT).await,
            Err(TryLockError::Error(error)) => return Err(unavailable(error)),
        }
    }
    Err(Failure::new(FailureKind::Other, OPERATION, Taken(beside)))
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), Failure> {
    let mut migrator: Migrator = sqlx::migrate!("migrations/sqlite/auctions");
    migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::Execute(error) => failed(error),
        other => Failure::new(FailureKind::Other, OPERATION, other),
    })
}

/// Reads what the process has to know: the journal, the deadlines, and the number that was issued last.
async fn recover(connection: &mut SqliteConnection) -> Result<(Known, u64), Failure> {
    let (tail, last_created) = read_journal(connection).await?;
    let mut deadlines = read_deadlines(connection).await?;
    for row in tail.rows() {
        for (_, entry) in row.entries() {
            deadlines.set(entry.auction().id(), entry.deadline());
        }
    }
    let sql = "SELECT last FROM counters WHERE name = 'auction'";
    let row = sqlx::query(sql).fetch_one(connection).await.map_err(failed)?;
    let last: i64 = row.try_get("last").map_err(failed)?;
    let last = u64::try_from(last)
        .map_err(|_| corrupt(OPERATION, ("counters", "last"), "auction", "it is negative"))?;
    Ok((Known { tail, deadlines }, last.max(last_created)))
}

/// The journal as a tail, and the highest number in it.
pub(super) async fn read_journal(connection: &mut SqliteConnection) -> Result<(Tail, u64), Failure> {
    let rows = sqlx::query("SELECT seq, entries FROM journal ORDER BY seq").fetch_all(&mut *connection).await;
    let mut read = Vec::new();
    for row in rows.map_err(failed)? {
        let seq = Reading::new(OPERATION, "journal", "seq", &row)?.unsigned("seq")?;
        let entries: &[u8] = row.try_get("entries").map_err(failed)?;
        read.push(journal::decode(seq, entries).map_err(|error| unreadable(seq, error))?);
    }
    let ids: Vec<AuctionId> = read.iter().flat_map(journal::Bare::auctions).collect();
    let mut charters: FxHashMap<AuctionId, Arc<Charter>> = tables::charters(connection, &ids).await?;
    let mut tail = Tail::default();
    let mut last_created = 0;
    for bare in read {
        let seq = bare.seq();
        let row = bare.complete(|id| charters.get(&id).cloned()).map_err(|error| unreadable(seq, error))?;
        for (_, entry) in row.entries() {
            charters.insert(entry.auction().id(), Arc::clone(entry.auction().charter()));
            last_created = last_created.max(entry.auction().id().number());
        }
        tail.push(row);
    }
    Ok((tail, last_created))
}

async fn read_deadlines(connection: &mut SqliteConnection) -> Result<Deadlines, Failure> {
    let sql = "SELECT id, deadline FROM auctions WHERE deadline IS NOT NULL";
    let mut deadlines = Deadlines::default();
    for row in sqlx::query(sql).fetch_all(connection).await.map_err(failed)? {
        let reading = Reading::new(OPERATION, "auctions", "id", &row)?;
        deadlines.set(reading.auction_id("id")?, Some(reading.time("deadline")?));
    }
    Ok(deadlines)
}

fn unreadable(seq: u64, error: journal::Unreadable) -> Failure {
    corrupt(OPERATION, ("journal", "entries"), seq, error)
}

fn failed(error: sqlx::Error) -> Failure {
    failure(OPERATION, error)
}
