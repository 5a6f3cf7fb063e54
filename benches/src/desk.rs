//! Whole commands through the desk, in memory.
#![allow(clippy::disallowed_methods, reason = "latencies are measured on the wall clock")]

use crate::cpu;
use crate::deciding::House;
use crate::workload::{Crowd, SEED, Standings, charters, facts, play};
use auction_core::auction::{Auction, Recorded};
use auction_core::memory::{MemoryStore, SeededEntropy};
use auction_core::ports::{AuctionStore, CommitId, IdempotencyKey, NewAuction, Receipt, ReceiptKey};
use auction_core::service::desk::{Limits, REQUESTS_MAX, Request, Shard};
use auction_core::{AuctionId, Span};
use std::collections::HashMap;
use std::hint::{black_box, spin_loop};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A shard over a memory store, and a copy of its auctions that knows which bids it will accept.
pub struct Counter {
    shard: Shard,
    expected: House,
    crowd: Crowd,
    entropy: SeededEntropy,
    keys: u64,
}

impl Counter {
    /// A shard that has taken one bid on each of its auctions.
    pub fn new(auctions: usize, bidders: u64) -> Self {
        let store = Arc::new(MemoryStore::new());
        let mut expected = House { auctions: Vec::new(), standings: Vec::new() };
        for (index, charter) in charters(auctions).enumerate() {
            let at = charter.schedule().starts_at().before(Span::from_secs(3_600));
            let commit = CommitId(index as u128);
            let new = NewAuction {
                commit,
                charter: Arc::new(charter),
                listing: auction_core::catalog::Listing::default(),
                draft: false,
                at,
            };
            let auction: Auction = pollster::block_on(store.create(&new)).expect("a new auction");
            expected.auctions.push(auction);
            expected.standings.push(Standings::default());
        }
        let limits = Limits {
            auctions_max: NonZeroUsize::new(auctions).unwrap_or(NonZeroUsize::MIN),
            ..Limits::default()
        };
        let shard = Shard::new(store, Arc::new(SeededEntropy::new(SEED)), limits);
        let crowd = Crowd::new(bidders, SEED + 1);
        let mut counter = Self { shard, expected, crowd, entropy: SeededEntropy::new(SEED + 5), keys: 0 };
        let first: Vec<_> = (0..auctions).map(|lot| counter.request(lot)).collect();
        counter.process(&first);
        counter
    }

    /// The next bids, on auctions that chance chooses, each with an idempotency key.
    pub fn requests(&mut self, count: usize) -> Vec<Request> {
        let auctions = self.expected.auctions.len() as u64;
        (0..count)
            .map(|_| {
                let lot = self.entropy.below(auctions) as usize;
                self.request(lot)
            })
            .collect()
    }

    fn request(&mut self, lot: usize) -> Request {
        let auction = &mut self.expected.auctions[lot];
        let command = self.crowd.bid(auction);
        play(auction, &mut self.expected.standings[lot], &command);
        self.keys += 1;
        let key = format!("7b0a5c1e-0000-4000-8000-{:012x}", self.keys);
        let key = Some(IdempotencyKey::new(&key).expect("a key"));
        Request { auction: auction.id(), command, facts: facts(), key }
    }

    /// Has requests decided and stored.
    ///
    /// # Panics
    /// Where one is refused: the workload holds only bids that are accepted.
    pub fn process(&mut self, requests: &[Request]) {
        let processed = pollster::block_on(self.shard.process(requests));
        assert!(processed.replies.iter().all(Result::is_ok), "the workload holds only accepted bids");
        black_box(processed);
    }
}

/// Nanoseconds of CPU time for each command: the probe, and the desk in batches of this many. `commands` are
/// measured in portions, whose requests are made outside the measured time; the medians of the portions.
pub fn throughput(counter: &mut Counter, batch: usize, commands: usize) -> (f64, f64) {
    const PORTION: usize = 8_192;
    let (mut probes, mut desks) = (Vec::new(), Vec::new());
    let mut ledger = Ledger::default();
    for _ in 0..commands.div_ceil(PORTION) {
        let requests = counter.requests(PORTION);
        let each = |time: Duration| time.as_nanos() as f64 / PORTION as f64;
        probes.push(each(cpu::time(|| ledger.write(&requests))));
        desks.push(each(cpu::time(|| requests.chunks(batch).for_each(|batch| counter.process(batch)))));
    }
    (crate::deciding::median(&probes), crate::deciding::median(&desks))
}

/// Probe: what any store in memory does at the least with a bid, which is to keep an event in a list and an
/// answer under a key.
#[derive(Debug, Default)]
struct Ledger {
    events: Vec<[u8; size_of::<Recorded>()]>,
    answers: HashMap<(AuctionId, u64, IdempotencyKey), [u8; size_of::<Receipt>()]>,
}

impl Ledger {
    fn write(&mut self, requests: &[Request]) {
        for request in requests {
            let user = request.command.by.user().map_or(0, |user| user.number());
            self.events.push(black_box([0; size_of::<Recorded>()]));
            let Some(key) = request.key else { continue };
            self.answers.insert((request.auction, user, key), black_box([0; size_of::<Receipt>()]));
        }
        black_box(&self.answers);
    }
}

/// Latencies at one rate, in microseconds, from the intended time of each request to the end of its batch.
#[derive(Clone, Copy, Debug)]
pub struct Latencies {
    /// The middle one.
    pub p50: f64,
    /// Of a hundred the second longest.
    pub p99: f64,
    /// Of a thousand the second longest.
    pub p999: f64,
    /// The longest.
    pub max: f64,
    /// The mean number of requests in a batch.
    pub batch: f64,
}

/// Open loop: requests come at random times with this mean rate whether or not earlier ones are done. One thread
/// takes everything whose time has come, has it processed, and looks again.
pub fn open_loop(requests: &[Request], per_second: f64, mut process: impl FnMut(&[Request])) -> Latencies {
    let entropy = SeededEntropy::new(SEED + 6);
    let mut due = 0.0;
    let intended: Vec<u64> = requests
        .iter()
        .map(|_| {
            let chance = (entropy.next() >> 11) as f64 / (1_u64 << 53) as f64;
            due += -(1.0 - chance).ln() / per_second * 1e9;
            due as u64
        })
        .collect();
    let mut latencies = Vec::with_capacity(requests.len());
    let (mut done, mut batches) = (0, 0_u32);
    let start = Instant::now();
    let elapsed = || u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    while done < requests.len() {
        let now = elapsed();
        let end = requests.len().min(done + REQUESTS_MAX.get());
        let ready = intended[done..end].partition_point(|due| *due <= now);
        if ready == 0 {
            spin_loop();
            continue;
        }
        process(&requests[done..done + ready]);
        let finished = elapsed();
        latencies.extend(intended[done..done + ready].iter().map(|due| finished - due));
        done += ready;
        batches += 1;
    }
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize] as f64 / 1e3;
    let batch = requests.len() as f64 / f64::from(batches);
    Latencies { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1.0), batch }
}

/// Whether the probe's key is the key of receipts.
const _: () = assert!(size_of::<(AuctionId, u64, IdempotencyKey)>() == size_of::<ReceiptKey>());
