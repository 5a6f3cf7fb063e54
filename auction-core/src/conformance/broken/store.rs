//! A store around the reference backend that does one thing wrong.

use super::faults::Fault;
use super::locked::{FaultyLock, Wait};
use super::planner::Planner;
use crate::auction::{Auction, Event, Recorded};
use crate::conformance::futures::pause;
use crate::conformance::scene::{Pending, batch as make};
use crate::id::AuctionId;
use crate::memory::MemoryStore;
use crate::ports::CommitResult::{Committed, Conflict};
use crate::ports::{
    AuctionStore, Batch, Claim, CommitId, CommitResult, Failure, FailureKind, Found, HISTORY_PAGE_MAX,
    Locked, MembersQuery, NewAuction, Receipt, ReceiptKey, Timetable, Wanted,
};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many events a store takes at once that was only tried with small batches.
const SMALL_BATCH_MAX: usize = 600;

/// A store around the reference backend that does one thing wrong.
pub(super) struct Faulty {
    pub(super) inner: MemoryStore,
    pub(super) fault: Option<Fault>,
    notes: Mutex<Notes>,
}

/// What a store has to remember in order to be wrong.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) planner: Planner,
    /// Each with the revision of its last event.
    pub(super) commits: Vec<(AuctionId, CommitId, u64)>,
    pub(super) creations: Vec<Auction>,
    /// Auctions whose lock nobody gives back.
    pub(super) stuck: BTreeSet<AuctionId>,
    receipts: BTreeMap<ReceiptKey, Receipt>,
    old: BTreeMap<AuctionId, Auction>,
    loads: u32,
    openings: u32,
}

pub(super) fn failure(what: &'static str) -> Failure {
    Failure::new(FailureKind::Other, "a call to a broken store", what)
}

