//! Why a bid is refused, in which order, and that it leaves no trace.

use crate::people::{LIMITED, Person, auction_id, user};
use crate::plan::{Plan, SECOND, STARTS_AT, amount, time};
use auction_core::auction::{
    Action, Actor, Auction, Bid, BidKind, BidderFacts, BuyNowRule, Command, InvalidPrice, JoinUntil,
    LeaderStraight, Reason, Rejection, Removal, Saleroom, Standing, Units, decide,
};
use auction_core::money::{Amount, parse_decimal};
use rust_decimal::Decimal;

/// The order of the contract, as far as an auction decides it.
const ORDER: [&str; 15] = [
    "account_not_verified",
    "account_banned",
    "invalid_price",
    "seller_cannot_bid",
    "not_participant",
    "not_started",
    "paused",
    "cancelled",
    "ended",
    "already_sold",
    "below_starting_price",
    "below_minimum",
    "exceeds_max_jump",
    "already_leading",
    "over_limit",
];

/// What stands against a bid belongs to one of these. Two of one kind exclude each other, unless said otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Account,
    Price,
    Person,
    Status,
    Sum,
}

fn kind(code: &str) -> Kind {
    match code {
        "account_not_verified" | "account_banned" => Kind::Account,
        "invalid_price" => Kind::Price,
        "seller_cannot_bid" | "not_participant" => Kind::Person,
        "not_started" | "paused" | "cancelled" | "ended" | "already_sold" => Kind::Status,
        _ => Kind::Sum,
    }
}

/// Whether one bid can have both against it.
fn can_meet(first: &str, second: &str) -> bool {
    match (first, second) {
        // Without a leader nobody leads and there is no price to beat.
        ("not_started", "below_minimum" | "already_leading") => false,
        // Neither sellers nor strangers lead.
        ("seller_cannot_bid" | "not_participant", "already_leading") => false,
        // A bid is too low or too high.
        ("below_starting_price" | "below_minimum", "exceeds_max_jump") => false,
        // The leader has no minimum to reach, and there is a leader or there is none.
        ("below_starting_price" | "below_minimum", "already_leading" | "below_minimum") => false,
        (_, "over_limit") => true,
        ("exceeds_max_jump", "already_leading") => true,
        // The seller is never a participant.
        ("seller_cannot_bid", "not_participant") => true,
        _ => kind(first) != kind(second) || kind(first) == Kind::Account,
    }
}

/// Who leads when the bid comes in: the rules for the first bid, for a rival's and for the leader's own are three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Nobody,
    Rival,
    Own,
}

/// With whom in the lead a bid can have all of this against it.
fn leads(against: &[&str]) -> impl Iterator<Item = Lead> {
    let allowed = |lead: Lead| {
        against.iter().all(|code| match *code {
            "not_started" | "below_starting_price" => lead == Lead::Nobody,
            "below_minimum" => lead == Lead::Rival,
            "already_leading" => lead == Lead::Own,
            "seller_cannot_bid" | "not_participant" => lead != Lead::Own,
            _ => true,
        })
    };
    [Lead::Nobody, Lead::Rival, Lead::Own]
        .into_iter()
        .filter(move |lead| allowed(*lead))
        .collect::<Vec<_>>()
        .into_iter()
}

/// The code of a bid with all of `against` standing against it, which is the same whoever leads.
fn code(against: &[&str]) -> &'static str {
    let mut codes: Vec<_> = leads(against)
        .map(|lead| answer(against, lead).err().map_or("taken", |rejection| rejection.code()))
        .collect();
    codes.dedup();
    assert_eq!(codes.len(), 1, "{against:?} depends on who leads: {codes:?}");
    codes[0]
}

