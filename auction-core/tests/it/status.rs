//! The status machine: what is due by time, who may do what and when, joining, buying, and the guard against slips.

use crate::people::{Person, auction_id, user};
use crate::plan::{CREATED_AT, Closing, Plan, SECOND, STARTS_AT, amount, time};
use auction_core::auction::{
    Action, Actor, Bid, BuyNowRule, Charter, Command, EarlyClose, Event, JoinUntil, Outcome, Participation,
    Phase, Recorded, Saleroom, Schedule, Status, Trigger, Units,
};
use auction_core::money::Currency;
use auction_core::money::parse_decimal;
use auction_core::{AuctionId, Timestamp, UserId};
use rust_decimal::Decimal;
use std::sync::Arc;

type Answer = Result<Vec<Event>, &'static str>;

const A: Person = Person::Bidder(0);
const B: Person = Person::Bidder(1);
const SELLER: Person = Person::Seller;
const STAFF: Person = Person::Staff;
const HOUSE: Person = Person::House;

/// An auction that A and B have joined.
fn room(plan: &Plan) -> Saleroom {
    let mut room = Saleroom::open(auction_id(), plan.charter(user(100)), time(CREATED_AT));
    for bidder in [A, B] {
        ask(&mut room, bidder, CREATED_AT, Action::Join).expect("nothing stands against joining");
    }
    room
}

fn ask(room: &mut Saleroom, person: Person, at: i64, action: Action) -> Answer {
    let by = person.number().map_or(Actor::System, |number| Actor::User(user(number)));
    let answer = room.handle(&person.facts(None), &Command { at: time(at), by, action });
    let events = |log: &[Recorded]| log.iter().map(|recorded| recorded.event.clone()).collect();
    answer.map(events).map_err(|rejection| rejection.code())
}

fn names(answer: Answer) -> Result<Vec<&'static str>, &'static str> {
    answer.map(|events| events.iter().map(Event::name).collect())
}

fn straight(cents: i64) -> Action {
    Action::Bid(Bid::straight(Decimal::new(cents, 2)))
}

fn maximum(cents: i64) -> Action {
    Action::Bid(Bid::maximum(Decimal::new(cents, 2)))
}

fn buy(cents: i64) -> Action {
    Action::Buy { price: Decimal::new(cents, 2), units: Units::ONE }
}

fn phase(room: &Saleroom) -> Phase {
    room.auction().status().phase()
}

#[test]
fn a_bid_at_the_start_opens_an_auction_that_nobody_has_opened() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    assert_eq!(names(ask(&mut room, A, STARTS_AT - 1, straight(1_000))), Err("not_started"));
    assert_eq!(phase(&room), Phase::Scheduled);
    assert_eq!(names(ask(&mut room, A, STARTS_AT, straight(1_000))), Ok(vec!["started", "bid"]));
    assert_eq!(phase(&room), Phase::Started);
}

#[test]
fn a_bid_is_taken_to_the_microsecond_before_the_end() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    let end = plan.ends_at();
    assert_eq!(names(ask(&mut room, A, end - 1, straight(1_000))), Ok(vec!["started", "bid"]));
    assert_eq!(names(ask(&mut room, B, end, straight(1_100))), Err("ended"));
    assert_eq!(phase(&room), Phase::Started, "a refusal leaves no trace, not even the end");
    assert_eq!(room.auction().phase_at(time(end)), Phase::Ended);
    let outcome = Outcome::Sold { winner: user(1), price: amount(1_000) };
    let ended = Event::Ended { at: time(end), outcome };
    // However late the worker comes, the auction has ended at its end.
    assert_eq!(ask(&mut room, HOUSE, end + 50 * SECOND, Action::Advance), Ok(vec![ended]));
    assert_eq!(room.auction().status(), &Status::Ended { at: time(end), outcome });
}

#[test]
fn an_auction_that_was_never_opened_starts_and_ends_in_one_go() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    assert_eq!(names(ask(&mut room, HOUSE, STARTS_AT - 1, Action::Advance)), Ok(vec![]));
    assert_eq!(names(ask(&mut room, HOUSE, plan.ends_at(), Action::Advance)), Ok(vec!["started", "ended"]));
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
    assert_eq!(outcome, &Outcome::NoBids);
    assert_eq!(names(ask(&mut room, HOUSE, plan.ends_at() + 1, Action::Advance)), Ok(vec![]));
}

