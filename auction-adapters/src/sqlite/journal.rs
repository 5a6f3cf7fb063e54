//! The form of a journal row: everything that one transaction committed, as compactly as it goes.
//!
//! A row is a byte that names the form, and the entries one after the other in postcard. Charters only stand in the
//! events that bring them, since they are most of an auction and hardly ever change.

use super::tail::{Row, Written};
use auction_core::auction::{Auction, Charter, Event, Progress, Recorded, Standing};
use auction_core::catalog::Listing;
use auction_core::ports::{Batch, CommitId, Receipt, ReceiptKey};
use auction_core::{AuctionId, UserId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The form that is written.
const FORM: u8 = 1;

#[derive(Serialize)]
struct Written1<'a> {
    commit: CommitId,
    before: u64,
    progress: Progress,
    listing: Option<&'a Listing>,
    events: &'a [Recorded],
    standings: &'a [(UserId, Standing)],
    receipts: &'a [(ReceiptKey, Receipt)],
}

#[derive(Deserialize)]
struct Read1 {
    commit: CommitId,
    before: u64,
    progress: Progress,
    listing: Option<Listing>,
    events: Vec<Recorded>,
    standings: Vec<(UserId, Standing)>,
    receipts: Vec<(ReceiptKey, Receipt)>,
}

/// Why a row cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("it has the form {0}, which this version does not know")]
    Form(u8),
    #[error("it is cut short")]
    Short,
    #[error(transparent)]
    Entry(#[from] postcard::Error),
    #[error("auction {0} has no charter")]
    NoCharter(AuctionId),
}

/// The bytes of a row.
pub(super) fn encode(written: &[Written]) -> Result<Vec<u8>, postcard::Error> {
    let mut bytes = vec![FORM];
    for Written { batch, entries, listing } in written {
        for entry in entries.iter().map(|index| &batch.entries()[*index]) {
            let entry = Written1 {
                commit: batch.commit(),
                before: entry.before(),
                progress: entry.auction().progress(),
                listing: listing.as_deref(),
                events: batch.events_of(entry),
                standings: batch.standings_of(entry),
                receipts: batch.receipts_of(entry),
            };
            bytes = postcard::to_extend(&entry, bytes)?;
        }
    }
    Ok(bytes)
}

/// A row that was read but whose entries do not know their charters yet.
pub(super) struct Bare {
    seq: u64,
    entries: Vec<Read1>,
}

/// Reads the bytes of a row.
pub(super) fn decode(seq: u64, bytes: &[u8]) -> Result<Bare, Unreadable> {
    let (form, mut rest) = bytes.split_first().ok_or(Unreadable::Short)?;
    if *form != FORM {
        return Err(Unreadable::Form(*form));
    }
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (entry, after) = postcard::take_from_bytes::<Read1>(rest)?;
        entries.push(entry);
        rest = after;
    }
    Ok(Bare { seq, entries })
}

impl Bare {
    /// Its number.
    pub(super) const fn seq(&self) -> u64 {
        self.seq
    }

    /// The auctions of the row whose charters it does not bring itself.
    pub(super) fn auctions(&self) -> impl Iterator<Item = AuctionId> + '_ {
        self.entries
            .iter()
            .filter(|entry| charter_of(&entry.events).is_none())
            .map(|entry| entry.progress.id())
    }

    /// The row, with the charters that `charter` knows.
    pub(super) fn complete(
        self,
        mut charter: impl FnMut(AuctionId) -> Option<Arc<Charter>>,
    ) -> Result<Row, Unreadable> {
        let mut written: Vec<Written> = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            let id = entry.progress.id();
            let own = written.iter().rev().flat_map(|written| written.batch.entries());
            let own = own.map(|entry| entry.auction()).find(|auction| auction.id() == id);
            let charter = charter_of(&entry.events)
                .or_else(|| own.map(Auction::charter).cloned())
                .or_else(|| charter(id))
                .ok_or(Unreadable::NoCharter(id))?;
            let mut batch = Batch::new(entry.commit);
            let auction = entry.progress.under(charter);
            batch.push(entry.before, auction, entry.events, entry.standings, entry.receipts);
            written.push(Written {
                batch: Arc::new(batch),
                entries: vec![0],
                listing: entry.listing.map(Arc::new),
            });
        }
        Ok(Row::new(self.seq, written))
    }
}

/// The charter that the last of these events to bring one brings.
fn charter_of(events: &[Recorded]) -> Option<Arc<Charter>> {
    events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Created { charter, .. } | Event::Revised { charter } => Some(Arc::clone(charter)),
        _ => None,
    })
}
