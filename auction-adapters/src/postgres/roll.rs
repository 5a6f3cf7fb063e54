//! Which auctions there are, and who takes part in them.

use super::columns::{Reading, signed};
use super::failure::failure;
use super::store::PostgresStore;
use async_trait::async_trait;
use auction_core::notify::Audience;
use auction_core::ports::{Failure, ROLL_PAGE_MAX, Roll};
use auction_core::{AuctionId, Timestamp, UserId};
use sqlx::postgres::PgRow;

#[async_trait]
impl Roll for PostgresStore {
    async fn revisions(
        &self,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Vec<(AuctionId, u64)>, Failure> {
        const OPERATION: &str = "list auctions";
        let mut view = self.database.readers().take(OPERATION).await?;
        let sql = "SELECT id, revision FROM auctions WHERE id > $1 ORDER BY id LIMIT $2";
        let query = sqlx::query(sql).bind(after.map_or(0, |after| signed(after.number())));
        let rows = query.bind(signed(rows_max.min(ROLL_PAGE_MAX) as u64)).fetch_all(&mut *view).await;
        rows.map_err(|error| failure(OPERATION, error))?.iter().map(|row| revision(OPERATION, row)).collect()
    }

    async fn recent(
        &self,
        since: Timestamp,
        until: Timestamp,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Option<Vec<(AuctionId, u64)>>, Failure> {
        const OPERATION: &str = "list recent auctions";
        let mut view = self.database.readers().take(OPERATION).await?;
        // Events stand in their table in about the order of their stamps: an index of blocks finds the newest.
        let sql = "SELECT id, revision FROM auctions WHERE id > $3 AND id IN ( \
                   SELECT auction_id FROM events WHERE at >= $1 AND at < $2 AND auction_id > $3 \
                   ) ORDER BY id LIMIT $4";
        let query = sqlx::query(sql).bind(since.micros()).bind(until.micros());
        let query = query.bind(after.map_or(0, |after| signed(after.number())));
        let rows = query.bind(signed(rows_max.min(ROLL_PAGE_MAX) as u64)).fetch_all(&mut *view).await;
        rows.map_err(|error| failure(OPERATION, error))?
            .iter()
            .map(|row| revision(OPERATION, row))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    async fn audience(
        &self,
        auction: AuctionId,
        audience: Audience,
        after: Option<UserId>,
        rows_max: usize,
    ) -> Result<Vec<UserId>, Failure> {
        const OPERATION: &str = "read an audience";
        macro_rules! people {
            ($which:literal) => {
                concat!(
                    "SELECT user_id FROM standings WHERE auction_id = $1 AND user_id > $2 AND number > 0",
                    $which,
                    " ORDER BY user_id LIMIT $3"
                )
            };
        }
        let sql = match audience {
            Audience::Bidders => people!(" AND bids > 0"),
            Audience::Onlookers => people!(" AND bids = 0"),
            _ => people!(""),
        };
        let mut view = self.database.readers().take(OPERATION).await?;
        let query = sqlx::query(sql).bind(signed(auction.number()));
        let query = query.bind(after.map_or(0, |after| signed(after.number())));
        let rows = query.bind(signed(rows_max.min(ROLL_PAGE_MAX) as u64)).fetch_all(&mut *view).await;
        let user = |row| Reading::new(OPERATION, "standings", "user_id", row)?.user_id("user_id");
        rows.map_err(|error| failure(OPERATION, error))?.iter().map(user).collect()
    }
}

fn revision(operation: &'static str, row: &PgRow) -> Result<(AuctionId, u64), Failure> {
    let reading = Reading::new(operation, "auctions", "id", row)?;
    Ok((reading.auction_id("id")?, reading.unsigned("revision")?))
}
