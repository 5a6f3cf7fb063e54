//! Random auctions of the formats other than English, in plain numbers, and what people try in them.

use crate::people::{BIDDERS, Person, user};
use crate::plan::{Closing, Plan, SECOND, STARTS_AT, Steps, money, time};
use crate::random::steps;
use auction_core::auction::format::sealed::Pricing;
use auction_core::auction::{
    Action, Actor, Bid, BidderFacts, Charter, Command, LeaderStraight, Participation, Saleroom, Schedule,
    Terms, TermsDocument, Trigger, Units,
};
use auction_core::money::{Amount, Currency};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// An auction: its format, and a plan for everything else. What a plan says of maximums has no meaning here.
#[derive(Clone, Debug)]
pub(crate) struct Lot {
    pub(crate) rules: Rules,
    pub(crate) plan: Plan,
}

/// A format in plain numbers: minor units of the dollar, seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rules {
    FirstPrice { replace: bool, shown: bool },
    Vickrey { replace: bool, shown: bool },
    MultiUnit { units: u32, pricing: Pricing, min_fill: u32, shown: bool },
    Dutch { step: i64, interval: i64, floor: i64, units: u32 },
    Reverse { rank_only: bool, improvement: i64 },
    FixedPrice { units: u32 },
}

/// What somebody tries, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) person: Person,
    pub(crate) deed: Deed,
    pub(crate) when: When,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Bid(Sum, u32),
    Buy(Sum, u32),
    Join,
    Pause,
    Resume,
    Close,
    Cancel,
    Advance,
}

/// How much somebody offers, in minor units.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sum {
    Exactly(i64),
    /// Around what everybody knows to be the limit of a bid.
    Minimum(i8),
    /// Around the bidder's own last bid.
    Own(i8),
    /// Around the price at that time.
    Price(i8),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// This many seconds after the attempt before.
    Later(u16),
    /// This many microseconds after it, or before it.
    Micros(i8),
    /// This many microseconds around the end as it is now, unless that lies in the past.
    End(i8),
    /// So many seconds before the end.
    BeforeEnd(u16),
}

impl Rules {
    pub(crate) fn json(self) -> Value {
        let revisions = |replace| if replace { "replace" } else { "one" };
        let count = |shown| if shown { "shown" } else { "hidden" };
        match self {
            Self::FirstPrice { replace, shown } => {
                json!({"kind": "sealed_first_price", "revisions": revisions(replace), "count": count(shown)})
            }
            Self::Vickrey { replace, shown } => {
                json!({"kind": "vickrey", "revisions": revisions(replace), "count": count(shown)})
            }
            Self::MultiUnit { units, pricing, min_fill, shown } => json!({
                "kind": "multi_unit", "quantity": units, "pricing": pricing.name(), "min_fill": min_fill,
                "count": count(shown),
            }),
            Self::Dutch { step, interval, floor, units } => json!({
                "kind": "dutch", "step": money(step), "interval_s": interval, "floor": money(floor),
                "quantity": units,
            }),
            Self::Reverse { rank_only, improvement } => json!({
                "kind": "reverse", "visibility": if rank_only { "rank_only" } else { "full" },
                "improvement": money(improvement),
            }),
            Self::FixedPrice { units } => json!({"kind": "fixed_price", "quantity": units}),
        }
    }

    /// How many units are sold.
    pub(crate) fn supply(self) -> u32 {
        match self {
            Self::MultiUnit { units, .. } | Self::Dutch { units, .. } | Self::FixedPrice { units } => units,
            Self::FirstPrice { .. } | Self::Vickrey { .. } | Self::Reverse { .. } => 1,
        }
    }
}

impl Lot {
    /// The least that may win: the starting price and the reserve, and never nothing.
    pub(crate) fn least(&self) -> i64 {
        self.plan.start.max(1).max(self.plan.reserve.unwrap_or(0))
    }

    pub(crate) fn terms(&self) -> Terms {
        let mut document = self.plan.document();
        document["format"] = self.rules.json();
        let text = document.to_string();
        let terms = TermsDocument::parse(&text).expect("a document");
        let start = Amount::from_minor(self.plan.start).expect("a starting price");
        terms.terms(Currency::USD, start).unwrap_or_else(|errors| panic!("{errors}: {text}"))
    }

