//! Opening notices.

use super::failure::failure;
use super::notices::Notices;
use super::open::connect_options;
use super::turn::{Pen, Readers};
use super::versions::{self, Version};
use auction_core::ports::Failure;
use sqlx::sqlite::SqliteSynchronous;
use std::path::Path;

const TABLE: &str = "notice_migrations";
const VERSIONS: [Version; 1] = [(110, include_str!("../../migrations/sqlite/0110_notices.sql"))];

/// How many connections one process reads with at once.
const CONNECTIONS_MAX: u32 = 4;

impl Notices {
    /// Opens a database, makes it where there is none, and its tables where they are missing. Any process may, beside
    /// the one that writes auctions.
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
        Ok(Self { readers: Readers::new(options, CONNECTIONS_MAX), pen, durable_pen })
    }

    /// Closes the connections; other handles fail from then on.
    pub async fn close(&self) {
        self.readers.close().await;
        self.pen.close().await;
        self.durable_pen.close().await;
    }
}
