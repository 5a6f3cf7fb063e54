//! Whole auctions as a state machine: random moves of everybody, played through the engine and through the naive
//! [`House`], with all invariants after each.

use crate::house::{House, Stage};
use crate::invariants::{Step, check_all};
use crate::moves::{Ask, Move, When};
use crate::people::{auction_id, user};
use crate::plan::{CREATED_AT, Plan, time};
use crate::random::{modest_moves, plans};
use auction_core::auction::{Phase, Recorded, Saleroom, Status};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

/// The reference: the naive house, the time, and what was asked last.
#[derive(Clone, Debug)]
struct Reference {
    house: House,
    now: i64,
    last: Option<(House, Ask)>,
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Reference;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<Reference> {
        (plans(), any::<bool>())
            .prop_map(|(plan, draft)| Reference {
                house: House::new(plan, draft, CREATED_AT),
                now: CREATED_AT,
                last: None,
            })
            .boxed()
    }

    fn transitions(state: &Reference) -> BoxedStrategy<Move> {
        let over = matches!(state.house.stage, Stage::Ended { .. });
        let waiting = matches!(state.house.stage, Stage::Draft | Stage::Scheduled);
        modest_moves()
            .prop_map(move |what| match what.when {
                // Before the start an hour passes in steps of seconds: the start is where things happen.
                When::Later(seconds) if waiting && seconds > 60 => Move { when: When::Start(0), ..what },
                // Nothing happens after the end, so there is no need to look far.
                When::BeforeEnd(_) if over => Move { when: When::AtOnce, ..what },
                _ => what,
            })
            .boxed()
    }

    fn apply(mut state: Reference, transition: &Move) -> Reference {
        let ask = transition.ask(&state.house.plan, state.house.sight(), state.now);
        state.now = state.now.max(ask.at);
        state.last = Some((state.house.clone(), ask.clone()));
        let _ = state.house.handle(&ask);
        state
    }
}

struct Engine {
    room: Saleroom,
}

impl StateMachineTest for Engine {
    type SystemUnderTest = Self;
    type Reference = Machine;

    fn init_test(reference: &Reference) -> Self {
        let plan: &Plan = &reference.house.plan;
        let charter = plan.charter(user(100));
        let room = match reference.house.stage {
            Stage::Draft => Saleroom::draft(auction_id(), charter, time(CREATED_AT)),
            _ => Saleroom::open(auction_id(), charter, time(CREATED_AT)),
        };
        Self { room }
    }

    fn apply(mut engine: Self, reference: &Reference, _: Move) -> Self {
        let (mut house, ask) = reference.last.clone().expect("a move was made");
        compare(&mut engine.room, &mut house, &ask);
        engine
    }
}

/// Asks both the same and compares the answers and how the auction stands; then checks all invariants.
pub(crate) fn compare(room: &mut Saleroom, house: &mut House, ask: &Ask) {
    let (facts, command) = (ask.facts(&house.plan), ask.command());
    let before = room.clone();
    let answer = room.handle(&facts, &command).map(<[Recorded]>::to_vec);
    let codes = answer.as_ref().map(|_| ()).map_err(|rejection| rejection.code());
    assert_eq!(codes, house.handle(ask), "{ask:?}");

    let auction = room.auction();
    let stand = house.stand();
    assert_eq!(auction.leader().map(|leader| leader.number()), stand.map(|stand| stand.leader));
    assert_eq!(auction.price().minor(), house.price());
    assert_eq!(auction.leader_maximum().map(|it| it.minor()), stand.map(|stand| stand.maximum));
    assert_eq!(auction.minimum_bid().map(|it| it.minor()), Some(house.minimum()));
    assert_eq!(auction.ends_at().micros(), house.ends_at);
    assert_eq!(auction.hard_end().map(|at| at.micros()), house.hard_end);
    assert_eq!(auction.extensions(), house.extensions);
    assert_eq!(auction.bid_count(), house.bids);
    assert_eq!(auction.participants() as usize, house.joined.len());
    assert_eq!(stage(auction.status()), house.stage);
    assert_eq!(auction.status().phase(), phase(house.stage));
    check_all(&Step { before: &before, after: room, facts: &facts, command: &command, answer: &answer });
}

fn stage(status: &Status) -> Stage {
    match status {
        Status::Draft => Stage::Draft,
        Status::Scheduled => Stage::Scheduled,
        Status::Started => Stage::Started,
        Status::Paused { since } => Stage::Paused { since: since.micros() },
        Status::Ended { at, outcome } => Stage::Ended {
            at: at.micros(),
            result: outcome.name(),
            sale: outcome.sale().map(|(winner, price)| (winner.number(), price.minor())),
        },
    }
}

fn phase(stage: Stage) -> Phase {
    match stage {
        Stage::Draft => Phase::Draft,
        Stage::Scheduled => Phase::Scheduled,
        Stage::Started => Phase::Started,
        Stage::Paused { .. } => Phase::Paused,
        Stage::Ended { result: "cancelled", .. } => Phase::Cancelled,
        Stage::Ended { result: "bought_now", .. } => Phase::BoughtNow,
        Stage::Ended { .. } => Phase::Ended,
    }
}

prop_state_machine! {
    /// All people, all actions, times around the deadlines.
    #[test]
    fn every_auction_goes_as_the_naive_house_says(sequential 1..40 => Engine);
}
