//! What holds for every auction of the formats other than English, whatever people try (rules: properties).
//!
//! `PROPTEST_CASES` sets how many auctions each property is tried on; without it 10,000.

use crate::invariants::{self, Check, Step};
use crate::lots::{self, Attempt, Lot, Rules};
use crate::people::{BIDDERS, user};
use crate::plan::{CREATED_AT, STARTS_AT, amount, time};
use auction_core::UserId;
use auction_core::auction::{
    Action, Actor, Award, BidderFacts, Command, Event, Outcome, Recorded, Saleroom, Status,
};
use auction_core::money::Amount;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

/// How many attempts an auction has at most.
const ATTEMPTS_MAX: usize = 14;

/// How many cases a property has, unless `PROPTEST_CASES` says so.
pub(crate) fn cases() -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { config.cases } else { 10_000 };
    ProptestConfig { cases, ..config }
}

/// What is checked after each command.
const AFTER_EACH: &[Check] = &[
    invariants::the_seller_never_leads,
    invariants::nothing_is_taken_outside_of_the_open_time,
    invariants::the_end_never_moves_earlier_nor_past_the_hard_end,
    invariants::a_refusal_changes_nothing,
    invariants::deciding_twice_gives_the_same,
    invariants::the_log_folds_to_the_state,
    invariants::public_events_are_numbered_without_gaps,
    invariants::the_end_moves_at_most_as_often_as_agreed,
    invariants::an_early_stamp_counts_as_that_of_the_last_commit,
    invariants::what_is_due_happens_by_time_alone,
    what_has_ended_stays,
    standings_agree_with_the_log,
    bids_are_counted,
    nobody_pays_more_than_they_said_and_may,
    nothing_shows_of_hidden_bids,
];

fn what_has_ended_stays(step: &Step<'_>) {
    let log = step.after.log();
    let ends = log.iter().filter(|recorded| matches!(recorded.event, Event::Ended { .. })).count();
    assert_eq!(ends, usize::from(matches!(step.after.auction().status(), Status::Ended { .. })));
    if let Status::Ended { .. } = step.before.auction().status() {
        assert_eq!(step.before, step.after);
    }
}

/// What each bidder's events in the log come to.
fn standings_agree_with_the_log(step: &Step<'_>) {
    let adds_up = step.after.auction().terms().format.name() == "multi_unit";
    let mut expected = BTreeMap::<UserId, (u32, Option<i64>, u64)>::new();
    for recorded in step.after.log() {
        let (bidder, sum, adds_up, version) = match recorded.event {
            Event::SealedBid { bidder, amount, units } => {
                let units = if adds_up { units.count() } else { 1 };
                (bidder, amount.minor() * i64::from(units), adds_up, 0)
            }
            Event::Bid { bidder, maximum, .. } => (bidder, maximum.minor(), false, recorded.version),
            Event::Bought { bidder, units, price } => {
                (bidder, price.minor() * i64::from(units.count()), true, recorded.version)
            }
            _ => continue,
        };
        let (bids, committed, last) = expected.entry(bidder).or_default();
        *bids += 1;
        *committed = Some(if adds_up { committed.unwrap_or(0) + sum } else { sum });
        *last = version;
    }
    for (bidder, standing) in step.after.standings() {
        let got = (standing.bids, standing.maximum.map(Amount::minor), standing.last_version);
        assert_eq!(got, expected.remove(bidder).unwrap_or_default(), "{bidder}");
    }
    assert!(expected.is_empty(), "bids of people without a standing: {expected:?}");
}

fn bids_are_counted(step: &Step<'_>) {
    let count = |is: fn(&Event) -> bool| step.after.log().iter().filter(|it| is(&it.event)).count() as u64;
    let auction = step.after.auction();
    let told = count(|event| matches!(event, Event::Bid { .. } | Event::Bought { .. } | Event::Received));
    let sealed = count(|event| matches!(event, Event::SealedBid { .. }));
    let is_over = matches!(auction.status(), Status::Ended { .. });
    assert_eq!(auction.bid_count(), if is_over { told.max(sealed) } else { told });
}

/// A buyer names the price that is charged, or a higher one; and nobody commits to more than their limit.
fn nobody_pays_more_than_they_said_and_may(step: &Step<'_>) {
    for recorded in step.answer.as_deref().unwrap_or(&[]) {
        let bidder = match recorded.event {
            Event::Bought { bidder, price, .. } => {
                let Action::Buy { price: seen, .. } = step.command.action else { panic!("nobody bought") };
                assert!(price.to_decimal(step.after.auction().terms().currency) <= seen);
                bidder
            }
            Event::SealedBid { bidder, .. } => bidder,
            _ => continue,
        };
        if let Some(limit) = step.facts.spendable {
            assert!(step.after.standing(bidder).maximum <= Some(limit));
        }
    }
}

