//! The ports of the reference backend.

use super::state::{State, failure};
use crate::auction::{Auction, Recorded};
use crate::id::AuctionId;
use crate::ports::{
    AuctionStore, Batch, Claim, CommitId, CommitResult, Failure, Found, Locked, NewAuction, Timetable, Wanted,
};
use crate::time::Timestamp;
use async_lock::{Mutex, MutexGuard};
use async_trait::async_trait;
use std::sync::Arc;

/// A store that keeps everything in memory, behind one mutex.
///
/// It does what the ports ask for, save that nothing outlives it. While somebody holds the
/// [`lock`](AuctionStore::lock) of one auction everybody waits, whatever they want: never await another call
/// while holding it.
///
/// A batch that makes no sense in itself (events that do not continue the log, a state that is not that after
/// the last event, two entries for one auction, receipts for another one) is a failure, and nothing of it is
/// written.
#[derive(Debug)]
pub struct MemoryStore {
    state: Mutex<State>,
    is_exclusive: bool,
}

impl MemoryStore {
    /// An empty store for one process that writes.
    pub fn new() -> Self {
        Self { state: Mutex::new(State::default()), is_exclusive: true }
    }

    /// An empty store that says that others write, too: several desks over one such store are like several
    /// nodes over one database.
    pub fn shared() -> Self {
        Self { is_exclusive: false, ..Self::new() }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl AuctionStore for MemoryStore {
    fn is_exclusive(&self) -> bool {
        self.is_exclusive
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.state.lock().await.create(new)
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        Ok(self.state.lock().await.load(wanted))
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        self.state.lock().await.commit(batch)
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        Ok(Box::new(LockedAuction { state: self.state.lock().await, auction }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let state = self.state.lock().await;
        Ok(state.row(auction).map(|row| row.history(after_revision, events_max)).unwrap_or_default())
    }
}

#[async_trait]
impl Timetable for MemoryStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        Ok(self.state.lock().await.claim(claim))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.state.lock().await.next_due())
    }
}

/// The whole store, locked for the sake of one auction.
struct LockedAuction<'a> {
    state: MutexGuard<'a, State>,
    auction: AuctionId,
}

#[async_trait]
impl Locked for LockedAuction<'_> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        Ok(self.state.load(wanted))
    }

    async fn committed(&mut self, commit: CommitId) -> Result<bool, Failure> {
        Ok(self.state.row(self.auction).is_some_and(|row| row.committed(commit)))
    }

    async fn commit(mut self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        let wrong = || failure("commit under a lock", "the batch is not for the locked auction alone");
        match batch.entries() {
            [entry] if entry.auction().id() == self.auction => {
                self.state.commit(batch)?.first().copied().ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}
