//! A house for tests: a store with a gate, a transport that can be listened to, and auctions to bid in.

use async_trait::async_trait;
use auction_adapters::runtime::{DeskHandle, DeskOptions, DeskRuntime, Stamp};
use auction_core::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Event, Recorded, Rejection, Schedule, TermsDocument,
};
use auction_core::catalog::Listing;
use auction_core::memory::{MemoryStore, SeededEntropy};
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::ports::{
    AuctionStore, Batch, Change, Clock, CommitId, CommitResult, Failure, Found, Locked, MembersQuery,
    NewAuction, Transport, Wanted,
};
use auction_core::service::desk::{Refusal, Reply, Request};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{Instant, timeout};

/// When every test begins.
pub(crate) const START: Timestamp = match Timestamp::from_micros(1_800_000_000_000_000) {
    Ok(time) => time,
    Err(_) => panic!("a time"),
};

/// After how long a test that waits for an answer has failed, in tokio's time.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// The answer to a command that has been handed in.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Reply> + Send>>;

pub(crate) const SELLER: u64 = 1;

/// A time this many milliseconds after the beginning.
pub(crate) fn at(millis: u32) -> Timestamp {
    START.after(Span::from_millis(millis))
}

/// Shows tokio's time.
pub(crate) struct TokioClock(Instant);

impl TokioClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Instant::now()))
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        START.after(Span::from_micros(u32::try_from(self.0.elapsed().as_micros()).unwrap()))
    }
}

/// The reference backend behind a gate: while it is shut, commits have begun and do not end.
pub(crate) struct GatedStore {
    pub(crate) inner: MemoryStore,
    gate: Semaphore,
    /// For each commit that has begun, the bids that it writes, by auction.
    begun: watch::Sender<Vec<Vec<(AuctionId, usize)>>>,
    pub(crate) panic_in_commit: AtomicBool,
    /// Whoever reads the standing of this user makes the store panic; 0 is nobody.
    pub(crate) poisonous: AtomicU64,
}

impl GatedStore {
    pub(crate) fn open() -> Arc<Self> {
        Self::over(MemoryStore::new(), Semaphore::MAX_PERMITS)
    }

    pub(crate) fn shut() -> Arc<Self> {
        Self::over(MemoryStore::new(), 0)
    }

    fn over(inner: MemoryStore, permits: usize) -> Arc<Self> {
        Arc::new(Self {
            inner,
            gate: Semaphore::new(permits),
            begun: watch::Sender::new(Vec::new()),
            panic_in_commit: AtomicBool::new(false),
            poisonous: AtomicU64::new(0),
        })
    }

    /// Lets this many commits through.
    pub(crate) fn let_through(&self, commits: usize) {
        self.gate.add_permits(commits);
    }

    /// Waits until as many commits have begun, and answers the number of bids in each.
    pub(crate) async fn begun(&self, commits: usize) -> Vec<usize> {
        let mut begun = self.begun.subscribe();
        begun.wait_for(|begun| begun.len() >= commits).await.unwrap();
        self.bids()
    }

    /// The number of bids in each commit that has begun.
    pub(crate) fn bids(&self) -> Vec<usize> {
        self.begun.borrow().iter().map(|commit| commit.iter().map(|(_, bids)| bids).sum()).collect()
    }

    /// The number of bids for an auction in a commit.
    pub(crate) fn bids_for(&self, commit: usize, auction: AuctionId) -> usize {
        self.begun.borrow()[commit].iter().filter(|(id, _)| *id == auction).map(|(_, bids)| bids).sum()
    }

    pub(crate) async fn auction(&self, id: AuctionId) -> Auction {
        let wanted = Wanted { auctions: vec![id], ..Wanted::NOTHING };
        self.inner.load(&wanted).await.unwrap().auctions.remove(0).unwrap()
    }
}

#[async_trait]
impl AuctionStore for GatedStore {
    fn is_exclusive(&self) -> bool {
        self.inner.is_exclusive()
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.inner.create(new).await
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        let poisonous = self.poisonous.load(Ordering::SeqCst);
        let is_read = wanted.standings.iter().any(|(_, user)| user.number() == poisonous);
        assert!(!is_read, "the store panics as it was told to");
        self.inner.load(wanted).await
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        self.inner.members(query).await
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        let bids = |events: &[Recorded]| {
            events.iter().filter(|recorded| matches!(recorded.event, Event::Bid { .. })).count()
        };
        let commit = batch
            .entries()
            .iter()
            .map(|entry| (entry.auction().id(), bids(batch.events_of(entry))))
            .collect();
        self.begun.send_modify(|begun| begun.push(commit));
        self.gate.acquire().await.unwrap().forget();
        assert!(!self.panic_in_commit.swap(false, Ordering::SeqCst), "the store panics as it was told to");
        self.inner.commit(batch).await
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        self.inner.lock(auction).await
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        self.inner.history(auction, after_revision, events_max).await
    }
}

