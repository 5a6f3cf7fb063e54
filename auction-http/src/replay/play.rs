//! Plays the auctions of a log, one after the other.

use super::error::{LogError, Problem};
use super::input::{BidLog, Lot, Row};
use super::options::Options;
use auction_core::auction::format::Format;
use auction_core::auction::{
    Action, Auction, Award, Bid, BidderFacts, Charter, ClosingPolicy, Command, Event, Outcome, Recorded,
    Saleroom, Schedule, Seed, Status, TermsErrors, Units,
};
use auction_core::money::Amount;
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::borrow::Cow;

/// How much later the virtual clock is than the log. Bidders join before the start of an auction, and a log may
/// start at the first instant that there is. Results are told in the time of the log.
pub(super) const CLOCK_AHEAD: Span = Span::from_secs(24 * 60 * 60);

/// How long after its last bid an auction ends for which the log names no end.
const IMPLIED_END_AFTER: Span = Span::from_secs(24 * 60 * 60);

const SELLER: u64 = 1;
const FIRST_BIDDER: u64 = SELLER + 1;

/// How the auctions of a log went.
#[derive(Debug)]
pub struct Played {
    /// One result an auction, in the order in which the log mentions them.
    pub results: Vec<LotResult>,
    /// The bids that were refused, in the order of their lines.
    pub refusals: Vec<Refusal>,
}

/// How an auction went.
#[derive(Debug)]
pub struct LotResult {
    /// Its outcome.
    pub outcome: Outcome,
    /// Who won, or led at the end of an auction without a sale; of several units each winning bid, the best first.
    pub leads: Vec<Lead>,
    /// How many bids were accepted.
    pub accepted: u64,
    /// How many bids were refused.
    pub refused: u64,
    /// When it ended, in the time of the log.
    pub ends_at: Timestamp,
}

/// Who leads, and at which price.
#[derive(Clone, Copy, Debug)]
pub struct Lead {
    pub(super) bidder: u32,
    pub(super) price: Amount,
    /// How many units, where the lot has several.
    pub(super) units: Option<Units>,
}

/// A bid that was refused.
#[derive(Debug)]
pub struct Refusal {
    /// Its place among the [`BidLog::rows`].
    pub(super) row: usize,
    /// Why: the [`code`](auction_core::auction::Rejection::code) of the rejection.
    pub code: Cow<'static, str>,
}

/// Plays all auctions of a log; `progress` is told how many rows were played.
///
/// The options are those of the currency in which the log was read.
///
/// # Errors
/// The first auction that cannot be held: an end before the start, a reserve below the starting price and the like.
pub fn play(log: &BidLog, options: &Options, mut progress: impl FnMut(usize)) -> Result<Played, LogError> {
    let mut played = Played { results: Vec::with_capacity(log.lots().len()), refusals: Vec::new() };
    let mut done = 0;
    // Every auction has a row, and both lists are in the order in which auctions are met.
    for (lot, rows) in log.lots().iter().zip(log.rows().chunk_by(|one, other| one.lot == other.lot)) {
        let charter = charter(user(SELLER), lot, rows, options)?;
        let refused_before = played.refusals.len();
        let room = play_one(log, charter, rows, |row, code| {
            played.refusals.push(Refusal { row: done + row, code: code.into() });
        });
        let refused = played.refusals.len() - refused_before;
        played.results.push(result(room.auction(), room.log(), rows.len(), refused, bidder));
        done += rows.len();
        progress(done);
    }
    played.sort_refusals(log);
    Ok(played)
}

impl Played {
    /// Brings the refused bids into the order of their lines.
    pub(super) fn sort_refusals(&mut self, log: &BidLog) {
        self.refusals.sort_by_key(|refusal| log.rows()[refusal.row].line);
    }
}

/// What the log and the options agree on for an auction with these bids.
pub(super) fn charter(
    seller: UserId,
    lot: &Lot,
    rows: &[Row],
    options: &Options,
) -> Result<Charter, LogError> {
    let wrong = |errors| LogError::Row { line: lot.line, problem: Problem::Terms(errors) };
    let mut terms = options.terms(lot.start_price, lot.reserve).map_err(wrong)?;
    if let ClosingPolicy::Soft { hard_end: Some(hard_end), .. } = &mut terms.closing {
        *hard_end = hard_end.after(CLOCK_AHEAD);
    }
    // A replay has nothing to hide, and draws the same end each time.
    let terms = terms.with_seed(Seed::new([0; 32]));
    let first = rows.first().map_or(Timestamp::EPOCH, |row| row.at);
    let starts_at = lot.starts_at.unwrap_or(first);
    let schedule = match (lot.ends_at, rows.last()) {
        (None, Some(last)) => schedule(starts_at, last.at.after(IMPLIED_END_AFTER))
            .map_err(|errors| LogError::Row { line: last.line, problem: Problem::ImpliedEnd(errors) })?,
        (ends_at, _) => schedule(starts_at, ends_at.unwrap_or(starts_at)).map_err(wrong)?,
    };
    Charter::new(seller, schedule, terms).map_err(wrong)
}

