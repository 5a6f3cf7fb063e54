//! The formats beside naive statements of their rules: every allocation tried, every second of a clock counted, every
//! bid compared with all bids before it; and that nobody gains by bidding other than the true value.

use crate::format_properties::cases;
use crate::lots::{self, Lot, Rules};
use crate::people::{BIDDERS, auction_id, user};
use crate::plan::{CREATED_AT, Closing, Plan, SECOND, STARTS_AT, amount, time};
use auction_core::auction::format::sealed::{Pricing, resolve};
use auction_core::auction::{
    Action, Actor, Award, Bid, BidderFacts, Command, Event, LeaderStraight, Outcome, Participation, Record,
    Recorded, Saleroom, Status, Terms, Trigger, Units,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A bid for units: who, the price of one, how many.
type Offer = (u64, i64, u32);

/// The record of an auction in which just these bids came in.
fn record(offers: &[Offer]) -> Record {
    let log = offers.iter().zip(2..).map(|(&(bidder, cents, units), revision)| Recorded {
        revision,
        version: 1,
        at: time(STARTS_AT),
        event: Event::SealedBid { bidder: user(bidder), amount: amount(cents), units: count(units) },
    });
    Record::of(&log.collect::<Vec<_>>())
}

fn count(units: u32) -> Units {
    Units::new(units).expect("a number of units")
}

fn offers(bidders: u64, units: u32, len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Offer>> {
    prop::collection::vec((1..=bidders, 1..14_i64, 1..=units), len)
}

/// How many units each bid gets, in order of arrival.
type Allocation = Vec<u32>;

/// What can be given to bids for units, and what of it is best.
struct Solver<'a> {
    offers: &'a [Offer],
    supply: u32,
    min_fill: u32,
    /// Bids below this get nothing.
    least: i64,
    /// A bid that does not get all it wants leaves nothing for a worse one.
    in_order: bool,
}

impl Solver<'_> {
    /// Of all allocations that are allowed the one with the highest value; of those with the same value the one that
    /// gives most to the first bid, then to the second, and so on.
    fn best(&self) -> Allocation {
        let mut best = (0, vec![0; self.offers.len()]);
        self.search(&mut Vec::new(), &mut best);
        best.1
    }

    fn search(&self, given: &mut Allocation, best: &mut (i64, Allocation)) {
        let Some(&(_, price, wanted)) = self.offers.get(given.len()) else {
            let value =
                self.offers.iter().zip(&*given).map(|(offer, units)| offer.1 * i64::from(*units)).sum();
            if (value, &*given) > (best.0, &best.1) && self.is_in_order(given) {
                *best = (value, given.clone());
            }
            return;
        };
        let left = self.supply - given.iter().sum::<u32>();
        for units in 0..=wanted.min(left) {
            let is_enough = units == 0 || units == wanted || units >= self.min_fill;
            if is_enough && (units == 0 || price >= self.least) {
                given.push(units);
                self.search(given, best);
                given.pop();
            }
        }
    }

    fn is_in_order(&self, given: &[u32]) -> bool {
        let mut bids: Vec<_> = self.offers.iter().zip(given).collect();
        bids.sort_by_key(|((_, price, _), _)| -price);
        let mut all_served = true;
        for ((_, _, wanted), units) in bids {
            if !all_served && *units > 0 {
                return !self.in_order;
            }
            all_served &= units == wanted;
        }
        true
    }
}

/// What the awards have to be, the best bid first.
fn expected_awards(solver: &Solver<'_>, pricing: Pricing) -> Vec<Award> {
    let given = solver.best();
    let mut bids: Vec<_> = solver.offers.iter().copied().zip(given).collect();
    bids.sort_by_key(|((_, price, _), _)| -price);
    let winning = bids.iter().filter(|(_, units)| *units > 0).map(|((_, price, _), _)| *price).min();
    let losing =
        bids.iter().filter(|((_, _, wanted), units)| units < wanted).map(|((_, price, _), _)| *price);
    let highest_losing = losing.max().unwrap_or(0).max(solver.least);
    let price = |own: i64| match pricing {
        Pricing::LowestWinning => winning.unwrap_or(own),
        Pricing::HighestLosing => highest_losing,
        _ => own,
    };
    let served = bids.iter().filter(|(_, units)| *units > 0);
    let award = |((bidder, own, _), units): &(Offer, u32)| Award {
        bidder: user(*bidder),
        units: count(*units),
        price: amount(price(*own)),
    };
    served.map(award).collect()
}

