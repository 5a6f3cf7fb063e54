//! Notices of formats in which units are bought or given out, bids are hidden, or people supply.

use super::super::{result, sums};
use super::{HOUR, Room, at, facts, user};
use crate::auction::{Action, Award, Bid, Outcome, Units};
use crate::money::{Amount, Currency, parse_decimal};
use crate::notify::{LeadTimes, Manner, NoticeFacts, NoticeKind, Position, Words};

fn units(count: u32) -> Units {
    Units::new(count).unwrap()
}

impl Room {
    fn buy(self, by: u64, count: u32, price: &str, secs: u32) -> Self {
        self.act(by, secs, Action::Buy { price: parse_decimal(price).unwrap(), units: units(count) })
    }

    fn bid_for(self, by: u64, count: u32, price: &str, secs: u32) -> Self {
        let bid = Bid::maximum(parse_decimal(price).unwrap()).for_units(units(count));
        self.act(by, secs, Action::Bid(bid))
    }

    /// Whom the plan names alone as of so many seconds after noon: who is told what, and the price.
    fn prices(&self, secs: u32) -> Vec<String> {
        let plan = self.follow(Position::default(), LeadTimes::default(), at(secs));
        let notices = plan.notices.iter();
        notices
            .map(|notice| format!("{} {} {}", notice.user, notice.kind.name(), shown(&notice.facts)))
            .collect()
    }

    /// What those are told at the end who are not named alone.
    fn ended(&self) -> String {
        let plan = self.follow(Position::default(), LeadTimes::default(), at(HOUR));
        let round = plan.rounds.iter().find(|round| round.kind == NoticeKind::Ended).unwrap();
        Words::of(round.kind, &round.facts).message
    }
}

fn shown(facts: &NoticeFacts) -> String {
    facts.price.map_or_else(|| "-".to_owned(), |price| price.display(Currency::USD).to_string())
}