/// As long as bids are hidden, everything that everybody may see is as if there were none.
fn nothing_shows_of_hidden_bids(step: &Step<'_>) {
    let auction = step.after.auction();
    let terms = auction.terms();
    if !terms.format.hides_bids() || matches!(auction.status(), Status::Ended { .. }) {
        return;
    }
    assert_eq!(auction.price(), terms.starting_price);
    assert_eq!(auction.leader(), None);
    assert_eq!(auction.leader_maximum(), None);
    assert_eq!(auction.minimum_bid(), Some(terms.starting_price.max(Amount::ONE_MINOR)));
    assert_ne!(auction.reserve_met(), Some(true));
    for recorded in step.after.log() {
        if let Some(seen) = recorded.masked() {
            let is_harmless = matches!(
                seen.event,
                Event::Published
                    | Event::Started
                    | Event::Paused
                    | Event::Resumed { .. }
                    | Event::Extended { .. }
                    | Event::Received
            );
            assert!(is_harmless, "everybody sees {:?}", seen.event);
        }
    }
}

/// Plays the attempts, checks after each, waits for the end and looks at the outcome.
fn play(lot: &Lot, attempts: &[Attempt]) {
    let mut room = lot.open();
    for number in 1..BIDDERS {
        let joined = Command::of(user(u64::from(number) + 1), time(CREATED_AT), Action::Join);
        room.handle(&BidderFacts::VERIFIED, &joined).expect("everybody may join before the start");
    }
    let mut now = STARTS_AT;
    for attempt in attempts {
        let command = attempt.command(&room, now);
        now = now.max(command.at.micros());
        check(&mut room, &lot.facts(attempt.person), &command);
    }
    close(&mut room, now);
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("it is over") };
    if *outcome != Outcome::Cancelled {
        follows_the_rules(lot, &room, *outcome);
    }
    survives_being_stored(&room);
}

fn check(room: &mut Saleroom, facts: &BidderFacts, command: &Command) {
    let before = room.clone();
    let answer = room.handle(facts, command).map(<[Recorded]>::to_vec);
    for check in AFTER_EACH {
        check(&Step { before: &before, after: room, facts, command, answer: &answer });
    }
}

/// Goes on where it is paused, and waits for the end.
fn close(room: &mut Saleroom, now: i64) {
    if let Status::Paused { .. } = room.auction().status() {
        let resume = Command { at: time(now), by: Actor::System, action: Action::Resume };
        check(room, &BidderFacts::VERIFIED, &resume);
    }
    let end = room.auction().ends_at();
    check(room, &BidderFacts::VERIFIED, &Command::advance(end));
}

/// An accepted bid for one unit or more, or a purchase: who, at which price, how many.
type Offer = (UserId, i64, u32);

fn offers(room: &Saleroom) -> Vec<Offer> {
    let offers = room.log().iter().filter_map(|recorded| match recorded.event {
        Event::SealedBid { bidder, amount, units } => Some((bidder, amount.minor(), units.count())),
        Event::Bid { bidder, price, .. } => Some((bidder, price.minor(), 1)),
        Event::Bought { bidder, units, price } => Some((bidder, price.minor(), units.count())),
        _ => None,
    });
    offers.collect()
}

fn follows_the_rules(lot: &Lot, room: &Saleroom, outcome: Outcome) {
    let offers = offers(room);
    match lot.rules {
        Rules::FirstPrice { .. } | Rules::Vickrey { .. } => {
            assert_eq!(outcome, best_of_each(lot, &offers));
            let sale = outcome.sale();
            assert_eq!(room.auction().leader(), sale.map(|(winner, _)| winner));
            assert_eq!(room.auction().price(), sale.map_or(amount(lot.plan.start), |(_, price)| price));
        }
        Rules::MultiUnit { .. } => awards_are_fair(lot, room, &offers, outcome),
        Rules::Dutch { floor, .. } => {
            assert!(offers.iter().all(|(_, price, _)| (floor..=lot.plan.start).contains(price)));
            assert!(offers.is_sorted_by(|(_, one, _), (_, next, _)| one >= next), "a clock only falls");
            units_are_sold(lot, room, &offers, outcome);
        }
        Rules::FixedPrice { .. } => {
            assert!(offers.iter().all(|(_, price, _)| *price == lot.plan.start));
            units_are_sold(lot, room, &offers, outcome);
        }
        Rules::Reverse { .. } => assert_eq!(outcome, lowest(lot, &offers)),
    }
    let met = matches!(outcome, Outcome::Sold { .. } | Outcome::SoldUnits { .. });
    assert_eq!(room.auction().reserve_met(), lot.plan.reserve.map(|_| met));
}

