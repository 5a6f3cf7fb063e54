//! Which auctions there are, and who takes part in them: what the tables say, and over it what they do not have yet.

use super::columns::{Reading, signed};
use super::failure::failure;
use super::store::SqliteStore;
use async_trait::async_trait;
use auction_core::auction::Standing;
use auction_core::notify::Audience;
use auction_core::ports::{Failure, ROLL_PAGE_MAX, Roll};
use auction_core::{AuctionId, UserId};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

#[async_trait]
impl Roll for SqliteStore {
    async fn revisions(
        &self,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Vec<(AuctionId, u64)>, Failure> {
        const OPERATION: &str = "list auctions";
        let rows_max = rows_max.min(ROLL_PAGE_MAX);
        // What is not in the tables is read first, so that nothing is missed between the two.
        let mut known: BTreeMap<AuctionId, u64> = self.live.read().tail.revisions(after).collect();
        let mut connection = self.reader(OPERATION).await?;
        let sql = "SELECT id, revision FROM auctions WHERE id > $1 ORDER BY id LIMIT $2";
        let query = sqlx::query(sql).bind(after.map_or(0, |after| signed(after.number())));
        let rows = query.bind(signed(rows_max as u64)).fetch_all(&mut *connection).await;
        for row in rows.map_err(|error| failure(OPERATION, error))? {
            let reading = Reading::new(OPERATION, "auctions", "id", &row)?;
            let revision = reading.unsigned("revision")?;
            let newest = known.entry(reading.auction_id("id")?).or_default();
            *newest = revision.max(*newest);
        }
        Ok(known.into_iter().take(rows_max).collect())
    }

    async fn audience(
        &self,
        auction: AuctionId,
        audience: Audience,
        after: Option<UserId>,
        rows_max: usize,
    ) -> Result<Vec<UserId>, Failure> {
        const OPERATION: &str = "read an audience";
        let rows_max = rows_max.min(ROLL_PAGE_MAX);
        let is_later = |user: &UserId| after.is_none_or(|after| *user > after);
        let mut recent: BTreeMap<UserId, Standing> = self.live.read().tail.standings(auction).collect();
        recent.retain(|user, _| is_later(user));
        let mut connection = self.reader(OPERATION).await?;
        // Some of these may be in another audience by now.
        let rows = stored(&mut connection, (auction, audience), after, rows_max + recent.len()).await;
        let mut users = Vec::new();
        for row in rows.map_err(|error| failure(OPERATION, error))? {
            users.push(Reading::new(OPERATION, "standings", "user_id", &row)?.user_id("user_id")?);
        }
        users.retain(|user| !recent.contains_key(user));
        users.extend(recent.iter().filter(|(_, standing)| is_of(audience, standing)).map(|(user, _)| *user));
        users.sort_unstable();
        users.truncate(rows_max);
        Ok(users)
    }
}

fn is_of(audience: Audience, standing: &Standing) -> bool {
    standing.has_joined()
        && match audience {
            Audience::Bidders => standing.bids > 0,
            Audience::Onlookers => standing.bids == 0,
            _ => true,
        }
}

async fn stored(
    connection: &mut SqliteConnection,
    (auction, audience): (AuctionId, Audience),
    after: Option<UserId>,
    rows_max: usize,
) -> Result<Vec<sqlx::sqlite::SqliteRow>, sqlx::Error> {
    let sql = match audience {
        Audience::Bidders => {
            "SELECT user_id FROM standings WHERE auction_id = $1 AND user_id > $2 AND number > 0 AND bids > 0 \
             ORDER BY user_id LIMIT $3"
        }
        Audience::Onlookers => {
            "SELECT user_id FROM standings WHERE auction_id = $1 AND user_id > $2 AND number > 0 AND bids = 0 \
             ORDER BY user_id LIMIT $3"
        }
        _ => {
            "SELECT user_id FROM standings WHERE auction_id = $1 AND user_id > $2 AND number > 0 \
             ORDER BY user_id LIMIT $3"
        }
    };
    let query = sqlx::query(sql).bind(signed(auction.number()));
    let query = query.bind(after.map_or(0, |after| signed(after.number()))).bind(signed(rows_max as u64));
    query.fetch_all(connection).await
}