/// What one bidder gains in a sale where a unit is worth `value`, and only the first one.
fn gain(terms: &Terms, offers: &[Offer], bidder: u64, value: i64) -> i64 {
    let (outcome, awards) = resolve(terms, &record(offers));
    let paid: Vec<_> = match (outcome, &awards) {
        (Outcome::Sold { winner, price }, _) if winner == user(bidder) => vec![price.minor()],
        (_, Some(awards)) => awards
            .iter()
            .filter(|award| award.bidder == user(bidder))
            .map(|award| award.price.minor())
            .collect(),
        _ => Vec::new(),
    };
    if paid.is_empty() { 0 } else { value - paid.iter().sum::<i64>() }
}

/// Tries every other bid in the place of a true one, and none at all.
fn nobody_gains_by_a_lie(lot: &Lot, others: &[Offer], place: usize, value: i64) {
    const LIAR: u64 = 99;
    let terms = lot.terms();
    let start = lot.plan.start.max(1);
    let gain_of = |bid: Option<i64>| {
        let mut offers: Vec<_> = others.iter().copied().filter(|offer| offer.1 >= start).collect();
        if let Some(bid) = bid.filter(|bid| *bid >= start) {
            offers.insert(place.min(offers.len()), (LIAR, bid, 1));
        }
        gain(&terms, &offers, LIAR, value)
    };
    let truth = gain_of(Some(value));
    assert!(truth >= 0, "the true value never costs more than it is worth");
    for lie in (1..18).map(Some).chain([None]) {
        let gained = gain_of(lie);
        assert!(gained <= truth, "{lie:?} gains {gained}, the true value {value} gains {truth}");
    }
}

/// One bid of each of several bidders.
fn distinct(offers: &[Offer]) -> Vec<Offer> {
    offers.iter().zip(1..).map(|((_, cents, _), bidder)| (bidder, *cents, 1)).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn units_are_given_out_as_the_best_of_all_allocations(
        lot in lots::multi_unit(),
        offers in offers(3, 3, 0..6),
    ) {
        let Rules::MultiUnit { units: supply, pricing, min_fill, .. } = lot.rules else { panic!("units") };
        let start = lot.plan.start.max(1);
        let offers: Vec<_> = offers.into_iter().map(|(bidder, cents, units)| (bidder, cents.max(start), units)).collect();
        let mut solver = Solver { offers: &offers, supply, min_fill, least: lot.least(), in_order: true };
        let (outcome, awards) = resolve(&lot.terms(), &record(&offers));
        let awards = awards.map_or(Vec::new(), |awards| awards.to_vec());
        prop_assert_eq!(&awards, &expected_awards(&solver, pricing));
        if min_fill == 1 {
            // Where every part is large enough, no other order has a higher value.
            solver.in_order = false;
            prop_assert_eq!(&awards, &expected_awards(&solver, pricing));
        }
        let sold = awards.iter().map(|award| award.units.count()).sum();
        let expected = match offers.as_slice() {
            [] => Outcome::NoBids,
            _ if sold == 0 => Outcome::ReserveNotMet,
            _ => Outcome::SoldUnits { units: sold },
        };
        prop_assert_eq!(outcome, expected);
    }

    #[test]
    fn one_unit_at_the_highest_losing_bid_is_a_vickrey_auction(
        lot in lots::vickrey(),
        offers in offers(1, 1, 0..7),
    ) {
        let offers = distinct(&offers);
        let one = Rules::MultiUnit { units: 1, pricing: Pricing::HighestLosing, min_fill: 1, shown: false };
        let unit = Lot { rules: one, plan: lot.plan.clone() };
        let start = lot.plan.start.max(1);
        let offers: Vec<_> = offers.into_iter().filter(|offer| offer.1 >= start).collect();
        let solver = Solver { offers: &offers, supply: 1, min_fill: 1, least: lot.least(), in_order: false };
        let best = expected_awards(&solver, Pricing::HighestLosing);
        let (outcome, _) = resolve(&lot.terms(), &record(&offers));
        let expected = match (best.first(), offers.is_empty()) {
            (Some(award), _) => Outcome::Sold { winner: award.bidder, price: award.price },
            (None, true) => Outcome::NoBids,
            (None, false) => Outcome::ReserveNotMet,
        };
        prop_assert_eq!(outcome, expected);
        let (_, awards) = resolve(&unit.terms(), &record(&offers));
        prop_assert_eq!(awards.map_or(Vec::new(), |awards| awards.to_vec()), best);
    }

    #[test]
    fn nobody_gains_in_a_vickrey_auction_by_bidding_other_than_the_true_value(
        lot in lots::vickrey(),
        others in offers(1, 1, 0..6),
        place in 0..6_usize,
        value in 1..16_i64,
    ) {
        nobody_gains_by_a_lie(&lot, &distinct(&others), place, value);
    }

    #[test]
    fn nobody_who_wants_one_unit_gains_at_the_highest_losing_bid_by_other_than_the_true_value(
        lot in lots::multi_unit(),
        others in offers(1, 1, 0..6),
        place in 0..6_usize,
        value in 1..16_i64,
    ) {
        let Rules::MultiUnit { units, .. } = lot.rules else { panic!("units") };
        let rules = Rules::MultiUnit { units, pricing: Pricing::HighestLosing, min_fill: 1, shown: false };
        nobody_gains_by_a_lie(&Lot { rules, ..lot }, &distinct(&others), place, value);
    }
}