#[test]
fn the_deadline_is_the_next_thing_that_is_due() {
    let plan = Plan::plain();
    let mut room = Saleroom::draft(auction_id(), plan.charter(user(100)), time(CREATED_AT));
    assert_eq!(room.auction().deadline(), None);
    ask(&mut room, SELLER, CREATED_AT, Action::Publish).expect("it is a draft");
    assert_eq!(room.auction().deadline(), Some(time(STARTS_AT)));
    ask(&mut room, HOUSE, STARTS_AT, Action::Advance).expect("it is due");
    assert_eq!(room.auction().deadline(), Some(time(plan.ends_at())));
    ask(&mut room, STAFF, STARTS_AT, Action::Pause).expect("it is open");
    assert_eq!(room.auction().deadline(), None);
    ask(&mut room, STAFF, STARTS_AT, Action::Cancel).expect("it is paused");
    assert_eq!(room.auction().deadline(), None);
}

/// An auction in each phase, at a time when it is in it.
fn in_phase(phase: Phase, early_close: EarlyClose) -> (Saleroom, i64) {
    let plan = Plan { early_close, buy_now: Some((5_000, BuyNowRule::Always)), ..Plan::plain() };
    let mut room = room(&plan);
    let at = STARTS_AT + SECOND;
    let mut must = |person, at, action| ask(&mut room, person, at, action).expect("a legal step");
    let now = match phase {
        Phase::Draft => {
            let charter = plan.charter(user(100));
            return (Saleroom::draft(auction_id(), charter, time(CREATED_AT)), CREATED_AT);
        }
        Phase::Scheduled => CREATED_AT,
        Phase::Started => {
            must(HOUSE, at, Action::Advance);
            at
        }
        Phase::Paused => {
            must(HOUSE, at, Action::Pause);
            at
        }
        Phase::Ended => {
            must(HOUSE, plan.ends_at(), Action::Advance);
            plan.ends_at()
        }
        Phase::Cancelled => {
            must(HOUSE, at, Action::Cancel);
            at
        }
        Phase::BoughtNow => {
            must(A, at, buy(5_000));
            at
        }
        other => panic!("a phase that this test does not know: {other:?}"),
    };
    assert_eq!(self::phase(&room), phase);
    (room, now)
}

const PHASES: [Phase; 7] = [
    Phase::Draft,
    Phase::Scheduled,
    Phase::Started,
    Phase::Paused,
    Phase::Ended,
    Phase::Cancelled,
    Phase::BoughtNow,
];

fn revision(room: &Saleroom) -> Action {
    Action::Revise(Arc::clone(room.auction().charter()))
}

#[test]
fn each_status_allows_its_own_transitions_and_no_others() {
    use Phase::{Draft, Paused, Scheduled, Started};
    for phase in PHASES {
        let (room, at) = in_phase(phase, EarlyClose::Seller);
        let table: [(&str, Action, &[Phase]); 6] = [
            ("publish", Action::Publish, &[Draft]),
            ("revise", revision(&room), &[Draft, Scheduled]),
            ("pause", Action::Pause, &[Started]),
            ("resume", Action::Resume, &[Paused]),
            ("close", Action::Close, &[Started]),
            ("cancel", Action::Cancel, &[Scheduled, Started, Paused]),
        ];
        for (name, action, allowed) in table {
            for person in [SELLER, STAFF, HOUSE] {
                let mut room = room.clone();
                // What is over may be past its end: that is not what is asked here.
                let answer = ask(&mut room, person, at, action.clone()).map(|_| ());
                let expected = if allowed.contains(&phase) { Ok(()) } else { Err("illegal_transition") };
                assert_eq!(answer, expected, "{person:?}: {name} while {phase:?}");
            }
        }
    }
}

#[test]
fn strangers_and_bidders_govern_nothing() {
    for phase in PHASES {
        let (room, at) = in_phase(phase, EarlyClose::Seller);
        let actions =
            [Action::Publish, revision(&room), Action::Pause, Action::Resume, Action::Close, Action::Cancel];
        for action in actions {
            for person in [A, Person::Bidder(3), Person::Banned, Person::Unverified] {
                let answer = ask(&mut room.clone(), person, at, action.clone());
                assert_eq!(answer, Err("permission_denied"), "{person:?}: {action:?} while {phase:?}");
            }
        }
    }
}

