//! A shard: the single writer of its auctions in this process.

use super::company::Fresh;
use super::group::{Draft, Receipts, Sitting, Tally, answer_not_found};
use super::recording::Stored;
use super::request::{Processed, Refusal, Reply, Request};
use super::sharing::{Group, Members};
use super::slot::Slot;
use crate::id::{AuctionId, UserId};
use crate::ports::{
    AuctionStore, Batch, Change, CommitId, CommitResult, Entropy, FactsSource, Failure, FailureKind, Found,
    ReceiptKey, Wanted,
};
use lru::LruCache;
use rustc_hash::FxBuildHasher;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// How many requests are decided and committed at once, at most.
pub const REQUESTS_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1_023);

/// How many auctions are looked at before the first of them is decided.
const AUCTIONS_LOOKED_AHEAD: usize = 32;

/// How much a shard remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Auctions, [`REQUESTS_MAX`] at the least; those that were not asked for longest are forgotten first.
    pub auctions_max: NonZeroUsize,
    /// Standings of one auction; when there are more, they are all read again when they are needed.
    pub standings_max: usize,
}

impl Default for Limits {
    /// 65,536 auctions, and 16,384 standings of each.
    fn default() -> Self {
        Self { auctions_max: NonZeroUsize::MIN.saturating_add((1 << 16) - 1), standings_max: 1 << 14 }
    }
}

/// Decides and commits the commands of its auctions, batch by batch.
pub struct Shard {
    pub(super) store: Arc<dyn AuctionStore>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) people: Option<Arc<dyn FactsSource>>,
    pub(super) slots: LruCache<AuctionId, Slot, FxBuildHasher>,
    pub(super) limits: Limits,
    pub(super) draft: Draft,
    /// Whether something of the requests at hand was handed to the store.
    pub(super) is_writing: bool,
}

impl Shard {
    /// A shard that remembers nothing yet.
    pub fn new(store: Arc<dyn AuctionStore>, entropy: Arc<dyn Entropy>, limits: Limits) -> Self {
        // All auctions of a batch have to be at hand at once.
        let capacity = limits.auctions_max.max(REQUESTS_MAX);
        let slots = LruCache::with_hasher(capacity, FxBuildHasher);
        Self { store, entropy, people: None, slots, limits, draft: Draft::default(), is_writing: false }
    }

    /// Asks `people` again before it refuses somebody for what they are.
    #[must_use]
    pub fn with_people(mut self, people: Arc<dyn FactsSource>) -> Self {
        self.people = Some(people);
        self
    }

    /// Decides requests in order, commits what was accepted, and answers each.
    ///
    /// Requests for one auction are decided in the order in which they stand; auctions do not concern each
    /// other. At most [`REQUESTS_MAX`] are committed at once. When this returns, every accepted command is
    /// durable. It must run to its end: a caller that drops the future leaves the shard without the answers of a
    /// commit.
    pub async fn process(&mut self, requests: &[Request]) -> Processed {
        let mut processed = Processed::default();
        self.is_writing = false;
        for portion in requests.chunks(REQUESTS_MAX.get()) {
            let mut replies = vec![Err(Refusal::Failed(FailureKind::Unavailable)); portion.len()];
            self.process_portion(portion, &mut replies, &mut processed.changes).await;
            processed.replies.append(&mut replies);
        }
        processed
    }

    /// Whether anything of the requests that were handed to [`process`](Self::process) last may have been written.
    /// Where it panicked and nothing was, they may be handed in again, to a shard that remembers nothing.
    pub const fn may_have_written(&self) -> bool {
        self.is_writing
    }

    async fn process_portion(
        &mut self,
        requests: &[Request],
        replies: &mut [Reply],
        changes: &mut Vec<Change>,
    ) {
        let members = Members::of(requests);
        let groups = members.groups(requests);
        let doubtful = self.pass(&groups, requests, replies, changes).await;
        if doubtful.is_empty() {
            return;
        }
        // What is known may be old: a refusal needs a fresh look.
        self.doubt(&doubtful);
        self.pass(&doubtful, requests, replies, changes).await;
    }