impl Faulty {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self { inner: MemoryStore::new(), fault, notes: Mutex::default() }
    }

    pub(super) fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn opened(&self) {
        let mut notes = self.notes();
        notes.openings += 1;
        if self.is(Fault::ForgetsDeadlinesOnReopening) {
            notes.planner.forget();
        }
    }

    /// It was opened again, and has this fault then.
    pub(super) fn later_is(&self, fault: Fault) -> bool {
        self.is(fault) && self.notes().openings > 1
    }

    /// The entries of a batch as this store takes them; where it leaves some out, they are the last.
    pub(super) fn taken(&self, batch: &Arc<Batch>, found: &Found) -> Arc<Batch> {
        let mut pending: Vec<_> = batch
            .entries()
            .iter()
            .map(|entry| Pending {
                before: entry.before(),
                auction: entry.auction().clone(),
                events: batch.events_of(entry).to_vec(),
                standings: batch.standings_of(entry).to_vec(),
                receipts: batch.receipts_of(entry).to_vec(),
            })
            .collect();
        if self.is(Fault::WritesHalfABatch) {
            pending.truncate(pending.len().div_ceil(2));
        }
        for (pending, stored) in pending.iter_mut().zip(&found.auctions) {
            match self.fault {
                Some(Fault::ForgetsReceipts) => pending.receipts.clear(),
                Some(Fault::ForgetsStandings) => pending.standings.clear(),
                Some(Fault::WritesOneStanding) => pending.standings.truncate(1),
                Some(Fault::WritesOneReceipt) => pending.receipts.truncate(1),
                Some(Fault::CountsPeopleIn31Bits) => {
                    pending.standings.iter_mut().for_each(|(_, standing)| standing.bids &= i32::MAX as u32);
                }
                Some(Fault::KeepsSignedFingerprints) => {
                    pending
                        .receipts
                        .iter_mut()
                        .for_each(|(_, receipt)| receipt.fingerprint &= i64::MAX as u64);
                }
                Some(Fault::IgnoresRevisions) => rebase(pending, stored.as_ref(), |_, _| true),
                Some(Fault::TakesWhatIsAhead) => rebase(pending, stored.as_ref(), |before, now| before > now),
                _ => {}
            }
        }
        make(batch.commit(), pending)
    }

    /// What this store says of a commit, and what it remembers of it.
    pub(super) fn told(&self, batch: &Arc<Batch>, mut results: Vec<CommitResult>) -> Vec<CommitResult> {
        results.resize(batch.entries().len(), Committed);
        let mut notes = self.notes();
        for (entry, result) in batch.entries().iter().zip(&results) {
            if *result == Committed {
                notes.receipts.extend(batch.receipts_of(entry).iter().copied());
                notes.commits.push((entry.auction().id(), batch.commit(), entry.auction().revision()));
                notes.planner.commit(self.fault, entry.auction());
            } else if self.is(Fault::WritesReceiptsOfConflicts) {
                notes.receipts.extend(batch.receipts_of(entry).iter().copied());
            } else if self.is(Fault::WritesDeadlinesOfConflicts) {
                notes.planner.commit(self.fault, entry.auction());
            } else if self.is(Fault::NotesConflictsAsCommits) {
                notes.commits.push((entry.auction().id(), batch.commit(), entry.auction().revision()));
            }
        }
        if self.is(Fault::AnswersInOrderOfNumbers) {
            let mut order: Vec<_> =
                batch.entries().iter().map(|entry| entry.auction().id()).zip(results).collect();
            order.sort_by_key(|(id, _)| *id);
            results = order.into_iter().map(|(_, result)| result).collect();
        }
        if self.is(Fault::SwallowsConflicts) {
            results.fill(Committed);
        }
        results
    }

    /// The states on which a batch has to rest.
    pub(super) fn stored(batch: &Batch) -> Wanted {
        let auctions = batch.entries().iter().map(|entry| entry.auction().id()).collect();
        Wanted { auctions, ..Wanted::NOTHING }
    }

    /// What this store makes of an answer.
    pub(super) fn distorted(&self, wanted: &Wanted, mut found: Found) -> Found {
        let mut notes = self.notes();
        notes.loads += 1;
        match self.fault {
            Some(Fault::ReadsInOrderOfNumbers) => {
                found.auctions.sort_by_key(|auction| auction.as_ref().map(Auction::id));
            }
            Some(Fault::ReadsEachOnce) => {
                let mut seen = BTreeSet::new();
                found
                    .auctions
                    .retain(|auction| auction.as_ref().is_none_or(|auction| seen.insert(auction.id())));
            }
            Some(Fault::LeavesOutWhatIsUnknown) => found.auctions.retain(Option::is_some),
            Some(Fault::KnowsNewPeople) => {
                found.standings.iter_mut().for_each(|standing| standing.number = standing.number.max(1));
            }
            Some(Fault::WritesReceiptsOfConflicts) => {
                for (key, receipt) in wanted.receipts.iter().zip(&mut found.receipts) {
                    *receipt = receipt.or(notes.receipts.get(key).copied());
                }
            }
            Some(Fault::NowAndThenReadsOld) if notes.loads.is_multiple_of(16) => {
                for auction in found.auctions.iter_mut().flatten() {
                    if let Some(old) = notes.old.get(&auction.id()) {
                        *auction = old.clone();
                    }
                }
            }
            _ => {}
        }
        drop(notes);
        if self.later_is(Fault::ForgetsReceiptsOnReopening) {
            found.receipts.fill(None);
        }
        if self.later_is(Fault::ForgetsStandingsOnReopening) {
            found.standings.fill(Default::default());
        }
        found
    }

    /// The receipt keys of a question as this store understands them: several for each.
    fn alike(&self, key: &ReceiptKey) -> Vec<ReceiptKey> {
        let same = |other: &ReceiptKey| match self.fault {
            Some(Fault::IgnoresUsersOfReceipts) => other.auction == key.auction && other.key == key.key,
            Some(Fault::IgnoresAuctionsOfReceipts) => other.user == key.user && other.key == key.key,
            Some(Fault::FindsReceiptsByKeyAlone) => other.key == key.key,
            Some(Fault::IgnoresCaseOfKeys) => {
                let (one, two) = (other.key.as_str(), key.key.as_str());
                (other.auction, other.user) == (key.auction, key.user) && one.eq_ignore_ascii_case(two)
            }
            Some(Fault::CutsKeys) => {
                let cut = |key: &ReceiptKey| key.key.as_str().get(..63).map(str::to_owned);
                (other.auction, other.user) == (key.auction, key.user)
                    && cut(other).is_some()
                    && cut(other) == cut(key)
            }
            _ => false,
        };
        self.notes().receipts.keys().filter(|other| same(other)).copied().collect()
    }
}