#[test]
fn a_seller_ends_and_stops_the_own_auction_only_where_the_terms_say_so() {
    for (phase, action) in [
        (Phase::Started, Action::Pause),
        (Phase::Started, Action::Close),
        (Phase::Started, Action::Cancel),
        (Phase::Paused, Action::Resume),
        (Phase::Paused, Action::Cancel),
    ] {
        for (early_close, expected) in
            [(EarlyClose::Staff, Err("permission_denied")), (EarlyClose::Seller, Ok(()))]
        {
            let (mut room, at) = in_phase(phase, early_close);
            let answer = ask(&mut room, SELLER, at, action.clone()).map(|_| ());
            assert_eq!(answer, expected, "{action:?} while {phase:?} under {early_close:?}");
        }
        for person in [STAFF, HOUSE] {
            let (mut room, at) = in_phase(phase, EarlyClose::Staff);
            assert!(
                ask(&mut room, person, at, action.clone()).is_ok(),
                "{person:?}: {action:?} while {phase:?}"
            );
        }
    }
    // Nobody can have bid yet: until the start it is the seller's own.
    for (phase, action) in [(Phase::Scheduled, Action::Cancel), (Phase::Draft, Action::Publish)] {
        let (mut room, at) = in_phase(phase, EarlyClose::Staff);
        assert!(ask(&mut room, SELLER, at, action).is_ok());
    }
}

#[test]
fn a_banned_seller_or_clerk_governs_nothing() {
    let (room, at) = in_phase(Phase::Started, EarlyClose::Seller);
    for person in [SELLER, STAFF] {
        let by = Actor::User(user(person.number().expect("a person")));
        let command = Command { at: time(at), by, action: Action::Close };
        let answer = room.clone().handle(&person.facts(None).banned(), &command).map(|_| ());
        assert_eq!(answer.map_err(|rejection| rejection.code()), Err("permission_denied"));
    }
}

#[test]
fn a_transition_that_comes_after_the_start_or_the_end_meets_what_is_due() {
    let plan = Plan::plain();
    let fresh = room(&plan);
    let end = plan.ends_at();
    let late = |action: Action, at: i64| ask(&mut fresh.clone(), STAFF, at, action).map(|_| ());
    assert_eq!(late(revision(&fresh), STARTS_AT - 1), Ok(()));
    assert_eq!(late(revision(&fresh), STARTS_AT), Err("illegal_transition"));
    assert_eq!(late(Action::Pause, STARTS_AT - 1), Err("illegal_transition"));
    assert_eq!(late(Action::Pause, STARTS_AT), Ok(()));
    for action in [Action::Pause, Action::Close, Action::Cancel] {
        assert_eq!(late(action.clone(), end - 1), Ok(()));
        assert_eq!(late(action, end), Err("illegal_transition"));
    }
}

#[test]
fn a_draft_is_published_at_any_time_before_its_end() {
    let plan = Plan::plain();
    let draft = Saleroom::draft(auction_id(), plan.charter(user(100)), time(CREATED_AT));
    assert_eq!(ask(&mut draft.clone(), A, STARTS_AT, Action::Join), Err("join_closed"));
    assert_eq!(
        ask(&mut draft.clone(), HOUSE, plan.ends_at(), Action::Advance),
        Ok(vec![]),
        "drafts do not start"
    );
    assert_eq!(ask(&mut draft.clone(), SELLER, plan.ends_at(), Action::Publish), Err("end_passed"));
    let mut room = draft;
    assert_eq!(names(ask(&mut room, SELLER, plan.ends_at() - 1, Action::Publish)), Ok(vec!["published"]));
    // A start in the past means now.
    assert_eq!(names(ask(&mut room, HOUSE, plan.ends_at() - 1, Action::Advance)), Ok(vec!["started"]));
}