    pub(crate) fn open(&self) -> Saleroom {
        let schedule = Schedule::new(time(STARTS_AT), time(self.plan.ends_at())).expect("a schedule");
        let charter = Charter::new(user(100), schedule, self.terms()).expect("a charter");
        Saleroom::open(crate::people::auction_id(), charter, time(crate::plan::CREATED_AT))
    }

    pub(crate) fn facts(&self, person: Person) -> BidderFacts {
        person.facts(self.plan.limit)
    }
}

impl Attempt {
    /// What it is where the auction stands like that and the attempt before was at `now`.
    pub(crate) fn command(self, room: &Saleroom, now: i64) -> Command {
        let auction = room.auction();
        let end = auction.ends_at().micros();
        let at = match self.when {
            When::Later(seconds) => now + i64::from(seconds) * SECOND,
            When::Micros(micros) => now + i64::from(micros),
            When::End(micros) => now.max(end + i64::from(micros)),
            When::BeforeEnd(seconds) => now.max(end - i64::from(seconds) * SECOND),
        };
        let own = self.person.number().and_then(|number| room.standing(user(number)).maximum);
        let minimum = auction.minimum_bid().unwrap_or(Amount::ONE_MINOR);
        let sum = |sum: Sum| {
            let cents = match sum {
                Sum::Exactly(cents) => cents,
                Sum::Minimum(off) => minimum.minor() + i64::from(off),
                Sum::Own(off) => own.unwrap_or(minimum).minor() + i64::from(off),
                Sum::Price(off) => auction.price_at(time(at)).minor() + i64::from(off),
            };
            Decimal::new(cents, 2)
        };
        let units = |count| Units::new(count).expect("a number of units");
        let action = match self.deed {
            Deed::Bid(offered, count) => Action::Bid(Bid::straight(sum(offered)).for_units(units(count))),
            Deed::Buy(seen, count) => Action::Buy { price: sum(seen), units: units(count) },
            Deed::Join => Action::Join,
            Deed::Pause => Action::Pause,
            Deed::Resume => Action::Resume,
            Deed::Close => Action::Close,
            Deed::Cancel => Action::Cancel,
            Deed::Advance => Action::Advance,
        };
        let by = self.person.number().map_or(Actor::System, |number| Actor::User(user(number)));
        Command { at: time(at), by, action }
    }
}

fn lot(
    rules: impl Strategy<Value = Rules>,
    start: std::ops::Range<i64>,
    reserve: std::ops::Range<i64>,
) -> impl Strategy<Value = Lot> {
    let participation = select(vec![Participation::Join, Participation::Open]);
    let limit = prop::option::weighted(0.3, 1..60_i64);
    let reserve = prop::option::weighted(0.4, reserve);
    (rules, start, reserve, 30..200_i64, participation, limit).prop_map(
        |(rules, start, above, length, participation, limit)| {
            let reserve = above.map(|above| (start + above).max(1));
            Lot { rules, plan: Plan { start, reserve, length, participation, limit, ..Plan::plain() } }
        },
    )
}

/// Sums are small, so that many bids are equal.
pub(crate) fn first_price() -> impl Strategy<Value = Lot> {
    let rules = any::<(bool, bool)>().prop_map(|(replace, shown)| Rules::FirstPrice { replace, shown });
    lot(rules, 0..4, 0..8)
}

pub(crate) fn vickrey() -> impl Strategy<Value = Lot> {
    let rules = any::<(bool, bool)>().prop_map(|(replace, shown)| Rules::Vickrey { replace, shown });
    lot(rules, 0..4, 0..8)
}

fn units() -> impl Strategy<Value = Rules> {
    let pricing = select(vec![Pricing::LowestWinning, Pricing::HighestLosing, Pricing::PayAsBid]);
    (1..8_u32, pricing, 1..4_u32, any::<bool>()).prop_map(|(units, pricing, min_fill, shown)| {
        Rules::MultiUnit { units, pricing, min_fill: min_fill.min(units), shown }
    })
}

pub(crate) fn multi_unit() -> impl Strategy<Value = Lot> {
    lot(units(), 0..4, 0..8)
}

pub(crate) fn dutch() -> impl Strategy<Value = Lot> {
    let clock = (1..12_i64, 1..40_i64, 1..4_u32);
    (clock, 0..=40_i64, lot(Just(Rules::FixedPrice { units: 1 }), 1..60, 0..1)).prop_map(
        |((step, interval, units), below, lot)| {
            let floor = (lot.plan.start - below).max(1);
            let plan = Plan { reserve: None, ..lot.plan };
            Lot { rules: Rules::Dutch { step, interval, floor, units }, plan }
        },
    )
}

