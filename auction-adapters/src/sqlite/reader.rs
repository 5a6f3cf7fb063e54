//! Other processes, which only read.

use super::check::check;
use super::failure::{failure, refused};
use super::open::{connect_options, read_journal};
use super::overlay::{Page, Partial};
use crate::checked::{CheckProgress, Checked};
use auction_core::AuctionId;
use auction_core::auction::Recorded;
use auction_core::ports::{Failure, FailureKind, Found, Wanted};
use sqlx::{ConnectOptions, Connection, Row as _, SqliteConnection};
use std::path::Path;

/// A database that another process may be writing to, only to be read.
///
/// Every answer is of one view: tables and journal are read in one transaction.
#[derive(Debug)]
pub struct SqliteReader {
    connection: SqliteConnection,
}

impl SqliteReader {
    /// Opens a database that exists.
    ///
    /// # Errors
    /// A [`Failure`]: there is no such file, or it is no database of auctions.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        const OPERATION: &str = "open the database to read";
        let options = connect_options(path.as_ref()).create_if_missing(false).pragma("query_only", "ON");
        let mut connection = options.connect().await.map_err(|error| failure(OPERATION, error))?;
        let sql = "SELECT count(*) AS count FROM sqlite_master WHERE name IN ('journal', 'auctions', 'lots')";
        let row = sqlx::query(sql).fetch_one(&mut connection).await;
        let count: i64 =
            row.and_then(|row| row.try_get("count")).map_err(|error| failure(OPERATION, error))?;
        if count < 3 {
            return Err(refused(FailureKind::Other, OPERATION, "it is no database of auctions"));
        }
        Ok(Self { connection })
    }

    /// Reads as [`AuctionStore::load`](auction_core::ports::AuctionStore::load) does.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        let failed = |error| failure("load", error);
        let mut view = self.connection.begin().await.map_err(failed)?;
        let (tail, _) = read_journal(&mut view).await?;
        let found = Partial::of(&tail, wanted).complete(Some(&mut view), wanted).await?;
        view.commit().await.map_err(failed)?;
        Ok(found)
    }

    /// Reads as [`AuctionStore::history`](auction_core::ports::AuctionStore::history) does.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn history(
        &mut self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let failed = |error| failure("load history", error);
        let mut view = self.connection.begin().await.map_err(failed)?;
        let (tail, _) = read_journal(&mut view).await?;
        let page = Page::new(auction, after_revision, events_max);
        let (recent, _) = page.recent(&tail);
        let events = page.complete(&mut view, recent).await?;
        view.commit().await.map_err(failed)?;
        Ok(events)
    }

    /// Checks as [`SqliteStore::check`](super::SqliteStore::check) does.
    ///
    /// # Errors
    /// A [`Failure`] where the database cannot be read.
    pub async fn check(&mut self, progress: impl FnMut(CheckProgress) + Send) -> Result<Checked, Failure> {
        check(&mut self.connection, progress).await
    }
}
