//! What is measured, goal by goal.

mod commits;
mod costs;
mod desk;
mod nodes;
mod notices;
mod overload;
mod people;
mod postgres;
mod reading;
mod recovery;
mod sockets;
mod watching;

use super::Result;
use crate::server::bidding::Seat;
use crate::server::stock::{Size, Stock};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How a run is done.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long the sustained load lasts.
    pub sustained: Duration,
    /// How many bids are placed on several nodes.
    pub bids: u64,
}

/// Something that is measured.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What it is called on the command line.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Measures it.
    pub run: fn(&Options) -> Result<String>,
}

/// All sections, in the order of the file.
pub const SECTIONS: &[Section] = &[
    Section { name: "desk", title: "Bids through the desk, on SQLite (P3, P7)", run: desk::throughput },
    Section {
        name: "postgres",
        title: "Bids through the desk on Postgres (P7, P8)",
        run: postgres::throughput,
    },
    Section { name: "nodes", title: "Three nodes on one Postgres (P8)", run: nodes::contest },
    Section { name: "costs", title: "What bids and auctions cost on Postgres", run: costs::of_everything },
    Section { name: "commits", title: "Bids that share a sync (P4)", run: commits::traces },
    Section { name: "sockets", title: "Bids over sockets and HTTP (P5, P6, P7)", run: sockets::throughput },
    Section { name: "watching", title: "Those who watch (P9, P10)", run: watching::fan_out },
    Section { name: "overload", title: "Too many bids (P11)", run: overload::twice },
    Section { name: "recovery", title: "Starting with a long history (P12)", run: recovery::starting },
    Section {
        name: "people",
        title: "Signing in (security 1, bids beside sign-ins)",
        run: people::signing_in,
    },
    Section {
        name: "notices",
        title: "Thousands who are told of a start (notices beside bids)",
        run: notices::starting,
    },
    Section { name: "reading", title: "Lists and auctions (P13)", run: reading::throughput },
];

/// How many connections there are where nothing else is said.
const CONNECTIONS: usize = 32;
/// How long one round of something lasts.
const ROUND: Duration = Duration::from_millis(1_500);
/// How often subject and probe take turns.
const ROUNDS: usize = 3;

/// A folder on the disk of the target folder, which is gone when this is dropped.
fn folder() -> Result<TempDir> {
    let target = std::env::current_exe()?.parent().map_or_else(|| PathBuf::from("."), PathBuf::from);
    Ok(tempfile::Builder::new().prefix("load-").tempdir_in(target)?)
}

/// A runtime for what is measured in this process.
fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A data folder with so much in it.
fn stocked(size: Size) -> Result<(TempDir, Stock)> {
    let data = folder()?;
    let stock = runtime()?.block_on(Stock::fill(data.path(), size))?;
    Ok((data, stock))
}

/// A seat for each connection: bidders of their own, on as many auctions as there are.
fn seats(stock: &Stock, connections: usize, auctions: usize) -> Vec<Seat<'_>> {
    let seat = |index: usize| Seat { lot: &stock.lots[index % auctions], token: &stock.bidder(index).token };
    (0..connections).map(seat).collect()
}

/// A share in per cent.
fn percent(part: f64, whole: f64) -> String {
    format!("{:.0} %", part / whole * 100.0)
}