/// What becomes of a bid with all of `against` standing against it.
fn answer(against: &[&str], lead: Lead) -> Result<(), Rejection> {
    let is = |code: &str| against.contains(&code);
    let plan = Plan {
        // At most twice the minimum.
        max_jump: Some(20_000),
        buy_now: Some((5_000, BuyNowRule::Always)),
        leader_straight: LeaderStraight::Refused,
        ..Plan::plain()
    };
    let mut room = Saleroom::open(auction_id(), plan.charter(user(100)), time(STARTS_AT - SECOND));
    for bidder in [1, 2, 3] {
        done(&mut room, Actor::User(user(bidder)), STARTS_AT - SECOND, Action::Join);
    }
    let mut at = STARTS_AT;
    if lead != Lead::Nobody {
        let leader = if lead == Lead::Own { 1 } else { 2 };
        let first = Action::Bid(Bid::maximum(Decimal::new(1_900, 2)));
        done(&mut room, Actor::User(user(leader)), at, first);
    }
    if is("not_started") {
        at -= 1;
    }
    if is("paused") {
        done(&mut room, Actor::System, at, Action::Pause);
        // Paused past its end: it is still paused.
        at = plan.ends_at() + SECOND;
    }
    if is("cancelled") {
        done(&mut room, Actor::System, at, Action::Cancel);
        at = plan.ends_at() + SECOND;
    }
    if is("ended") {
        at = plan.ends_at();
    }
    if is("already_sold") {
        done(
            &mut room,
            Actor::User(user(3)),
            at,
            Action::Buy { price: Decimal::new(5_000, 2), units: Units::ONE },
        );
    }
    let bidder = match against {
        _ if is("seller_cannot_bid") => 100,
        _ if is("not_participant") => 77,
        _ => 1,
    };
    let cents = match against {
        _ if is("below_starting_price") => 900,
        _ if is("below_minimum") => 1_050,
        _ if is("exceeds_max_jump") => 2_300,
        _ => 2_000,
    };
    let mut facts = if is("account_not_verified") { BidderFacts::UNVERIFIED } else { BidderFacts::VERIFIED };
    if is("account_banned") {
        facts = facts.banned();
    }
    if is("over_limit") {
        facts = facts.with_spendable(amount(cents - 1));
    }
    let price = match is("invalid_price") {
        true => Decimal::new(cents * 10 + 1, 3),
        false => Decimal::new(cents, 2),
    };
    let kind = if is("already_leading") { BidKind::Straight } else { BidKind::Maximum };
    let before = room.clone();
    let command =
        Command::of(user(bidder), time(at), Action::Bid(Bid { kind, amount: price, units: Units::ONE }));
    let answer = room.handle(&facts, &command).map(|_| ());
    assert_eq!(answer.is_err(), room == before, "a refusal leaves no trace, an accepted bid does");
    answer
}

fn done(room: &mut Saleroom, by: Actor, at: i64, action: Action) {
    room.handle(&BidderFacts::VERIFIED, &Command { at: time(at), by, action }).expect("this is allowed");
}

#[test]
fn a_bid_with_nothing_against_it_is_taken() {
    assert_eq!(leads(&[]).count(), 3);
    assert_eq!(code(&[]), "taken");
}

#[test]
fn each_refusal_is_reached_by_its_own_reason() {
    for reason in ORDER {
        assert_eq!(code(&[reason]), reason);
    }
}