/// Hands changes to the test.
pub(crate) struct News(mpsc::UnboundedSender<Change>);

impl News {
    pub(crate) fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Change>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Arc::new(Self(sender)), receiver)
    }
}

impl Transport for News {
    fn publish(&self, change: Change) {
        // A test that does not listen has dropped the other end.
        let _ = self.0.send(change);
    }
}

/// Polls an answer whenever something is published, and remembers whether it was there.
#[derive(Default)]
pub(crate) struct PollingTransport {
    pub(crate) answer: Mutex<Option<Answer>>,
    pub(crate) seen: Mutex<Vec<Poll<bool>>>,
}

impl Transport for PollingTransport {
    fn publish(&self, _: Change) {
        if let Some(answer) = self.answer.lock().unwrap().as_mut() {
            self.seen.lock().unwrap().push(poll(answer).map(|reply| reply.is_ok()));
        }
    }
}

/// A desk with one shard and these many places.
pub(crate) fn desk(store: &Arc<GatedStore>, clock: Arc<dyn Clock>, places: usize) -> DeskRuntime {
    desk_with(store, clock, News::new().0, places)
}

pub(crate) fn desk_with(
    store: &Arc<GatedStore>,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    places: usize,
) -> DeskRuntime {
    let options = DeskOptions {
        shards: NonZeroUsize::MIN,
        queue_requests_max: NonZeroUsize::new(places).unwrap(),
        ..DeskOptions::default()
    };
    DeskRuntime::start(
        Arc::clone(store) as _,
        Arc::new(SeededEntropy::new(1)),
        clock,
        transport,
        None,
        options,
    )
}

/// An auction that is open from and until these milliseconds after the beginning: from a dollar, a dollar a step.
pub(crate) fn new_auction(starts: u32, ends: u32) -> NewAuction {
    let terms = r#"{"increments":{"kind":"fixed","step":"1.00"},"first_bid":"at_least","participation":"open","closing":{"kind":"hard"}}"#;
    let start = Amount::parse("1.00", Currency::USD).unwrap();
    let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, start).unwrap();
    let schedule = Schedule::new(at(starts), at(ends)).unwrap();
    let charter = Charter::new(UserId::new(SELLER).unwrap(), schedule, terms).unwrap();
    let listing = Listing::new("Lot", "", None).unwrap();
    NewAuction { commit: CommitId(1), charter: Arc::new(charter), listing, draft: false, at: START }
}

pub(crate) async fn auction(store: &impl AuctionStore, starts: u32, ends: u32) -> AuctionId {
    store.create(&new_auction(starts, ends)).await.unwrap().id()
}

/// What somebody who may bid wants.
pub(crate) fn request(auction: AuctionId, user: u64, action: Action) -> Request {
    let command = Command::of(UserId::new(user).unwrap(), START, action);
    Request { auction, command, facts: BidderFacts::VERIFIED, key: None }
}

/// A straight bid of this many dollars; bidders are counted from 100.
pub(crate) fn bid(auction: AuctionId, bidder: u64, dollars: u64) -> Request {
    let amount = parse_decimal(&dollars.to_string()).unwrap();
    request(auction, 100 + bidder, Action::Bid(Bid::straight(amount)))
}

/// Stamps a command and hands it in; the answer may be awaited, or dropped.
pub(crate) fn hand_in(desk: &DeskHandle, request: Request) -> Answer {
    hand_in_stamped(desk, desk.stamp(), request)
}

pub(crate) fn hand_in_stamped(desk: &DeskHandle, stamp: Stamp, request: Request) -> Answer {
    let desk = desk.clone();
    let answer = async move { timeout(PATIENCE, desk.submit(stamp, request)).await.expect("an answer") };
    let mut answer = Box::pin(answer) as Answer;
    match poll(&mut answer) {
        Poll::Ready(reply) => Box::pin(std::future::ready(reply)),
        Poll::Pending => answer,
    }
}

/// Whether there is an answer yet.
pub(crate) fn poll(answer: &mut Answer) -> Poll<Reply> {
    answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

pub(crate) fn rejection(reply: Reply) -> Option<Rejection> {
    reply.err().as_ref().and_then(Refusal::rejection)
}
