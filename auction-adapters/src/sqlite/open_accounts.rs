//! Opening the accounts. Their tables have versions of their own, since any process may open them, beside the one that
//! writes auctions.

use super::SqliteAccounts;
use super::failure::failure;
use super::open::connect_options;
use super::turn::{Pen, Readers};
use super::versions::{self, Version};
use auction_core::ports::Failure;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteSynchronous;
use std::path::Path;

const TABLE: &str = "account_migrations";

const VERSIONS: [Version; 6] = [
    (100, include_str!("../../migrations/sqlite/0100_accounts.sql")),
    (101, include_str!("../../migrations/sqlite/0101_credentials.sql")),
    (102, include_str!("../../migrations/sqlite/0102_standing.sql")),
    (103, include_str!("../../migrations/sqlite/0103_refreshing.sql")),
    (104, include_str!("../../migrations/sqlite/0104_profiles.sql")),
    (105, include_str!("../../migrations/sqlite/0105_audit.sql")),
];

/// How many connections one process reads with at once.
const CONNECTIONS_MAX: u32 = 4;

impl SqliteAccounts {
    /// Opens a database, makes it where there is none, and its tables where they are missing. Any process may,
    /// beside the one that writes auctions. Inside a process all who write to the same file are let in as they came.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        const OPERATION: &str = "open the accounts";
        let failed = |error| failure(OPERATION, error);
        let options = connect_options(path.as_ref()).create_if_missing(true);
        let pen = Pen::new(path.as_ref(), options.clone(), SqliteSynchronous::Full);
        let mut draft = pen.begin(OPERATION).await?;
        migrate(&mut draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(Self { readers: Readers::new(options, CONNECTIONS_MAX), pen })
    }

    /// Closes the connections; other handles fail from then on.
    pub async fn close(&self) {
        self.readers.close().await;
        self.pen.close().await;
    }
}

/// Brings the tables up to date.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // The first version did not write down that it was the first.
    let is_first =
        !versions::has_table(connection, TABLE).await? && versions::has_table(connection, "accounts").await?;
    versions::run(connection, TABLE, &VERSIONS, if is_first { 100 } else { 0 }).await
}
