//! Whose turn it is to write to a file.
//!
//! SQLite lets one connection write at a time, and those who wait for it sleep and ask again: whoever asks at the
//! right moment is next. Inside one process all who write to a file stand in one line instead, and are let in as they
//! came. Other processes still wait as SQLite has it.

use super::failure::failure;
use auction_core::ports::Failure;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as Moment, PoisonError, Weak};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The lines of this process, by file.
static LINES: Moment<BTreeMap<PathBuf, Weak<Mutex<()>>>> = Moment::new(BTreeMap::new());

/// The line of those who write to one file.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    line: Arc<Mutex<()>>,
}

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    _guard: OwnedMutexGuard<()>,
}

impl Turn {
    /// The line of a file, which need not be there yet.
    pub(super) fn of(path: &Path) -> Self {
        let name = whole(path);
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|_, line| line.strong_count() > 0);
        let known = lines.get(&name).and_then(Weak::upgrade);
        let line = known.unwrap_or_else(|| {
            let line = Arc::default();
            lines.insert(name, Arc::downgrade(&line));
            line
        });
        Self { line }
    }

    /// Waits in the line.
    pub(super) async fn take(&self) -> Taken {
        Taken { _guard: Arc::clone(&self.line).lock_owned().await }
    }
}

/// The one name of a file that may have several.
fn whole(path: &Path) -> PathBuf {
    if let Ok(name) = path.canonicalize() {
        return name;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// A connection that writes when it is its turn.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    /// A single one. It is only asked for by who has the turn, and is free then.
    connections: SqlitePool,
    turn: Turn,
}

/// Hands out connections that read.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    pool: SqlitePool,
}

impl Readers {
    /// At most so many at once.
    pub(super) fn new(options: SqliteConnectOptions, connections_max: u32) -> Self {
        let options = options.pragma("query_only", "ON");
        Self { pool: SqlitePoolOptions::new().max_connections(connections_max).connect_lazy_with(options) }
    }

    /// A connection on which each statement sees what was committed before it began.
    pub(super) async fn take(&self, operation: &'static str) -> Result<PoolConnection<Sqlite>, Failure> {
        self.pool.acquire().await.map_err(|error| failure(operation, error))
    }

    /// Closes the connections.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction that writes, and is rolled back if it is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    // In this order: the connection is given back before the turn.
    transaction: Transaction<'static, Sqlite>,
    _turn: Taken,
}

impl Pen {
    /// A pen for a file: with [`SqliteSynchronous::Full`] what is written is durable, with
    /// [`SqliteSynchronous::Normal`] it is with the next write of anybody that has to be.
    pub(super) fn new(path: &Path, options: SqliteConnectOptions, synchronous: SqliteSynchronous) -> Self {
        let connections = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_lazy_with(options.synchronous(synchronous));
        Self { connections, turn: Turn::of(path) }
    }

    /// Waits for the turn, and begins a transaction that writes.
    pub(super) async fn begin(&self, operation: &'static str) -> Result<Draft, Failure> {
        let turn = self.turn.take().await;
        let begun = self.connections.begin_with("BEGIN IMMEDIATE").await;
        Ok(Draft { transaction: begun.map_err(|error| failure(operation, error))?, _turn: turn })
    }

    /// Closes the connection.
    pub(super) async fn close(&self) {
        self.connections.close().await;
    }
}

impl Draft {
    /// Nobody else writes to the file meanwhile, whatever they write about.
    #[expect(clippy::unused_async, reason = "as where others write at the same time")]
    pub(super) async fn hold(&mut self, _names: &[String]) -> Result<(), sqlx::Error> {
        Ok(())
    }

    /// Writes what the transaction did.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

impl Deref for Draft {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Draft {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}
