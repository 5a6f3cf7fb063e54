//! What the tables say about auctions.

use super::columns::{Reading, signed};
use super::driver::Connection;
use super::failure::failure;
use auction_core::auction::{Auction, Recorded, Standing};
use auction_core::ports::{BIDS_WALK_MAX, EventPage, Failure, Found, HISTORY_PAGE_MAX, Receipt, Wanted};
use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

/// States, standings and receipts in one statement, and therefore of one moment.
const LOAD: &str = "\
SELECT 0::bigint AS part, wanted.place, a.id, a.revision, a.state, l.charter, NULL::bigint AS number,
    NULL::bigint AS bids, NULL::bigint AS maximum, NULL::bigint AS last_version, NULL::text AS receipt
FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN auctions AS a ON a.id = wanted.id JOIN lots AS l ON l.auction_id = a.id
UNION ALL
SELECT 1, wanted.place, s.auction_id, NULL, NULL, NULL, s.number, s.bids, s.maximum, s.last_version, NULL
FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS wanted (auction_id, user_id, place)
JOIN standings AS s ON s.auction_id = wanted.auction_id AND s.user_id = wanted.user_id
UNION ALL
SELECT 2, wanted.place, r.auction_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, r.receipt
FROM unnest($4::bigint[], $5::bigint[], $6::text[]) WITH ORDINALITY AS wanted (auction_id, user_id, key, place)
JOIN receipts AS r ON r.auction_id = wanted.auction_id AND r.user_id = wanted.user_id AND r.key = wanted.key";

/// Reads what is wanted.
pub(super) async fn load(connection: &mut Connection, wanted: &Wanted) -> Result<Found, Failure> {
    const OPERATION: &str = "load";
    let failed = |error| failure(OPERATION, error);
    let numbers = |ids: &[AuctionId]| ids.iter().map(|id| signed(id.number())).collect::<Vec<_>>();
    let keys = &wanted.receipts;
    let rows = sqlx::query(LOAD)
        .bind(numbers(&wanted.auctions))
        .bind(wanted.standings.iter().map(|(id, _)| signed(id.number())).collect::<Vec<_>>())
        .bind(wanted.standings.iter().map(|(_, user)| signed(user.number())).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| signed(key.auction.number())).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| signed(key.user.number())).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.key.as_str()).collect::<Vec<_>>())
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    let mut auctions: Vec<Option<Auction>> = vec![None; wanted.auctions.len()];
    let mut standings = vec![Standing::default(); wanted.standings.len()];
    let mut receipts: Vec<Option<Receipt>> = vec![None; wanted.receipts.len()];
    for row in &rows {
        let place: i64 = row.try_get("place").map_err(failed)?;
        let place = usize::try_from(place - 1).unwrap_or(usize::MAX);
        match row.try_get::<i64, _>("part").map_err(failed)? {
            0 => put(&mut auctions, place, Some(reading(OPERATION, "auctions", row)?.auction()?)),
            1 => put(&mut standings, place, reading(OPERATION, "standings", row)?.standing()?),
            _ => put(&mut receipts, place, Some(reading(OPERATION, "receipts", row)?.receipt()?)),
        }
    }
    Ok(Found { auctions, standings, receipts })
}

/// The public versions of auctions.
pub(super) async fn versions(
    connection: &mut Connection,
    auctions: &[AuctionId],
) -> Result<Vec<Option<u64>>, Failure> {
    const OPERATION: &str = "compare versions";
    let numbers: Vec<_> = auctions.iter().map(|id| signed(id.number())).collect();
    let sql = "SELECT id, version FROM auctions WHERE id = ANY($1)";
    let rows = sqlx::query(sql).bind(numbers).fetch_all(connection).await;
    let mut known: FxHashMap<AuctionId, u64> = FxHashMap::default();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let reading = reading(OPERATION, "auctions", &row)?;
        known.insert(reading.auction_id("id")?, reading.unsigned("version")?);
    }
    Ok(auctions.iter().map(|id| known.get(id).copied()).collect())
}

fn reading<'a>(operation: &'static str, table: &'static str, row: &'a PgRow) -> Result<Reading<'a>, Failure> {
    Reading::new(operation, table, "id", row)
}

fn put<T>(list: &mut [T], place: usize, value: T) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}

