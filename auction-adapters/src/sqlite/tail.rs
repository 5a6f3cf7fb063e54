//! What is committed and not yet in the tables.

use auction_core::auction::{Auction, Recorded, Standing};
use auction_core::catalog::{ListedAuction, Listing};
use auction_core::ports::{Batch, CommitId, Entry, EventPage, IdempotencyKey, Receipt, ReceiptKey};
use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The entries of a batch that were committed.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) batch: Arc<Batch>,
    /// Which; all in order of the batch.
    pub(super) entries: Vec<usize>,
    /// What is sold, where the batch creates an auction.
    pub(super) listing: Option<Arc<Listing>>,
}

/// What one transaction committed.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) written: Arc<[Written]>,
    /// How many events.
    pub(super) events: usize,
}

/// Journal rows that are not yet in the tables, and everything in them by auction.
#[derive(Debug, Default)]
pub(super) struct Tail {
    rows: VecDeque<Row>,
    auctions: FxHashMap<AuctionId, Recent>,
    events: usize,
    /// The last row that was committed.
    committed: u64,
    /// The last row that the tables may already show.
    announced: u64,
}

/// What was committed of one auction lately.
#[derive(Debug)]
struct Recent {
    log: VecDeque<(u64, Arc<Batch>, usize)>,
    standings: FxHashMap<UserId, (u64, Standing)>,
    /// Clients choose the keys, so that they are hashed with a secret.
    receipts: HashMap<(UserId, IdempotencyKey), Receipt>,
}

impl Row {
    pub(super) fn new(seq: u64, written: Vec<Written>) -> Self {
        let events = written
            .iter()
            .flat_map(|written| written.entries())
            .map(|(batch, entry)| batch.events_of(entry).len());
        let events = events.sum();
        Self { seq, written: written.into(), events }
    }

    /// Every entry, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Batch, &Entry)> {
        self.written.iter().flat_map(Written::entries)
    }
}

impl Written {
    /// Every entry that was committed, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Batch, &Entry)> {
        self.entries.iter().map(|index| (&*self.batch, &self.batch.entries()[*index]))
    }
}

impl Tail {
    /// Takes in what was committed.
    pub(super) fn push(&mut self, row: Row) {
        for written in row.written.iter() {
            for index in &written.entries {
                let entry = &written.batch.entries()[*index];
                let recent = self.auctions.entry(entry.auction().id()).or_insert_with(Recent::new);
                recent.push(row.seq, &written.batch, *index);
            }
        }
        self.committed = row.seq;
        self.events += row.events;
        self.rows.push_back(row);
    }

