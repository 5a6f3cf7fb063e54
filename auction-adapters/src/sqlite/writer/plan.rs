//! Which entries of the waiting batches can be committed together.

use super::job::Write;
use super::link::Link;
use crate::sqlite::columns::signed;
use crate::sqlite::failure::{failure, refused};
use crate::sqlite::live::Live;
use crate::sqlite::locks::Locks;
use crate::sqlite::tail::Written;
use auction_core::auction::{Auction, Event, Recorded};
use auction_core::ports::{Batch, CommitResult, Entry, Failure, FailureKind, NewAuction, ReceiptKey};
use auction_core::{AUCTION_ID_MAX, AuctionId};
use lru::LruCache;
use rustc_hash::{FxBuildHasher, FxHashMap};
use sqlx::Row as _;
use std::collections::HashSet;
use std::sync::Arc;

const OPERATION: &str = "commit";

/// Revisions that are known without asking the tables.
pub(super) type Versions = LruCache<AuctionId, u64, FxBuildHasher>;

/// What is decided on as one transaction.
pub(super) struct Plan {
    pub(super) written: Vec<Written>,
    /// A verdict for each write, in order.
    pub(super) verdicts: Vec<Result<Verdict, Failure>>,
}

/// What a write will be answered when the transaction is durable.
pub(super) enum Verdict {
    Commit(Vec<CommitResult>),
    Create(Auction),
}

