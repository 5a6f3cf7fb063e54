//! What a bid costs in each format, as the bids before it become more.

use crate::cpu;
use crate::deciding::median;
use crate::workload::{CURRENCY, Standings, bidder, facts, scheduled};
use auction_core::Timestamp;
use auction_core::auction::{Action, Auction, Bid, Charter, Command, Schedule, TermsDocument, Units, decide};
use auction_core::memory::SeededEntropy;
use auction_core::money::Amount;
use auction_core::{Span, UserId};
use rust_decimal::Decimal;
use std::hint::black_box;

/// How many people bid on one auction.
const BIDDERS: u64 = 1_000;
/// How many bids are measured at once. With those before it they are fewer than the units that a lot can have.
const TAPE: usize = 4_096;
/// The starting price, in cents.
const START: i64 = 1_000_000_000;

/// A format, and how its bids go.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// What it is called in a report.
    pub name: &'static str,
    format: &'static str,
    way: Way,
    /// How many bids there are before those that are measured, from few to many.
    pub sizes: [usize; 3],
}

/// How the bids of a format go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Each is a cent above the one before.
    Up,
    /// Each is a cent below the one before.
    Down,
    /// Each has some amount, and no two have the same.
    Sealed,
    /// Each takes a unit at the price that stands.
    Buy,
}

const MANY: [usize; 3] = [10, 1_000, 100_000];
/// A lot has 10,000 units at most.
const UNITS: [usize; 3] = [10, 1_000, 5_000];

/// All formats, the one first with which the others are compared.
pub const SUBJECTS: [Subject; 9] = [
    Subject { name: "english", format: r#"{"kind":"english"}"#, way: Way::Up, sizes: MANY },
    Subject {
        name: "sealed_first_price",
        format: r#"{"kind":"sealed_first_price","revisions":"replace"}"#,
        way: Way::Sealed,
        sizes: MANY,
    },
    Subject {
        name: "vickrey",
        format: r#"{"kind":"vickrey","revisions":"replace"}"#,
        way: Way::Sealed,
        sizes: MANY,
    },
    Subject {
        name: "vickrey, count shown",
        format: r#"{"kind":"vickrey","revisions":"replace","count":"shown"}"#,
        way: Way::Sealed,
        sizes: MANY,
    },
    Subject {
        name: "multi_unit",
        format: r#"{"kind":"multi_unit","quantity":100}"#,
        way: Way::Sealed,
        sizes: MANY,
    },
    Subject { name: "reverse", format: r#"{"kind":"reverse"}"#, way: Way::Down, sizes: MANY },
    Subject {
        name: "reverse, rank_only",
        format: r#"{"kind":"reverse","visibility":"rank_only"}"#,
        way: Way::Down,
        sizes: MANY,
    },
    Subject {
        name: "dutch",
        format: r#"{"kind":"dutch","step":"0.01","interval_s":60,"floor":"1.00","quantity":10000}"#,
        way: Way::Buy,
        sizes: UNITS,
    },
    Subject {
        name: "fixed_price",
        format: r#"{"kind":"fixed_price","quantity":10000}"#,
        way: Way::Buy,
        sizes: UNITS,
    },
];

/// An auction of a format, and who has bid in it.
#[derive(Clone)]
struct Lot {
    auction: Auction,
    standings: Standings,
    bids: u64,
}

impl Subject {
    fn open(&self) -> Lot {
        let text = format!(
            r#"{{"format":{},"participation":"open","increments":{{"kind":"fixed","step":"0.01"}}}}"#,
            self.format
        );
        let start = Amount::from_minor(START).expect("an amount");
        let terms = TermsDocument::parse(&text).expect("a document").terms(CURRENCY, start).expect("terms");
        let starts_at: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a time");
        let ends_at = starts_at.after(Span::from_secs(30 * 24 * 3_600));
        let schedule = Schedule::new(starts_at, ends_at).expect("a schedule");
        let seller = UserId::new(1).expect("a number");
        let charter = Charter::new(seller, schedule, terms).expect("a charter");
        Lot { auction: scheduled(1, charter), standings: Standings::default(), bids: 0 }
    }

    fn next(&self, lot: &Lot, chance: &SeededEntropy) -> Command {
        let number = lot.bids;
        let at = lot.auction.starts_at().after(Span::from_micros(u32::try_from(number).unwrap_or(u32::MAX)));
        let cents = |minor: i64| Amount::from_minor(minor).expect("an amount").to_decimal(CURRENCY);
        let order = number.cast_signed();
        let bid = |amount: Decimal| Action::Bid(Bid::straight(amount));
        let action = match self.way {
            Way::Up => bid(cents(START + 1 + order)),
            Way::Down => bid(cents(START - order)),
            // The last digits tell bids apart.
            Way::Sealed => bid(cents(START + chance.below(1_000_000).cast_signed() * 1_000_000 + order)),
            Way::Buy => Action::Buy { price: cents(START), units: Units::ONE },
        };
        Command::of(bidder(number % BIDDERS), at, action)
    }

    /// Nanoseconds for a bid that is decided and applied, with its standing looked up, after so many others.
    fn round(&self, lot: &Lot, tape: &[Command]) -> f64 {
        let mut lot = lot.clone();
        let took = cpu::time(|| {
            for command in tape {
                take(&mut lot, command);
            }
        });
        took.as_nanos() as f64 / tape.len() as f64
    }
}

fn take(lot: &mut Lot, command: &Command) {
    let user = command.by.user().expect("a bidder");
    let standing = lot.standings.get(&user).copied().unwrap_or_default();
    let events = decide(&lot.auction, &standing, &facts(), command).expect("it is accepted");
    lot.auction.record(&mut lot.standings, command.at, events, |recorded| _ = black_box(recorded));
    lot.bids += 1;
}

/// What a bid costs in each format: of each of its sizes the median of so many rounds, in which all are measured in
/// turn.
pub fn measure(rounds: usize) -> Vec<(Subject, [f64; 3])> {
    let prepared: Vec<_> =
        SUBJECTS.iter().map(|subject| (subject, subject.sizes.map(|size| prepare(subject, size)))).collect();
    let mut samples = vec![[const { Vec::new() }; 3]; prepared.len()];
    for _ in 0..=rounds {
        for ((subject, sizes), samples) in prepared.iter().zip(&mut samples) {
            for ((lot, tape), samples) in sizes.iter().zip(samples) {
                samples.push(subject.round(lot, tape));
            }
        }
    }
    // The first round warms up.
    let medians = samples.iter().map(|sizes| [0, 1, 2].map(|size| median(&sizes[size][1..])));
    prepared.iter().map(|(subject, _)| **subject).zip(medians).collect()
}

/// A lot with so many bids on it, and those that come next.
fn prepare(subject: &Subject, size: usize) -> (Lot, Vec<Command>) {
    let chance = SeededEntropy::new(crate::workload::SEED + 5);
    let mut lot = subject.open();
    for _ in 0..size {
        let command = subject.next(&lot, &chance);
        take(&mut lot, &command);
    }
    let mut coming = lot.clone();
    let tape = (0..TAPE)
        .map(|_| {
            let command = subject.next(&coming, &chance);
            take(&mut coming, &command);
            command
        })
        .collect();
    (lot, tape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bid_of_every_format_is_accepted() {
        for subject in SUBJECTS {
            let (mut lot, tape) = prepare(&subject, 10);
            tape.iter().for_each(|command| take(&mut lot, command));
            assert_eq!(lot.bids, 10 + TAPE as u64, "{}", subject.name);
        }
    }
}
