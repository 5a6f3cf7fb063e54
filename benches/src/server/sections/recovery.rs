//! Starting with a long history, and folding it.
#![allow(clippy::disallowed_methods, reason = "a start is measured on the wall clock")]

use super::{Options, folder, runtime};
use crate::report::table;
use crate::server::Result;
use crate::server::client::call;
use crate::server::counter::{Counter, Crowd};
use crate::server::message::get;
use crate::server::subject::Subject;
use crate::workload::Standings;
use auction_adapters::sqlite::{SqliteOptions, SqliteReader, SqliteStore};
use auction_core::auction::{Auction, Recorded, evolve};
use auction_core::ports::{AuctionStore, HISTORY_PAGE_MAX};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many bids are stored.
const STORED: u64 = 1_000_000;
/// How many auctions they are on.
const AUCTIONS: usize = 100;
/// How many bidders, and how many bids of each are under way.
const CROWD: Crowd = Crowd { bidders: 100, depth: 16 };

/// Folds and starts.
pub(super) fn starting(_options: &Options) -> Result<String> {
    let runtime = runtime()?;
    let data = folder()?;
    let path = data.path().join("auction.db");
    let mut stored = 0;
    let counter = runtime.block_on(Counter::open(&path, AUCTIONS))?;
    let started = Instant::now();
    while stored < STORED {
        stored += runtime.block_on(counter.run(CROWD, Duration::from_secs(3)))?.accepted;
    }
    let filled = started.elapsed().as_secs_f64();
    let (events, folding) = runtime.block_on(fold(&counter))?;
    runtime.block_on(counter.close())?;
    let checking = Instant::now();
    let checked = runtime.block_on(async { SqliteReader::open(&path).await?.check(|_| {}).await })?;
    let checking = checking.elapsed().as_secs_f64();
    if !checked.is_sound() {
        return Err(format!("{:?}", checked.findings).into());
    }
    let mut rows = vec![start("in good order", data.path(), stored)?];
    let counter = runtime.block_on(Counter::open_with(
        &path,
        AUCTIONS,
        SqliteOptions::default().with_projection_on_demand(),
    ))?;
    let left = runtime.block_on(counter.run(CROWD, Duration::from_secs(2)))?.accepted;
    // Dropped like after a loss of power: what is not in the tables is found in the journal.
    drop(counter);
    drop(runtime);
    rows.push(start(&format!("with {left} bids in the journal alone"), data.path(), stored + left)?);
    let heading =
        ["the database was left", "bids stored", "serves after, s", "first answer after, s", "goal"];
    Ok(format!(
        "{stored} bids on {AUCTIONS} auctions, written in {filled:.0} s. Folding {events} events that were read before takes\n\
         {:.2} million/s (goal: 1); `check`, which reads them, folds them and compares, {:.2} million/s.\n\n{}",
        events as f64 / folding / 1e6,
        checked.events as f64 / checking / 1e6,
        table(heading, &rows)
    ))
}

/// Folds every log, which is read first: how many events, and in how many seconds.
async fn fold(counter: &Counter<SqliteStore>) -> Result<(usize, f64)> {
    let (mut events, mut seconds) = (0, 0.0);
    for lot in counter.lots() {
        let mut log: Vec<Recorded> = Vec::new();
        loop {
            let after = log.last().map_or(0, |last| last.revision);
            let mut page = counter.store().history(lot.id, after, HISTORY_PAGE_MAX).await?;
            if page.is_empty() {
                break;
            }
            log.append(&mut page);
        }
        let started = Instant::now();
        let mut auction = Auction::created(lot.id, &log[0]).ok_or("a log without a beginning")?;
        let mut standings = Standings::default();
        log[1..].iter().for_each(|recorded| evolve(&mut auction, &mut standings, recorded));
        black_box((&auction, &standings));
        seconds += started.elapsed().as_secs_f64();
        events += log.len();
    }
    Ok((events, seconds))
}

/// Starts the server and asks it for something.
fn start(how: &str, data: &Path, stored: u64) -> Result<[String; 5]> {
    let started = Instant::now();
    let server = Subject::server(data)?;
    let answer = call(server.address, &get("/api/auctions/?page_size=20"))?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Err("the first answer is an error".into());
    }
    Ok([
        how.to_owned(),
        stored.to_string(),
        format!("{:.2}", server.took.as_secs_f64()),
        format!("{:.2}", started.elapsed().as_secs_f64()),
        "3".to_owned(),
    ])
}
