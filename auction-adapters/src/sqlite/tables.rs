//! What the tables say.

use super::columns::{Reading, signed};
use super::failure::failure;
use auction_core::auction::{Auction, Charter, Recorded, Standing};
use auction_core::ports::{BIDS_WALK_MAX, EventPage, Failure, Receipt, ReceiptKey};
use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashMap;
use std::sync::Arc;

/// Along the index of those who take part.
pub(super) const BID_ON: &str = "SELECT auction_id, user_id, number, bids, maximum, last_version FROM standings \
     WHERE user_id = $1 AND number > 0 AND auction_id < $2 AND bids > 0 ORDER BY auction_id DESC LIMIT $3";

/// Along the index of versions, over a bounded number of them.
pub(super) const BIDS_OF: &str = "SELECT auction_id, version AS revision, version, at, public_part AS part \
     FROM events WHERE auction_id = $1 AND is_public = 1 AND version < $2 AND version >= $5 AND kind IN ('bid', 'bought') \
     AND coalesce(public_part ->> '$.Bid.bidder', public_part ->> '$.Bought.bidder') = $4 ORDER BY version DESC LIMIT $3";

/// Along the index of what is gone, however much else happened.
pub(super) const WITHDRAWALS: &str = "SELECT auction_id, version AS revision, version, at, public_part AS part \
     FROM events WHERE auction_id = $1 AND is_public = 1 AND version > $2 AND kind = 'withdrawn' \
     ORDER BY version LIMIT $3";

/// States of auctions.
pub(super) async fn auctions(
    connection: &mut SqliteConnection,
    ids: &[AuctionId],
) -> Result<FxHashMap<AuctionId, Auction>, Failure> {
    const OPERATION: &str = "load auctions";
    let sql = "SELECT auctions.id, revision, state, charter FROM json_each($1) AS wanted \
               CROSS JOIN auctions ON auctions.id = wanted.value JOIN lots ON auction_id = auctions.id";
    let wanted = serde_json::json!(ids).to_string();
    let rows = sqlx::query(sql).bind(wanted).fetch_all(connection).await;
    let mut found = FxHashMap::default();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let auction = Reading::new(OPERATION, "auctions", "id", &row)?.auction()?;
        found.insert(auction.id(), auction);
    }
    Ok(found)
}

/// Charters of auctions.
pub(super) async fn charters(
    connection: &mut SqliteConnection,
    ids: &[AuctionId],
) -> Result<FxHashMap<AuctionId, Arc<Charter>>, Failure> {
    const OPERATION: &str = "load charters";
    let sql = "SELECT auction_id, charter FROM json_each($1) AS wanted CROSS JOIN lots ON auction_id = wanted.value";
    let wanted = serde_json::json!(ids).to_string();
    let rows = sqlx::query(sql).bind(wanted).fetch_all(connection).await;
    let mut found = FxHashMap::default();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let reading = Reading::new(OPERATION, "lots", "auction_id", &row)?;
        found.insert(reading.auction_id("auction_id")?, Arc::new(reading.json("charter")?));
    }
    Ok(found)
}

/// Standings of bidders.
pub(super) async fn standings(
    connection: &mut SqliteConnection,
    keys: &[(AuctionId, UserId)],
) -> Result<FxHashMap<(AuctionId, UserId), Standing>, Failure> {
    const OPERATION: &str = "load standings";
    let sql = "SELECT auction_id, user_id, number, bids, maximum, last_version FROM json_each($1) AS wanted \
               CROSS JOIN standings ON auction_id = wanted.value ->> 0 AND user_id = wanted.value ->> 1";
    let wanted = serde_json::json!(keys).to_string();
    let rows = sqlx::query(sql).bind(wanted).fetch_all(connection).await;
    let mut found = FxHashMap::default();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let reading = Reading::new(OPERATION, "standings", "auction_id", &row)?;
        let key = (reading.auction_id("auction_id")?, reading.user_id("user_id")?);
        found.insert(key, reading.standing()?);
    }
    Ok(found)
}

/// Auctions in which somebody has bids, those with the highest numbers first.
pub(super) async fn bid_on(
    connection: &mut SqliteConnection,
    bidder: UserId,
    before: Option<AuctionId>,
    auctions_max: usize,
) -> Result<Vec<(AuctionId, Standing)>, Failure> {
    const OPERATION: &str = "find auctions bid on";
    let before = before.map_or(i64::MAX, |before| signed(before.number()));
    let query = sqlx::query(BID_ON).bind(signed(bidder.number())).bind(before);
    let rows = query.bind(signed(auctions_max as u64)).fetch_all(connection).await;
    let standing = |row| {
        let reading = Reading::new(OPERATION, "standings", "auction_id", row)?;
        Ok((reading.auction_id("auction_id")?, reading.standing()?))
    };
    rows.map_err(|error| failure(OPERATION, error))?.iter().map(standing).collect()
}

