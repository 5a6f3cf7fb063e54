//! The hidden bids of one bidder, which nobody else is shown.

use super::super::columns::{Reading, signed};
use super::super::driver::Connection;
use super::super::failure::failure;
use auction_core::auction::{Event, Recorded};
use auction_core::ports::{Failure, HISTORY_PAGE_MAX, HiddenBid};
use auction_core::{AuctionId, UserId};
use sqlx::Row as _;
use std::collections::BTreeSet;

const OPERATION: &str = "load hidden bids";

pub(super) const COUNT: &str = concat!(
    "SELECT count(*) AS count FROM events",
    indexed_by!("events_sealed_of"),
    " WHERE auction_id = $1 AND kind = 'sealed_bid' AND ",
    bidder_of!("SealedBid"),
    " = $2 AND revision <= $3"
);

/// In the order in which they are numbered, so that a bid that comes in meanwhile moves nothing.
pub(super) const BIDS: &str = concat!(
    "SELECT auction_id, revision, version, at, private_part AS part FROM events",
    indexed_by!("events_sealed_of"),
    " WHERE auction_id = $1 AND kind = 'sealed_bid' AND ",
    bidder_of!("SealedBid"),
    " = $2 ORDER BY revision LIMIT $3 OFFSET $4"
);

pub(super) const GONE: &str = concat!(
    "SELECT auction_id, revision, version, at, private_part AS part FROM events",
    indexed_by!("events_withdrawn_of"),
    " WHERE auction_id = $1 AND kind = 'withdrawn' AND ",
    bidder_of!("Withdrawn"),
    " = $2 AND revision > $3 ORDER BY revision"
);

/// What is known of hidden bids beside the tables; by default nothing.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// After which revision the rest is from; `None` where the tables have all.
    pub(super) start: Option<u64>,
    /// The bids after it, oldest first.
    pub(super) bids: Vec<Recorded>,
    /// The revisions of bids that are gone since.
    pub(super) gone: BTreeSet<u64>,
}

/// The hidden bids of a bidder with numbers below `before`, newest first.
pub(super) async fn hidden_bids(
    connection: &mut Connection,
    (auction, bidder): (AuctionId, UserId),
    recent: Recent,
    before: Option<u32>,
    bids_max: usize,
) -> Result<Vec<HiddenBid>, Failure> {
    let Recent { start, bids: later, mut gone } = recent;
    let stored = count(connection, auction, bidder, start.unwrap_or(u64::MAX)).await?;
    let last =
        (stored + later.len()).min(before.map_or(usize::MAX, |before| index(before.saturating_sub(1))));
    let first = last.saturating_sub(bids_max.min(HISTORY_PAGE_MAX));
    let mut bids = rows(connection, (auction, bidder), first, last.min(stored).saturating_sub(first)).await?;
    let skipped = first.saturating_sub(stored);
    bids.extend(later.into_iter().skip(skipped).take((last - first) - bids.len()));
    if let Some(oldest) = bids.first() {
        gone.extend(gone_after(connection, (auction, bidder), oldest.revision).await?);
    }
    let numbered = bids.iter().enumerate().rev().filter_map(|(place, recorded)| {
        let Event::SealedBid { amount, units, .. } = recorded.event else { return None };
        let number = u32::try_from(first + place + 1).ok()?;
        let withdrawn = gone.contains(&recorded.revision);
        Some(HiddenBid { number, at: recorded.at, amount, units, withdrawn })
    });
    Ok(numbered.collect())
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

async fn count(
    connection: &mut Connection,
    auction: AuctionId,
    bidder: UserId,
    up_to: u64,
) -> Result<usize, Failure> {
    let query = sqlx::query(COUNT).bind(signed(auction.number())).bind(signed(bidder.number()));
    let row = query.bind(signed(up_to)).fetch_one(connection).await;
    let count: i64 = row.and_then(|row| row.try_get("count")).map_err(|error| failure(OPERATION, error))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

async fn rows(
    connection: &mut Connection,
    (auction, bidder): (AuctionId, UserId),
    skip: usize,
    bids_max: usize,
) -> Result<Vec<Recorded>, Failure> {
    if bids_max == 0 {
        return Ok(Vec::new());
    }
    let query = sqlx::query(BIDS).bind(signed(auction.number())).bind(signed(bidder.number()));
    let query = query.bind(signed(bids_max as u64)).bind(signed(skip as u64));
    let rows = query.fetch_all(connection).await.map_err(|error| failure(OPERATION, error))?;
    rows.iter().map(|row| Reading::new(OPERATION, "events", "auction_id", row)?.recorded()).collect()
}

/// The revisions of bids of somebody that were taken back or struck after a revision.
async fn gone_after(
    connection: &mut Connection,
    (auction, bidder): (AuctionId, UserId),
    after_revision: u64,
) -> Result<BTreeSet<u64>, Failure> {
    let query = sqlx::query(GONE).bind(signed(auction.number())).bind(signed(bidder.number()));
    let rows = query.bind(signed(after_revision)).fetch_all(connection).await;
    let mut gone = BTreeSet::new();
    for row in rows.map_err(|error| failure(OPERATION, error))? {
        let recorded = Reading::new(OPERATION, "events", "auction_id", &row)?.recorded()?;
        if let Event::Withdrawn(withdrawal) = recorded.event {
            gone.extend(withdrawal.revisions.iter().copied());
        }
    }
    Ok(gone)
}
