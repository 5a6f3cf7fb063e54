//! What holds for every auction, whatever its terms and whatever people try (rules: properties).
//!
//! `PROPTEST_CASES` sets how many auctions each property is tried on; without it 256.

use crate::house::House;
use crate::invariants::{self, Check, Step};
use crate::moves::{Act, Ask, Deed, Move, Sight, Sum, When};
use crate::oracle::{Offer, Oracle};
use crate::people::{BIDDERS, Person, auction_id, user};
use crate::plan::{CREATED_AT, Closing, Plan, STARTS_AT, Steps, amount, time};
use crate::random::{bids, moves, plain_sales, plans};
use auction_core::auction::{
    Action, Anchor, Bid, BidKind, BidderFacts, Command, Event, LowerMax, Recorded, Saleroom, Status, Units,
    fold,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// How many moves an auction has at most.
const MOVES_MAX: usize = 40;

fn open_room(plan: &Plan, draft: bool) -> Saleroom {
    let charter = plan.charter(user(100));
    if draft {
        Saleroom::draft(auction_id(), charter, time(CREATED_AT))
    } else {
        Saleroom::open(auction_id(), charter, time(CREATED_AT))
    }
}

/// Before the start, all bidders but the first join, so that some bids are those of strangers.
fn joining() -> impl Iterator<Item = Move> {
    (1..BIDDERS).map(|number| Move { person: Person::Bidder(number), deed: Deed::Join, when: When::AtOnce })
}

/// Plays the moves and checks after each.
fn play(plan: &Plan, draft: bool, moves: &[Move], check: Check) {
    let mut room = open_room(plan, draft);
    let opening = Move { person: Person::House, deed: Deed::Advance, when: When::Start(0) };
    let mut now = CREATED_AT;
    for what in joining().chain([opening]).chain(moves.iter().copied()) {
        let ask = what.ask(plan, Sight::of(room.auction()), now);
        now = now.max(ask.at);
        try_it(plan, &mut room, &ask, check);
    }
}

fn try_it(plan: &Plan, room: &mut Saleroom, ask: &Ask, check: Check) {
    let (facts, command) = (ask.facts(plan), ask.command());
    let before = room.clone();
    let answer = room.handle(&facts, &command).map(<[Recorded]>::to_vec);
    check(&Step { before: &before, after: room, facts: &facts, command: &command, answer: &answer });
}

macro_rules! always {
    ($($property:ident)+) => {
        proptest! {
            $(
                #[test]
                fn $property(
                    plan in plans(),
                    draft in prop::bool::weighted(0.1),
                    moves in prop::collection::vec(moves(), 0..MOVES_MAX),
                ) {
                    play(&plan, draft, &moves, invariants::$property);
                }
            )+
        }

        #[test]
        fn no_property_is_forgotten() {
            let here = [$(invariants::$property as Check),+];
            assert_eq!(here.len(), invariants::ALL.len());
        }
    };
}

always! {
    the_price_is_never_above_the_leaders_maximum
    the_price_never_falls
    the_seller_never_leads
    nothing_is_taken_outside_of_the_open_time
    the_end_never_moves_earlier_nor_past_the_hard_end
    a_refusal_changes_nothing
    deciding_twice_gives_the_same
    the_log_folds_to_the_state
    there_is_at_most_one_winner_and_it_stays
    public_events_are_numbered_without_gaps
    bids_are_counted_without_answers
    the_end_moves_at_most_as_often_as_agreed
    an_early_stamp_counts_as_that_of_the_last_commit
    who_leads_has_joined_and_bid
    what_is_due_happens_by_time_alone
    the_minimum_is_exactly_the_boundary
    state_and_log_survive_being_stored
}

/// Plays bids through the engine and through a naive statement of the rules, and compares after each.
fn compare(plan: &Plan, moves: &[Move]) {
    let mut room = open_room(plan, false);
    let mut oracle = Oracle::new(plan);
    for what in moves {
        let sight = Sight::of(room.auction());
        let ask = what.ask(plan, sight, STARTS_AT);
        let Act::Bid(kind, cents) = ask.act else { panic!("only bids") };
        let bidder = ask.person.number().expect("a bidder");
        let answer =
            room.handle(&ask.facts(plan), &ask.command()).map(|_| ()).map_err(|rejection| rejection.code());
        let expected = match cents {
            ..=0 => Err("invalid_price"),
            _ => oracle.place(plan, Offer { bidder, kind, amount: cents, limit: None }),
        };
        assert_eq!(answer, expected, "{kind:?} {cents} of {bidder}");
        let auction = room.auction();
        let got = auction
            .leader()
            .map(|leader| (leader.number(), auction.price().minor(), auction.leader_maximum()));
        let stand = oracle.stand(plan).map(|stand| (stand.leader, stand.price, Some(amount(stand.maximum))));
        assert_eq!(got, stand, "after {kind:?} {cents} of {bidder}");
        assert_eq!(auction.minimum_bid(), Some(amount(oracle.minimum(plan))));
    }
}

proptest! {
    #[test]
    fn ladder_walk_equals_the_step_by_step_bidding_war(
        plan in plain_sales(Anchor::LadderWalk),
        moves in prop::collection::vec(bids(), 0..MOVES_MAX),
    ) {
        compare(&plan, &moves);
    }

    #[test]
    fn second_max_equals_every_loser_showing_its_maximum_and_one_increment(
        plan in plain_sales(Anchor::SecondMax),
        moves in prop::collection::vec(bids(), 0..MOVES_MAX),
    ) {
        compare(&plan, &moves);
    }

    /// Whatever came before: of two equal maximums that beat everything, the first leads and pays all of it.
    #[test]
    fn ties_go_to_the_earlier(
        anchor in prop::sample::select(vec![Anchor::SecondMax, Anchor::LadderWalk]),
        plan in plain_sales(Anchor::SecondMax),
        before in prop::collection::vec(bids(), 0..10),
        kinds in (kind(), kind()),
        above in 1..1_000_i64,
    ) {
        let plan = Plan { anchor, reserve: None, ..plan };
        let mut room = open_room(&plan, false);
        for what in &before {
            let ask = what.ask(&plan, Sight::of(room.auction()), STARTS_AT);
            let _ = room.handle(&ask.facts(&plan), &ask.command());
        }
        let equal = room.auction().minimum_bid().expect("small sums").minor().max(plan.top * 2) + above;
        let bid = |number, kind| {
            let amount = Decimal::new(equal, 2);
            Command::of(user(number), time(STARTS_AT), Action::Bid(Bid { kind, amount, units: Units::ONE }))
        };
        room.handle(&BidderFacts::VERIFIED, &bid(21, kinds.0)).expect("above everything");
        let tie = room.handle(&BidderFacts::VERIFIED, &bid(22, kinds.1)).map(|_| ());
        prop_assert_eq!(room.auction().leader(), Some(user(21)));
        // Where the first has been driven to its maximum already, an equal sum is below the minimum.
        if tie.is_ok() {
            prop_assert_eq!(room.auction().price(), amount(equal));
        } else {
            prop_assert!(room.auction().minimum_bid() > Some(amount(equal)));
        }
    }

    /// Whoever watches an auction learns nothing of how far a leader would go.
    #[test]
    fn the_public_view_does_not_depend_on_a_maximum_above_everything_else(
        plan in plans(),
        moves in prop::collection::vec(moves(), 0..MOVES_MAX),
        secrets in (1..1_000_000_i64, 1..1_000_000_i64),
    ) {
        let plan = Plan { buy_now: None, max_jump: None, limit: None, lower_max: LowerMax::Forbidden, ..plan };
        // Above all that is bid, and above the reserve and every answer.
        let roof = 1_000 * plan.top.max(plan.reserve.unwrap_or(0));
        let one = watch(&plan, &moves, roof, roof + secrets.0);
        let other = watch(&plan, &moves, roof, roof + secrets.1);
        prop_assert_eq!(one, other);
    }

    /// Whatever happened, once the time is over there is one outcome, and the leader wins unless the reserve stands
    /// against it.
    #[test]
    fn every_auction_ends_with_exactly_one_outcome(
        plan in plans(),
        moves in prop::collection::vec(moves(), 0..MOVES_MAX),
    ) {
        let mut room = open_room(&plan, false);
        let mut now = STARTS_AT;
        for what in &moves {
            let ask = what.ask(&plan, Sight::of(room.auction()), now);
            now = now.max(ask.at);
            let _ = room.handle(&ask.facts(&plan), &ask.command());
        }
        if let Status::Paused { .. } = room.auction().status() {
            let resume = Command { at: time(now), by: auction_core::auction::Actor::System, action: Action::Resume };
            room.handle(&BidderFacts::VERIFIED, &resume).expect("what is paused goes on");
        }
        let late = room.auction().ends_at();
        room.handle(&BidderFacts::VERIFIED, &Command::advance(late)).expect("time is never refused");
        let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
        let ends = room.log().iter().filter(|recorded| matches!(recorded.event, Event::Ended { .. })).count();
        prop_assert_eq!(ends, 1);
        if outcome.name() == "sold" {
            let won = room.auction().leader().map(|leader| (leader, room.auction().price()));
            prop_assert_eq!(outcome.sale(), won);
        }
    }

    /// The whole auction, statuses and closing included, goes as the naive house says.
    #[test]
    fn the_engine_answers_as_the_naive_house(
        plan in plans(),
        draft in prop::bool::weighted(0.1),
        moves in prop::collection::vec(crate::random::modest_moves(), 0..MOVES_MAX),
    ) {
        let mut room = open_room(&plan, draft);
        let mut house = House::new(plan.clone(), draft, CREATED_AT);
        let mut now = CREATED_AT;
        let opening = Move { person: Person::House, deed: Deed::Advance, when: When::Start(0) };
        for what in joining().chain([opening]).chain(moves) {
            let ask = what.ask(&house.plan, house.sight(), now);
            now = now.max(ask.at);
            crate::compare::compare(&mut room, &mut house, &ask);
        }
    }
}

fn kind() -> impl Strategy<Value = BidKind> {
    prop::sample::select(vec![BidKind::Straight, BidKind::Maximum])
}

/// The public events of an auction in which the second bidder goes up to `secret` at the start and nobody else bids
/// more than `roof`, with the private parts removed.
fn watch(plan: &Plan, moves: &[Move], roof: i64, secret: i64) -> Vec<(u64, i64, String)> {
    let mut room = open_room(plan, false);
    for what in joining() {
        let ask = what.ask(plan, Sight::of(room.auction()), CREATED_AT);
        room.handle(&ask.facts(plan), &ask.command()).expect("everybody may join before the start");
    }
    let secretly = Action::Bid(Bid::maximum(Decimal::new(secret, 2)));
    let owner = Person::Bidder(1).number().map(user).expect("a bidder");
    room.handle(&BidderFacts::VERIFIED, &Command::of(owner, time(STARTS_AT), secretly))
        .expect("the first bid");
    let mut now = STARTS_AT;
    for what in moves {
        // Nobody else knows the secret, so nobody aims at it.
        let sight = Sight { leader_maximum: room.auction().price().minor(), ..Sight::of(room.auction()) };
        let ask = what.ask(plan, sight, now);
        now = now.max(ask.at);
        if !matches!(ask.act, Act::Bid(_, cents) if cents > roof) {
            let _ = room.handle(&ask.facts(plan), &ask.command());
        }
    }
    assert_eq!(room.auction().leader(), Some(owner), "nobody bids more");
    let public = room.log().iter().filter(|it| it.event.is_public());
    public.map(|it| (it.version, it.at.micros(), seen(&it.event))).collect()
}

/// What everybody sees of an event.
fn seen(event: &Event) -> String {
    match event {
        Event::Bid { bidder, kind, leads, price, .. } => {
            format!("{bidder} {} {leads} {}", kind.name(), price.minor())
        }
        Event::AutoBid { bidder, price, .. } => format!("{bidder} auto {}", price.minor()),
        other => format!("{other:?}"),
    }
}

/// Properties of auctions in which nothing happens would hold as well: this is what the random ones reach.
#[test]
fn random_auctions_reach_every_event_every_outcome_and_every_refusal() {
    let mut runner = TestRunner::deterministic();
    let sample = (plans(), prop::bool::weighted(0.1), prop::collection::vec(moves(), 0..MOVES_MAX));
    let mut reached = BTreeSet::new();
    for _ in 0..2_000 {
        let (plan, draft, moves) = sample.new_tree(&mut runner).expect("a sample").current();
        let mut room = open_room(&plan, draft);
        let opening = Move { person: Person::House, deed: Deed::Advance, when: When::Start(0) };
        let mut now = CREATED_AT;
        for what in joining().chain([opening]).chain(moves) {
            let ask = what.ask(&plan, Sight::of(room.auction()), now);
            now = now.max(ask.at);
            match room.handle(&ask.facts(&plan), &ask.command()) {
                Ok(log) => reached.extend(log.iter().map(|recorded| recorded.event.name())),
                Err(rejection) => {
                    reached.insert(rejection.code());
                }
            }
        }
        if let Status::Ended { outcome, .. } = room.auction().status() {
            reached.insert(outcome.name());
        }
    }
    let expected = [
        "account_banned",
        "account_not_verified",
        "already_joined",
        "already_leading",
        "already_sold",
        "auto_bid",
        "below_minimum",
        "below_starting_price",
        "bid",
        "bought_now",
        "buy_now_unavailable",
        "cancelled",
        "end_passed",
        "ended",
        "exceeds_max_jump",
        "extended",
        "illegal_transition",
        "invalid_price",
        "join_closed",
        "joined",
        "maximum_changed",
        "no_bids",
        "not_participant",
        "not_started",
        "over_limit",
        "paused",
        "permission_denied",
        "published",
        "reserve_not_met",
        "resumed",
        "revised",
        "seller_cannot_bid",
        "sold",
        "started",
    ];
    assert_eq!(reached.into_iter().collect::<Vec<_>>(), expected);
}

/// One that the random ones could miss: an auction in which everything is as small as it can be.
#[test]
fn the_smallest_auction_follows_the_rules() {
    let plan = Plan { start: 0, steps: Steps::Smallest, closing: Closing::Hard, length: 1, ..Plan::plain() };
    let step = |number, cents| Move {
        person: Person::Bidder(number),
        deed: Deed::Bid(BidKind::Maximum, Sum::Exactly(cents)),
        when: When::AtOnce,
    };
    let moves = [step(1, 0), step(1, 1), step(2, 1), step(2, 2), step(1, 2), step(1, 3)];
    for check in invariants::ALL {
        play(&plan, false, &moves, *check);
    }
}

#[test]
fn a_log_with_a_gap_or_without_its_beginning_folds_to_nothing() {
    let plan = Plan::plain();
    let mut room = open_room(&plan, false);
    for what in joining() {
        let ask = what.ask(&plan, Sight::of(room.auction()), CREATED_AT);
        room.handle(&ask.facts(&plan), &ask.command()).expect("everybody may join before the start");
    }
    let log = room.log();
    assert!(log.len() > 2);
    assert!(fold(auction_id(), log).is_some());
    assert_eq!(fold(auction_id(), &log[..0]), None);
    assert_eq!(fold(auction_id(), &log[1..]), None);
    let gap = log.iter().filter(|recorded| recorded.revision != 2);
    assert_eq!(fold(auction_id(), gap), None);
    let twice = log.iter().chain(log.last());
    assert_eq!(fold(auction_id(), twice), None);
}