/// Receipts.
pub(super) async fn receipts(
    connection: &mut SqliteConnection,
    keys: &[ReceiptKey],
) -> Result<HashMap<ReceiptKey, Receipt>, Failure> {
    const OPERATION: &str = "load receipts";
    let sql = "SELECT wanted.key AS place, auction_id, receipt FROM json_each($1) AS wanted \
               CROSS JOIN receipts ON auction_id = wanted.value ->> 0 AND user_id = wanted.value ->> 1 \
               AND receipts.key = wanted.value ->> 2";
    let wanted: Vec<_> = keys.iter().map(|key| (key.auction, key.user, key.key)).collect();
    let wanted = serde_json::json!(wanted).to_string();
    let rows = sqlx::query(sql).bind(wanted).fetch_all(connection).await;
    let mut found = HashMap::new();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let place: i64 = row.try_get("place").map_err(|error| failure(OPERATION, error))?;
        let key = usize::try_from(place).ok().and_then(|place| keys.get(place));
        let receipt = Reading::new(OPERATION, "receipts", "auction_id", &row)?.receipt()?;
        found.extend(key.map(|key| (*key, receipt)));
    }
    Ok(found)
}

/// Events of an auction after a revision, in order.
pub(super) async fn history(
    connection: &mut SqliteConnection,
    auction: AuctionId,
    after_revision: u64,
    events_max: usize,
) -> Result<Vec<Recorded>, Failure> {
    const OPERATION: &str = "load history";
    let sql = "SELECT auction_id, revision, version, at, coalesce(private_part, public_part) AS part \
               FROM events WHERE auction_id = $1 AND revision > $2 ORDER BY revision LIMIT $3";
    let query = sqlx::query(sql).bind(signed(auction.number())).bind(signed(after_revision));
    let rows = query.bind(signed(events_max as u64)).fetch_all(connection).await;
    let rows = rows.map_err(|error| failure(OPERATION, error))?;
    rows.iter().map(|row| Reading::new(OPERATION, "events", "auction_id", row)?.recorded()).collect()
}

/// Public events of an auction, as everybody may see them.
pub(super) async fn public_events(
    connection: &mut SqliteConnection,
    auction: AuctionId,
    page: EventPage,
    events_max: usize,
) -> Result<Vec<Recorded>, Failure> {
    const OPERATION: &str = "load public events";
    // The revision is never shown: a reader learns the version in its place.
    let (sql, version) = match page {
        EventPage::BidsOf { bidder, before } => {
            let query = sqlx::query(BIDS_OF).bind(signed(auction.number())).bind(signed(before));
            let query = query.bind(signed(events_max as u64)).bind(signed(bidder.number()));
            let first = before.saturating_sub(BIDS_WALK_MAX);
            return recorded(OPERATION, query.bind(signed(first)).fetch_all(connection).await);
        }
        EventPage::Withdrawals => (WITHDRAWALS, 0),
        EventPage::After(version) => (
            "SELECT auction_id, version AS revision, version, at, public_part AS part FROM events \
             WHERE auction_id = $1 AND is_public = 1 AND version > $2 ORDER BY version LIMIT $3",
            version,
        ),
        EventPage::BidsAfter(version) => (
            "SELECT auction_id, version AS revision, version, at, public_part AS part FROM events \
             WHERE auction_id = $1 AND is_public = 1 AND version > $2 AND kind IN ('bid', 'auto_bid', 'bought') \
             ORDER BY version LIMIT $3",
            version,
        ),
        EventPage::BidsBefore(version) => (
            "SELECT auction_id, version AS revision, version, at, public_part AS part FROM events \
             WHERE auction_id = $1 AND is_public = 1 AND version < $2 AND kind IN ('bid', 'auto_bid', 'bought') \
             ORDER BY version DESC LIMIT $3",
            version,
        ),
    };
    let query = sqlx::query(sql).bind(signed(auction.number())).bind(signed(version));
    recorded(OPERATION, query.bind(signed(events_max as u64)).fetch_all(connection).await)
}

fn recorded(
    operation: &'static str,
    rows: Result<Vec<SqliteRow>, sqlx::Error>,
) -> Result<Vec<Recorded>, Failure> {
    let rows = rows.map_err(|error| failure(operation, error))?;
    rows.iter().map(|row| Reading::new(operation, "events", "auction_id", row)?.recorded()).collect()
}
