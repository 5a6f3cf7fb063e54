//! Replays 628 recorded eBay auctions with the engine alone, and counts how many of the recorded prices and leaders come
//! out: `cargo run -p auction-examples --example recorded_auctions`.
//!
//! It is the loop at the heart of every host: hand a [`Saleroom`] commands, each with its time, and see what becomes of
//! them. The data and its classes are described in `auction-core/testdata/ebay-us/README.md`.

use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Saleroom, Schedule, TermsDocument};
use auction_core::money::{Amount, Currency};
use auction_core::{AuctionId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

const BIDS: &str = include_str!("../../auction-core/testdata/ebay-us/bids-uncensored.csv");
const EXPECTED: &str = include_str!("../../auction-core/testdata/ebay-us/expected.csv");
const TERMS: &str = r#"{"increments": {"kind": "table", "name": "ebay_us"}, "first_bid": "at_least"}"#;

/// How the replay compares with the record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Auctions whose recorded price and leader can be checked.
    pub(crate) checkable: usize,
    /// Those of them in which both come out exactly.
    pub(crate) exact: usize,
    /// Refused bids, of all auctions.
    pub(crate) refused: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Score { checkable, exact, refused } = replay()?;
    println!("{exact} of {checkable} recorded prices and leaders are exact; {refused} bids were refused");
    Ok(())
}

/// Plays all auctions.
pub(crate) fn replay() -> Result<Score, Box<dyn Error>> {
    // Columns: auction, bidder, amount, at, start_price, ends_at; the last two on an auction's first row.
    let rows: Vec<Vec<&str>> = BIDS.lines().skip(1).map(|row| row.split(',').collect()).collect();
    let mut auctions: BTreeMap<&str, Vec<&[&str]>> = BTreeMap::new();
    for row in &rows {
        auctions.entry(row[0]).or_default().push(row);
    }
    let mut score = Score::default();
    for line in EXPECTED.lines().skip(1) {
        let [auction, price, leader, class] = line.split(',').collect::<Vec<_>>()[..] else { continue };
        let (room, refused) = play(&auctions[auction])?;
        score.refused += refused;
        if !class.starts_with('X') {
            let is_exact = room.auction().price() == Amount::parse(price, Currency::USD)?
                && room.auction().leader() == Some(user(leader)?);
            score.checkable += 1;
            score.exact += usize::from(is_exact);
        }
    }
    Ok(score)
}

/// Plays one auction to its end, and counts the refused bids.
fn play(rows: &[&[&str]]) -> Result<(Saleroom, usize), Box<dyn Error>> {
    let terms =
        TermsDocument::parse(TERMS)?.terms(Currency::USD, Amount::parse(rows[0][4], Currency::USD)?)?;
    let schedule = Schedule::new(time("0")?, time(rows[0][5])?)?;
    let charter = Charter::new(user("b9999")?, schedule, terms)?;

    let yesterday = "1999-12-31T00:00:00Z".parse()?;
    let mut room = Saleroom::open(AuctionId::new(1)?, charter, yesterday);
    for bidder in rows.iter().map(|row| row[1]).collect::<BTreeSet<_>>() {
        room.handle(&BidderFacts::VERIFIED, &Command::of(user(bidder)?, yesterday, Action::Join))?;
    }

    let mut refused = 0;
    for row in rows {
        let maximum = Amount::parse(row[2], Currency::USD)?.to_decimal(Currency::USD);
        let command = Command::of(user(row[1])?, time(row[3])?, Action::Bid(Bid::maximum(maximum)));
        refused += usize::from(room.handle(&BidderFacts::VERIFIED, &command).is_err());
    }
    let end = room.auction().ends_at();
    room.handle(&BidderFacts::VERIFIED, &Command::advance(end))?;
    Ok((room, refused))
}

/// The person behind a name like `b0042`.
fn user(name: &str) -> Result<UserId, Box<dyn Error>> {
    Ok(UserId::new(1 + name.trim_start_matches('b').parse::<u64>()?)?)
}

/// Seconds after the start of an auction. All of them start with the year 2000, and the clock counts microseconds.
fn time(seconds: &str) -> Result<Timestamp, Box<dyn Error>> {
    let start: Timestamp = "2000-01-01T00:00:00Z".parse()?;
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let micros = format!("{whole}{fraction:0<6.6}").parse::<i64>()?;
    Ok(Timestamp::from_micros(start.micros() + micros)?)
}
