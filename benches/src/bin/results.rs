//! Measures everything and writes `benches/RESULTS.md`. Each goal has its section; with words as arguments only the
//! sections in whose titles one of them stands are measured, and printed.

use auction_benches::deciding::{self, Figures, Size};
use auction_benches::desk::{Counter, open_loop, throughput};
use auction_benches::formats;
use auction_benches::report::{Report, slope, table};
use std::hint::black_box;

/// A title, and what measures the section.
type Section = (&'static str, fn() -> String);

/// All sections.
const SECTIONS: [Section; 6] = [
    ("Deciding, by the number of auctions", by_auctions),
    ("Deciding, by the number of bidders of one auction", by_bidders),
    ("Deciding, by the number of bids that the auction has had", by_bids),
    ("A bid in each format, by the number of bids before it", by_format),
    ("The desk in memory: commands in batches", desk_batches),
    ("The desk in memory: latency by rate", desk_latencies),
];

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut report = Report::new();
    for (title, body) in SECTIONS {
        if words.is_empty() || words.iter().any(|word| title.contains(word.as_str())) {
            report.section(title, body);
        }
    }
    if words.is_empty() {
        println!("{}", report.write()?.display());
    } else {
        println!("{report}");
    }
    Ok(())
}

/// Sizes and what was measured at each, as a table with the slope between the first and the last.
fn figures(name: &str, measured: &[(usize, Figures)]) -> String {
    let rows: Vec<_> = measured
        .iter()
        .map(|(size, of)| {
            [
                size.to_string(),
                format!("{:.1}", of.read),
                format!("{:.1}", of.compare),
                format!("{:.1}", of.decide),
                format!("{:.1}", of.decide / of.read),
                format!("{:.1}", of.decide / of.compare),
                format!("{:.1}", of.portions),
                format!("{:.1}", of.record),
            ]
        })
        .collect();
    let heading = [
        name,
        "read, ns",
        "compare, ns",
        "decide, ns",
        "decide / read",
        "decide / compare",
        "decide in portions, ns",
        "decide and record, ns",
    ];
    let (Some((least, first)), Some((most, last))) = (measured.first(), measured.last()) else {
        return String::new();
    };
    let sizes = (*least as f64, *most as f64);
    format!(
        "{}\nSlope (0 is flat, 1 grows as the size): read {:.2}, decide {:.2}, decide in portions {:.2}, decide and record {:.2}.\n",
        table(heading, &rows),
        slope(sizes, (first.read, last.read)),
        slope(sizes, (first.decide, last.decide)),
        slope(sizes, (first.portions, last.portions)),
        slope(sizes, (first.record, last.record)),
    )
}

fn by_auctions() -> String {
    let measured = [(1, 21), (1_000, 21), (100_000, 9), (1_000_000, 5)].map(|(auctions, rounds)| {
        (auctions, deciding::measure(Size { auctions, bidders: 10, bids: 8 }, rounds))
    });
    format!(
        "Accepted English bids under full rules: eBay's table of increments, a reserve, soft close, a purchase price,\n\
         a bound on jumps, limits of bidders, maximums. Each auction has its own terms, and auctions are visited in\n\
         random order. Probes: *read* is a read that waits for the one before it, in a table as large as states and\n\
         terms ({} bytes an auction); *compare* compares bid and price, over the same states in the same order.\n\
         *In portions* looks at {} auctions before it decides the first of them, as one who has a batch can.\n\n{}",
        deciding::House::bytes_per_auction(),
        deciding::PORTION,
        figures("auctions", &measured),
    )
}

fn by_bidders() -> String {
    let measured = [10, 1_000, 100_000].map(|bidders| {
        let size = Size { auctions: 1, bidders, bids: 8 };
        (usize::try_from(bidders).unwrap_or(usize::MAX), deciding::measure(size, 21))
    });
    format!(
        "*Record* looks up the standing of the bidder, among those of all.\n\n{}",
        figures("bidders", &measured)
    )
}

fn by_bids() -> String {
    let measured = [10, 1_000, 100_000, 1_000_000]
        .map(|bids| (bids, deciding::measure(Size { auctions: 1, bidders: 10, bids }, 21)));
    figures("bids", &measured)
}

/// How long the bar of the dearest bid is in a chart.
const BAR: f64 = 50.0;