#[test]
fn terms_change_before_the_start_but_neither_seller_nor_currency() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    let dearer = Plan { start: 2_000, length: 7_200, ..plan.clone() };
    let charter = Arc::new(dearer.charter(user(100)));
    let revise = Action::Revise(Arc::clone(&charter));
    assert_eq!(ask(&mut room, SELLER, CREATED_AT, revise), Ok(vec![Event::Revised { charter }]));
    assert_eq!(room.auction().price(), amount(2_000));
    assert_eq!(room.auction().ends_at(), time(dearer.ends_at()));
    assert_eq!(room.auction().participants(), 2, "who joined stays");

    let other_seller = Action::Revise(Arc::new(plan.charter(user(5))));
    assert_eq!(ask(&mut room, STAFF, CREATED_AT, other_seller), Err("illegal_transition"));
    let schedule = Schedule::new(time(STARTS_AT), time(plan.ends_at())).expect("a schedule");
    let document = auction_core::auction::TermsDocument::default();
    let in_euros = document.terms(Currency::EUR, amount(1_000)).expect("terms");
    let in_euros = Action::Revise(Arc::new(Charter::new(user(100), schedule, in_euros).expect("a charter")));
    assert_eq!(ask(&mut room, STAFF, CREATED_AT, in_euros.clone()), Err("illegal_transition"));
    let mut draft = Saleroom::draft(auction_id(), plan.charter(user(100)), time(CREATED_AT));
    assert!(ask(&mut draft, SELLER, CREATED_AT, in_euros).is_ok(), "nobody has seen a draft");
    let over = Action::Revise(Arc::new(Plan { length: 1, ..plan }.charter(user(100))));
    assert_eq!(ask(&mut draft, SELLER, STARTS_AT + SECOND, over), Err("end_passed"));
}

#[test]
fn a_pause_moves_the_end_and_the_hard_end_by_its_length() {
    let plan = Plan {
        closing: Closing::Soft {
            window: 60,
            extend: None,
            trigger: Trigger::PriceChange,
            hard_end_after: Some(30),
            max_extensions: None,
        },
        ..Plan::plain()
    };
    let mut room = room(&plan);
    let (end, hard_end) = (plan.ends_at(), plan.hard_end().expect("a hard end"));
    let length = 10_000 * SECOND + 7;
    ask(&mut room, A, STARTS_AT, maximum(5_000)).expect("the first bid");
    ask(&mut room, STAFF, end - 1, Action::Pause).expect("it is open");
    assert_eq!(ask(&mut room, B, end, straight(2_000)), Err("paused"));
    assert_eq!(
        ask(&mut room, HOUSE, end + SECOND, Action::Advance),
        Ok(vec![]),
        "a stopped clock does not run out"
    );
    let resumed = Event::Resumed { ends_at: time(end + length) };
    assert_eq!(ask(&mut room, STAFF, end - 1 + length, Action::Resume), Ok(vec![resumed]));
    assert_eq!(room.auction().hard_end(), Some(time(hard_end + length)));
    assert_eq!(
        names(ask(&mut room, B, end - 1 + length, straight(2_000))),
        Ok(vec!["bid", "auto_bid", "extended"])
    );
    assert_eq!(
        room.auction().ends_at(),
        time(hard_end + length),
        "extended, but not past the moved hard end"
    );
    assert_eq!(ask(&mut room, B, hard_end + length, straight(3_000)), Err("ended"));
}

#[test]
fn closing_early_sells_to_the_leader_at_the_price() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    ask(&mut room, A, STARTS_AT, maximum(5_000)).expect("the first bid");
    let at = STARTS_AT + 5;
    let outcome = Outcome::Sold { winner: user(1), price: amount(1_000) };
    assert_eq!(ask(&mut room, STAFF, at, Action::Close), Ok(vec![Event::Ended { at: time(at), outcome }]));
    assert_eq!(ask(&mut room, B, at, straight(2_000)), Err("ended"));
}

#[test]
fn closing_below_the_reserve_sells_to_nobody() {
    let plan = Plan { reserve: Some(3_000), ..Plan::plain() };
    for (bid, name) in [(2_999, "reserve_not_met"), (3_000, "sold")] {
        let mut room = room(&plan);
        ask(&mut room, A, STARTS_AT, maximum(bid)).expect("the first bid");
        ask(&mut room, HOUSE, plan.ends_at(), Action::Advance).expect("it is due");
        let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
        assert_eq!(outcome.name(), name);
        assert_eq!(outcome.sale().is_some(), bid == 3_000);
    }
}

