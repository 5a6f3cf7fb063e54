//! Which lots close together, as the tables say.

use super::columns::{Reading, signed};
use super::driver::Connection;
use super::failure::failure;
use auction_core::AuctionId;
use auction_core::ports::{Failure, MembersQuery};

/// Along the index of groups.
pub(super) const MEMBERS: &str = "SELECT l.auction_id AS auction_id FROM lots AS l \
     JOIN auctions AS a ON a.id = l.auction_id \
     WHERE l.seller = $1 AND l.closing_group = $2 AND l.auction_id > $3 AND a.ends_at > $4 AND a.ends_at < $5 \
     ORDER BY l.auction_id LIMIT $6";

/// The lots of a group that are asked for.
pub(super) async fn members(
    connection: &mut Connection,
    query: &MembersQuery,
    rows_max: usize,
) -> Result<Vec<AuctionId>, Failure> {
    const OPERATION: &str = "read which lots close together";
    let bound = sqlx::query(MEMBERS)
        .bind(signed(query.seller.number()))
        .bind(query.group.as_str())
        .bind(query.after.map_or(0, |after| signed(after.number())))
        .bind(query.ends_after.micros())
        .bind(query.ends_before.micros())
        .bind(signed(rows_max as u64));
    let rows = bound.fetch_all(connection).await.map_err(|error| failure(OPERATION, error))?;
    let id = |row| Reading::new(OPERATION, "lots", "auction_id", row)?.auction_id("auction_id");
    rows.iter().map(id).collect()
}
