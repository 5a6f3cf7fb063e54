//! Any commands under any terms, against the invariants and the naive house.
#![no_main]
#![allow(dead_code, unreachable_pub)]

#[path = "../../auction-core/tests/it/compare.rs"]
mod compare;
#[path = "../../auction-core/tests/it/house.rs"]
mod house;
#[path = "../../auction-core/tests/it/invariants.rs"]
mod invariants;
#[path = "../../auction-core/tests/it/moves.rs"]
mod moves;
#[path = "../../auction-core/tests/it/oracle.rs"]
mod oracle;
#[path = "../../auction-core/tests/it/people.rs"]
mod people;
#[path = "../../auction-core/tests/it/plan.rs"]
mod plan;

use arbitrary::{Result, Unstructured};
use auction_core::auction::{
    Anchor, BelowReserve, BidKind, BuyNowRule, EarlyClose, FirstBid, JoinUntil, LeaderRaise, LeaderStraight,
    LowerMax, Participation, ReserveVisibility, Saleroom, Trigger,
};
use house::House;
use libfuzzer_sys::fuzz_target;
use moves::{Deed, Move, Revision, Sight, Sum, When};
use people::{BIDDERS, Person, auction_id, user};
use plan::{CREATED_AT, Closing, Plan, Steps, time};

/// How many moves an auction has at most: the checks look at the whole log after each.
const MOVES_MAX: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Unstructured::new(bytes);
    let _ = play(&mut input);
});

fn play(input: &mut Unstructured<'_>) -> Result<()> {
    let plan = any_plan(input)?;
    let draft = input.ratio(1, 10)?;
    // Sums that no step by step model can follow are checked against the invariants alone.
    let modest = input.ratio(9, 10)?;
    let charter = plan.charter(user(100));
    let mut room = match draft {
        true => Saleroom::draft(auction_id(), charter, time(CREATED_AT)),
        false => Saleroom::open(auction_id(), charter, time(CREATED_AT)),
    };
    let mut house = House::new(plan.clone(), draft, CREATED_AT);
    let mut now = CREATED_AT;
    for _ in 0..MOVES_MAX {
        if input.is_empty() {
            break;
        }
        let what = any_move(input, modest)?;
        if modest {
            let ask = what.ask(&house.plan, house.sight(), now);
            now = now.max(ask.at);
            compare::compare(&mut room, &mut house, &ask);
        } else {
            let ask = what.ask(&plan, Sight::of(room.auction()), now);
            now = now.max(ask.at);
            let (facts, command) = (ask.facts(&plan), ask.command());
            let before = room.clone();
            let answer = room.handle(&facts, &command).map(<[_]>::to_vec);
            let step = invariants::Step {
                before: &before,
                after: &room,
                facts: &facts,
                command: &command,
                answer: &answer,
            };
            invariants::check_all(&step);
        }
    }
    Ok(())
}

fn any_steps(input: &mut Unstructured<'_>) -> Result<(Steps, i64)> {
    Ok(match input.int_in_range(0..=4)? {
        0 => (Steps::Smallest, 60),
        1 => (Steps::Fixed(input.int_in_range(1..=50)?), 500),
        2 => {
            let mut rows = vec![(0, input.int_in_range(1..=40)?)];
            let mut from = 0;
            for _ in 0..input.int_in_range(0..=5)? {
                from += input.int_in_range(1..=150)?;
                rows.push((from, input.int_in_range(1..=60)?));
            }
            (Steps::Table(rows), 500)
        }
        3 => {
            let (basis_points, floor) = (input.int_in_range(1..=6_000)?, input.int_in_range(1..=20)?);
            (Steps::Percent { basis_points, floor }, 500)
        }
        _ => (Steps::Grid, 150_000),
    })
}

fn any_closing(input: &mut Unstructured<'_>) -> Result<Closing> {
    if input.ratio(1, 4)? {
        return Ok(Closing::Hard);
    }
    Ok(Closing::Soft {
        window: input.int_in_range(1..=400)?,
        extend: maybe(input, |input| input.int_in_range(1..=400))?,
        trigger: *input.choose(&[Trigger::PriceChange, Trigger::LeaderChange, Trigger::AnyAccepted])?,
        hard_end_after: maybe(input, |input| input.int_in_range(0..=600))?,
        max_extensions: maybe(input, |input| input.int_in_range(0..=4))?,
    })
}

fn maybe<'a, T>(
    input: &mut Unstructured<'a>,
    some: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if input.arbitrary()? { some(input).map(Some) } else { Ok(None) }
}