#[test]
fn cancelling_sells_to_nobody_whoever_leads() {
    let mut room = room(&Plan::plain());
    ask(&mut room, A, STARTS_AT, maximum(5_000)).expect("the first bid");
    ask(&mut room, STAFF, STARTS_AT, Action::Cancel).expect("it is open");
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
    assert_eq!((outcome.name(), outcome.sale()), ("cancelled", None));
    assert_eq!(phase(&room).name(), "cancelled");
}

#[test]
fn people_join_until_the_start_or_the_end_as_the_terms_say() {
    let newcomer = Person::Bidder(3);
    for (join_until, after_start) in
        [(JoinUntil::Start, Err("join_closed")), (JoinUntil::End, Ok(vec!["joined"]))]
    {
        let plan = Plan { join_until, ..Plan::plain() };
        let fresh = room(&plan);
        let join = |room: &Saleroom, at| names(ask(&mut room.clone(), newcomer, at, Action::Join));
        assert_eq!(join(&fresh, STARTS_AT - 1), Ok(vec!["joined"]));
        let opens = after_start.clone().map(|_| vec!["started", "joined"]);
        assert_eq!(join(&fresh, STARTS_AT), opens);
        assert_eq!(join(&fresh, plan.ends_at() - 1), opens);
        assert_eq!(join(&fresh, plan.ends_at()), Err("join_closed"));
        let mut paused = fresh.clone();
        ask(&mut paused, STAFF, STARTS_AT, Action::Pause).expect("it is open");
        assert_eq!(join(&paused, plan.ends_at() + SECOND), after_start);
    }
}

#[test]
fn joining_is_for_verified_people_other_than_the_seller_and_only_once() {
    let fresh = room(&Plan::plain());
    for (person, code) in [
        (A, "already_joined"),
        (SELLER, "seller_cannot_bid"),
        (Person::Banned, "account_banned"),
        (Person::Unverified, "account_not_verified"),
    ] {
        assert_eq!(ask(&mut fresh.clone(), person, CREATED_AT, Action::Join), Err(code));
    }
    assert_eq!(fresh.standing(user(1)).number, 1);
    assert_eq!(fresh.standing(user(2)).number, 2);
    assert_eq!(fresh.standing(user(3)).number, 0);
}

#[test]
fn where_everybody_may_bid_the_first_accepted_bid_joins() {
    let plan = Plan { participation: Participation::Open, ..Plan::plain() };
    let mut room = room(&plan);
    let stranger = Person::Bidder(2);
    assert_eq!(ask(&mut room, stranger, STARTS_AT, straight(999)), Err("below_starting_price"));
    assert!(!room.standing(user(3)).has_joined());
    assert_eq!(
        names(ask(&mut room, stranger, STARTS_AT, straight(1_000))),
        Ok(vec!["started", "joined", "bid"])
    );
    assert_eq!(names(ask(&mut room, stranger, STARTS_AT, straight(1_100))), Ok(vec!["bid"]));
    assert_eq!(room.auction().participants(), 3);
    assert_eq!(ask(&mut room, SELLER, STARTS_AT, straight(2_000)), Err("seller_cannot_bid"));
}

/// An auction with the buy-now price of the rules' examples: S 10.
fn offer(price: i64, rule: BuyNowRule, reserve: Option<i64>) -> Saleroom {
    room(&Plan { buy_now: Some((price, rule)), reserve, ..Plan::plain() })
}

fn stands(room: &Saleroom) -> bool {
    let stands = room.auction().buy_now().is_some();
    let answer = ask(&mut room.clone(), B, STARTS_AT, buy(9_999));
    assert_eq!(answer.is_ok(), stands, "what is offered can be bought, and nothing else");
    stands
}

#[test]
fn without_a_reserve_the_first_bid_ends_the_offer() {
    for rule in [BuyNowRule::UntilFirstBid, BuyNowRule::UntilReserveMet] {
        let mut room = offer(2_000, rule, None);
        assert!(stands(&room));
        ask(&mut room, A, STARTS_AT, maximum(1_000)).expect("the first bid");
        assert!(!stands(&room));
        assert_eq!(ask(&mut room, B, STARTS_AT, buy(2_000)), Err("buy_now_unavailable"));
    }
}

