//! What is written at once.

use crate::auction::{Auction, Recorded, Standing};
use crate::id::UserId;
use crate::ports::entropy::Entropy;
use crate::ports::receipt::{Receipt, ReceiptKey};
use crate::time::Timestamp;
use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A random number that is written with every commit, so that its fate can be asked for when no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CommitId(pub u128);

/// Everything that is written in one transaction: an entry for each auction, and flat lists that the entries
/// share, which suit stores that write sets of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    commit: CommitId,
    entries: Vec<Entry>,
    events: Vec<Recorded>,
    standings: Vec<(UserId, Standing)>,
    receipts: Vec<(ReceiptKey, Receipt)>,
}

/// What a commit does to one auction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    before: u64,
    auction: Auction,
    events: Range<usize>,
    standings: Range<usize>,
    receipts: Range<usize>,
}

impl CommitId {
    /// A new one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(u128::from_le_bytes(bytes))
    }
}

impl Batch {
    /// An empty batch.
    pub const fn new(commit: CommitId) -> Self {
        Self { commit, entries: Vec::new(), events: Vec::new(), standings: Vec::new(), receipts: Vec::new() }
    }

    /// The id of the commit.
    pub const fn commit(&self) -> CommitId {
        self.commit
    }

    /// One entry for each auction, none twice.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// There is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The events of all entries, those of an auction together and in order.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// The new events of an entry's auction.
    pub fn events_of(&self, entry: &Entry) -> &[Recorded] {
        &self.events[entry.events.clone()]
    }

    /// The standings that changed in an entry's auction, as they are after the commit.
    pub fn standings_of(&self, entry: &Entry) -> &[(UserId, Standing)] {
        &self.standings[entry.standings.clone()]
    }

    /// The receipts of the commands that an entry's auction accepted.
    pub fn receipts_of(&self, entry: &Entry) -> &[(ReceiptKey, Receipt)] {
        &self.receipts[entry.receipts.clone()]
    }

    /// What makes no sense about it in itself, whatever is stored; `None` where nothing does.
    pub fn flaw(&self) -> Option<&'static str> {
        let mut auctions = FxHashSet::with_capacity_and_hasher(self.entries.len(), FxBuildHasher);
        let mut keys = FxHashSet::default();
        for entry in &self.entries {
            let id = entry.auction().id();
            if !auctions.insert(id) {
                return Some("a batch has two entries for one auction");
            }
            let mut revision = entry.before();
            for recorded in self.events_of(entry) {
                revision += 1;
                if recorded.revision != revision {
                    return Some("the events do not continue the log");
                }
            }
            if entry.auction().revision() != revision {
                return Some("the state is not that after the last event");
            }
            let receipts = self.receipts_of(entry);
            if receipts.iter().any(|(key, _)| key.auction != id) {
                return Some("a receipt is for another auction");
            }
            keys.clear();
            if !receipts.iter().all(|(key, _)| keys.insert((key.user, key.key))) {
                return Some("two receipts have one key");
            }
        }
        None
    }

    /// Adds what happened to one auction. `before` is the revision on which it rests.
    ///
    /// Entries are added one after the other: the iterators are drained into the shared lists.
    pub fn push(
        &mut self,
        before: u64,
        auction: Auction,
        events: impl IntoIterator<Item = Recorded>,
        standings: impl IntoIterator<Item = (UserId, Standing)>,
        receipts: impl IntoIterator<Item = (ReceiptKey, Receipt)>,
    ) {
        let events = extend(&mut self.events, events);
        let standings = extend(&mut self.standings, standings);
        let receipts = extend(&mut self.receipts, receipts);
        self.entries.push(Entry { before, auction, events, standings, receipts });
    }
}

/// Appends to a list and says where.
fn extend<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Range<usize> {
    let start = list.len();
    list.extend(items);
    start..list.len()
}

impl Entry {
    /// The revision that the auction must still have.
    pub const fn before(&self) -> u64 {
        self.before
    }

    /// The auction after the commit.
    pub const fn auction(&self) -> &Auction {
        &self.auction
    }

    /// When the auction has to be opened or closed after the commit.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.auction.deadline()
    }
}
