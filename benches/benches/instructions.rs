//! Instructions per bid, counted by valgrind: the same on every run and under any neighbour.
//!
//! `cargo run -p auction-benches --bin instructions` runs this and compares it with `instructions.toml`.
#![allow(missing_docs, unused_qualifications, reason = "the macros write functions")]

use auction_benches::deciding::{House, Size, Visit, decide_all, record_all};
use auction_core::auction::Recorded;
use gungraun::prelude::*;
use std::hint::black_box;

const SIZE: Size = Size { auctions: 1_000, bidders: 10, bids: 8 };

fn deciding(visits: usize) -> (House, Vec<Visit>) {
    let house = House::new(SIZE);
    let mut tape = house.next_bids(SIZE.bidders);
    tape.truncate(visits);
    (house, tape)
}

fn recording(visits: usize) -> (House, Vec<Visit>, Vec<Recorded>) {
    let house = House::new(SIZE);
    let mut tape = house.coming_bids(SIZE.bidders);
    tape.truncate(visits);
    (house, tape, Vec::with_capacity(8))
}

#[library_benchmark]
#[bench::bids_10000(deciding(10_000))]
fn decide((house, tape): (House, Vec<Visit>)) -> (House, Vec<Visit>) {
    black_box(decide_all(&house, &tape));
    (house, tape)
}

#[library_benchmark]
#[bench::bids_10000(recording(10_000))]
fn record(
    (mut house, tape, mut log): (House, Vec<Visit>, Vec<Recorded>),
) -> (House, Vec<Visit>, Vec<Recorded>) {
    black_box(record_all(&mut house, &tape, &mut log));
    (house, tape, log)
}

library_benchmark_group!(name = bids, benchmarks = [decide, record]);
main!(library_benchmark_groups = bids);
