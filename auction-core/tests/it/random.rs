//! Random auctions and random moves.

use crate::moves::{Deed, Move, Revision, Sum, When};
use crate::people::{BIDDERS, Person};
use crate::plan::{Closing, Plan, Steps};
use auction_core::auction::{
    Anchor, BelowReserve, BidKind, BuyNowRule, EarlyClose, FirstBid, JoinUntil, LeaderRaise, LeaderStraight,
    LowerMax, Participation, ReserveVisibility, Trigger,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Random increments, and the largest sum that makes sense with them.
pub(crate) fn steps() -> impl Strategy<Value = (Steps, i64)> {
    let rows = prop::collection::vec((1..150_i64, 1..60_i64), 0..5);
    let table = (1..40_i64, rows).prop_map(|(first, rows)| {
        let mut from = 0;
        let rest = rows.into_iter().map(move |(width, step)| {
            from += width;
            (from, step)
        });
        (Steps::Table(std::iter::once((0, first)).chain(rest).collect()), 500)
    });
    prop_oneof![
        1 => Just((Steps::Smallest, 60)),
        1 => (1..50_i64).prop_map(|step| (Steps::Fixed(step), 500)),
        3 => table,
        1 => (1..6_000_i64, 1..20_i64)
            .prop_map(|(basis_points, floor)| (Steps::Percent { basis_points, floor }, 500)),
        1 => Just((Steps::Grid, 150_000)),
    ]
}

fn closing() -> impl Strategy<Value = Closing> {
    let soft = (
        1..400_i64,
        prop::option::of(1..400_i64),
        select(vec![Trigger::PriceChange, Trigger::LeaderChange, Trigger::AnyAccepted]),
        prop::option::of(0..600_i64),
        prop::option::of(0..4_u32),
    );
    prop_oneof![
        1 => Just(Closing::Hard),
        3 => soft.prop_map(|(window, extend, trigger, hard_end_after, max_extensions)| Closing::Soft {
            window,
            extend,
            trigger,
            hard_end_after,
            max_extensions,
        }),
    ]
}

fn price_policies()
-> impl Strategy<Value = (FirstBid, Anchor, LeaderRaise, LowerMax, BelowReserve, LeaderStraight)> {
    (
        select(vec![FirstBid::Above, FirstBid::AtLeast, FirstBid::PlusIncrement]),
        select(vec![Anchor::SecondMax, Anchor::LadderWalk]),
        select(vec![LeaderRaise::CompletesIncrement, LeaderRaise::NeverMoves]),
        select(vec![LowerMax::Forbidden, LowerMax::DownToVisible]),
        select(vec![BelowReserve::Normal, BelowReserve::FullMax]),
        select(vec![LeaderStraight::Raises, LeaderStraight::Refused]),
    )
}

fn house_policies()
-> impl Strategy<Value = (Closing, Participation, JoinUntil, EarlyClose, ReserveVisibility, i64)> {
    (
        closing(),
        select(vec![Participation::Join, Participation::Open]),
        select(vec![JoinUntil::Start, JoinUntil::End]),
        select(vec![EarlyClose::Staff, EarlyClose::Seller]),
        select(vec![ReserveVisibility::MetFlag, ReserveVisibility::Public, ReserveVisibility::Hidden]),
        60..1_200_i64,
    )
}

/// Start, reserve, buy-now offer, jump and limit. All but the jump are thousandths of the largest sum.
type Sums = (i64, Option<i64>, Option<(i64, BuyNowRule)>, Option<u64>, Option<i64>);

fn sums() -> impl Strategy<Value = Sums> {
    let rules = vec![BuyNowRule::UntilFirstBid, BuyNowRule::UntilReserveMet, BuyNowRule::Always];
    (
        prop_oneof![Just(0_i64), 1..500_i64],
        prop::option::of(0..500_i64),
        prop::option::weighted(0.3, (1..600_i64, select(rules))),
        prop::option::weighted(0.2, 10_000..80_000_u64),
        prop::option::weighted(0.3, 1..1_000_i64),
    )
}

/// Any plan.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    (steps(), price_policies(), house_policies(), sums()).prop_map(|((steps, top), price, house, sums)| {
        let (first_bid, anchor, leader_raise, lower_max, below_reserve, leader_straight) = price;
        let (closing, participation, join_until, early_close, reserve_visibility, length) = house;
        let (start, reserve, buy_now, max_jump, limit) = sums;
        let cents = |thousandths: i64| thousandths * top / 1_000;
        let start = cents(start);
        let reserve = reserve.map(|above| (start + cents(above)).max(1));
        let buy_now =
            buy_now.map(|(above, rule)| (reserve.unwrap_or(start).max(start + 1) + cents(above), rule));
        Plan {
            start,
            steps,
            first_bid,
            reserve,
            reserve_visibility,
            anchor,
            leader_raise,
            lower_max,
            below_reserve,
            leader_straight,
            closing,
            participation,
            join_until,
            buy_now,
            max_jump,
            early_close,
            length,
            limit: limit.map(cents),
            top,
        }
    })
}