pub(crate) fn fixed_price() -> impl Strategy<Value = Lot> {
    let rules = (1..7_u32).prop_map(|units| Rules::FixedPrice { units });
    lot(rules, 1..20, 0..1).prop_map(|lot| Lot { plan: Plan { reserve: None, ..lot.plan }, ..lot })
}

pub(crate) fn reverse(rank_only: bool) -> impl Strategy<Value = Lot> {
    let trigger = if rank_only {
        select(vec![Trigger::AnyAccepted])
    } else {
        select(vec![Trigger::PriceChange, Trigger::LeaderChange, Trigger::AnyAccepted])
    };
    let soft = (1..60_i64, prop::option::of(1..60_i64), trigger, prop::option::of(0..90_i64));
    let closing = prop_oneof![
        1 => Just(Closing::Hard),
        2 => soft.prop_map(|(window, extend, trigger, hard_end_after)| Closing::Soft {
            window, extend, trigger, hard_end_after, max_extensions: Some(3),
        }),
    ];
    let leader = select(vec![LeaderStraight::Raises, LeaderStraight::Refused]);
    let rules = (1..12_i64).prop_map(move |improvement| Rules::Reverse { rank_only, improvement });
    (lot(rules, 60..300, 0..1), steps(), closing, leader, prop::option::of(1..300_i64)).prop_map(
        |(lot, (steps, _), closing, leader_straight, reserve)| {
            let reserve = reserve.map(|reserve| reserve.min(lot.plan.start));
            // The step of a house grid is wider than these prices.
            let steps = if steps == Steps::Grid { Steps::Smallest } else { steps };
            Lot { plan: Plan { steps, closing, leader_straight, reserve, limit: None, ..lot.plan }, ..lot }
        },
    )
}

/// Who tries: bidders mostly.
fn person() -> impl Strategy<Value = Person> {
    prop_oneof![
        16 => (0..BIDDERS).prop_map(Person::Bidder),
        1 => Just(Person::Seller),
        1 => Just(Person::Banned),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        8 => (0..25_u16).prop_map(When::Later),
        3 => (-2..=1_i8).prop_map(When::Micros),
        1 => (-2..=1_i8).prop_map(When::End),
        2 => (0..60_u16).prop_map(When::BeforeEnd),
    ]
}

/// Bids where `bids`, else purchases; and what the house does.
fn attempts(bids: bool, sum: impl Strategy<Value = Sum>, count: u32) -> impl Strategy<Value = Attempt> {
    let offer = (person(), sum, 1..=count, prop::bool::weighted(0.03)).prop_map(
        move |(person, sum, units, other)| {
            let deed = if bids != other { Deed::Bid(sum, units) } else { Deed::Buy(sum, units) };
            (person, deed)
        },
    );
    let official = prop_oneof![1 => Just(Person::Seller), 4 => Just(Person::Staff), 2 => Just(Person::House)];
    let office = prop_oneof![
        3 => Just(Deed::Pause),
        4 => Just(Deed::Resume),
        2 => Just(Deed::Advance),
        1 => Just(Deed::Close),
        1 => Just(Deed::Cancel),
    ];
    let join = (person(), Just(Deed::Join));
    let what = prop_oneof![24 => offer, 3 => (official, office), 1 => join];
    (what, when()).prop_map(|((person, deed), when)| Attempt { person, deed, when })
}

pub(crate) fn sealed_bids() -> impl Strategy<Value = Attempt> {
    let sum = prop_oneof![12 => (0..14_i64).prop_map(Sum::Exactly), 1 => (-1..=1_i8).prop_map(Sum::Own)];
    attempts(true, sum, 1)
}

pub(crate) fn unit_bids() -> impl Strategy<Value = Attempt> {
    attempts(true, (0..14_i64).prop_map(Sum::Exactly), 4)
}

pub(crate) fn purchases() -> impl Strategy<Value = Attempt> {
    attempts(false, (-2..=3_i8).prop_map(Sum::Price), 3)
}

pub(crate) fn falling_bids() -> impl Strategy<Value = Attempt> {
    let sum = prop_oneof![
        2 => (0..300_i64).prop_map(Sum::Exactly),
        4 => (-3..=1_i8).prop_map(Sum::Minimum),
        4 => (-14..=0_i8).prop_map(Sum::Own),
    ];
    attempts(true, sum, 1)
}