/// What is known while a plan is made.
pub(super) struct Planner<'a> {
    pub(super) live: &'a Live,
    pub(super) locks: &'a Locks,
    pub(super) versions: &'a mut Versions,
    /// The number that was issued last.
    pub(super) last_auction: u64,
    /// Revisions as they are after the entries that are already planned.
    revisions: FxHashMap<AuctionId, Option<u64>>,
    receipts: HashSet<ReceiptKey>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        live: &'a Live,
        locks: &'a Locks,
        versions: &'a mut Versions,
        last_auction: u64,
    ) -> Self {
        let (revisions, receipts) = (FxHashMap::default(), HashSet::new());
        Self { live, locks, versions, last_auction, revisions, receipts }
    }

    /// Checks writes in order.
    pub(super) async fn plan(&mut self, link: &mut Link, writes: &[Write]) -> Result<Plan, Failure> {
        self.look_up_revisions(link, writes).await?;
        self.look_up_receipts(link, writes).await?;
        let mut plan = Plan { written: Vec::new(), verdicts: Vec::with_capacity(writes.len()) };
        for write in writes {
            let verdict = match write {
                Write::Commit { batch, held, .. } => self.commit(batch, held.is_some(), &mut plan.written),
                Write::Create { new, .. } => self.create(new, &mut plan.written),
            };
            plan.verdicts.push(verdict);
        }
        Ok(plan)
    }

    fn commit(
        &mut self,
        batch: &Arc<Batch>,
        is_held: bool,
        written: &mut Vec<Written>,
    ) -> Result<Verdict, Failure> {
        if let Some(flaw) = batch.flaw() {
            return Err(refused(FailureKind::Other, OPERATION, flaw));
        }
        let mut taken = Vec::with_capacity(batch.entries().len());
        let mut results = Vec::with_capacity(batch.entries().len());
        for (index, entry) in batch.entries().iter().enumerate() {
            if self.takes(batch, entry, is_held) {
                self.revisions.insert(entry.auction().id(), Some(entry.auction().revision()));
                self.receipts.extend(batch.receipts_of(entry).iter().map(|(key, _)| *key));
                taken.push(index);
                results.push(CommitResult::Committed);
            } else {
                results.push(CommitResult::Conflict);
            }
        }
        if !taken.is_empty() {
            written.push(Written { batch: Arc::clone(batch), entries: taken, listing: None });
        }
        Ok(Verdict::Commit(results))
    }

    fn takes(&self, batch: &Batch, entry: &Entry, is_held: bool) -> bool {
        let id = entry.auction().id();
        self.revisions.get(&id).copied().flatten() == Some(entry.before())
            && (is_held || !self.locks.is_held(id))
            && batch.receipts_of(entry).iter().all(|(key, _)| !self.receipts.contains(key))
    }

    fn create(&mut self, new: &NewAuction, written: &mut Vec<Written>) -> Result<Verdict, Failure> {
        let number = self.last_auction + 1;
        let none_left = || refused(FailureKind::Other, "create auction", "there are no more numbers");
        let id = AuctionId::new(number).map_err(|_| none_left())?;
        if number > AUCTION_ID_MAX {
            return Err(none_left());
        }
        let event = Event::Created { charter: Arc::clone(&new.charter), draft: new.draft };
        let first = Recorded { revision: 1, version: 0, at: new.at, event };
        let auction = Auction::created(id, &first).expect("invariant: the event above is a creation");
        let mut batch = Batch::new(new.commit);
        batch.push(0, auction.clone(), [first], [], []);
        let listing = Some(Arc::new(new.listing.clone()));
        written.push(Written { batch: Arc::new(batch), entries: vec![0], listing });
        self.last_auction = number;
        self.revisions.insert(id, Some(1));
        Ok(Verdict::Create(auction))
    }

    async fn look_up_revisions(&mut self, link: &mut Link, writes: &[Write]) -> Result<(), Failure> {
        let mut unknown = Vec::new();
        {
            let known = self.live.read();
            for id in entries(writes).map(|(_, entry)| entry.auction().id()) {
                if self.revisions.contains_key(&id) {
                    continue;
                }
                let revision = known.tail.auction(id).map(Auction::revision);
                let revision = revision.or_else(|| self.versions.get(&id).copied());
                if revision.is_none() {
                    unknown.push(id.number());
                }
                self.revisions.insert(id, revision);
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        let failed = |error| failure(OPERATION, error);
        let sql = "SELECT id, revision FROM auctions WHERE id IN (SELECT value FROM json_each($1))";
        let wanted = serde_json::json!(unknown).to_string();
        for row in link.read(sqlx::query(sql).bind(wanted)).await.map_err(failed)? {
            let (id, revision): (i64, i64) =
                (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            if let (Ok(id), Ok(revision)) = (AuctionId::new(id.unsigned_abs()), u64::try_from(revision)) {
                self.revisions.insert(id, Some(revision));
                self.versions.put(id, revision);
            }
        }
        Ok(())
    }

    async fn look_up_receipts(&mut self, link: &mut Link, writes: &[Write]) -> Result<(), Failure> {
        let mut unknown = Vec::new();
        let mut by_row = Vec::new();
        {
            let known = self.live.read();
            let keys = entries(writes).flat_map(|(batch, entry)| batch.receipts_of(entry));
            for (key, _) in keys {
                if known.tail.receipt(key).is_some() {
                    self.receipts.insert(*key);
                } else {
                    let (auction, user) = (signed(key.auction.number()), signed(key.user.number()));
                    unknown.push((auction, user, key.key.as_str()));
                    by_row.push(*key);
                }
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        let failed = |error| failure(OPERATION, error);
        let sql = "SELECT wanted.key FROM json_each($1) AS wanted CROSS JOIN receipts ON auction_id = wanted.value ->> 0 \
                   AND user_id = wanted.value ->> 1 AND receipts.key = wanted.value ->> 2";
        let wanted = serde_json::json!(unknown).to_string();
        for row in link.read(sqlx::query(sql).bind(wanted)).await.map_err(failed)? {
            let index: i64 = row.try_get(0).map_err(failed)?;
            self.receipts.extend(usize::try_from(index).ok().and_then(|index| by_row.get(index)));
        }
        Ok(())
    }
}

/// Every entry of every batch.
fn entries(writes: &[Write]) -> impl Iterator<Item = (&Batch, &Entry)> {
    let batches = writes.iter().filter_map(|write| match write {
        Write::Commit { batch, .. } => Some(&**batch),
        Write::Create { .. } => None,
    });
    batches.flat_map(|batch| batch.entries().iter().map(move |entry| (batch, entry)))
}