    /// The oldest rows, at least one, with about as many events.
    pub(super) fn oldest(&self, events_max: usize) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut events = 0;
        for row in &self.rows {
            if !rows.is_empty() && events + row.events > events_max {
                break;
            }
            events += row.events;
            rows.push(row.clone());
        }
        rows
    }

    /// From now on the tables may show the rows up to this one.
    pub(super) fn announce(&mut self, seq: u64) {
        self.announced = self.announced.max(seq);
    }

    /// Forgets the rows up to this one: they are in the tables.
    pub(super) fn forget(&mut self, seq: u64) {
        while let Some(row) = self.rows.pop_front_if(|row| row.seq <= seq) {
            self.events -= row.events;
            for (batch, entry) in row.entries() {
                let id = entry.auction().id();
                if let Some(recent) = self.auctions.get_mut(&id) {
                    recent.forget(row.seq, batch, entry);
                    if recent.log.is_empty() {
                        self.auctions.remove(&id);
                    }
                }
            }
        }
    }

    pub(super) const fn committed(&self) -> u64 {
        self.committed
    }

    pub(super) const fn announced(&self) -> u64 {
        self.announced
    }

    /// How many events wait.
    pub(super) const fn events(&self) -> usize {
        self.events
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn auction(&self, id: AuctionId) -> Option<&Auction> {
        let (_, batch, index) = self.auctions.get(&id)?.log.back()?;
        Some(batch.entries()[*index].auction())
    }

    /// Every auction of which something is in it.
    pub(super) fn auctions(&self) -> impl Iterator<Item = &Auction> {
        self.auctions.keys().filter_map(|id| self.auction(*id))
    }

    /// The auctions with numbers above `after`, with their revisions.
    pub(super) fn revisions(&self, after: Option<AuctionId>) -> impl Iterator<Item = (AuctionId, u64)> {
        let wanted = self.auctions.keys().filter(move |id| after.is_none_or(|after| **id > after));
        wanted.filter_map(|id| Some((*id, self.auction(*id)?.revision())))
    }

    /// The standings of an auction that were committed lately.
    pub(super) fn standings(&self, id: AuctionId) -> impl Iterator<Item = (UserId, Standing)> {
        let recent = self.auctions.get(&id).into_iter().flat_map(|recent| &recent.standings);
        recent.map(|(user, (_, standing))| (*user, *standing))
    }

    pub(super) fn standing(&self, id: AuctionId, user: UserId) -> Option<Standing> {
        self.auctions.get(&id)?.standings.get(&user).map(|(_, standing)| *standing)
    }

    pub(super) fn receipt(&self, key: &ReceiptKey) -> Option<Receipt> {
        self.auctions.get(&key.auction)?.receipts.get(&(key.user, key.key)).copied()
    }

    /// Whether a commit wrote to an auction.
    pub(super) fn has_commit(&self, id: AuctionId, commit: CommitId, after_revision: u64) -> bool {
        let Some(recent) = self.auctions.get(&id) else { return false };
        let entries = recent.log.iter().rev().map(|(_, batch, index)| (batch, &batch.entries()[*index]));
        let mut entries = entries.take_while(|(_, entry)| entry.auction().revision() > after_revision);
        entries.any(|(batch, _)| batch.commit() == commit)
    }

    /// The events of an auction after a revision, at most `events_max`.
    pub(super) fn history(&self, id: AuctionId, after_revision: u64, events_max: usize) -> Vec<Recorded> {
        let Some(recent) = self.auctions.get(&id) else { return Vec::new() };
        let entries = recent.log.iter().map(|(_, batch, index)| (batch, &batch.entries()[*index]));
        let entries = entries.skip_while(|(_, entry)| entry.auction().revision() <= after_revision);
        let events = entries.flat_map(|(batch, entry)| batch.events_of(entry));
        events.filter(|event| event.revision > after_revision).take(events_max).cloned().collect()
    }

    /// Public events of an auction as everybody may see them, and whether the tables cannot have more of the page.
    pub(super) fn public_events(
        &self,
        id: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> (Vec<Recorded>, bool) {
        let Some(recent) = self.auctions.get(&id) else { return (Vec::new(), events_max == 0) };
        let entries = recent.log.iter().map(|(_, batch, index)| (batch, &batch.entries()[*index]));
        let start = entries.clone().next().and_then(|(batch, entry)| batch.events_of(entry).first());
        let start = start.map(|first| first.version - u64::from(first.event.is_public()));
        match page {
            EventPage::After(version) | EventPage::BidsAfter(version) => {
                let bids_only = matches!(page, EventPage::BidsAfter(_));
                let entries = entries.skip_while(|(_, entry)| entry.auction().version() <= version);
                let events = entries.flat_map(|(batch, entry)| batch.events_of(entry));
                let events =
                    events.filter(|event| event.version > version && (!bids_only || event.event.is_bid()));
                let events = events.filter_map(Recorded::masked).take(events_max).collect();
                (events, events_max == 0 || start.is_some_and(|start| start <= version))
            }
            EventPage::BidsBefore(_) | EventPage::BidsOf { .. } => {
                let events = entries.rev().flat_map(|(batch, entry)| batch.events_of(entry).iter().rev());
                let events = events.filter(|event| page.holds(event));
                let events = events.filter_map(Recorded::masked).take(events_max).collect();
                (events, events_max == 0)
            }
        }
    }

    /// The revision after which the tail has the events of an auction.
    pub(super) fn history_start(&self, id: AuctionId) -> Option<u64> {
        let (_, batch, index) = self.auctions.get(&id)?.log.front()?;
        Some(batch.entries()[*index].before())
    }

    /// Auctions that were created in it.
    pub(super) fn created(&self) -> impl Iterator<Item = AuctionId> {
        self.auctions.keys().copied().filter(|id| self.history_start(*id) == Some(0))
    }

    /// An auction that was created in it, as it was put up for sale and as it stands now.
    pub(super) fn listed(&self, id: AuctionId) -> Option<ListedAuction> {
        let written = self.rows.iter().flat_map(|row| row.written.iter());
        let mut created = written.filter_map(|written| Some((written, written.listing.as_deref()?)));
        created.find_map(|(written, listing)| {
            let (_, entry) = written.entries().find(|(_, entry)| entry.auction().id() == id)?;
            let created_at = entry.auction().last_at();
            Some(ListedAuction { auction: self.auction(id)?.clone(), listing: listing.clone(), created_at })
        })
    }

    /// Every row, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }
}

impl Recent {
    fn new() -> Self {
        Self { log: VecDeque::new(), standings: FxHashMap::default(), receipts: HashMap::new() }
    }

    fn push(&mut self, seq: u64, batch: &Arc<Batch>, index: usize) {
        let entry = &batch.entries()[index];
        self.log.push_back((seq, Arc::clone(batch), index));
        self.standings
            .extend(batch.standings_of(entry).iter().map(|(user, standing)| (*user, (seq, *standing))));
        self.receipts
            .extend(batch.receipts_of(entry).iter().map(|(key, receipt)| ((key.user, key.key), *receipt)));
    }

    fn forget(&mut self, seq: u64, batch: &Batch, entry: &Entry) {
        while self.log.pop_front_if(|(first, _, _)| *first <= seq).is_some() {}
        for (user, _) in batch.standings_of(entry) {
            if self.standings.get(user).is_some_and(|(last, _)| *last <= seq) {
                self.standings.remove(user);
            }
        }
        for (key, _) in batch.receipts_of(entry) {
            self.receipts.remove(&(key.user, key.key));
        }
    }
}
