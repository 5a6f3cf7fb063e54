//! Bids that are handed to a store without a desk, in batches of any size.
#![allow(clippy::disallowed_methods, reason = "throughput is measured on the wall clock")]

use super::Result;
use super::stock::Lot;
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::UserId;
use auction_core::auction::{Action, Auction, Bid, BidderFacts, Command, Standing, decide};
use auction_core::ports::{
    Accepted, AuctionStore, Batch, Clock, CommitId, CommitResult, IdempotencyKey, Receipt, ReceiptKey, Wanted,
};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The first price, in cents.
const FIRST_CENTS: i64 = 600_000;
/// The number of the first bidder.
const FIRST_BIDDER: u64 = 1_000;
/// How many bid on an auction, one after the other.
const BIDDERS: u64 = 100;

/// An auction on which nobody else bids.
#[derive(Debug)]
pub struct Line {
    auction: Auction,
    standings: FxHashMap<UserId, Standing>,
    bids: u64,
}

impl Line {
    /// Lines for auctions, as they are stored.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub async fn of(store: &dyn AuctionStore, lots: &[Lot]) -> Result<Vec<Self>> {
        let wanted = Wanted { auctions: lots.iter().map(|lot| lot.id).collect(), ..Wanted::NOTHING };
        let auctions = store.load(&wanted).await?.auctions.into_iter().flatten();
        Ok(auctions.map(|auction| Self { auction, standings: FxHashMap::default(), bids: 0 }).collect())
    }

    /// Adds an entry with so many bids, each with its receipt, as a desk would.
    fn push(&mut self, batch: &mut Batch, bids: usize) -> Result<()> {
        let before = self.auction.revision();
        let (mut events, mut receipts) = (Vec::new(), Vec::new());
        for _ in 0..bids {
            let bidder = UserId::new(FIRST_BIDDER + self.bids % BIDDERS)?;
            let price = Decimal::new(FIRST_CENTS + self.bids.cast_signed(), 2);
            let command = Command::of(bidder, SystemClock.now(), Action::Bid(Bid::straight(price)));
            let standing = self.standings.get(&bidder).copied().unwrap_or_default();
            let decided = decide(&self.auction, &standing, &BidderFacts::VERIFIED, &command);
            let decided = decided.map_err(|rejection| format!("a bid was refused: {}", rejection.code()))?;
            self.auction.record(&mut self.standings, command.at, decided, |recorded| events.push(recorded));
            let key = IdempotencyKey::new(&format!("bid-{:012}", self.bids))?;
            let key = ReceiptKey { auction: self.auction.id(), user: bidder, key };
            receipts.push((key, Receipt { fingerprint: self.bids, answer: self.answer() }));
            self.bids += 1;
        }
        let mut touched: Vec<_> = receipts.iter().map(|(key, _)| key.user).collect();
        touched.sort_unstable();
        touched.dedup();
        let standings = touched.into_iter().map(|user| (user, self.standings[&user]));
        batch.push(before, self.auction.clone(), events, standings, receipts);
        Ok(())
    }

    fn answer(&self) -> Accepted {
        let auction = &self.auction;
        Accepted {
            auction: auction.id(),
            currency: auction.terms().currency,
            row: None,
            version: auction.version(),
            at: auction.last_at(),
            amount: Some(auction.price()),
            leading: true,
            price: auction.price(),
            minimum_bid: auction.minimum_bid(),
            ends_at: auction.ends_at(),
            phase: auction.status().phase(),
        }
    }
}

/// How bids are shared out over commits.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many commit at the same time, each to auctions of their own.
    pub tasks: usize,
    /// How many auctions there are in a batch.
    pub auctions: usize,
    /// How many bids there are on each of them.
    pub bids: usize,
}

/// Commits batches of a shape for a while: bids in a second. The first lines are used.
///
/// # Errors
/// Where something was not written.
pub async fn commit<S>(store: &S, lines: &mut Vec<Line>, shape: Shape, within: Duration) -> Result<f64>
where
    S: AuctionStore + Clone + 'static,
{
    let started = Instant::now();
    let until = started + within;
    let rest = lines.split_off(shape.tasks * shape.auctions);
    let mut tasks = Vec::with_capacity(shape.tasks);
    while !lines.is_empty() {
        let mut own: Vec<Line> = lines.drain(..shape.auctions).collect();
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut written = 0;
            while Instant::now() < until {
                let mut batch = Batch::new(CommitId::random(&SystemEntropy));
                for line in &mut own {
                    line.push(&mut batch, shape.bids)?;
                }
                let results = store.commit(&Arc::new(batch)).await?;
                if results.contains(&CommitResult::Conflict) {
                    return Err("somebody else has written".into());
                }
                written += shape.auctions * shape.bids;
            }
            Result::Ok((own, written))
        }));
    }
    let mut written = 0;
    for task in tasks {
        let (mut own, count) = task.await??;
        lines.append(&mut own);
        written += count;
    }
    let rate = written as f64 / started.elapsed().as_secs_f64();
    lines.extend(rest);
    Ok(rate)
}