fn schedule(starts_at: Timestamp, ends_at: Timestamp) -> Result<Schedule, TermsErrors> {
    Schedule::new(starts_at.after(CLOCK_AHEAD), ends_at.after(CLOCK_AHEAD))
}

/// Holds an auction to its end; `refused` is told of refused bids by their place among `rows`.
fn play_one(
    log: &BidLog,
    charter: Charter,
    rows: &[Row],
    mut refused: impl FnMut(usize, &'static str),
) -> Saleroom {
    let facts = BidderFacts::VERIFIED;
    // No room knows of the others, so they may all have the same number.
    let id = AuctionId::new(1).expect("invariant: 1 is an id");
    // Before any start, since the clock is ahead of the log.
    let before = Timestamp::EPOCH;
    let mut room = Saleroom::open(id, charter, before);
    for row in rows {
        let bidder = user(FIRST_BIDDER + u64::from(row.bidder));
        if !room.standing(bidder).has_joined() {
            room.handle(&facts, &Command::of(bidder, before, Action::Join))
                .expect("invariant: a verified bidder may join an auction before its start");
        }
    }
    for (place, row) in rows.iter().enumerate() {
        let bidder = user(FIRST_BIDDER + u64::from(row.bidder));
        let command = Command::of(bidder, row.at.after(CLOCK_AHEAD), action(room.auction(), row, log));
        if let Err(rejection) = room.handle(&facts, &command) {
            refused(place, rejection.code());
        }
    }
    while let Some(due) = room.auction().deadline() {
        room.handle(&facts, &Command::advance(due)).expect("invariant: what is due is never refused");
    }
    room
}

/// What a row asks for: a purchase where the format sells at a price that stands, else a bid.
fn action(auction: &Auction, row: &Row, log: &BidLog) -> Action {
    let (amount, units) = (row.amount.to_decimal(log.currency()), row.units);
    if is_bought(auction.terms().format) {
        return Action::Buy { price: amount, units };
    }
    Action::Bid(Bid { kind: row.kind, amount, units })
}

/// Whether a format sells at a price that stands.
pub(super) const fn is_bought(format: Format) -> bool {
    matches!(format, Format::Dutch(_) | Format::FixedPrice(_))
}

/// How an auction with this log and so many bids ended; `bidder` says whose number in the log somebody has.
pub(super) fn result(
    auction: &Auction,
    log: &[Recorded],
    bids: usize,
    refused: usize,
    bidder: impl Fn(UserId) -> u32,
) -> LotResult {
    let Status::Ended { at, outcome } = *auction.status() else {
        unreachable!("invariant: an auction without a deadline that was never stopped has ended")
    };
    let lead = outcome.sale().or_else(|| auction.leader().map(|leader| (leader, auction.price())));
    let leads = match outcome {
        Outcome::SoldUnits { .. } => awards(log)
            .map(|award| Lead { bidder: bidder(award.bidder), price: award.price, units: Some(award.units) })
            .collect(),
        _ => lead
            .map(|(leader, price)| Lead { bidder: bidder(leader), price, units: None })
            .into_iter()
            .collect(),
    };
    LotResult {
        outcome,
        leads,
        accepted: (bids - refused) as u64,
        refused: refused as u64,
        ends_at: at.before(CLOCK_AHEAD),
    }
}

/// Who got units, in the order of the log.
fn awards(log: &[Recorded]) -> impl Iterator<Item = Award> {
    log.iter().flat_map(|recorded| match &recorded.event {
        Event::Awarded { awards } => awards.to_vec(),
        Event::Bought { bidder, units, price } => {
            vec![Award { bidder: *bidder, units: *units, price: *price }]
        }
        _ => Vec::new(),
    })
}

fn bidder(user: UserId) -> u32 {
    u32::try_from(user.number() - FIRST_BIDDER).expect("invariant: made of a u32")
}

fn user(number: u64) -> UserId {
    UserId::new(number).expect("invariant: from 1 to far below the largest id")
}
