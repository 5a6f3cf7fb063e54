//! Whole auctions as a state machine: random moves of everybody, played through the engine and through the naive
//! [`House`], with all invariants after each.

use crate::compare::compare;
use crate::house::{House, Stage};
use crate::moves::{Ask, Move, When};
use crate::people::{auction_id, user};
use crate::plan::{CREATED_AT, Plan, time};
use crate::random::{modest_moves, plans};
use auction_core::auction::Saleroom;
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

prop_state_machine! {
    /// All people, all actions, times around the deadlines.
    #[test]
    fn every_auction_goes_as_the_naive_house_says(sequential 1..40 => Engine);
}