/// What happens to a clock in one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    Nothing,
    Pause,
    Resume,
    /// Somebody buys who saw a price that much above that of the clock.
    Buy(i64, u32),
}

fn ticks() -> impl Strategy<Value = Vec<Tick>> {
    let tick = prop_oneof![
        40 => Just(Tick::Nothing),
        1 => Just(Tick::Pause),
        4 => Just(Tick::Resume),
        1 => (-1..2_i64, 1..3_u32).prop_map(|(above, units)| Tick::Buy(above, units)),
    ];
    prop::collection::vec(tick, 1..160)
}

/// A clock that is moved second by second.
struct Clock {
    price: i64,
    /// How many seconds ago it fell last, or started.
    stood: i64,
    paused: bool,
    left: u32,
    seconds_left: i64,
}

impl Clock {
    fn tick(&mut self, (step, interval, floor): (i64, i64, i64)) {
        if self.paused {
            return;
        }
        self.seconds_left -= 1;
        self.stood += 1;
        if self.stood == interval {
            self.stood = 0;
            self.price = floor.max(self.price - step);
        }
    }

    /// What becomes of a purchase.
    fn buy(&mut self, supply: u32, seen: i64, units: u32) -> Result<i64, &'static str> {
        match () {
            () if seen <= 0 => Err("invalid_price"),
            () if units > supply => Err("invalid_quantity"),
            () if self.paused => Err("paused"),
            () if self.left == 0 => Err("already_sold"),
            () if self.seconds_left <= 0 => Err("ended"),
            () if units > self.left => Err("not_enough_units"),
            () if seen < self.price => Err("below_minimum"),
            () => {
                self.left -= units;
                Ok(self.price)
            }
        }
    }
}

fn house(at: i64, action: Action) -> Command {
    Command { at: time(at), by: Actor::System, action }
}

fn run_clock(lot: &Lot, ticks: &[Tick]) {
    let Rules::Dutch { step, interval, floor, units: supply } = lot.rules else { panic!("a clock") };
    let mut room = lot.open();
    let mut clock =
        Clock { price: lot.plan.start, stood: 0, paused: false, left: supply, seconds_left: lot.plan.length };
    room.handle(&BidderFacts::VERIFIED, &Command::advance(time(STARTS_AT))).expect("it starts");
    for (second, tick) in (0..).zip(ticks) {
        let at = STARTS_AT + second * SECOND;
        let is_over = clock.left == 0 || clock.seconds_left <= 0;
        match *tick {
            Tick::Nothing => {}
            Tick::Pause | Tick::Resume => {
                let pauses = *tick == Tick::Pause;
                let action = if pauses { Action::Pause } else { Action::Resume };
                let may = !is_over && clock.paused != pauses;
                assert_eq!(room.handle(&BidderFacts::VERIFIED, &house(at, action)).is_ok(), may);
                clock.paused = if may { pauses } else { clock.paused };
            }
            Tick::Buy(above, units) => {
                let seen = clock.price + above;
                let action = Action::Buy { price: Decimal::new(seen, 2), units: count(units) };
                let answer = room.handle(&BidderFacts::VERIFIED, &Command::of(user(1), time(at), action));
                let paid = answer.map(paid).map_err(|rejection| rejection.code());
                assert_eq!(paid, clock.buy(supply, seen, units).map(Some), "in second {second}");
            }
        }
        let auction = room.auction();
        if matches!(auction.status(), Status::Ended { .. }) || clock.left == 0 || clock.seconds_left <= 0 {
            return;
        }
        assert_eq!(auction.price_at(time(at)).minor(), clock.price, "in second {second}");
        assert_eq!(auction.units_left(), clock.left);
        let falls = (clock.price > floor && !clock.paused)
            .then(|| interval - clock.stood)
            .filter(|seconds| *seconds < clock.seconds_left);
        let expected = falls.map(|seconds| time(at + seconds * SECOND));
        assert_eq!(auction.next_price_at(time(at)), expected, "in second {second}");
        if !clock.paused && clock.stood + 1 == interval {
            let before = auction.price_at(time(at + SECOND - 1)).minor();
            assert_eq!(before, clock.price, "a microsecond before it falls");
        }
        clock.tick((step, interval, floor));
    }
}