#[test]
fn with_a_reserve_the_offer_stands_until_that_is_met() {
    let mut room = offer(8_000, BuyNowRule::UntilReserveMet, Some(5_000));
    ask(&mut room, A, STARTS_AT, maximum(3_000)).expect("the first bid");
    assert!(stands(&room));
    ask(&mut room, B, STARTS_AT, maximum(6_000)).expect("a rival");
    assert_eq!(room.auction().price(), amount(5_000));
    assert!(!stands(&room));
}

#[test]
fn an_offer_until_the_first_bid_is_gone_whatever_the_reserve() {
    let mut room = offer(8_000, BuyNowRule::UntilFirstBid, Some(5_000));
    ask(&mut room, A, STARTS_AT, maximum(3_000)).expect("the first bid");
    assert!(!stands(&room));
    // A bid above the price of an offer that is gone is a bid like any other.
    ask(&mut room, B, STARTS_AT, maximum(9_000)).expect("a rival");
    assert_eq!(phase(&room), Phase::Started);
}

#[test]
fn an_offer_that_always_stands_is_taken_by_any_bid_at_or_above_it() {
    for action in [straight(8_000), maximum(8_000), straight(9_999), maximum(9_999), buy(8_000), buy(9_999)] {
        let mut room = offer(8_000, BuyNowRule::Always, None);
        ask(&mut room, A, STARTS_AT, maximum(3_000)).expect("the first bid");
        assert!(stands(&room));
        let outcome = Outcome::BoughtNow { winner: user(2), price: amount(8_000) };
        let ended = Event::Ended { at: time(STARTS_AT), outcome };
        assert_eq!(ask(&mut room, B, STARTS_AT, action), Ok(vec![ended]), "never for more than the price");
    }
    let mut room = offer(8_000, BuyNowRule::Always, None);
    ask(&mut room, A, STARTS_AT, maximum(7_999)).expect("the first bid");
    assert_eq!(phase(&room), Phase::Started, "a cent below it is a bid");
    ask(&mut room, A, STARTS_AT, maximum(8_000)).expect("the leader may buy as well");
    assert_eq!(phase(&room), Phase::BoughtNow);
}

#[test]
fn of_two_buyers_one_gets_the_lot_and_the_other_learns_that_it_is_sold() {
    let mut room = offer(2_000, BuyNowRule::UntilFirstBid, None);
    assert_eq!(names(ask(&mut room, A, STARTS_AT, buy(2_000))), Ok(vec!["started", "ended"]));
    assert_eq!(ask(&mut room, B, STARTS_AT, buy(2_000)), Err("already_sold"));
    assert_eq!(ask(&mut room, A, STARTS_AT, buy(2_000)), Err("already_sold"));
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
    assert_eq!(outcome.sale(), Some((user(1), amount(2_000))));
}

#[test]
fn buying_is_for_participants_of_an_open_auction_at_the_price() {
    let room = offer(2_000, BuyNowRule::UntilFirstBid, None);
    for (person, at, action, code) in [
        (Person::Unverified, STARTS_AT, buy(2_000), "account_not_verified"),
        (Person::Banned, STARTS_AT, buy(2_000), "account_banned"),
        (A, STARTS_AT, buy(0), "invalid_price"),
        (SELLER, STARTS_AT, buy(2_000), "seller_cannot_bid"),
        (Person::Bidder(3), STARTS_AT, buy(2_000), "not_participant"),
        (A, STARTS_AT - 1, buy(2_000), "not_started"),
        (A, Plan::plain().ends_at(), buy(2_000), "ended"),
        (A, STARTS_AT, buy(1_999), "below_minimum"),
    ] {
        assert_eq!(ask(&mut room.clone(), person, at, action), Err(code), "{person:?}");
    }
    let mut without = self::room(&Plan::plain());
    assert_eq!(ask(&mut without, A, STARTS_AT, buy(2_000)), Err("buy_now_unavailable"));
}