/// Events of an auction after a revision, in order.
pub(super) async fn history(
    connection: &mut Connection,
    auction: AuctionId,
    after_revision: u64,
    events_max: usize,
) -> Result<Vec<Recorded>, Failure> {
    let sql = "SELECT auction_id, revision, version, at, coalesce(private_part, public_part) AS part \
               FROM events WHERE auction_id = $1 AND revision > $2 ORDER BY revision LIMIT $3";
    let query = sqlx::query(sql).bind(signed(auction.number())).bind(signed(after_revision));
    let query = query.bind(signed(events_max.min(HISTORY_PAGE_MAX) as u64));
    recorded("load history", query.fetch_all(connection).await)
}

/// Public events of an auction, as everybody may see them.
pub(super) async fn public_events(
    connection: &mut Connection,
    auction: AuctionId,
    page: EventPage,
    events_max: usize,
) -> Result<Vec<Recorded>, Failure> {
    // The revision is never shown: a reader learns the version in its place.
    macro_rules! events {
        ($rest:literal) => {
            concat!(
                "SELECT auction_id, version AS revision, version, at, public_part AS part FROM events \
                 WHERE auction_id = $1 AND is_public AND ",
                $rest
            )
        };
    }
    let (sql, version) = match page {
        EventPage::BidsOf { before, .. } => (
            events!(
                "version < $2 AND version >= $5 AND kind IN ('bid', 'bought') AND bidder = $4 \
                 ORDER BY version DESC LIMIT $3"
            ),
            before,
        ),
        EventPage::After(version) => (events!("version > $2 ORDER BY version LIMIT $3"), version),
        EventPage::BidsAfter(version) => (
            events!("version > $2 AND kind IN ('bid', 'auto_bid', 'bought') ORDER BY version LIMIT $3"),
            version,
        ),
        EventPage::BidsBefore(version) => (
            events!("version < $2 AND kind IN ('bid', 'auto_bid', 'bought') ORDER BY version DESC LIMIT $3"),
            version,
        ),
        EventPage::Withdrawals => {
            (events!("version > $2 AND kind = 'withdrawn' ORDER BY version LIMIT $3"), 0)
        }
    };
    let query = sqlx::query(sql).bind(signed(auction.number())).bind(signed(version));
    let query = query.bind(signed(events_max.min(HISTORY_PAGE_MAX) as u64));
    let query = match page {
        EventPage::BidsOf { bidder, before } => {
            query.bind(signed(bidder.number())).bind(signed(before.saturating_sub(BIDS_WALK_MAX)))
        }
        EventPage::After(_) | EventPage::BidsAfter(_) | EventPage::BidsBefore(_) | EventPage::Withdrawals => {
            query
        }
    };
    recorded("load public events", query.fetch_all(connection).await)
}

/// Auctions in which somebody has bids, those with the highest numbers first.
pub(super) async fn bid_on(
    connection: &mut Connection,
    bidder: UserId,
    before: Option<AuctionId>,
    auctions_max: usize,
) -> Result<Vec<(AuctionId, Standing)>, Failure> {
    const OPERATION: &str = "find auctions bid on";
    let sql = "SELECT auction_id, user_id, number, bids, maximum, last_version FROM standings \
               WHERE user_id = $1 AND number > 0 AND auction_id < $2 AND bids > 0 ORDER BY auction_id DESC LIMIT $3";
    let before = before.map_or(i64::MAX, |before| signed(before.number()));
    let query = sqlx::query(sql).bind(signed(bidder.number())).bind(before);
    let rows = query.bind(signed(auctions_max as u64)).fetch_all(connection).await;
    let standing = |row| {
        let reading = Reading::new(OPERATION, "standings", "auction_id", row)?;
        Ok((reading.auction_id("auction_id")?, reading.standing()?))
    };
    rows.map_err(|error| failure(OPERATION, error))?.iter().map(standing).collect()
}

fn recorded(
    operation: &'static str,
    rows: Result<Vec<PgRow>, sqlx::Error>,
) -> Result<Vec<Recorded>, Failure> {
    let rows = rows.map_err(|error| failure(operation, error))?;
    rows.iter().map(|row| Reading::new(operation, "events", "auction_id", row)?.recorded()).collect()
}