fn any_plan(input: &mut Unstructured<'_>) -> Result<Plan> {
    let (steps, top) = any_steps(input)?;
    let start = input.int_in_range(0..=top / 2)?;
    let reserve = maybe(input, |input| Ok((start + input.int_in_range(0..=top / 2)?).max(1)))?;
    let rules = [BuyNowRule::UntilFirstBid, BuyNowRule::UntilReserveMet, BuyNowRule::Always];
    let buy_now = maybe(input, |input| {
        let above = input.int_in_range(0..=top / 2)?;
        Ok((reserve.unwrap_or(start).max(start + 1) + above, *input.choose(&rules)?))
    })?;
    Ok(Plan {
        start,
        steps,
        first_bid: *input.choose(&[FirstBid::Above, FirstBid::AtLeast, FirstBid::PlusIncrement])?,
        reserve,
        reserve_visibility: ReserveVisibility::MetFlag,
        anchor: *input.choose(&[Anchor::SecondMax, Anchor::LadderWalk])?,
        leader_raise: *input.choose(&[LeaderRaise::CompletesIncrement, LeaderRaise::NeverMoves])?,
        lower_max: *input.choose(&[LowerMax::Forbidden, LowerMax::DownToVisible])?,
        below_reserve: *input.choose(&[BelowReserve::Normal, BelowReserve::FullMax])?,
        leader_straight: *input.choose(&[LeaderStraight::Raises, LeaderStraight::Refused])?,
        closing: any_closing(input)?,
        participation: *input.choose(&[Participation::Join, Participation::Open])?,
        join_until: *input.choose(&[JoinUntil::Start, JoinUntil::End])?,
        buy_now,
        max_jump: maybe(input, |input| input.int_in_range(10_000..=80_000))?,
        early_close: *input.choose(&[EarlyClose::Staff, EarlyClose::Seller])?,
        length: input.int_in_range(1..=1_200)?,
        limit: maybe(input, |input| input.int_in_range(0..=top))?,
        top,
    })
}

fn any_sum(input: &mut Unstructured<'_>, modest: bool) -> Result<Sum> {
    Ok(match input.int_in_range(0..=if modest { 5 } else { 6 })? {
        0 => Sum::Share(input.int_in_range(0..=1_000)?),
        1 => Sum::Minimum(input.int_in_range(-2..=2)?),
        2 => Sum::Price(input.int_in_range(-2..=2)?),
        3 => Sum::LeaderMaximum(input.int_in_range(-2..=2)?),
        4 => Sum::Reserve(input.int_in_range(-2..=2)?),
        5 => Sum::BuyNow(input.int_in_range(-2..=2)?),
        _ => Sum::Exactly(input.arbitrary()?),
    })
}

fn any_move(input: &mut Unstructured<'_>, modest: bool) -> Result<Move> {
    let person = match input.int_in_range(0..=15)? {
        0 | 1 => Person::Seller,
        2 | 3 => Person::Staff,
        4 => Person::House,
        5 => Person::Banned,
        6 => Person::Unverified,
        number => Person::Bidder(number % BIDDERS),
    };
    let deed = match input.int_in_range(0..=23)? {
        0 => Deed::Advance,
        1 | 2 => Deed::Join,
        3 => Deed::Buy(any_sum(input, modest)?),
        4 => Deed::Publish,
        5 => Deed::Revise(match input.int_in_range(0..=2)? {
            0 => Revision::Steps,
            1 => Revision::Length(input.int_in_range(1..=2_000)?),
            _ => Revision::Seller,
        }),
        6 => Deed::Pause,
        7 => Deed::Resume,
        8 => Deed::Close,
        9 => Deed::Cancel,
        10..=14 => Deed::Bid(BidKind::Straight, any_sum(input, modest)?),
        _ => Deed::Bid(BidKind::Maximum, any_sum(input, modest)?),
    };
    let when = match input.int_in_range(0..=8)? {
        0 => When::Start(input.int_in_range(-1..=1)?),
        1 => When::End(input.int_in_range(-2..=1)?),
        2 => When::BeforeEnd(input.int_in_range(0..=400)?),
        3 => When::Before(input.int_in_range(1..=200)?),
        4 | 5 => When::AtOnce,
        6 => When::Window(input.int_in_range(-1..=1)?),
        _ => When::Later(input.int_in_range(0..=200)?),
    };
    Ok(Move { person, deed, when })
}