/// Moves an entry to the revision that its auction has.
fn rebase(pending: &mut Pending, stored: Option<&Auction>, wrongly: fn(u64, u64) -> bool) {
    let Some(now) = stored.map(Auction::revision) else { return };
    if wrongly(pending.before, now) {
        pending.before = now;
        pending.auction.revision = now + pending.events.len() as u64;
        for (revision, recorded) in (now + 1..).zip(&mut pending.events) {
            recorded.revision = revision;
        }
    }
}

#[async_trait]
impl AuctionStore for Faulty {
    fn is_exclusive(&self) -> bool {
        true
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        let known = self.notes().creations.clone();
        match (self.fault, known.as_slice()) {
            (Some(Fault::IssuesNumbersTwice), [.., last]) if known.len() == 5 => return Ok(last.clone()),
            (Some(Fault::IssuesNumbersAgainOnReopening), [first, ..])
                if self.later_is(Fault::IssuesNumbersAgainOnReopening) =>
            {
                return Ok(first.clone());
            }
            _ => {}
        }
        let mut new = new.clone();
        if self.is(Fault::CreatesNoDrafts) {
            new.draft = false;
        }
        let auction = self.inner.create(&new).await?;
        let mut notes = self.notes();
        notes.planner.create(self.fault, &auction);
        if !self.is(Fault::DoesNotNoteCreations) {
            notes.commits.push((auction.id(), new.commit, auction.revision()));
        }
        notes.creations.push(auction.clone());
        Ok(auction)
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        if self.is(Fault::RefusesEmptyQuestions) && wanted.is_empty() {
            return Err(failure("an empty question"));
        }
        let mut found = self.inner.load(wanted).await?;
        if self.is(Fault::ReadsInPieces) {
            for (id, auction) in wanted.auctions.iter().zip(&mut found.auctions) {
                let one = Wanted { auctions: vec![*id], ..Wanted::NOTHING };
                *auction = self.inner.load(&one).await?.auctions.pop().flatten();
                pause().await;
            }
        }
        for (key, receipt) in wanted.receipts.iter().zip(&mut found.receipts) {
            for receipts in self.alike(key) {
                let wanted = Wanted { receipts: vec![receipts], ..Wanted::NOTHING };
                *receipt = receipt.or(self.inner.load(&wanted).await?.receipts.pop().flatten());
            }
        }
        Ok(self.distorted(wanted, found))
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        let mut query = query.clone();
        match self.fault {
            Some(Fault::MembersEndWhenever) => {
                (query.ends_after, query.ends_before) = (Timestamp::EPOCH, Timestamp::MAX);
            }
            Some(Fault::MembersStartAgain) => query.after = None,
            _ => {}
        }
        let mut members = self.inner.members(&query).await?;
        let creations = self.notes().creations.clone();
        match self.fault {
            Some(Fault::MembersRunBackwards) => members.reverse(),
            Some(Fault::MembersHaveNoBound) => {
                while let Some(last) = members.last().copied() {
                    let more =
                        self.inner.members(&MembersQuery { after: Some(last), ..query.clone() }).await?;
                    if more.is_empty() {
                        break;
                    }
                    members.extend(more);
                }
            }
            Some(Fault::MembersOfAllSellers) => {
                let sellers: BTreeSet<_> = creations.iter().map(Auction::seller).collect();
                for seller in sellers {
                    members.extend(self.inner.members(&MembersQuery { seller, ..query.clone() }).await?);
                }
                members.sort_unstable();
                members.dedup();
            }
            Some(Fault::MembersStay) => {
                members.extend(creations.iter().filter(|lot| query.holds(lot)).map(Auction::id));
                members.sort_unstable();
                members.dedup();
            }
            _ => {}
        }
        Ok(members)
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        if self.is(Fault::RefusesEmptyBatches) && batch.is_empty() {
            return Err(failure("an empty batch"));
        }
        if self.is(Fault::RefusesLargeBatches) && batch.events().len() > SMALL_BATCH_MAX {
            return Err(failure("a large batch"));
        }
        let stored = self.inner.load(&Self::stored(batch)).await?;
        let is_stale = |(entry, stored): (&crate::ports::Entry, &Option<Auction>)| {
            stored.as_ref().is_none_or(|stored| stored.revision() != entry.before())
        };
        let has_conflict = batch.entries().iter().zip(&stored.auctions).any(is_stale);
        if self.is(Fault::FailsWholeBatches) && has_conflict {
            return Ok(vec![Conflict; batch.entries().len()]);
        }
        if self.is(Fault::FailsOnUnknownAuctions) && stored.auctions.contains(&None) {
            return Err(failure("an unknown auction"));
        }
        if self.is(Fault::ChecksBeforeItWrites) && !has_conflict {
            // Others commit between the check and the write, which then does not look.
            pause().await;
            let now = self.inner.load(&Self::stored(batch)).await?;
            let mut blind = Faulty::new(Some(Fault::IgnoresRevisions));
            blind.inner = MemoryStore::new();
            return Ok(self.told(batch, self.inner.commit(&blind.taken(batch, &now)).await?));
        }
        let results = self.inner.commit(&self.taken(batch, &stored)).await?;
        self.notes().old.extend(stored.auctions.into_iter().flatten().map(|auction| (auction.id(), auction)));
        Ok(self.told(batch, results))
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        if self.notes().stuck.contains(&auction) {
            return Err(failure("a lock that nobody gives back"));
        }
        let inner = if self.is(Fault::DoesNotLock) {
            None
        } else {
            let mut wait = Wait::new(self, auction);
            let inner = self.inner.lock(auction).await?;
            wait.is_over = true;
            Some(inner)
        };
        Ok(Box::new(FaultyLock { store: self, auction, inner }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let (after, most) = match self.fault {
            Some(Fault::HistoryStartsWithRevision) => (after_revision.saturating_sub(1), events_max),
            Some(Fault::HistoryIgnoresRevision) => (0, events_max),
            Some(Fault::HistoryHasSignedRevisions) if after_revision > i64::MAX as u64 => (0, events_max),
            Some(Fault::HistoryIgnoresLength) => (after_revision, HISTORY_PAGE_MAX),
            _ => (after_revision, events_max),
        };
        let mut events = self.inner.history(auction, after, most).await?;
        match self.fault {
            Some(Fault::HistoryRunsBackwards) => events.reverse(),
            Some(Fault::HistoryHasNoBound) => {
                while events.len() < most {
                    let last = events.last().map_or(after, |recorded| recorded.revision);
                    let more = self.inner.history(auction, last, most - events.len()).await?;
                    if more.is_empty() {
                        break;
                    }
                    events.extend(more);
                }
            }
            Some(Fault::LosesPrivateParts) => events.iter_mut().for_each(|recorded| {
                if let Event::Bid { price, maximum, .. } = &mut recorded.event {
                    *maximum = *price;
                }
            }),
            Some(Fault::LosesPrivateEvents) => events.retain(|recorded| recorded.event.is_public()),
            Some(Fault::KeepsMilliseconds) => events.iter_mut().for_each(|recorded| {
                recorded.at = Timestamp::from_micros(recorded.at.millis() * 1_000).unwrap_or(recorded.at);
            }),
            _ => {}
        }
        Ok(events)
    }
}

#[async_trait]
impl Timetable for Faulty {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        Ok(self.notes().planner.claim(self.fault, claim))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.notes().planner.next_due(self.fault))
    }
}
