//! Plays the auctions of a log through a server of their own.
//!
//! The server is the one that `auction-server serve` runs, with SQLite in a folder that is removed afterwards, a clock
//! that shows the time of the bid that is being sent, and no limits on how often somebody may call. Auctions, people
//! and their places in the auctions are made before the first bid; from then on everything is HTTP. Bids of all auctions
//! are sent one after the other in the order of their times, so that the clock never goes back.

mod client;
mod venue;

use super::error::LogError;
use super::input::BidLog;
use super::options::Options;
use super::play::{CLOCK_AHEAD, Played, Refusal, result};
use crate::server::OpenError;
use auction_core::auction::BidKind;
use auction_core::ports::Failure;
use axum::http::StatusCode;
use client::{Answer, Client};
use serde_json::json;
use std::io;
use venue::Venue;

/// Why a replay through a server has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// An auction of the log cannot be held.
    #[error("{0}")]
    Log(#[from] LogError),
    /// It does not start.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// It does not store auctions or people.
    #[error("{}", crate::server::with_causes(.0))]
    Store(#[from] Failure),
    /// There is no folder, no thread or no socket for it.
    #[error("{0}")]
    System(#[from] io::Error),
    /// It does not take part in the conversation.
    #[error("a request failed: {0}")]
    Request(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It answers something that is neither yes nor no.
    #[error("the bid on line {line} was answered with {status}: {body}")]
    Answer {
        /// The line of the bid.
        line: u64,
        /// The status.
        status: StatusCode,
        /// The body.
        body: String,
    },
    /// It does not take somebody in.
    #[error("{0}")]
    Refused(String),
    /// It does not close its auctions.
    #[error("auctions whose end has passed were not closed in time")]
    Unclosed,
}

/// Plays all auctions of a log through a server of their own; `progress` is told how many rows were played.
///
/// The options are those of the currency in which the log was read. The result is that of [`play`](super::play()).
///
/// # Errors
/// The first auction that cannot be held, or what is wrong with the server.
pub fn play_through_server(
    log: &BidLog,
    options: &Options,
    progress: impl FnMut(usize),
) -> Result<Played, ServerError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let played = runtime.block_on(play(log, options, progress));
    runtime.shutdown_background();
    played
}

async fn play(
    log: &BidLog,
    options: &Options,
    mut progress: impl FnMut(usize),
) -> Result<Played, ServerError> {
    let venue = Venue::open(log, options).await?;
    let mut client = Client::connect(venue.address()).await?;
    let mut refusals = Vec::new();
    let mut refused = vec![0; log.lots().len()];
    for (done, place) in in_order(log).into_iter().enumerate() {
        let row = &log.rows()[place];
        venue.clock().set(row.at.after(CLOCK_AHEAD));
        let price = row.amount.display(log.currency()).to_string();
        let quantity = row.units.count();
        let (call, body) = match row.kind {
            _ if venue.is_bought(row.lot) => ("buy", json!({ "price": price, "quantity": quantity })),
            BidKind::Straight => ("bids", json!({ "price": price, "quantity": quantity })),
            BidKind::Maximum => ("bids", json!({ "max": price, "quantity": quantity })),
        };
        let path = format!("/api/auctions/{}/{call}/", venue.auction(row.lot));
        match client.post(&path, venue.token(row.bidder), body.to_string()).await? {
            Answer::Accepted => {}
            Answer::Refused(code) => {
                refused[row.lot as usize] += 1;
                refusals.push(Refusal { row: place, code: code.into() });
            }
            Answer::Other(status, body) => {
                return Err(ServerError::Answer { line: row.line, status, body });
            }
        }
        progress(done + 1);
    }
    drop(client);
    let ended = venue.run_out().await?;
    let bids = log.rows().chunk_by(|one, other| one.lot == other.lot).map(<[_]>::len);
    let results = ended.iter().zip(bids).zip(refused).map(|(((auction, log), bids), refused)| {
        result(auction, log, bids, refused, |user| venue.bidder(user))
    });
    let mut played = Played { results: results.collect(), refusals };
    played.sort_refusals(log);
    venue.close().await;
    Ok(played)
}

/// The places of all rows, in the order of their times, and in that of their lines where those are equal.
fn in_order(log: &BidLog) -> Vec<usize> {
    let mut places: Vec<usize> = (0..log.rows().len()).collect();
    places.sort_by_key(|place| (log.rows()[*place].at, log.rows()[*place].line));
    places
}
