//! Auctions under full rules, and bids on them that are accepted. The same seed makes the same workload.

use auction_core::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Event, Recorded, Schedule, Standing, TermsDocument,
    decide,
};
use auction_core::memory::SeededEntropy;
use auction_core::money::{Amount, Currency};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// From which all workloads are made.
pub const SEED: u64 = 20_260_101;

/// The currency of all auctions.
pub const CURRENCY: Currency = Currency::USD;

/// The terms of all auctions but for starting price and reserve: everything that a bid is checked against.
const TERMS: &str = r#"{
    "increments": {"kind": "table", "name": "ebay_us"},
    "first_bid": "at_least",
    "reserve": "RESERVE",
    "closing": {"kind": "add", "window_s": 60, "extend_s": 120, "hard_end": "2030-01-01T00:00:00Z"},
    "participation": "open",
    "buy_now": {"price": "900000.00", "rule": "until_reserve_met"},
    "max_jump": "100"
}"#;

/// The time between two bids of an auction: about one bid in eight moves the end.
const BETWEEN_BIDS: Span = Span::from_secs(15);

/// Once the end has moved this often, time nearly stands still, so that the auction stays open.
const EXTENSIONS_BEFORE_REST: u32 = 9_000;

/// The user who sells everything.
const SELLER: u64 = 1;

/// The standings of the bidders of one auction, as a desk keeps them.
pub type Standings = FxHashMap<UserId, Standing>;

/// What is known of every bidder: verified, and with a limit that is looked at and never reached.
pub const fn facts() -> BidderFacts {
    BidderFacts::VERIFIED.with_spendable(Amount::MAX)
}

/// Charters of auctions that differ in starting price and reserve.
pub fn charters(count: usize) -> impl Iterator<Item = Charter> {
    let entropy = SeededEntropy::new(SEED);
    let seller = UserId::new(SELLER).expect("a number");
    let starts_at: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a time");
    let schedule = Schedule::new(starts_at, starts_at.after(Span::from_secs(120))).expect("a schedule");
    (0..count).map(move |_| {
        let starting_price = cents(1_000 + entropy.below(100_000));
        let reserve = cents(200_000 + entropy.below(100_000));
        let text = TERMS.replace("RESERVE", &reserve.display(CURRENCY).to_string());
        let document = TermsDocument::parse(&text).expect("a document");
        let terms = document.terms(CURRENCY, starting_price).expect("terms");
        Charter::new(seller, schedule, terms).expect("a charter")
    })
}

/// A scheduled auction with this charter and number, whose first bid will open it.
pub fn scheduled(number: u64, charter: Charter) -> Auction {
    let at = charter.schedule().starts_at().before(Span::from_secs(3_600));
    let event = Event::Created { charter: Arc::new(charter), draft: false };
    let created = Recorded { revision: 1, version: 0, at, event };
    Auction::created(AuctionId::new(number).expect("a number"), &created).expect("a creation")
}

/// People who bid, each bid of a kind that chance chooses, and each accepted.
#[derive(Debug)]
pub struct Crowd {
    entropy: SeededEntropy,
    bidders: u64,
}

impl Crowd {
    /// So many bidders.
    pub const fn new(bidders: u64, seed: u64) -> Self {
        Self { entropy: SeededEntropy::new(seed), bidders }
    }

    /// The next bid on an auction, which accepts it: of eight bids four take the lead (half of them straight),
    /// three lose and are answered, and one is a raise of the leader.
    pub fn bid(&self, auction: &Auction) -> Command {
        let step =
            if auction.extensions() < EXTENSIONS_BEFORE_REST { BETWEEN_BIDS } else { Span::from_micros(1) };
        let last_moment = auction.ends_at().before(Span::from_micros(1));
        let at = auction.last_at().after(step).max(auction.starts_at()).min(last_moment);
        let minimum = auction.minimum_bid().expect("prices stay far below the largest amount");
        let increment = minimum.minor() - auction.price().minor();
        let (Some(leader), Some(maximum)) = (auction.leader(), auction.leader_maximum()) else {
            let amount = minimum.minor() + 20 * increment.max(100);
            return command(self.rival_of(None), at, Bid::maximum(decimal(amount)));
        };
        let some = |most: u64| 1 + self.entropy.below(most).cast_signed();
        let rival = self.rival_of(Some(leader));
        let room = maximum.minor() - minimum.minor();
        let above = maximum.max(minimum).minor();
        match self.entropy.below(8) {
            0 | 1 => command(rival, at, Bid::straight(decimal(above + some(3) * increment))),
            4..=5 if room >= 0 => {
                command(rival, at, Bid::maximum(decimal(minimum.minor() + some(room as u64 / 2 + 1) - 1)))
            }
            6 if room >= 0 => command(rival, at, Bid::straight(decimal(minimum.minor()))),
            7 => command(leader, at, Bid::maximum(decimal(above + some(5) * increment))),
            _ => command(rival, at, Bid::maximum(decimal(above + some(25) * increment))),
        }
    }

    /// A bidder other than the leader.
    fn rival_of(&self, leader: Option<UserId>) -> UserId {
        let chosen = bidder(self.entropy.below(self.bidders));
        if leader == Some(chosen) {
            return bidder((chosen.number() - SELLER) % self.bidders);
        }
        chosen
    }
}

/// The bidder with this index.
pub fn bidder(index: u64) -> UserId {
    UserId::new(SELLER + 1 + index).expect("a number")
}

/// Decides a command that is accepted, and applies what becomes of it.
pub fn play(auction: &mut Auction, standings: &mut Standings, command: &Command) {
    let standing = command.by.user().and_then(|user| standings.get(&user)).copied().unwrap_or_default();
    let events =
        decide(auction, &standing, &facts(), command).expect("the workload holds only accepted bids");
    auction.record(standings, command.at, events, |_| {});
}

/// All numbers below `count`, in random order.
pub fn shuffled(count: usize, seed: u64) -> Vec<u32> {
    let entropy = SeededEntropy::new(seed);
    let mut order: Vec<u32> = (0..u32::try_from(count).expect("a count")).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, entropy.below(last as u64 + 1) as usize);
    }
    order
}

fn command(bidder: UserId, at: Timestamp, bid: Bid) -> Command {
    Command::of(bidder, at, Action::Bid(bid))
}

fn cents(minor: u64) -> Amount {
    Amount::from_minor(minor.cast_signed()).expect("an amount")
}

fn decimal(minor: i64) -> Decimal {
    Amount::from_minor(minor).expect("an amount").to_decimal(CURRENCY)
}