/// Plans in which bids are refused for nothing but their amount.
pub(crate) fn plain_sales(anchor: Anchor) -> impl Strategy<Value = Plan> {
    plans().prop_map(move |plan| Plan {
        anchor,
        participation: Participation::Open,
        buy_now: None,
        max_jump: None,
        limit: None,
        ..plan
    })
}

fn sum() -> impl Strategy<Value = Sum> {
    prop_oneof![
        4 => (0..=1_000_u16).prop_map(Sum::Share),
        1 => select(vec![0, -1, i64::MAX, i64::MIN, 999_999_999_999_999, 1_000_000_000_000_000]).prop_map(Sum::Exactly),
        3 => (-1..=2_i8).prop_map(Sum::Minimum),
        1 => (-1..=2_i8).prop_map(Sum::Price),
        3 => (-2..=2_i8).prop_map(Sum::LeaderMaximum),
        2 => (-1..=1_i8).prop_map(Sum::Reserve),
        1 => (-1..=1_i8).prop_map(Sum::BuyNow),
    ]
}

/// A sum that a naive model can follow step by step.
fn modest_sum() -> impl Strategy<Value = Sum> {
    sum().prop_map(|sum| match sum {
        Sum::Exactly(cents) if cents > 0 => Sum::Share(1_000),
        other => other,
    })
}

fn bidder() -> impl Strategy<Value = Person> {
    (0..BIDDERS).prop_map(Person::Bidder)
}

fn person() -> impl Strategy<Value = Person> {
    prop_oneof![
        12 => bidder(),
        2 => Just(Person::Seller),
        2 => Just(Person::Staff),
        1 => Just(Person::Banned),
        1 => Just(Person::Unverified),
        1 => Just(Person::House),
    ]
}

fn kind() -> impl Strategy<Value = BidKind> {
    prop_oneof![2 => Just(BidKind::Maximum), 1 => Just(BidKind::Straight)]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        6 => (0..90_u16).prop_map(When::Later),
        3 => Just(When::AtOnce),
        1 => (1..200_u16).prop_map(When::Before),
        1 => (-1..=1_i8).prop_map(When::Start),
        1 => (-2..=1_i8).prop_map(When::End),
        2 => (0..400_u16).prop_map(When::BeforeEnd),
        2 => (-1..=1_i8).prop_map(When::Window),
    ]
}

fn office() -> impl Strategy<Value = Deed> {
    let revision =
        prop_oneof![Just(Revision::Steps), (1..2_000_u16).prop_map(Revision::Length), Just(Revision::Seller)];
    prop_oneof![
        3 => Just(Deed::Advance),
        2 => Just(Deed::Publish),
        1 => revision.prop_map(Deed::Revise),
        3 => Just(Deed::Pause),
        3 => Just(Deed::Resume),
        1 => Just(Deed::Close),
        1 => Just(Deed::Cancel),
    ]
}

/// Any move, with sums that a naive model can follow where `modest`.
fn moves_with(sum: impl Strategy<Value = Sum> + Clone + 'static) -> impl Strategy<Value = Move> {
    let bid = (person(), (kind(), sum.clone()).prop_map(|(kind, sum)| Deed::Bid(kind, sum)));
    let buy = (person(), sum.prop_map(Deed::Buy));
    let join = (person(), Just(Deed::Join));
    let official = prop_oneof![1 => Just(Person::Seller), 2 => Just(Person::Staff), 1 => Just(Person::House), 1 => person()];
    let who_and_what = prop_oneof![
        20 => bid,
        1 => buy,
        4 => join,
        4 => (official, office()),
    ];
    (who_and_what, when()).prop_map(|((person, deed), when)| Move { person, deed, when })
}

/// Any move.
pub(crate) fn moves() -> impl Strategy<Value = Move> {
    moves_with(sum().boxed())
}

/// Any move whose sums a naive model can follow step by step.
pub(crate) fn modest_moves() -> impl Strategy<Value = Move> {
    moves_with(modest_sum().boxed())
}

/// Bids one second after the other.
pub(crate) fn bids() -> impl Strategy<Value = Move> {
    (bidder(), kind(), modest_sum()).prop_map(|(person, kind, sum)| Move {
        person,
        deed: Deed::Bid(kind, sum),
        when: When::AtOnce,
    })
}
