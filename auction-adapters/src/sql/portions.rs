//! What is removed, portion by portion.

use super::failure::failure;
use super::pen::Pen;
use auction_core::Timestamp;
use auction_core::ports::Failure;

/// How many rows are changed in one transaction, at most: one that takes longer than a statement may would be undone, and
/// what has piled up would never go.
pub(super) const PORTION_ROWS_MAX: u16 = 1_000;

/// Does the same, for `$1` at most `$2` rows, until it has changed fewer: each time in a transaction of its own, so that
/// what was done stays done. The rows that a time selects are bounded, and each is changed once.
pub(super) async fn change(
    pen: &Pen,
    operation: &'static str,
    sql: &'static str,
    time: Timestamp,
) -> Result<(), Failure> {
    let failed = |error| failure(operation, error);
    loop {
        let mut draft = pen.begin(operation).await?;
        let query = sqlx::query(sql).bind(time.micros()).bind(i64::from(PORTION_ROWS_MAX));
        let changed = query.execute(&mut *draft).await.map_err(failed)?.rows_affected();
        draft.commit().await.map_err(failed)?;
        if changed < u64::from(PORTION_ROWS_MAX) {
            return Ok(());
        }
    }
}