fn paid(log: &[Recorded]) -> Option<i64> {
    log.iter().find_map(|recorded| match recorded.event {
        Event::Bought { price, .. } => Some(price.minor()),
        _ => None,
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_dutch_clock_is_one_that_is_moved_second_by_second(lot in lots::dutch(), ticks in ticks()) {
        let plan = Plan { participation: Participation::Open, limit: None, ..lot.plan };
        run_clock(&Lot { plan, ..lot }, &ticks);
    }
}

/// The rules of a reverse auction, said of the list of all bids.
struct Tender<'a> {
    lot: &'a Lot,
    bids: Vec<(u64, i64)>,
    ends_at: i64,
    extensions: u32,
}

impl Tender<'_> {
    /// The lowest bid, of equal ones the earliest.
    fn best(&self) -> Option<(u64, i64)> {
        self.bids.iter().copied().min_by_key(|(_, cents)| *cents)
    }

    /// The most that beats the best bid, where that is not nothing.
    fn most(&self) -> Option<i64> {
        match self.best() {
            None => Some(self.lot.plan.start),
            Some((_, best)) => Some(best - self.lot.plan.steps.inc(best)).filter(|most| *most > 0),
        }
    }

    fn bid(&mut self, at: i64, bidder: u64, cents: i64) -> Result<(), &'static str> {
        let Rules::Reverse { rank_only, improvement } = self.lot.rules else { panic!("a reverse auction") };
        let best = self.best();
        let leads = best.is_some_and(|(leader, _)| leader == bidder);
        let own = self.bids.iter().rfind(|(who, _)| *who == bidder).map(|(_, own)| *own);
        if cents <= 0 {
            return Err("invalid_price");
        }
        if at >= self.ends_at {
            return Err("ended");
        }
        if cents > self.lot.plan.start {
            return Err("below_starting_price");
        }
        if leads && !rank_only && self.lot.plan.leader_straight == LeaderStraight::Refused {
            return Err("already_leading");
        }
        if own.is_some_and(|own| cents > own - improvement) {
            return Err("below_minimum");
        }
        let beats = self.most().is_some_and(|most| cents <= most);
        if let Some((_, best)) = best.filter(|_| !leads) {
            if !rank_only && !beats {
                return Err("below_minimum");
            }
            if rank_only && cents < best && !beats {
                return Err("within_front_buffer");
            }
        }
        self.bids.push((bidder, cents));
        let leader_changed = self.best().map(|(leader, _)| leader) != best.map(|(leader, _)| leader);
        let price_changed = self.best().map(|(_, price)| price) != best.map(|(_, price)| price);
        self.extend(at, leads && !rank_only, price_changed, leader_changed);
        Ok(())
    }

    fn extend(&mut self, at: i64, by_leader: bool, price_changed: bool, leader_changed: bool) {
        let Closing::Soft { window, extend, trigger, max_extensions, .. } = self.lot.plan.closing else {
            return;
        };
        let is_trigger = match trigger {
            Trigger::PriceChange => price_changed,
            Trigger::LeaderChange => leader_changed,
            _ => true,
        };
        let is_near = self.ends_at - at <= window * SECOND;
        if by_leader || !is_trigger || !is_near || Some(self.extensions) >= max_extensions {
            return;
        }
        let wanted = extend.map_or(at + window * SECOND, |seconds| self.ends_at + seconds * SECOND);
        let latest = self.lot.plan.hard_end().unwrap_or(i64::MAX);
        if wanted.min(latest) > self.ends_at {
            self.ends_at = wanted.min(latest);
            self.extensions += 1;
        }
    }

    fn outcome(&self) -> Outcome {
        match (self.best(), self.lot.plan.reserve) {
            (None, _) => Outcome::NoBids,
            (Some((_, price)), Some(reserve)) if price > reserve => Outcome::ReserveNotMet,
            (Some((winner, price)), _) => Outcome::Sold { winner: user(winner), price: amount(price) },
        }
    }
}