#[test]
fn nobody_buys_above_the_own_limit() {
    let mut room = offer(2_000, BuyNowRule::Always, None);
    for action in [buy(2_000), straight(2_000), maximum(9_000)] {
        let facts = A.facts(None).with_spendable(amount(1_999));
        let command = Command::of(user(1), time(STARTS_AT), action);
        let answer = room.handle(&facts, &command).map(|_| ()).map_err(|rejection| rejection.code());
        assert_eq!(answer, Err("over_limit"));
    }
}

#[test]
fn a_bid_may_be_as_high_as_the_jump_and_no_higher() {
    // Two and a half times the minimum, rounded down: 2.5 * 10.00 at first, then 2.5 * 11.00.
    let plan = Plan { max_jump: Some(25_000), ..Plan::plain() };
    let mut room = room(&plan);
    for bid in [straight, maximum] {
        assert_eq!(ask(&mut room, A, STARTS_AT, bid(2_501)), Err("exceeds_max_jump"));
        assert!(ask(&mut room.clone(), A, STARTS_AT, bid(2_500)).is_ok());
    }
    ask(&mut room, A, STARTS_AT, maximum(1_000)).expect("the first bid");
    assert_eq!(ask(&mut room, B, STARTS_AT, maximum(2_751)), Err("exceeds_max_jump"));
    assert_eq!(
        ask(&mut room, A, STARTS_AT, maximum(2_751)),
        Err("exceeds_max_jump"),
        "the leader slips as well"
    );
    assert!(ask(&mut room, A, STARTS_AT, maximum(2_750)).is_ok());
    // A third of a cent is nobody's to bid: 1.3333 * 10.01 is 13.346333.
    let odd = Plan { max_jump: Some(13_333), start: 1_001, ..Plan::plain() };
    let mut room = self::room(&odd);
    assert_eq!(ask(&mut room, A, STARTS_AT, straight(1_335)), Err("exceeds_max_jump"));
    assert!(ask(&mut room, A, STARTS_AT, straight(1_334)).is_ok());
}

#[test]
fn a_command_that_was_stamped_before_the_last_commit_counts_as_of_then() {
    let plan = Plan::plain();
    let mut room = room(&plan);
    let at = STARTS_AT + 10 * SECOND;
    ask(&mut room, A, at, maximum(5_000)).expect("the first bid");
    // Stamped before the start, decided after a bid: the auction is open.
    ask(&mut room, B, STARTS_AT - SECOND, straight(2_000)).expect("it is open by now");
    assert_eq!(room.log().last().map(|recorded| recorded.at), Some(time(at)));
    ask(&mut room, HOUSE, plan.ends_at(), Action::Advance).expect("it is due");
    assert_eq!(
        ask(&mut room, B, plan.ends_at() - 1, straight(3_000)),
        Err("ended"),
        "stamped before the close"
    );
}

/// The first steps as a reader of the crate would write them, without the helpers of this test.
#[test]
fn an_auction_from_its_terms_to_its_winner() {
    let terms =
        auction_core::auction::TermsDocument::parse(r#"{"first_bid":"at_least","participation":"open"}"#);
    let start = auction_core::money::Amount::parse("10.00", Currency::USD).expect("a price");
    let terms = terms.and_then(|document| document.terms(Currency::USD, start)).expect("terms");
    let noon: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a time");
    let one: Timestamp = "2026-01-01T13:00:00Z".parse().expect("a time");
    let schedule = Schedule::new(noon, one).expect("a schedule");
    let seller = UserId::new(1).expect("an id");
    let charter = Charter::new(seller, schedule, terms).expect("a charter");
    let mut room = Saleroom::open(AuctionId::new(1).expect("an id"), charter, noon);
    for (bidder, amount) in [(2, "30.00"), (3, "20.00")] {
        let bid = Bid::maximum(parse_decimal(amount).expect("a number"));
        let command = Command::of(UserId::new(bidder).expect("an id"), noon, Action::Bid(bid));
        room.handle(&auction_core::auction::BidderFacts::VERIFIED, &command).expect("a good bid");
    }
    room.handle(&auction_core::auction::BidderFacts::VERIFIED, &Command::advance(one)).expect("time passes");
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
    assert_eq!(outcome.sale(), Some((user(2), amount(2_001))));
}