#[test]
fn who_buys_units_is_told_the_sum_of_each_purchase() {
    let room = Room::new(r#","format":{"kind":"fixed_price","quantity":6}"#).buy(2, 3, "10", 10);
    assert_eq!(room.prices(11), ["2 won 30.00", "2 payment_due 30.00"]);
    let room = room.buy(3, 1, "10", 20).buy(2, 2, "10", 30);
    let told = [
        "2 won 30.00",
        "2 payment_due 30.00",
        "3 won 10.00",
        "3 payment_due 10.00",
        "2 won 20.00",
        "2 payment_due 20.00",
        "1 ended -",
    ];
    assert_eq!(room.prices(30), told);
    assert_eq!(room.ended(), "“A lot” was sold.");
}

#[test]
fn who_is_given_units_is_told_what_all_of_them_cost() {
    let own = r#","format":{"kind":"multi_unit","quantity":5,"pricing":"pay_as_bid"}"#;
    let room = Room::new(own).bid_for(2, 2, "30", 10).bid_for(3, 1, "25", 20).bid_for(2, 1, "20", 30);
    let told = ["2 won 80.00", "2 payment_due 80.00", "3 won 25.00", "3 payment_due 25.00", "1 ended -"];
    assert_eq!(room.advanced(HOUR).prices(HOUR), told);
}

#[test]
fn nobody_is_told_that_units_were_sold_for_the_starting_price() {
    for count in ["hidden", "shown"] {
        let one = format!(r#","format":{{"kind":"multi_unit","quantity":2,"count":"{count}"}}"#);
        let room = Room::new(&one).bid_for(2, 1, "20", 10).bid_for(3, 1, "30", 20).advanced(HOUR);
        let told = ["2 won 20.00", "2 payment_due 20.00", "3 won 20.00", "3 payment_due 20.00", "1 ended -"];
        assert_eq!(room.prices(HOUR), told, "{count}");
        assert_eq!(room.ended(), "“A lot” was sold.", "{count}");
    }
}

#[test]
fn a_sum_that_is_too_large_is_not_told() {
    let award = |bidder, count, price| Award { bidder: user(bidder), units: units(count), price };
    let cents = |minor| Amount::from_minor(minor).unwrap();
    let awards = [
        award(2, 2, Amount::MAX),
        award(3, 1, Amount::MAX),
        award(4, 3, cents(100)),
        award(3, 1, cents(1)),
        award(4, 1, cents(50)),
        award(2, 1, cents(1)),
    ];
    let sums: Vec<_> = sums(&awards).into_iter().collect();
    assert_eq!(sums, [(user(2), None), (user(3), None), (user(4), Some(cents(350)))]);
}

#[test]
fn who_buys_the_only_unit_is_told_once() {
    let clock = r#","format":{"kind":"dutch","step":"1.00","interval_s":60,"floor":"5.00"}"#;
    for (format, price) in [(clock, "9.00"), (r#","format":{"kind":"fixed_price"}"#, "10.00")] {
        let room = Room::new(format).joined(&[4]).buy(2, 1, "10", 60);
        let told = [format!("2 won {price}"), format!("2 payment_due {price}"), format!("1 ended {price}")];
        assert_eq!(room.prices(60), told, "{format}");
        assert_eq!(room.ended(), format!("“A lot” was sold for {price} USD."), "{format}");
        assert!(room.told(60).contains(&"ended to onlookers but 2 at 60".to_owned()), "{format}");
    }
    let at_once = Room::new(r#","buy_now":{"price":"50.00","rule":"always"}"#).buy(2, 1, "50", 10);
    assert_eq!(at_once.prices(10), ["2 won 50.00", "2 payment_due 50.00", "1 ended 50.00"]);
}

const SEALED: [&str; 4] = [
    r#"{"kind":"sealed_first_price","count":"hidden"}"#,
    r#"{"kind":"vickrey","count":"shown"}"#,
    r#"{"kind":"multi_unit","quantity":2,"count":"shown"}"#,
    r#"{"kind":"reverse","visibility":"rank_only"}"#,
];

/// A room for a format, with a reserve where there is one.
fn room(format: &str, reserve: Option<&str>) -> Room {
    let reserve = reserve.map(|reserve| format!(r#","reserve":"{reserve}""#)).unwrap_or_default();
    Room::new(&format!(r#","format":{format}{reserve}"#))
}

#[test]
fn where_bids_are_hidden_no_price_is_told_before_the_end() {
    for format in SEALED {
        let open = room(format, None).bid_for(2, 1, "10", 10);
        let facts = facts(open.0.auction(), "A lot");
        assert!(facts.manner.hides_bids(), "{format}");
        assert_eq!(facts.price, None, "{format}");
        let said = Words::of(NoticeKind::EndingSoon, &facts).message;
        assert!(said.ends_with(" UTC.") && !said.contains("bid"), "{format}: {said}");
    }
}

#[test]
fn where_bids_were_hidden_a_reserve_that_was_missed_is_told_without_a_price() {
    for (format, reserve) in SEALED.iter().zip(["20.00", "20.00", "20.00", "5.00"]) {
        let missed = room(format, Some(reserve)).bid_for(2, 1, "10", 10).advanced(HOUR);
        assert_eq!(missed.prices(HOUR), ["1 reserve_not_met -"], "{format}");
    }
}

#[test]
fn who_supplies_is_told_so_and_pays_nothing() {
    for visibility in ["full", "rank_only"] {
        let format = format!(r#"{{"kind":"reverse","visibility":"{visibility}"}}"#);
        let room = room(&format, None).bid_for(2, 1, "9", 10).bid_for(3, 1, "8", 20).advanced(HOUR);
        assert_eq!(room.prices(HOUR), ["3 won 8.00", "1 ended 8.00"], "{visibility}");
        let facts = facts(room.0.auction(), "A lot");
        assert_eq!(Words::of(NoticeKind::Won, &facts).message, "You supply “A lot” for 8.00 USD.");
    }
}

#[test]
fn results_have_the_names_of_outcomes() {
    let (winner, price) = (user(2), Amount::ZERO);
    for outcome in [
        Outcome::Sold { winner, price },
        Outcome::BoughtNow { winner, price },
        Outcome::SoldUnits { units: 2 },
        Outcome::ReserveNotMet,
        Outcome::NoBids,
        Outcome::Cancelled,
    ] {
        assert_eq!(result(&outcome).name(), outcome.name());
    }
}

#[test]
fn every_format_has_its_manner() {
    let manner = |format: &str| facts(room(format, None).0.auction(), "A lot").manner;
    assert_eq!(manner(r#"{"kind":"english"}"#), Manner::Open);
    assert_eq!(manner(r#"{"kind":"fixed_price"}"#), Manner::Open);
    assert_eq!(manner(r#"{"kind":"dutch","step":"1","interval_s":60,"floor":"5"}"#), Manner::Open);
    assert_eq!(manner(r#"{"kind":"reverse"}"#), Manner::Reverse);
    assert_eq!(SEALED.map(manner), [Manner::Hidden, Manner::Hidden, Manner::Hidden, Manner::HiddenReverse]);
}
