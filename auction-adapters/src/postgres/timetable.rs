//! What is due when, and who works on it.

use super::columns::{Reading, signed};
use super::failure::failure;
use super::store::PostgresStore;
use async_trait::async_trait;
use auction_core::ports::{Claim, Failure, Timetable};
use auction_core::{AuctionId, Timestamp};

#[async_trait]
impl Timetable for PostgresStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        const OPERATION: &str = "claim auctions";
        let failed = |error| failure(OPERATION, error);
        // Who bids on one of them at this moment has it locked: it is claimed the next time.
        let sql = "WITH due AS (\
                       SELECT id, deadline FROM auctions WHERE deadline <= $1 \
                       AND (lease_until IS NULL OR lease_until <= $2) ORDER BY deadline, id LIMIT $3 \
                       FOR NO KEY UPDATE SKIP LOCKED\
                   ), claimed AS (\
                       UPDATE auctions AS a SET lease_until = $4 FROM due WHERE a.id = due.id RETURNING a.id\
                   ) SELECT due.id FROM due JOIN claimed ON claimed.id = due.id ORDER BY due.deadline, due.id";
        self.call(OPERATION, async {
            let mut draft = self.database.pen().begin(OPERATION).await?;
            let rows = sqlx::query(sql)
                .bind(claim.due_by.micros())
                .bind(claim.now.micros())
                .bind(signed(claim.auctions_max as u64))
                .bind(claim.now.after(claim.lease).micros())
                .fetch_all(&mut *draft)
                .await
                .map_err(failed)?;
            draft.commit().await.map_err(failed)?;
            rows.iter().map(|row| Reading::new(OPERATION, "auctions", "id", row)?.auction_id("id")).collect()
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        const OPERATION: &str = "find the next deadline";
        let sql = "SELECT 0::bigint AS id, min(at) AS at FROM (\
                   (SELECT deadline AS at FROM auctions WHERE deadline IS NOT NULL AND lease_until IS NULL \
                   ORDER BY deadline LIMIT 1) UNION ALL \
                   SELECT min(greatest(deadline, lease_until)) FROM auctions WHERE lease_until IS NOT NULL\
                   ) AS times";
        self.call(OPERATION, async {
            let mut view = self.database.readers().take(OPERATION).await?;
            let row = sqlx::query(sql).fetch_one(&mut *view).await;
            let row = row.map_err(|error| failure(OPERATION, error))?;
            Reading::new(OPERATION, "auctions", "id", &row)?.maybe_time("at")
        })
        .await
    }
}