fn by_format() -> String {
    let measured = formats::measure(21);
    let english = measured.first().map_or([1.0; 3], |(_, costs)| *costs);
    let dearest = measured.iter().flat_map(|(_, costs)| *costs).fold(1.0, f64::max);
    let mut rows = Vec::new();
    let mut chart = String::new();
    for (subject, costs) in &measured {
        let sizes = subject.sizes;
        let (least, most) = ((sizes[0] as f64, costs[0]), (sizes[2] as f64, costs[2]));
        rows.push([
            subject.name.to_owned(),
            sizes.map(|size| size.to_string()).join(", "),
            costs.map(|cost| format!("{cost:.1}")).join(", "),
            format!("{:.2}", slope((least.0, most.0), (least.1, most.1))),
            format!("{:.2}", costs[2] / english[2]),
        ]);
        for (size, cost) in sizes.iter().zip(costs) {
            let bar = "#".repeat((cost / dearest * BAR).round() as usize);
            chart += &format!("{:<22}{size:>7}  {bar} {cost:.0}\n", subject.name);
        }
    }
    let heading = ["format", "bids before", "a bid, ns", "slope", "with the most / English"];
    format!(
        "Accepted bids of a thousand people on one auction, or purchases of one unit: the standing is looked up, the bid\n\
         decided and applied. Slope: 0 is flat, 1 grows as the number of bids. A lot has 10,000 units at most.\n\n\
         {}\n```text\n{chart}```\n",
        table(heading, &rows)
    )
}

/// The auctions over which the desk is measured, and the bidders of each.
const DESKS: [(usize, u64); 3] = [(1, 100), (1_000, 20), (100_000, 10)];

fn desk_batches() -> String {
    let mut rows = Vec::new();
    for (auctions, bidders) in DESKS {
        for batch in [1, 32, 100, 1_024] {
            let mut counter = Counter::new(auctions, bidders);
            let (probe, desk) = throughput(&mut counter, batch, 160_000);
            rows.push([
                auctions.to_string(),
                batch.to_string(),
                format!("{probe:.0}"),
                format!("{desk:.0}"),
                format!("{:.1}", desk / probe),
                format!("{:.0}", 1e9 / desk),
            ]);
        }
    }
    let heading = ["auctions", "batch", "probe, ns", "command, ns", "command / probe", "commands/s a core"];
    format!(
        "Accepted bids, each with an idempotency key whose receipt is looked up and kept, through `Shard::process` and\n\
         `MemoryStore`; freeing the answers is included. Probe: an event of the same size pushed to a list, and an\n\
         answer of the same size put into a map under the same key.\n\n{}",
        table(heading, &rows)
    )
}

fn desk_latencies() -> String {
    let mut counter = Counter::new(1_000, 20);
    let (_, nanos) = throughput(&mut counter, 100, 160_000);
    let capacity = 1e9 / nanos;
    let mut rows = Vec::new();
    let shares =
        [10, 25, 50, 75, 90].map(|percent| (format!("{percent} %"), capacity * f64::from(percent) / 100.0));
    let half_of_the_goal = ("half of the goal".to_owned(), 250_000.0);
    for (load, rate) in shares.into_iter().chain([half_of_the_goal]) {
        let requests = counter.requests((rate * 0.6) as usize);
        let probe = open_loop(&requests, rate, |batch| {
            black_box(batch);
        });
        let of = open_loop(&requests, rate, |batch| counter.process(batch));
        rows.push([
            load,
            format!("{rate:.0}"),
            format!("{:.1}", of.batch),
            format!("{:.1}", of.p50),
            format!("{:.1}", of.p99),
            format!("{:.1}", of.p999),
            format!("{:.0}", of.max),
            format!("{:.1} / {:.1} / {:.1} / {:.0}", probe.p50, probe.p99, probe.p999, probe.max),
        ]);
    }
    let heading = [
        "load",
        "commands/s",
        "batch",
        "p50, us",
        "p99, us",
        "p99.9, us",
        "max, us",
        "probe: p50 / p99 / p99.9 / max, us",
    ];
    format!(
        "Open loop on one thread over 1,000 auctions: commands come at random times whatever has become of earlier\n\
         ones, and each batch is what has come by then. Wall-clock latency runs from the intended time to the end of\n\
         the batch. The load is a share of {capacity:.0}/s, the rate in batches of 100. The goal is\n\
         500,000/s. Probe: the same times, and nothing to do.\n\n{}",
        table(heading, &rows)
    )
}
