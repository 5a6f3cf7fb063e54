//! The lock of a broken store.

use super::faults::Fault;
use super::store::{Faulty, failure};
use crate::auction::Recorded;
use crate::id::AuctionId;
use crate::ports::{AuctionStore, Batch, CommitId, CommitResult, Failure, Found, Locked, Wanted};
use async_trait::async_trait;
use std::sync::Arc;

/// The lock of a broken store; without an inner one it locks nothing.
pub(super) struct FaultyLock<'a> {
    pub(super) store: &'a Faulty,
    pub(super) auction: AuctionId,
    pub(super) inner: Option<Box<dyn Locked + 'a>>,
}

/// Somebody who waits for a lock.
pub(super) struct Wait<'a> {
    store: &'a Faulty,
    auction: AuctionId,
    pub(super) is_over: bool,
}

impl<'a> Wait<'a> {
    pub(super) const fn new(store: &'a Faulty, auction: AuctionId) -> Self {
        Self { store, auction, is_over: false }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if !self.is_over && self.store.is(Fault::LocksForThoseWhoLeft) {
            self.store.notes().stuck.insert(self.auction);
        }
    }
}

impl FaultyLock<'_> {
    async fn stored(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        match &mut self.inner {
            Some(inner) => inner.load(wanted).await,
            None => self.store.inner.load(wanted).await,
        }
    }
}

#[async_trait]
impl Locked for FaultyLock<'_> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        let mut found = self.stored(wanted).await?;
        if self.store.is(Fault::LockedReadsHaveNoReceipts) {
            found.receipts.fill(None);
        }
        Ok(self.store.distorted(wanted, found))
    }

    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure> {
        if self.store.later_is(Fault::ForgetsCommitsOnReopening) {
            return Ok(false);
        }
        let notes = self.store.notes();
        let all = self.store.is(Fault::FindsCommitsUpToTheRevision);
        let mut known = notes.commits.iter().filter(|(_, _, last)| all || *last > after_revision);
        let own = |auction: &AuctionId| *auction == self.auction;
        Ok(match self.store.fault {
            Some(Fault::FindsNoCommit) => false,
            Some(Fault::FindsEveryCommit) => true,
            Some(Fault::FindsCommitsEverywhere) => known.any(|(_, id, _)| *id == commit),
            Some(Fault::FindsTheLastCommit) => {
                known.rfind(|(auction, ..)| own(auction)).is_some_and(|(_, id, _)| *id == commit)
            }
            Some(Fault::KeepsHalfOfCommitIds) => {
                known.any(|(auction, id, _)| own(auction) && id.0 as u64 == commit.0 as u64)
            }
            _ => known.any(|(auction, id, _)| own(auction) && *id == commit),
        })
    }

    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure> {
        self.store.history(self.auction, after_revision, events_max).await
    }

    async fn commit(mut self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        let store = self.store;
        if store.is(Fault::KeepsLocksAfterCommits) {
            store.notes().stuck.insert(self.auction);
        }
        if store.is(Fault::ForgetsLockedCommits) {
            return Ok(CommitResult::Committed);
        }
        let found = self.stored(&Faulty::stored(batch)).await?;
        let blind = Faulty::new(Some(Fault::IgnoresRevisions));
        let taker = if store.is(Fault::TrustsTheLock) { &blind } else { store };
        let taken = taker.taken(batch, &found);
        let result = match self.inner.take() {
            Some(inner) => inner.commit(&taken).await?,
            None => store.inner.commit(&taken).await?.pop().ok_or_else(|| failure("an empty batch"))?,
        };
        store.told(batch, vec![result]).pop().ok_or_else(|| failure("an empty batch"))
    }
}

impl Drop for FaultyLock<'_> {
    fn drop(&mut self) {
        if self.inner.is_some() && self.store.is(Fault::KeepsDroppedLocks) {
            self.store.notes().stuck.insert(self.auction);
        }
    }
}
