//! Who has how many units, and who stands where.

use super::super::columns::{Reading, signed};
use super::super::driver::Connection;
use super::super::failure::failure;
use auction_core::money::Amount;
use auction_core::ports::{Failure, Share};
use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;

pub(super) const AWARDS: &str = concat!(
    "SELECT auction_id, revision, units, price FROM awards \
     WHERE bidder = $2 AND auction_id IN (SELECT CAST(value AS BIGINT) FROM ",
    each!("$1", "wanted"),
    ") ORDER BY auction_id, revision, position"
);

pub(super) const RANKING: &str = "SELECT auction_id, user_id, maximum FROM standings \
     WHERE auction_id = $1 AND maximum IS NOT NULL ORDER BY maximum, user_id LIMIT $2";

/// The shares of somebody, each with the revision of the event that gave it.
pub(super) async fn awards(
    connection: &mut Connection,
    auctions: &[AuctionId],
    bidder: UserId,
) -> Result<FxHashMap<AuctionId, Vec<(u64, Share)>>, Failure> {
    const OPERATION: &str = "load awards";
    let query = sqlx::query(AWARDS).bind(serde_json::json!(auctions).to_string());
    let rows = query.bind(signed(bidder.number())).fetch_all(connection).await;
    let mut found: FxHashMap<AuctionId, Vec<(u64, Share)>> = FxHashMap::default();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let reading = Reading::new(OPERATION, "awards", "auction_id", &row)?;
        let share = Share { units: reading.units("units")?, price: reading.amount("price")? };
        let shares = found.entry(reading.auction_id("auction_id")?).or_default();
        shares.push((reading.unsigned("revision")?, share));
    }
    Ok(found)
}

/// The bidders of an auction with their own amounts, the lowest first.
pub(super) async fn ranking(
    connection: &mut Connection,
    auction: AuctionId,
    bidders_max: usize,
) -> Result<Vec<(UserId, Amount)>, Failure> {
    const OPERATION: &str = "rank bidders";
    let query = sqlx::query(RANKING).bind(signed(auction.number())).bind(signed(bidders_max as u64));
    let rows = query.fetch_all(connection).await.map_err(|error| failure(OPERATION, error))?;
    let ranked = |row| {
        let reading = Reading::new(OPERATION, "standings", "user_id", row)?;
        Ok((reading.user_id("user_id")?, reading.amount("maximum")?))
    };
    rows.iter().map(ranked).collect()
}
