//! A store that is followed by another one, and may lose what that one has not got.

use async_trait::async_trait;
use auction_core::AuctionId;
use auction_core::auction::{Auction, Recorded};
use auction_core::memory::MemoryStore;
use auction_core::ports::{
    AuctionStore, Batch, CommitResult, Failure, Found, Locked, MembersQuery, NewAuction, Wanted,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A store that is followed by another one, until that falls behind and takes its place. It counts how often where
/// somebody stands was read alone.
pub(super) struct Followed {
    primary: Arc<MemoryStore>,
    standby: Arc<MemoryStore>,
    is_behind: AtomicBool,
    is_replaced: AtomicBool,
    standings_read: AtomicUsize,
}

impl Followed {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            primary: Arc::new(MemoryStore::shared()),
            standby: Arc::new(MemoryStore::shared()),
            is_behind: AtomicBool::new(false),
            is_replaced: AtomicBool::new(false),
            standings_read: AtomicUsize::new(0),
        })
    }

    /// What is committed from now on is lost when the standby takes the place.
    pub(super) fn fall_behind(&self) {
        self.is_behind.store(true, Ordering::SeqCst);
    }

    pub(super) fn fail_over(&self) {
        self.is_replaced.store(true, Ordering::SeqCst);
    }

    pub(super) fn standings_read(&self) -> usize {
        self.standings_read.load(Ordering::SeqCst)
    }

    pub(super) fn now(&self) -> &Arc<MemoryStore> {
        if self.is_replaced.load(Ordering::SeqCst) { &self.standby } else { &self.primary }
    }
}

#[async_trait]
impl AuctionStore for Followed {
    fn is_exclusive(&self) -> bool {
        false
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.standby.create(new).await?;
        self.primary.create(new).await
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        if wanted.auctions.is_empty() && wanted.receipts.is_empty() && wanted.standings.len() == 1 {
            self.standings_read.fetch_add(1, Ordering::SeqCst);
        }
        self.now().load(wanted).await
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        self.now().members(query).await
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        let results = self.now().commit(batch).await?;
        if !self.is_behind.load(Ordering::SeqCst) {
            assert_eq!(self.standby.commit(batch).await?, results);
        }
        Ok(results)
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        self.now().lock(auction).await
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        self.now().history(auction, after_revision, events_max).await
    }
}