#[test]
fn of_two_reasons_the_earlier_one_in_the_order_is_answered() {
    let mut pairs = 0;
    for (index, first) in ORDER.iter().enumerate() {
        for second in ORDER[index + 1..].iter().filter(|second| can_meet(first, second)) {
            assert_eq!(code(&[first, second]), *first, "{first} and {second}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 86, "pairs that can meet");
}

#[test]
fn of_all_reasons_at_once_the_first_one_is_answered() {
    let everything = [
        "account_not_verified",
        "account_banned",
        "invalid_price",
        "seller_cannot_bid",
        "not_participant",
        "ended",
        "below_minimum",
        "over_limit",
    ];
    for first in 0..everything.len() {
        assert_eq!(code(&everything[first..]), everything[first]);
    }
}

#[test]
fn an_auction_that_was_cancelled_before_its_start_is_cancelled_and_not_unstarted() {
    let plan = Plan::plain();
    let mut room = Saleroom::open(auction_id(), plan.charter(user(100)), time(STARTS_AT - SECOND));
    done(&mut room, Actor::User(user(1)), STARTS_AT - SECOND, Action::Join);
    done(&mut room, Actor::System, STARTS_AT - SECOND, Action::Cancel);
    let bid = Command::of(user(1), time(STARTS_AT - 1), Action::Bid(Bid::straight(Decimal::new(1_500, 2))));
    assert_eq!(room.handle(&BidderFacts::VERIFIED, &bid), Err(Rejection::Cancelled));
}

#[test]
fn a_lot_that_was_bought_stays_sold_after_its_end() {
    let plan = Plan { buy_now: Some((5_000, BuyNowRule::Always)), ..Plan::plain() };
    let mut room = open_room(&plan);
    done(
        &mut room,
        Actor::User(user(1)),
        STARTS_AT,
        Action::Buy { price: Decimal::new(5_000, 2), units: Units::ONE },
    );
    for at in [STARTS_AT, plan.ends_at(), plan.ends_at() + SECOND] {
        let bid = Command::of(user(2), time(at), Action::Bid(Bid::straight(Decimal::new(1_500, 2))));
        assert_eq!(room.handle(&BidderFacts::VERIFIED, &bid), Err(Rejection::AlreadySold));
    }
}

#[test]
fn a_refusal_tells_what_the_bidder_needs_to_know() {
    let refused = |against: &[&str]| {
        let lead = leads(against).next().expect("a situation");
        answer(against, lead).expect_err("a refusal")
    };
    assert_eq!(refused(&["not_started"]), Rejection::NotStarted { starts_at: time(STARTS_AT) });
    let below = Rejection::BelowStartingPrice { starting_price: amount(1_000), minimum: amount(1_000) };
    assert_eq!(refused(&["below_starting_price"]), below);
    assert_eq!(refused(&["below_minimum"]), Rejection::BelowMinimum { minimum: Some(amount(1_100)) });
    assert_eq!(refused(&["exceeds_max_jump"]), Rejection::ExceedsMaxJump { most: amount(2_000) });
    assert_eq!(refused(&["over_limit"]), Rejection::OverLimit { limit: amount(1_999) });
}

#[test]
fn only_refusals_for_what_a_person_is_rest_on_facts() {
    for code in ORDER {
        let rests = matches!(code, "account_not_verified" | "account_banned" | "over_limit");
        for lead in leads(&[code]) {
            assert_eq!(answer(&[code], lead).expect_err("a refusal").rests_on_facts(), rests, "{code}");
        }
    }
}

fn open_room(plan: &Plan) -> Saleroom {
    let mut room = Saleroom::open(auction_id(), plan.charter(user(100)), time(STARTS_AT - SECOND));
    for bidder in [1, 2, LIMITED.number().expect("a bidder")] {
        done(&mut room, Actor::User(user(bidder)), STARTS_AT - SECOND, Action::Join);
    }
    room
}

/// Texts that are no number at all.
const NO_NUMBERS: [&str; 27] = [
    "",
    " ",
    "-1",
    "-0",
    "+5",
    "1e3",
    "1E3",
    "1e309",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "９９",
    "１００",
    "1,000",
    "1_000",
    "0x10",
    "10 ",
    " 10",
    "1.",
    ".5",
    "1.2.3",
    "007",
    "null",
    "[]",
    "{}",
    "\u{0}10",
];

/// Texts with more digits than any amount, or than an amount of this currency.
const TOO_LONG: [&str; 8] = [
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999",
    "999999999999999999999999999999999",
    "1000000000000000",
    "0.00001",
    "1.000000000000000000000000000001",
];

#[test]
fn texts_that_are_no_amount_never_become_a_bid() {
    for text in NO_NUMBERS.into_iter().chain(TOO_LONG) {
        assert!(parse_decimal(text).is_err(), "{text:?} was read");
    }
}

fn negative_zero() -> Decimal {
    let mut zero = Decimal::new(0, 2);
    zero.set_sign_negative(true);
    zero
}

/// Numbers that can be constructed, but are no price in dollars.
fn no_prices() -> Vec<Decimal> {
    let big = |number: i128, scale| Decimal::from_i128_with_scale(number, scale);
    let mut numbers = vec![
        Decimal::ZERO,
        Decimal::new(0, 2),
        Decimal::new(0, 28),
        negative_zero(),
        Decimal::new(-1, 0),
        Decimal::new(-1, 28),
        Decimal::new(-150_000, 2),
        Decimal::MIN,
        Decimal::MAX,
        Decimal::new(100_001, 3),
        Decimal::new(1_500_000, 3),
        Decimal::new(1, 28),
        big(9_007_199_254_740_993, 0),
        big(i128::from(i64::MAX), 0),
        big(i128::from(i64::MAX) + 1, 0),
        big(i128::from(i64::MIN), 0),
        big(i128::from(u64::MAX) + 1, 0),
        big(i128::from(i64::MAX), 2),
        big(i128::from(u64::MAX) + 2, 2),
        big(10_i128.pow(28), 0),
        // One cent above the largest amount.
        big(i128::from(Amount::MINOR_MAX) + 1, 2),
        big(10_i128.pow(13), 0),
    ];
    numbers.extend(
        ["0", "0.00", "0.0", "100.001", "100.100", "999999999999999"]
            .map(|text| parse_decimal(text).expect("a number, though no price")),
    );
    numbers
}

#[test]
fn amounts_that_are_no_price_are_refused_and_harm_nothing() {
    for plan in [Plan::plain(), Plan { buy_now: Some((5_000, BuyNowRule::Always)), ..Plan::plain() }] {
        let mut room = open_room(&plan);
        let mut next = 1_000;
        for number in no_prices() {
            let actions = [
                Action::Bid(Bid::straight(number)),
                Action::Bid(Bid::maximum(number)),
                Action::Buy { price: number, units: Units::ONE },
            ];
            for action in actions {
                let before = room.clone();
                let command = Command::of(user(1), time(STARTS_AT), action);
                let answer = room.handle(&BidderFacts::VERIFIED, &command).map(|_| ());
                let is_invalid = matches!(answer, Err(Rejection::InvalidPrice(_)));
                assert!(is_invalid, "{number} of scale {}: {answer:?}", number.scale());
                assert_eq!(room, before, "{number} left a trace");
            }
            // The next decent bid is none the worse for it.
            if next < 4_000 {
                let bid = Action::Bid(Bid::straight(Decimal::new(next, 2)));
                done(&mut room, Actor::User(user(1 + (next / 100) as u64 % 2)), STARTS_AT, bid);
                assert_eq!(room.auction().price(), amount(next));
                next += 100;
            }
        }
    }
}

#[test]
fn zero_is_refused_as_zero_and_the_rest_with_its_own_reason() {
    let plan = Plan::plain();
    let room = open_room(&plan);
    let reason = |number: Decimal| {
        let command = Command::of(user(1), time(STARTS_AT), Action::Bid(Bid::straight(number)));
        match room.clone().handle(&BidderFacts::VERIFIED, &command) {
            Err(Rejection::InvalidPrice(reason)) => reason,
            other => panic!("{number}: {other:?}"),
        }
    };
    assert_eq!(reason(Decimal::ZERO), InvalidPrice::Zero);
    for number in [negative_zero(), Decimal::new(-1, 0), Decimal::new(100_001, 3), Decimal::MAX] {
        assert!(matches!(reason(number), InvalidPrice::Money(_)), "{number}");
    }
}

#[test]
fn the_largest_amount_is_a_bid_and_harms_no_later_one() {
    let plan = Plan::plain();
    let mut room = open_room(&plan);
    let bid = |room: &mut Saleroom, bidder: u64, bid: Bid| {
        let command = Command::of(user(bidder), time(STARTS_AT), Action::Bid(bid));
        room.handle(&BidderFacts::VERIFIED, &command).map(|_| ())
    };
    let largest = Amount::MAX.to_decimal(auction_core::money::Currency::USD);
    assert_eq!(bid(&mut room, 1, Bid::maximum(largest)), Ok(()));
    assert_eq!(room.auction().price(), amount(1_000));
    assert_eq!(bid(&mut room, 2, Bid::maximum(Decimal::new(2_000, 2))), Ok(()));
    assert_eq!((room.auction().leader(), room.auction().price()), (Some(user(1)), amount(2_100)));
    // A tie at the top, where no increment fits any more.
    assert_eq!(bid(&mut room, 2, Bid::maximum(largest)), Ok(()));
    assert_eq!((room.auction().leader(), room.auction().price()), (Some(user(1)), Amount::MAX));
    assert_eq!(room.auction().minimum_bid(), None);
    let refused = Err(Rejection::BelowMinimum { minimum: None });
    assert_eq!(bid(&mut room, 2, Bid::straight(largest)), refused);
    assert_eq!(bid(&mut room, 2, Bid::maximum(Decimal::new(2_000, 2))), refused);
    done(&mut room, Actor::System, plan.ends_at(), Action::Advance);
    assert_eq!(room.auction().status().phase().name(), "ended");
}

#[test]
fn an_auction_whose_history_is_full_says_so_and_can_still_end() {
    let plan = Plan { join_until: JoinUntil::End, ..Plan::plain() };
    let mut room = open_room(&plan);
    done(&mut room, Actor::User(user(1)), STARTS_AT, Action::Bid(Bid::straight(Decimal::new(1_500, 2))));
    // Nobody lives to see so many bids: a stored state is set to one of the last versions that can be numbered.
    let with_left = |left: u64| -> Auction {
        let mut stored = serde_json::to_value(room.auction()).expect("a state is written");
        stored["version"] = (auction_core::VERSION_MAX - left).into();
        serde_json::from_value(stored).expect("a state is read")
    };
    let mut standing = Standing::default();
    standing.number = 2;
    let done = |left: u64, command: &Command| {
        decide(&with_left(left), &standing, &BidderFacts::VERIFIED, command)
            .map(|events| events.len())
            .map_err(|rejection| rejection.code())
    };
    let bid = Command::of(user(2), time(STARTS_AT), Action::Bid(Bid::straight(Decimal::new(2_000, 2))));
    assert_eq!(done(1_000, &bid), Ok(1));
    assert_eq!(done(64, &bid), Err("history_full"));
    // Bids are struck for a while longer. Which ones, the record would have to tell.
    let reason = Reason::new("A slip of the pen").expect("a reason");
    let retract = Command::of(user(2), time(STARTS_AT), Action::Retract { reason: reason.clone() });
    assert_eq!(done(64, &retract), Err("retraction_closed"));
    assert_eq!(done(30, &retract), Err("history_full"));
    let action = Action::Void { removal: Removal::Of(user(1)), reason };
    let strike = Command { at: time(STARTS_AT), by: Actor::System, action };
    assert_eq!(done(64, &strike), Err("record_missing"));
    assert_eq!(done(30, &strike), Err("history_full"));
    let end = Command::advance(time(plan.ends_at()));
    assert_eq!(done(30, &end), Ok(1));
}

#[test]
fn the_house_itself_does_not_bid_buy_or_join() {
    let plan = Plan { buy_now: Some((5_000, BuyNowRule::Always)), ..Plan::plain() };
    let mut room = open_room(&plan);
    let price = Decimal::new(5_000, 2);
    for action in [Action::Bid(Bid::straight(price)), Action::Buy { price, units: Units::ONE }, Action::Join]
    {
        let command = Command { at: time(STARTS_AT), by: Actor::System, action };
        assert_eq!(room.handle(&Person::House.facts(None), &command), Err(Rejection::NotPermitted));
    }
}