/// The highest of the last bids, of equal ones the earlier; it pays its bid, or the second highest.
fn best_of_each(lot: &Lot, offers: &[Offer]) -> Outcome {
    let mut last = Vec::<Offer>::new();
    for offer in offers {
        last.retain(|(bidder, ..)| *bidder != offer.0);
        last.push(*offer);
    }
    // Sorting is stable: of equal bids the earlier stays before the later.
    last.sort_by_key(|(_, amount, _)| -amount);
    match last.as_slice() {
        [] => Outcome::NoBids,
        [(_, highest, _), ..] if *highest < lot.least() => Outcome::ReserveNotMet,
        [(winner, highest, _), others @ ..] => {
            let second = others.first().map_or(lot.least(), |(_, second, _)| lot.least().max(*second));
            let first_price = matches!(lot.rules, Rules::FirstPrice { .. });
            Outcome::Sold { winner: *winner, price: amount(if first_price { *highest } else { second }) }
        }
    }
}

/// The lowest bid, of equal ones the earliest.
fn lowest(lot: &Lot, offers: &[Offer]) -> Outcome {
    let Some((winner, price, _)) = offers.iter().min_by_key(|(_, price, _)| *price) else {
        return Outcome::NoBids;
    };
    if lot.plan.reserve.is_some_and(|reserve| *price > reserve) {
        return Outcome::ReserveNotMet;
    }
    Outcome::Sold { winner: *winner, price: amount(*price) }
}

fn units_are_sold(lot: &Lot, room: &Saleroom, offers: &[Offer], outcome: Outcome) {
    let sold: u32 = offers.iter().map(|(_, _, units)| units).sum();
    assert!(sold <= lot.rules.supply());
    assert_eq!(room.auction().units_left(), lot.rules.supply() - sold);
    let expected = match offers {
        [] => Outcome::NoBids,
        [(winner, price, _)] if lot.rules.supply() == 1 => {
            Outcome::Sold { winner: *winner, price: amount(*price) }
        }
        _ => Outcome::SoldUnits { units: sold },
    };
    assert_eq!(outcome, expected);
    let Status::Ended { at, .. } = room.auction().status() else { panic!("it is over") };
    if sold == lot.rules.supply() {
        assert_eq!(Some(*at), bought_at(room), "sold out, it is over");
    }
}

fn bought_at(room: &Saleroom) -> Option<auction_core::Timestamp> {
    let last = room.log().iter().rfind(|it| matches!(it.event, Event::Bought { .. }));
    last.map(|recorded| recorded.at)
}

fn awards_are_fair(lot: &Lot, room: &Saleroom, offers: &[Offer], outcome: Outcome) {
    let Rules::MultiUnit { units: supply, pricing, .. } = lot.rules else { panic!("units") };
    let awards: Vec<Award> = room.log().iter().filter_map(|it| awarded(&it.event)).flatten().collect();
    let sold: u32 = awards.iter().map(|award| award.units.count()).sum();
    let highest = offers.iter().map(|(_, amount, _)| *amount).max();
    let expected = match highest {
        None => Outcome::NoBids,
        Some(highest) if highest < lot.least() => Outcome::ReserveNotMet,
        Some(_) => Outcome::SoldUnits { units: sold },
    };
    assert_eq!(outcome, expected);
    assert_eq!(sold > 0, matches!(outcome, Outcome::SoldUnits { .. }));
    assert!(sold <= supply);
    for award in &awards {
        assert!(award.price >= amount(lot.least()), "an award below the reserve or the start");
        let own = offers.iter().filter(|(bidder, ..)| *bidder == award.bidder);
        assert!(own.clone().any(|(_, bid, _)| amount(*bid) >= award.price), "above the winner's bids");
        let wanted: u32 = own.map(|(_, _, units)| units).sum();
        let given: u32 =
            awards.iter().filter(|it| it.bidder == award.bidder).map(|it| it.units.count()).sum();
        assert!(given <= wanted, "more than asked for");
    }
    if pricing.name() != "pay_as_bid" {
        assert!(awards.iter().all(|award| award.price == awards[0].price), "a uniform price is uniform");
    }
}

