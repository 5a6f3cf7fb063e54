//! Bids through the desk on SQLite.

use super::{Options, ROUND, ROUNDS, folder, runtime};
use crate::report::table;
use crate::server::Result;
use crate::server::counter::{Bids, Counter, Crowd};
use crate::server::disk::{SingleCommits, syncs};
use std::time::Duration;

/// Bidders, auctions and bids of each bidder that are under way.
const CROWDS: [(usize, usize, usize); 5] = [(1, 1, 1), (32, 1, 1), (32, 32, 1), (100, 1, 16), (100, 100, 16)];

/// Short rounds beside the probes.
pub(super) fn throughput(options: &Options) -> Result<String> {
    let runtime = runtime()?;
    let folder = folder()?;
    let (mut sync, mut single) = (0.0, 0.0);
    let mut totals = [Bids::default(); CROWDS.len()];
    let mut commits = runtime.block_on(SingleCommits::open(folder.path()))?;
    let counter = runtime.block_on(Counter::open(&folder.path().join("desk.db"), 100))?;
    let one = runtime.block_on(Counter::open(&folder.path().join("one.db"), 1))?;
    let thirty_two = runtime.block_on(Counter::open(&folder.path().join("many.db"), 32))?;
    for _ in 0..ROUNDS {
        sync += syncs(folder.path(), ROUND / 2)?.0 / ROUNDS as f64;
        single += runtime.block_on(commits.run(ROUND / 2))? / ROUNDS as f64;
        for ((bidders, auctions, depth), total) in CROWDS.iter().zip(&mut totals) {
            let desk = match auctions {
                1 => &one,
                32 => &thirty_two,
                _ => &counter,
            };
            let crowd = Crowd { bidders: *bidders, depth: *depth };
            let bids = runtime.block_on(desk.run(crowd, ROUND))?;
            total.accepted += bids.accepted;
            total.refused += bids.refused;
            total.seconds += bids.seconds;
        }
    }
    let alone = totals[0].rate();
    let rows: Vec<_> = CROWDS
        .iter()
        .zip(&totals)
        .map(|((bidders, auctions, depth), total)| {
            [
                bidders.to_string(),
                auctions.to_string(),
                depth.to_string(),
                format!("{:.0}", total.rate()),
                total.refused.to_string(),
                format!("{:.1}", total.rate() / single),
                format!("{:.1}", total.rate() / alone),
                format!("{:.2}", total.rate() / sync),
            ]
        })
        .collect();
    for desk in [counter, one, thirty_two] {
        runtime.block_on(desk.close())?;
    }
    let heading = [
        "bidders",
        "auctions",
        "under way each",
        "bids/s",
        "refused",
        "to single commits",
        "to one bidder",
        "to syncs",
    ];
    let sustained = sustained(&runtime, options.sustained)?;
    Ok(format!(
        "Straight bids with idempotency keys through `DeskRuntime` on `SqliteStore` (`synchronous=FULL`), answered when\n\
         they are durable. Goals: 10 x single commits when the machine is quiet, 50 x when it is busy; 100,000/s with\n\
         100 bidders; one auction with 32 bidders at least 2 x one bidder. Probes: pages written and synced one by one,\n\
         {sync:.0}/s; a bid as four statements in a transaction of its own, {single:.0}/s.\n\n{}\n{sustained}",
        table(heading, &rows)
    ))
}

/// A load for long, with the tables keeping up.
fn sustained(runtime: &tokio::runtime::Runtime, within: Duration) -> Result<String> {
    let folder = folder()?;
    let path = folder.path().join("sustained.db");
    let counter = runtime.block_on(Counter::open(&path, 100))?;
    let parts = 6;
    let mut rows = Vec::new();
    for part in 1..=parts {
        let bids = runtime.block_on(counter.run(Crowd { bidders: 100, depth: 16 }, within / parts))?;
        let bytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
        rows.push([
            format!("{:.0}", within.as_secs_f64() / f64::from(parts) * f64::from(part)),
            format!("{:.0}", bids.rate()),
            bids.refused.to_string(),
            format!("{bytes:.0}"),
        ]);
    }
    let left = runtime.block_on(counter.close())?;
    let heading = ["after, s", "bids/s", "refused", "database, MB"];
    Ok(format!(
        "For {:.0} s without a break, 100 bidders on 100 auctions, 16 bids of each under way (goal: 25,000/s for ten\n\
         minutes, with the tables keeping up). What the tables still lacked at the end took {left:.1} s.\n\n{}",
        within.as_secs_f64(),
        table(heading, &rows)
    ))
}
