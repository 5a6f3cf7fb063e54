//! Notices, inboxes and mails that wait, in SQLite.

mod inbox;
mod outbox;
mod relay;
mod rounds;
mod rows;
mod write;

#[cfg(test)]
mod plans;

use crate::sqlite::failure::failure;
use crate::sqlite::open::connect_options;
use crate::sqlite::turn::Pen;
use crate::sqlite::versions::{self, Version};
use auction_core::ports::Failure;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;

const TABLE: &str = "notice_migrations";
const VERSIONS: [Version; 1] = [(110, include_str!("../../../migrations/sqlite/0110_notices.sql"))];

/// How many connections one process reads with at once.
const CONNECTIONS_MAX: u32 = 4;

/// Notices, inboxes and mails that wait, in SQLite.
///
/// Any process may open it, beside the one that writes auctions. Each write is one transaction of a few statements,
/// whatever the number of rows. What is planned and settled waits for no disk: should the machine lose it, it is found
/// out again. Mails that are posted or claimed wait, so that none is lost, and none with a secret is sent twice.
#[derive(Clone, Debug)]
pub struct SqliteNotices {
    pub(super) readers: SqlitePool,
    pub(super) pen: Pen,
    durable_pen: Pen,
}

impl SqliteNotices {
    /// Opens a database, makes it where there is none, and its tables where they are missing.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        const OPERATION: &str = "open the notices";
        let failed = |error| failure(OPERATION, error);
        let path = path.as_ref();
        let options = connect_options(path).create_if_missing(true);
        let durable_pen = Pen::new(path, options.clone(), SqliteSynchronous::Full);
        let mut draft = durable_pen.begin(OPERATION).await?;
        versions::run(&mut draft, TABLE, &VERSIONS, 0).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        let pen = Pen::new(path, options.clone(), SqliteSynchronous::Normal);
        let readers = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { readers, pen, durable_pen })
    }

    /// Closes the connections; other handles fail from then on.
    pub async fn close(&self) {
        self.readers.close().await;
        self.pen.close().await;
        self.durable_pen.close().await;
    }
}
