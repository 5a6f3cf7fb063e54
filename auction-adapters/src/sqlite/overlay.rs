//! Reads that look into the tail first and into the tables for the rest.

use super::tables;
use super::tail::Tail;
use auction_core::AuctionId;
use auction_core::auction::{Auction, Recorded, Standing};
use auction_core::ports::{Failure, Found, HISTORY_PAGE_MAX, Receipt, Wanted};
use sqlx::SqliteConnection;

/// What the tail says to a question, and what is left to ask the tables.
pub(super) struct Partial {
    auctions: Vec<Option<Auction>>,
    standings: Vec<Option<Standing>>,
    receipts: Vec<Option<Receipt>>,
    /// Everything up to this row of the journal was seen.
    pub(super) as_of: u64,
    rest: Wanted,
}

impl Partial {
    /// What the tail says to a question.
    pub(super) fn of(tail: &Tail, wanted: &Wanted) -> Self {
        let auctions: Vec<_> = wanted.auctions.iter().map(|id| tail.auction(*id).cloned()).collect();
        let standings: Vec<_> = wanted.standings.iter().map(|(id, user)| tail.standing(*id, *user)).collect();
        let receipts: Vec<_> = wanted.receipts.iter().map(|key| tail.receipt(key)).collect();
        let rest = Wanted {
            auctions: missing(&wanted.auctions, &auctions),
            standings: missing(&wanted.standings, &standings),
            receipts: missing(&wanted.receipts, &receipts),
        };
        Self { auctions, standings, receipts, as_of: tail.committed(), rest }
    }

    /// The tail says everything.
    pub(super) fn is_whole(&self) -> bool {
        self.rest.is_empty()
    }

    /// The answer, with what the tables say to the rest.
    pub(super) async fn complete(
        self,
        connection: Option<&mut SqliteConnection>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let Self { mut auctions, mut standings, mut receipts, rest, .. } = self;
        if let Some(connection) = connection {
            if !rest.auctions.is_empty() {
                let found = tables::auctions(connection, &rest.auctions).await?;
                fill(&wanted.auctions, &mut auctions, |id| found.get(id).cloned());
            }
            if !rest.standings.is_empty() {
                let found = tables::standings(connection, &rest.standings).await?;
                fill(&wanted.standings, &mut standings, |key| found.get(key).copied());
            }
            if !rest.receipts.is_empty() {
                let found = tables::receipts(connection, &rest.receipts).await?;
                fill(&wanted.receipts, &mut receipts, |key| found.get(key).copied());
            }
        }
        let standings = standings.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Found { auctions, standings, receipts })
    }
}

fn missing<K: Clone, V>(keys: &[K], values: &[Option<V>]) -> Vec<K> {
    keys.iter().zip(values).filter(|(_, value)| value.is_none()).map(|(key, _)| key.clone()).collect()
}

fn fill<K, V>(keys: &[K], values: &mut [Option<V>], find: impl Fn(&K) -> Option<V>) {
    for (key, value) in keys.iter().zip(values) {
        if value.is_none() {
            *value = find(key);
        }
    }
}

/// A page of a log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    auction: AuctionId,
    after_revision: u64,
    events_max: usize,
}

impl Page {
    pub(super) fn new(auction: AuctionId, after_revision: u64, events_max: usize) -> Self {
        Self { auction, after_revision, events_max: events_max.min(HISTORY_PAGE_MAX) }
    }

    /// The events that the tail has of it, and whether those are all.
    pub(super) fn recent(&self, tail: &Tail) -> (Vec<Recorded>, bool) {
        let events = tail.history(self.auction, self.after_revision, self.events_max);
        let start = tail.history_start(self.auction);
        (events, self.events_max == 0 || start.is_some_and(|start| start <= self.after_revision))
    }

    /// The events of the tables, followed by those of the tail, which was read first and so leaves no gap.
    pub(super) async fn complete(
        &self,
        connection: &mut SqliteConnection,
        recent: Vec<Recorded>,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut events =
            tables::history(connection, self.auction, self.after_revision, self.events_max).await?;
        let last = events.last().map_or(self.after_revision, |recorded| recorded.revision);
        let rest = self.events_max - events.len();
        events.extend(recent.into_iter().filter(|recorded| recorded.revision > last).take(rest));
        Ok(events)
    }
}
