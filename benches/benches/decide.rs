//! The time of a decision, and of a decision that is applied, beside a read of memory: `cargo bench --bench decide`.
//!
//! Criterion is told the CPU time of this thread, so that neighbours count less.
#![allow(missing_docs, reason = "the macros write functions")]

use auction_benches::cpu;
use auction_benches::deciding::{House, PORTION, Size, decide_all, decide_in_portions, record_all};
use auction_benches::probe::{Chase, compare_all};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

fn by_auctions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide/auctions");
    for auctions in [1, 1_000, 100_000, 1_000_000] {
        measure(&mut group, auctions, Size { auctions, bidders: 10, bids: 8 });
    }
}

fn by_bidders(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide/bidders");
    for bidders in [10, 1_000, 100_000] {
        measure(&mut group, bidders as usize, Size { auctions: 1, bidders, bids: 8 });
    }
}

fn by_bids(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide/bids");
    for bids in [10, 1_000, 100_000] {
        measure(&mut group, bids, Size { auctions: 1, bidders: 10, bids });
    }
}

/// One iteration is a pass over a whole tape.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, name: usize, size: Size) {
    let house = House::new(size);
    let (next, coming) = (house.next_bids(size.bidders), house.coming_bids(size.bidders));
    let chase = Chase::new(House::bytes_per_auction() * size.auctions);
    group.sample_size(10).throughput(Throughput::Elements(next.len() as u64));
    let passes: [(&str, &dyn Fn()); 4] = [
        ("read", &|| chase.read(next.len())),
        ("compare", &|| _ = black_box(compare_all(&house, &next))),
        ("decide", &|| _ = black_box(decide_all(&house, &next))),
        ("portions", &|| _ = black_box(decide_in_portions(&house, &next, PORTION))),
    ];
    for (pass, run) in passes {
        group.bench_function(BenchmarkId::new(pass, name), |bencher| {
            bencher.iter_custom(|passes| (0..passes).map(|_| cpu::time(run)).sum());
        });
    }
    let mut log = Vec::with_capacity(8);
    group.bench_function(BenchmarkId::new("record", name), |bencher| {
        bencher.iter_custom(|passes| {
            let pass = |_| {
                let mut busy = house.clone();
                cpu::time(|| _ = black_box(record_all(&mut busy, &coming, &mut log)))
            };
            (0..passes).map(pass).sum::<Duration>()
        });
    });
}

criterion_group!(benches, by_auctions, by_bidders, by_bids);
criterion_main!(benches);
