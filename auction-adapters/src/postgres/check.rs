//! Whether the database is what its events say.

use super::failure::{failure, refused};
use super::soundness::check_tables;
use super::store::PostgresStore;
use crate::checked::{CheckProgress, Checked};
use auction_core::ports::{Failure, FailureKind};
use sqlx::Row as _;
use std::time::Duration;

const OPERATION: &str = "check the database";

/// A check takes as long as it takes. Pages are read along the keys also on tables that were just brought back and
/// that nobody has counted, and then a plan looks dear and is not.
const SETTINGS: &str = "\
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min';
SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL jit = off";

/// How long the check waits for a page, or for a number of rows, at most: that the way to the database is gone is noticed.
const ANSWER_DURATION_MAX: Duration = Duration::from_secs(10 * 60);

impl PostgresStore {
    /// Folds the events of every auction and compares what comes out with the states, standings, awards,
    /// receipts and columns that are stored. It reads one view of the database, on one connection, while nodes go on; until it is
    /// done the server keeps rows that have changed since.
    ///
    /// # Errors
    /// A [`Failure`] where the database cannot be read. What is wrong in it is no failure but a finding.
    pub async fn check(&self, mut progress: impl FnMut(CheckProgress) + Send) -> Result<Checked, Failure> {
        let failed = |error| failure(OPERATION, error);
        let mut view = self.database.readers().view(OPERATION).await?;
        view.be_patient(ANSWER_DURATION_MAX);
        sqlx::raw_sql(SETTINGS).execute(&mut *view).await.map_err(failed)?;
        let sql = "SELECT to_regclass('events') IS NOT NULL AND to_regclass('lots') IS NOT NULL AS found";
        let row = sqlx::query(sql).fetch_one(&mut *view).await.map_err(failed)?;
        if !row.try_get::<bool, _>("found").map_err(failed)? {
            return Err(refused(FailureKind::Other, OPERATION, "it is no database of auctions"));
        }
        let mut checked = Checked::default();
        check_tables(&mut view, &mut checked, &mut progress, |_, _, _| {}).await?;
        Ok(checked)
    }
}
