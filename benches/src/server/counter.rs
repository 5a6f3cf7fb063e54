//! The desk on a store, in this process and without a network.
#![allow(clippy::disallowed_methods, reason = "throughput is measured on the wall clock")]

use super::Result;
use super::stock::{Lot, lots};
use auction_adapters::runtime::{DeskOptions, DeskRuntime};
use auction_adapters::sqlite::{SqliteOptions, SqliteStore};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::auction::{Action, Bid, BidderFacts, Command};
use auction_core::memory::NoTransport;
use auction_core::ports::{AuctionStore, Clock, IdempotencyKey};
use auction_core::service::desk::{Desk, Reply, Request};
use auction_core::{Timestamp, UserId};
use rust_decimal::Decimal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// The first price, in cents; each bid is a cent more than the last one on its auction.
const FIRST_CENTS: i64 = 600_000;
/// The number of the first bidder. The seller has a number far below.
const FIRST_BIDDER: u64 = 1_000;

/// The desk on a store.
pub struct Counter<S> {
    store: S,
    desk: DeskRuntime,
    lots: Vec<Lot>,
    keys: Arc<AtomicU64>,
}

/// How bids are handed in.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// How many bidders; they are shared out over the auctions.
    pub bidders: usize,
    /// How many bids each has under way.
    pub depth: usize,
}

/// What became of a while of bidding.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bids {
    /// How many were accepted.
    pub accepted: u64,
    /// How many were not.
    pub refused: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Bids {
    /// Accepted bids in a second.
    pub fn rate(&self) -> f64 {
        self.accepted as f64 / self.seconds
    }
}

impl Counter<SqliteStore> {
    /// The desk over a SQLite file with so many auctions.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub async fn open(path: &Path, auctions: usize) -> Result<Self> {
        Self::open_with(path, auctions, SqliteOptions::default()).await
    }

    /// The same, over a store with these options.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub async fn open_with(path: &Path, auctions: usize, options: SqliteOptions) -> Result<Self> {
        Self::over(SqliteStore::open(path, options).await?, auctions).await
    }

    /// Ends in good order: how long it took until the tables had everything, in seconds.
    ///
    /// # Errors
    /// Where that takes too long.
    pub async fn close(self) -> Result<f64> {
        let store = self.end().await?;
        let started = Instant::now();
        store.close().await?;
        Ok(started.elapsed().as_secs_f64())
    }
}

impl<S: AuctionStore + Clone + 'static> Counter<S> {
    /// The desk over a store, in which so many auctions are opened.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub async fn over(store: S, auctions: usize) -> Result<Self> {
        let lots = lots(&store, UserId::new(1)?, auctions).await?;
        let desk = DeskRuntime::start(
            Arc::new(store.clone()),
            Arc::new(SystemEntropy),
            Arc::new(SystemClock),
            Arc::new(NoTransport),
            None,
            DeskOptions::default(),
        );
        Ok(Self { store, desk, lots, keys: Arc::default() })
    }

    /// Bids for a while. The bidders of an auction hand in together, so that prices rise in order.
    ///
    /// # Errors
    /// Where a bidder is lost.
    pub async fn run(&self, crowd: Crowd, within: Duration) -> Result<Bids> {
        let groups = self.lots.len().min(crowd.bidders);
        let until = Instant::now() + within;
        let started = Instant::now();
        let mut tasks = Vec::with_capacity(groups);
        for group in 0..groups {
            let bidders = crowd.bidders / groups + usize::from(group < crowd.bidders % groups);
            let (lot, desk, keys) = (self.lots[group], self.desk.handle(), Arc::clone(&self.keys));
            tasks.push(tokio::spawn(async move {
                let mut bids = Bids::default();
                while Instant::now() < until {
                    let at = SystemClock.now();
                    let requests = (0..bidders * crowd.depth).map(|index| {
                        let number = keys.fetch_add(1, Ordering::Relaxed);
                        bid(lot, (index % bidders) as u64, number, at)
                    });
                    let replies = Desk::submit(&desk, requests.collect()).await;
                    let accepted = replies.iter().filter(|reply: &&Reply| reply.is_ok()).count() as u64;
                    bids.accepted += accepted;
                    bids.refused += replies.len() as u64 - accepted;
                }
                bids
            }));
        }
        gathered(tasks, started).await
    }

    /// The same, where each bidder hands in alone and waits for the answer: one bid of each is under way. Who comes late
    /// with a price is refused.
    ///
    /// # Errors
    /// Where a bidder is lost.
    pub async fn run_apart(&self, bidders: usize, within: Duration) -> Result<Bids> {
        let (started, until) = (Instant::now(), Instant::now() + within);
        let mut tasks = Vec::with_capacity(bidders);
        for bidder in 0..bidders {
            let (lot, desk) = (self.lots[bidder % self.lots.len()], self.desk.handle());
            let keys = Arc::clone(&self.keys);
            tasks.push(tokio::spawn(async move {
                let mut bids = Bids::default();
                while Instant::now() < until {
                    let number = keys.fetch_add(1, Ordering::Relaxed);
                    let request = bid(lot, bidder as u64, number, SystemClock.now());
                    let replies = Desk::submit(&desk, vec![request]).await;
                    let accepted = replies.iter().filter(|reply: &&Reply| reply.is_ok()).count() as u64;
                    bids.accepted += accepted;
                    bids.refused += 1 - accepted;
                }
                bids
            }));
        }
        gathered(tasks, started).await
    }

    /// One bid on each auction, so many auctions at a time.
    pub async fn visit(&self, auctions_at_once: usize) -> Bids {
        let (started, desk) = (Instant::now(), self.desk.handle());
        let mut bids = Bids::default();
        for lots in self.lots.chunks(auctions_at_once) {
            let at = SystemClock.now();
            let requests = lots.iter().map(|lot| bid(*lot, 0, self.keys.fetch_add(1, Ordering::Relaxed), at));
            let replies = Desk::submit(&desk, requests.collect()).await;
            let accepted = replies.iter().filter(|reply: &&Reply| reply.is_ok()).count() as u64;
            bids.accepted += accepted;
            bids.refused += replies.len() as u64 - accepted;
        }
        bids.seconds = started.elapsed().as_secs_f64();
        bids
    }

    /// The auctions.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// The store behind the desk.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// Ends in good order, and gives the store back.
    ///
    /// # Errors
    /// Where that takes too long.
    pub async fn end(self) -> Result<S> {
        self.desk.shutdown().await?;
        Ok(self.store)
    }
}

/// What became of all bids since then, once all who bid are done.
async fn gathered(tasks: Vec<JoinHandle<Bids>>, started: Instant) -> Result<Bids> {
    let mut all = Bids::default();
    for task in tasks {
        let bids = task.await?;
        all.accepted += bids.accepted;
        all.refused += bids.refused;
    }
    all.seconds = started.elapsed().as_secs_f64();
    Ok(all)
}

/// The bid with this number, of a bidder.
fn bid(lot: Lot, bidder: u64, number: u64, at: Timestamp) -> Request {
    let bidder = UserId::new(FIRST_BIDDER + bidder).expect("invariant: above zero");
    let price = Decimal::new(FIRST_CENTS + number.cast_signed(), 2);
    Request {
        auction: lot.id,
        command: Command::of(bidder, at, Action::Bid(Bid::straight(price))),
        facts: BidderFacts::VERIFIED,
        key: IdempotencyKey::new(&format!("bid-{number:012}")).ok(),
    }
}
