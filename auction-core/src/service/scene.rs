//! What the tests of this room share: an auction, people, a desk over the reference backend, and a store with
//! faults.

use super::desk::{Desk, Limits, Reply, Request, Shard};
use crate::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Recorded, Schedule, TermsDocument,
};
use crate::catalog::Listing;
use crate::id::{AuctionId, UserId};
use crate::memory::SeededEntropy;
use crate::money::{Amount, Currency, parse_decimal};
use crate::ports::{
    AuctionStore, Batch, CommitId, CommitResult, Failure, FailureKind, Found, IdempotencyKey, Locked,
    MembersQuery, NewAuction, Wanted,
};
use crate::time::{Span, Timestamp};
use async_lock::Mutex;
use async_trait::async_trait;
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

pub(super) const SELLER: u64 = 1;

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

/// Seconds after noon of a day in 2026.
pub(super) fn noon(secs: u32) -> Timestamp {
    "2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap().after(Span::from_secs(secs))
}

/// An auction from noon to one, open to all, from 10.00 in steps of 1.00.
pub(super) fn charter() -> Arc<Charter> {
    charter_under(
        r#"{"increments":{"kind":"fixed","step":"1.00"},"first_bid":"at_least","participation":"open",
        "closing":{"kind":"reset","window_s":60}}"#,
    )
}

/// An auction from noon to one, from 10.00, under these terms.
pub(super) fn charter_under(terms: &str) -> Arc<Charter> {
    let start = Amount::parse("10.00", Currency::USD).unwrap();
    let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, start).unwrap();
    Arc::new(Charter::new(user(SELLER), Schedule::new(noon(0), noon(3_600)).unwrap(), terms).unwrap())
}

pub(super) fn create(store: &dyn AuctionStore) -> AuctionId {
    create_under(store, charter())
}

pub(super) fn create_under(store: &dyn AuctionStore, charter: Arc<Charter>) -> AuctionId {
    static COMMITS: AtomicU64 = AtomicU64::new(1);
    let commit = CommitId(u128::from(COMMITS.fetch_add(1, Ordering::Relaxed)));
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    block_on(store.create(&NewAuction { commit, charter, listing: Listing::default(), draft: false, at }))
        .unwrap()
        .id()
}

pub(super) fn bid(auction: AuctionId, bidder: u64, maximum: &str, at: Timestamp) -> Request {
    let action = Action::Bid(Bid::maximum(parse_decimal(maximum).unwrap()));
    Request {
        auction,
        command: Command::of(user(bidder), at, action),
        facts: BidderFacts::VERIFIED,
        key: None,
    }
}

pub(super) fn keyed(request: Request, key: &str) -> Request {
    Request { key: Some(IdempotencyKey::new(key).unwrap()), ..request }
}

pub(super) fn shard(store: &Arc<impl AuctionStore + 'static>, seed: u64) -> Shard {
    Shard::new(
        Arc::clone(store) as Arc<dyn AuctionStore>,
        Arc::new(SeededEntropy::new(seed)),
        Limits::default(),
    )
}

pub(super) fn process(shard: &mut Shard, requests: &[Request]) -> Vec<Reply> {
    block_on(shard.process(requests)).replies
}

pub(super) fn stored(store: &dyn AuctionStore, auction: AuctionId) -> Auction {
    let wanted = Wanted { auctions: vec![auction], ..Wanted::NOTHING };
    block_on(store.load(&wanted)).unwrap().auctions.remove(0).unwrap()
}

pub(super) fn log(store: &dyn AuctionStore, auction: AuctionId) -> Vec<Recorded> {
    block_on(store.history(auction, 0, usize::MAX)).unwrap()
}

/// A desk of one shard that anybody may use at any time.
pub(super) struct SoloDesk(pub(super) Mutex<Shard>);

#[async_trait]
impl Desk for SoloDesk {
    async fn submit(&self, requests: Vec<Request>) -> Vec<Reply> {
        self.0.lock().await.process(&requests).await.replies
    }
}

/// What goes wrong with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is written, and the answer is lost.
    AnswerLost,
    /// It is not written, and the answer is lost.
    NothingWritten,
    /// It is not written, and the store says so.
    Refused,
}

/// A store whose commits go wrong: the first ones as told, and any that touches the poisoned auction; and that may not
/// tell which lots close together.
pub(super) struct FaultyStore<S> {
    pub(super) inner: S,
    pub(super) faults: Vec<Fault>,
    pub(super) poisoned: Option<AuctionId>,
    /// Nobody can read which lots close together.
    pub(super) is_without_members: bool,
    pub(super) commits: AtomicUsize,
    /// How often a log was read.
    pub(super) readings: AtomicUsize,
}

impl<S: AuctionStore> FaultyStore<S> {
    pub(super) fn new(inner: S, faults: &[Fault]) -> Self {
        Self {
            inner,
            faults: faults.to_vec(),
            poisoned: None,
            is_without_members: false,
            commits: AtomicUsize::new(0),
            readings: AtomicUsize::new(0),
        }
    }

    /// What is to go wrong with the next commit.
    fn fault(&self, batch: &Batch) -> Option<Fault> {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        if batch.entries().iter().any(|entry| Some(entry.auction().id()) == self.poisoned) {
            return Some(Fault::NothingWritten);
        }
        self.faults.get(number).copied()
    }
}

fn lost() -> Failure {
    Failure { kind: FailureKind::Unavailable, operation: "commit", source: None }
}

fn refused() -> Failure {
    Failure { kind: FailureKind::Other, ..lost() }
}

#[async_trait]
impl<S: AuctionStore> AuctionStore for FaultyStore<S> {
    fn is_exclusive(&self) -> bool {
        self.inner.is_exclusive()
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.inner.create(new).await
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        self.inner.load(wanted).await
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        if self.is_without_members { Err(lost()) } else { self.inner.members(query).await }
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        match self.fault(batch) {
            Some(Fault::NothingWritten) => Err(lost()),
            Some(Fault::Refused) => Err(refused()),
            Some(Fault::AnswerLost) => self.inner.commit(batch).await.and(Err(lost())),
            None => self.inner.commit(batch).await,
        }
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        let inner = self.inner.lock(auction).await?;
        Ok(Box::new(FaultyLock { inner, store: self }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        self.readings.fetch_add(1, Ordering::Relaxed);
        self.inner.history(auction, after, events_max).await
    }
}

struct FaultyLock<'a, S> {
    inner: Box<dyn Locked + 'a>,
    store: &'a FaultyStore<S>,
}

#[async_trait]
impl<S: AuctionStore> Locked for FaultyLock<'_, S> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        self.inner.load(wanted).await
    }

    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure> {
        self.inner.committed(commit, after_revision).await
    }

    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure> {
        self.store.readings.fetch_add(1, Ordering::Relaxed);
        self.inner.history(after_revision, events_max).await
    }

    async fn commit(self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        match self.store.fault(batch) {
            Some(Fault::NothingWritten) => Err(lost()),
            Some(Fault::Refused) => Err(refused()),
            Some(Fault::AnswerLost) => self.inner.commit(batch).await.and(Err(lost())),
            None => self.inner.commit(batch).await,
        }
    }
}