/// A bid in thousandths of the starting price, or around the most that beats the best bid, after so many seconds.
fn tenders() -> impl Strategy<Value = Vec<(u64, Result<i64, i64>, i64)>> {
    let sum = prop_oneof![1 => (0..1_050_i64).prop_map(Ok), 3 => (-15..=2_i64).prop_map(Err)];
    prop::collection::vec((1..=u64::from(BIDDERS), sum, 0..25_i64), 0..16)
}

fn compare_tender(lot: &Lot, bids: &[(u64, Result<i64, i64>, i64)]) {
    let Rules::Reverse { rank_only, .. } = lot.rules else { panic!("a reverse auction") };
    let mut room: Saleroom = lot.open();
    let mut tender = Tender { lot, bids: Vec::new(), ends_at: lot.plan.ends_at(), extensions: 0 };
    let mut now = STARTS_AT;
    for (bidder, sum, after) in bids {
        now += after * SECOND;
        let cents = match sum {
            Ok(thousandths) => lot.plan.start * thousandths / 1_000,
            Err(off) => tender.most().unwrap_or(1) + off,
        };
        let action = Action::Bid(Bid::straight(Decimal::new(cents, 2)));
        let answer = room.handle(&BidderFacts::VERIFIED, &Command::of(user(*bidder), time(now), action));
        let answer = answer.map(|_| ()).map_err(|rejection| rejection.code());
        assert_eq!(answer, tender.bid(now, *bidder, cents), "{cents} of {bidder}");
        let auction = room.auction();
        assert_eq!(auction.ends_at().micros(), tender.ends_at);
        assert_eq!(auction.bid_count(), tender.bids.len() as u64);
        let best = tender.best().filter(|_| !rank_only);
        assert_eq!(auction.leader(), best.map(|(leader, _)| user(leader)));
        assert_eq!(auction.price().minor(), best.map_or(lot.plan.start, |(_, price)| price));
        let most = if rank_only { Some(lot.plan.start) } else { tender.most() };
        assert_eq!(auction.minimum_bid().map(|most| most.minor()), most);
    }
    room.handle(&BidderFacts::VERIFIED, &Command::advance(time(tender.ends_at))).expect("it is over");
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("it is over") };
    assert_eq!(*outcome, tender.outcome());
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn reverse_auctions_go_as_their_rules_say_of_the_list_of_all_bids(
        lot in prop_oneof![lots::reverse(false), lots::reverse(true)],
        bids in tenders(),
    ) {
        let plan = Plan { participation: Participation::Open, ..lot.plan };
        compare_tender(&Lot { plan, ..lot }, &bids);
    }
}

/// The record of a saleroom is the one that these tests make up.
#[test]
fn the_record_of_a_log_is_that_of_its_bids() {
    let rules = Rules::FirstPrice { replace: true, shown: false };
    let lot = Lot { rules, plan: Plan { participation: Participation::Open, ..Plan::plain() } };
    let mut room = lot.open();
    assert_eq!((room.auction().id(), room.auction().last_at()), (auction_id(), time(CREATED_AT)));
    for (bidder, cents) in [(1, 1_500), (2, 1_700), (1, 1_800)] {
        let action = Action::Bid(Bid::straight(Decimal::new(cents, 2)));
        room.handle(&BidderFacts::VERIFIED, &Command::of(user(bidder), time(STARTS_AT), action))
            .expect("a bid");
    }
    let got: Vec<_> =
        Record::of(room.log()).bids().iter().map(|bid| (bid.bidder, bid.amount, bid.units)).collect();
    let made = record(&[(1, 1_500, 1), (2, 1_700, 1), (1, 1_800, 1)]);
    let made: Vec<_> = made.bids().iter().map(|bid| (bid.bidder, bid.amount, bid.units)).collect();
    assert_eq!(got, made);
    let (outcome, awards) = resolve(room.auction().terms(), &Record::of(room.log()));
    assert_eq!(outcome, Outcome::Sold { winner: user(1), price: amount(1_800) });
    assert_eq!(awards, None);
}