    /// Decides and commits groups. Answers those of which nothing was accepted and something was refused on what may
    /// be old.
    async fn pass<'g>(
        &mut self,
        groups: &[Group<'g>],
        requests: &[Request],
        replies: &mut [Reply],
        changes: &mut Vec<Change>,
    ) -> Vec<Group<'g>> {
        let fresh = self.forget_shared(groups);
        let receipts = match self.fetch(requests, groups).await {
            Ok(receipts) => receipts,
            Err(failure) => {
                for &member in groups.iter().flat_map(|group| group.members) {
                    replies[member as usize] = Err(Refusal::Failed(failure.kind));
                }
                return Vec::new();
            }
        };
        self.note_read(&fresh);
        let together = self.together(groups, requests).await;
        let batch = Batch::new(self.commit_id());
        let (people, draft) = (self.people.as_deref(), &mut self.draft);
        let log = &mut Stored(&*self.store);
        let mut sitting = Sitting { requests, people, log, receipts, draft, batch, replies };
        let mut written = Vec::with_capacity(groups.len());
        let mut refused = Vec::new();
        for portion in groups.chunks(AUCTIONS_LOOKED_AHEAD) {
            for slot in portion.iter().filter_map(|group| self.slots.peek(&group.auction)) {
                slot.look_at();
            }
            for group in portion {
                let Some(slot) = self.slots.peek_mut(&group.auction) else {
                    answer_not_found(group.members, requests, sitting.replies);
                    continue;
                };
                let moves = match together.moves(group.auction) {
                    Ok(moves) => moves,
                    Err(kind) => {
                        sitting.fail(group.members, kind);
                        continue;
                    }
                };
                match sitting.decide(slot, group.members, moves).await {
                    Tally { changed: true, .. } => written.push(*group),
                    Tally { refused: true, .. } => refused.push(*group),
                    Tally { .. } => {}
                }
            }
        }
        let batch = sitting.batch;
        let before = changes.len();
        self.commit(&written, batch, requests, replies, changes).await;
        refused.retain(|group| self.is_doubtful(group.auction, &fresh, &changes[before..]));
        refused
    }

    /// Whether a refusal may rest on what is old: on what is remembered where others write as well, or on the end of
    /// a lot whose group was moved by this batch.
    fn is_doubtful(&self, auction: AuctionId, fresh: &Fresh, changes: &[Change]) -> bool {
        !self.store.is_exclusive() && !fresh.has(auction) || self.is_overtaken(auction, changes)
    }

    /// Writes a batch, and settles what it could not write.
    async fn commit(
        &mut self,
        written: &[Group<'_>],
        batch: Batch,
        requests: &[Request],
        replies: &mut [Reply],
        changes: &mut Vec<Change>,
    ) {
        if batch.is_empty() {
            return;
        }
        let batch = Arc::new(batch);
        self.is_writing = true;
        let results = self.store.commit(&batch).await;
        for (entry, group) in written.iter().enumerate() {
            let change = Change::new(&batch, entry);
            match &results {
                Ok(results) if results.get(entry) == Some(&CommitResult::Committed) => changes.extend(change),
                Ok(_) => self.settle_conflict(*group, requests, replies, changes).await,
                Err(failure) if failure.kind == FailureKind::Busy => self.refuse_busy(*group, replies),
                Err(_) => self.settle(*group, change, requests, replies, changes).await,
            }
        }
    }

    /// Answers a group of which nothing was written since the store has too much to do.
    fn refuse_busy(&mut self, group: Group<'_>, replies: &mut [Reply]) {
        self.slots.pop(&group.auction);
        for &member in group.members {
            replies[member as usize] = Err(Refusal::Failed(FailureKind::Busy));
        }
    }

    /// Reads what the shard does not remember, and answers the receipts that were found.
    async fn fetch(&mut self, requests: &[Request], groups: &[Group<'_>]) -> Result<Receipts, Failure> {
        let mut wanted = Wanted::default();
        for group in groups {
            match self.slots.get_mut(&group.auction) {
                Some(slot) => {
                    slot.standings.bound(self.limits.standings_max);
                    want(&mut wanted, *group, requests, |user| !slot.standings.knows(user));
                }
                None => {
                    wanted.auctions.push(group.auction);
                    want(&mut wanted, *group, requests, |_| true);
                }
            }
        }
        if wanted.is_empty() {
            return Ok(Receipts::default());
        }
        let found = self.store.load(&wanted).await?;
        Ok(self.learn(&wanted, found))
    }

    /// Takes in what was read.
    pub(super) fn learn(&mut self, wanted: &Wanted, found: Found) -> Receipts {
        for auction in found.auctions.into_iter().flatten() {
            self.slots.put(auction.id(), Slot::new(auction));
        }
        for (&(auction, user), standing) in wanted.standings.iter().zip(found.standings) {
            if let Some(slot) = self.slots.peek_mut(&auction) {
                slot.standings.learn(user, standing);
            }
        }
        let receipts = wanted.receipts.iter().zip(found.receipts);
        receipts.filter_map(|(key, receipt)| Some((*key, receipt?))).collect()
    }

    /// A new commit id.
    pub(super) fn commit_id(&self) -> CommitId {
        CommitId::random(&*self.entropy)
    }
}

/// Adds the standings and receipts that a group needs; those of bidders that `is_unknown` names.
pub(super) fn want(
    wanted: &mut Wanted,
    group: Group<'_>,
    requests: &[Request],
    is_unknown: impl Fn(UserId) -> bool,
) {
    let first = wanted.standings.len();
    for &member in group.members {
        let request = &requests[member as usize];
        let Some(user) = request.command.by.user() else { continue };
        if is_unknown(user) {
            wanted.standings.push((group.auction, user));
        }
        if let Some(key) = request.key {
            wanted.receipts.push(ReceiptKey { auction: group.auction, user, key });
        }
    }
    if wanted.standings.len() > first + 1 {
        wanted.standings[first..].sort_unstable();
        wanted.standings.dedup();
    }
}