fn awarded(event: &Event) -> Option<Vec<Award>> {
    match event {
        Event::Awarded { awards } => Some(awards.to_vec()),
        _ => None,
    }
}

fn survives_being_stored(room: &Saleroom) {
    let stored = serde_json::to_string(room.auction()).expect("a state is written");
    let read: auction_core::auction::Auction = serde_json::from_str(&stored).expect("a state is read");
    assert_eq!(&read, room.auction());
    let stored = serde_json::to_string(room.log()).expect("a log is written");
    assert_eq!(serde_json::from_str::<Vec<Recorded>>(&stored).expect("a log is read"), room.log());
}

macro_rules! each_format {
    ($($property:ident: $lots:expr, $attempts:expr;)+) => {
        proptest! {
            #![proptest_config(cases())]
            $(
                #[test]
                fn $property(lot in $lots, attempts in prop::collection::vec($attempts, 0..ATTEMPTS_MAX)) {
                    play(&lot, &attempts);
                }
            )+
        }
    };
}

each_format! {
    sealed_first_price_auctions_follow_the_rules: lots::first_price(), lots::sealed_bids();
    vickrey_auctions_follow_the_rules: lots::vickrey(), lots::sealed_bids();
    multi_unit_auctions_follow_the_rules: lots::multi_unit(), lots::unit_bids();
    dutch_auctions_follow_the_rules: lots::dutch(), lots::purchases();
    full_reverse_auctions_follow_the_rules: lots::reverse(false), lots::falling_bids();
    reverse_auctions_with_ranks_only_follow_the_rules: lots::reverse(true), lots::falling_bids();
    fixed_price_sales_follow_the_rules: lots::fixed_price(), lots::purchases();
}

/// Properties of auctions in which nothing happens would hold as well: this is what the random ones reach.
#[test]
fn random_auctions_of_each_format_reach_what_they_can() {
    let sealed = ["joined", "no_bids", "over_limit", "reserve_not_met", "sealed_bid", "sold"];
    let bought = ["already_sold", "below_minimum", "bought", "no_bids", "over_limit", "sold"];
    let best = ["below_minimum", "extended", "no_bids", "reserve_not_met", "sold"];
    let reached = |lots: &BoxedStrategy<Lot>, attempts: &BoxedStrategy<Attempt>| {
        let mut runner = TestRunner::deterministic();
        let sample = (lots.clone(), prop::collection::vec(attempts.clone(), 0..ATTEMPTS_MAX));
        let mut reached = BTreeSet::new();
        for _ in 0..1_000 {
            let (lot, attempts) = sample.new_tree(&mut runner).expect("a sample").current();
            let mut room = lot.open();
            let mut now = STARTS_AT;
            for attempt in attempts {
                let command = attempt.command(&room, now);
                now = now.max(command.at.micros());
                match room.handle(&lot.facts(attempt.person), &command) {
                    Ok(log) => reached.extend(log.iter().map(|recorded| recorded.event.name())),
                    Err(rejection) => {
                        reached.insert(rejection.code());
                    }
                }
            }
            let at = room.auction().ends_at();
            let _ = room.handle(&BidderFacts::VERIFIED, &Command::advance(at));
            if let Status::Ended { outcome, .. } = room.auction().status() {
                reached.insert(outcome.name());
            }
        }
        reached
    };
    let formats = [
        (lots::first_price().boxed(), lots::sealed_bids().boxed(), &sealed[..], "already_bid"),
        (lots::vickrey().boxed(), lots::sealed_bids().boxed(), &sealed[..], "received"),
        (lots::multi_unit().boxed(), lots::unit_bids().boxed(), &sealed[..], "awarded"),
        (lots::dutch().boxed(), lots::purchases().boxed(), &bought[..], "not_enough_units"),
        (lots::fixed_price().boxed(), lots::purchases().boxed(), &bought[..], "bidding_unavailable"),
        (lots::reverse(false).boxed(), lots::falling_bids().boxed(), &best[..], "already_leading"),
        (lots::reverse(true).boxed(), lots::falling_bids().boxed(), &best[..], "within_front_buffer"),
    ];
    let all = [
        "cancelled",
        "ended",
        "not_participant",
        "paused",
        "permission_denied",
        "resumed",
        "seller_cannot_bid",
    ];
    for (lots, attempts, expected, own) in formats {
        let reached = reached(&lots, &attempts);
        for name in expected.iter().chain(&all).chain([&own]) {
            assert!(reached.contains(name), "{name} is missing in {reached:?}");
        }
    }
}
