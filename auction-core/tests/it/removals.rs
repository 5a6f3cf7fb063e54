//! Bids that are taken back or struck: every auction goes on as if they had never been made.
//!
//! [`resolve`] states anew, in plain numbers and without the engine, what the bids that stand make of an auction. What
//! is removed is worked out here as well. `PROPTEST_CASES` sets how many auctions are tried; without it 10,000.

use crate::moves::{Act, Move, Sight};
use crate::oracle::{Offer, Oracle, Stand};
use crate::people::{BIDDERS, Person, auction_id, user};
use crate::plan::{CREATED_AT, Plan, SECOND, STARTS_AT, Steps, amount, time};
use crate::random::{bids, plans};
use auction_core::auction::{
    Action, Actor, Anchor, BelowReserve, BidKind, BidderFacts, Charter, Command, Event, LeaderRaise,
    LowerMax, Reason, Recorded, Rejection, Removal, Retraction, Saleroom, Schedule, Status, Withdrawal, fold,
};
use auction_core::{Span, UserId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

/// How many auctions are tried by default.
const CASES: u32 = 10_000;

/// How many turns an auction has at most.
const TURNS_MAX: usize = 24;

/// What somebody does, and how many seconds after the turn before.
#[derive(Clone, Debug)]
struct Turn {
    what: What,
    gap: i64,
}

#[derive(Clone, Debug)]
enum What {
    Bid(Move),
    Retract(u8),
    VoidOf(u8),
    /// The event at this share of the log, in 256ths.
    VoidOne(u8),
    Pause,
}

/// An auction, and when bids can be taken back, in seconds.
#[derive(Clone, Debug)]
struct Sale {
    plan: Plan,
    free_until: u32,
    grace: u32,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let what = prop_oneof![
        14 => bids().prop_map(What::Bid),
        2 => (0..BIDDERS).prop_map(What::Retract),
        1 => (0..BIDDERS).prop_map(What::VoidOf),
        2 => any::<u8>().prop_map(What::VoidOne),
        1 => Just(What::Pause),
    ];
    let turn = (what, prop_oneof![Just(0), 0..120_i64]).prop_map(|(what, gap)| Turn { what, gap });
    prop::collection::vec(turn, 0..TURNS_MAX)
}

fn sales() -> impl Strategy<Value = Sale> {
    (plans(), 0..1_200_u32, 0..300_u32).prop_map(|(plan, free_until, grace)| Sale {
        plan: Plan { buy_now: None, ..plan },
        free_until,
        grace,
    })
}

/// A bid that was accepted.
#[derive(Clone, Copy, Debug)]
struct Taken {
    revision: u64,
    version: u64,
    at: i64,
    bidder: u64,
    kind: BidKind,
    amount: i64,
    /// Everybody saw it. A change of the leader's own maximum is not seen.
    seen: bool,
}

/// The price at which the winner has fully answered a loser, whatever the winner's own maximum is.
fn full_answer(plan: &Plan, from: i64, loser: i64) -> i64 {
    match plan.anchor {
        Anchor::LadderWalk => {
            let mut price = from;
            while price <= loser {
                price += plan.steps.inc(price);
            }
            price
        }
        _ => loser + plan.steps.inc(loser),
    }
}

/// What the bids make of an auction, one after the other, without a look at minimums (rules 2 and 5).
fn resolve(plan: &Plan, bids: &[Taken]) -> Option<Stand> {
    let mut stand: Option<Stand> = None;
    // The best full answer since the leader leads.
    let mut answer = plan.start;
    for bid in bids {
        let mut now = match stand {
            None => {
                answer = plan.start;
                let price = if bid.kind == BidKind::Straight { bid.amount } else { plan.start };
                Stand { leader: bid.bidder, price, maximum: bid.amount }
            }
            Some(lead) if lead.leader == bid.bidder => match bid.kind {
                BidKind::Straight => {
                    Stand { price: lead.price.max(bid.amount), maximum: lead.maximum.max(bid.amount), ..lead }
                }
                BidKind::Maximum if bid.amount > lead.maximum => {
                    let completed = match plan.leader_raise {
                        LeaderRaise::CompletesIncrement => answer.min(bid.amount),
                        _ => 0,
                    };
                    Stand { price: lead.price.max(completed), maximum: bid.amount, ..lead }
                }
                // Lowered: nobody pays more than they go up to.
                BidKind::Maximum if !bid.seen => {
                    Stand { price: lead.price.min(bid.amount), maximum: bid.amount, ..lead }
                }
                BidKind::Maximum => lead,
            },
            Some(lead) if bid.amount > lead.maximum => {
                answer = full_answer(plan, lead.price, lead.maximum);
                let price = match bid.kind {
                    BidKind::Straight => bid.amount,
                    BidKind::Maximum => answer.min(bid.amount),
                };
                Stand { leader: bid.bidder, price, maximum: bid.amount }
            }
            Some(lead) => {
                let full = full_answer(plan, lead.price, bid.amount);
                answer = answer.max(full);
                Stand { price: lead.price.max(full.min(lead.maximum)), ..lead }
            }
        };
        if let Some(reserve) = plan.reserve.filter(|reserve| now.price < *reserve) {
            now.price = match plan.below_reserve {
                _ if now.maximum >= reserve => reserve,
                BelowReserve::FullMax => now.maximum,
                _ => now.price,
            };
        }
        stand = Some(now);
    }
    stand
}

/// How far a bidder goes: the highest bid, or what the maximum was changed to since.
fn own_maximum(bids: &[Taken], bidder: u64) -> Option<i64> {
    bids.iter().filter(|bid| bid.bidder == bidder).fold(None, |own: Option<i64>, bid| match own {
        Some(own) if bid.seen => Some(own.max(bid.amount)),
        _ => Some(bid.amount),
    })
}

/// An auction that is played, beside the bids that stand.
struct Play {
    sale: Sale,
    room: Saleroom,
    bids: Vec<Taken>,
    /// The rows in which a maximum answered: version, whose, and the price.
    answers: Vec<(u64, u64, i64)>,
    now: i64,
    removals: u32,
}

impl Play {
    fn new(sale: Sale) -> Self {
        let mut terms = sale.plan.terms();
        terms.retraction = Retraction::Allowed {
            free_until: Span::from_secs(sale.free_until),
            grace: Span::from_secs(sale.grace),
        };
        let schedule = Schedule::new(time(STARTS_AT), time(sale.plan.ends_at())).expect("a schedule");
        let charter = Charter::new(user(100), schedule, terms).expect("a charter");
        let mut room = Saleroom::open(auction_id(), charter, time(CREATED_AT));
        for number in 0..BIDDERS {
            let join = Command::of(bidder(number), time(CREATED_AT), Action::Join);
            room.handle(&BidderFacts::VERIFIED, &join).expect("everybody may join before the start");
        }
        Self { sale, room, bids: Vec::new(), answers: Vec::new(), now: STARTS_AT, removals: 0 }
    }

    fn turn(&mut self, turn: &Turn) {
        let last = self.room.auction().ends_at().micros() - 1;
        self.now = (self.now + turn.gap * SECOND).min(last);
        match turn.what {
            What::Bid(what) => self.bid(what),
            What::Retract(number) => self.retract(number),
            What::VoidOf(number) => {
                let who = bidder(number).number();
                let goes = self.bids.iter().filter(|bid| bid.bidder == who).map(|bid| bid.revision).collect();
                self.void(Removal::Of(bidder(number)), &goes);
            }
            What::VoidOne(share) => {
                let revision = 1 + self.room.auction().revision() * u64::from(share) / 256;
                let goes = self.with_changes(revision);
                self.void(Removal::One(revision), &goes);
            }
            What::Pause => {
                for action in [Action::Pause, Action::Resume] {
                    let command = Command { at: time(self.now), by: Actor::System, action };
                    self.room.handle(&BidderFacts::VERIFIED, &command).expect("the house may");
                    self.now += SECOND;
                }
            }
        }
        self.check();
    }

    fn bid(&mut self, what: Move) {
        let ask = what.ask(&self.sale.plan, Sight::of(self.room.auction()), self.now);
        let Act::Bid(kind, amount) = ask.act else { panic!("only bids") };
        let bidder = ask.person.number().expect("a bidder");
        let Ok(log) = self.room.handle(&ask.facts(&self.sale.plan), &ask.command()) else { return };
        let own = log.iter().find(|it| matches!(it.event, Event::Bid { .. } | Event::MaximumChanged { .. }));
        let own = own.expect("an event for a bid that is taken");
        let (revision, version, seen) = (own.revision, own.version, own.event.is_public());
        self.bids.push(Taken { revision, version, at: self.now, bidder, kind, amount, seen });
        self.answers.extend(log.iter().filter_map(|it| match it.event {
            Event::AutoBid { bidder, price, .. } => Some((it.version, bidder.number(), price.minor())),
            _ => None,
        }));
    }

    fn retract(&mut self, number: u8) {
        let who = bidder(number);
        let own: Vec<_> = self.bids.iter().filter(|bid| bid.bidder == who.number()).collect();
        let left = self.room.auction().ends_at().micros() - self.now;
        let is_early = left > i64::from(self.sale.free_until) * SECOND;
        let grace = i64::from(self.sale.grace) * SECOND;
        let mut goes = BTreeSet::new();
        let mut stays = Vec::new();
        for bid in &own {
            // A maximum that was lowered is not taken back up.
            let lowers = !bid.seen && own_maximum(&stays, who.number()).is_some_and(|own| bid.amount < own);
            if (is_early || self.now - bid.at <= grace) && !lowers {
                goes.insert(bid.revision);
            } else {
                stays.push(**bid);
            }
        }
        let refusal = if own.is_empty() { Rejection::NoSuchBid } else { Rejection::RetractionClosed };
        let command = Command::of(who, time(self.now), Action::Retract { reason: reason() });
        self.remove(&BidderFacts::VERIFIED, &command, &goes, refusal);
    }

    fn void(&mut self, removal: Removal, goes: &BTreeSet<u64>) {
        let command = Command::of(user(200), time(self.now), Action::Void { removal, reason: reason() });
        self.remove(&BidderFacts::STAFF, &command, goes, Rejection::NoSuchBid);
    }

    /// A bid and the changes of its maximum, until the next bid of the same bidder that everybody saw.
    fn with_changes(&self, revision: u64) -> BTreeSet<u64> {
        let Some(one) = self.bids.iter().find(|bid| bid.revision == revision) else { return BTreeSet::new() };
        let own = self.bids.iter().filter(|bid| bid.bidder == one.bidder && bid.revision > revision);
        let changes = own.take_while(|bid| one.seen && !bid.seen).map(|bid| bid.revision);
        changes.chain([revision]).collect()
    }

    fn remove(&mut self, facts: &BidderFacts, command: &Command, goes: &BTreeSet<u64>, refusal: Rejection) {
        let before = self.room.clone();
        let answer = self.room.handle(facts, command).map(<[Recorded]>::to_vec);
        if goes.is_empty() {
            assert_eq!(answer, Err(refusal));
            assert_eq!(self.room, before, "a refusal changes nothing");
            return;
        }
        let log = answer.expect("there is something to remove");
        let [Recorded { event: Event::Withdrawn(withdrawal), .. }] = log.as_slice() else {
            panic!("one event for a removal: {log:?}")
        };
        let gone: Vec<Taken> = self.bids.extract_if(.., |bid| goes.contains(&bid.revision)).collect();
        assert_eq!(withdrawal.revisions, goes.iter().copied().collect::<Vec<_>>());
        let seen: Vec<u64> = gone.iter().filter(|bid| bid.seen).map(|bid| bid.version).collect();
        // With them go the answers that nobody goes up to any more.
        let own = own_maximum(&self.bids, withdrawal.bidder.number());
        let is_void = |(_, bidder, price): &(u64, u64, i64)| {
            *bidder == withdrawal.bidder.number() && own.is_none_or(|own| *price > own)
        };
        let void = self.answers.extract_if(.., |row| is_void(row)).map(|(version, ..)| version);
        assert_eq!(
            withdrawal.versions,
            seen.iter().copied().chain(void).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        );
        assert_eq!(withdrawal.removed as usize, seen.len());
        self.removals += 1;
        // Nobody else's standing changes, nor the end.
        let others = |room: &Saleroom| {
            let others = room.standings().iter().filter(|(who, _)| **who != withdrawal.bidder);
            others.map(|(who, standing)| (*who, *standing)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(others(&self.room), others(&before));
        assert_eq!(self.room.auction().ends_at(), before.auction().ends_at());
        self.check_mask(&before, &log[0], withdrawal);
    }

    /// What everybody learns is what everybody can see of the auction.
    fn check_mask(&self, before: &Saleroom, recorded: &Recorded, withdrawal: &Withdrawal) {
        let seen = |room: &Saleroom| {
            let auction = room.auction();
            (auction.leader(), auction.price(), auction.bid_count(), auction.reserve_met())
        };
        assert_eq!(
            withdrawal.is_public,
            seen(before) != seen(&self.room),
            "told where there is something to see"
        );
        let Some(masked) = recorded.masked() else {
            assert!(!withdrawal.is_public);
            return;
        };
        assert_eq!(masked.revision, recorded.version);
        let Event::Withdrawn(told) = &masked.event else { panic!("another event") };
        let auction = self.room.auction();
        assert_eq!(
            (told.leader, told.price.unwrap_or(auction.terms().starting_price)),
            (auction.leader(), auction.price())
        );
        assert_eq!(
            (told.bidder, told.by_house, told.removed),
            (withdrawal.bidder, withdrawal.by_house, withdrawal.removed)
        );
        assert_eq!(told.versions, withdrawal.versions);
        assert_eq!((told.bids, told.maximum, &told.reason), (0, None, &None));
        assert!(told.revisions.is_empty());
        let mut state = before.auction().clone();
        auction_core::auction::evolve(&mut state, &mut BTreeMap::new(), &masked);
        assert!(state.leader_maximum() == told.price, "the book tells of the maximum");
    }

    /// The engine stands where the naive resolution of the standing bids does.
    fn check(&self) {
        let (auction, plan) = (self.room.auction(), &self.sale.plan);
        let got = auction.leader().map(|leader| Stand {
            leader: leader.number(),
            price: auction.price().minor(),
            maximum: auction.leader_maximum().expect("a leader's").minor(),
        });
        let expected = resolve(plan, &self.bids);
        // Before the first removal the engine has to be where it is without one: there the two state the same rules.
        assert_eq!(got, expected, "{:?}", self.bids);
        if let Some(stand) = got {
            assert!(stand.price <= stand.maximum);
            assert_eq!(self.room.standing(user(stand.leader)).maximum, Some(amount(stand.maximum)));
            assert!(self.room.standing(user(stand.leader)).bids > 0, "who leads has bid");
        }
        for number in 0..BIDDERS {
            let who = bidder(number);
            let own = self.bids.iter().filter(|bid| bid.bidder == who.number() && bid.seen).count();
            let standing = self.room.standing(who);
            assert_eq!(standing.bids as usize, own);
            assert_eq!(standing.maximum, own_maximum(&self.bids, who.number()).map(amount));
        }
        assert_eq!(auction.bid_count() as usize, self.bids.iter().filter(|bid| bid.seen).count());
        if let Some(oracle) = self.showdown() {
            assert_eq!(got, oracle.stand(plan), "{:?}", self.bids);
        }
    }

    /// The second opinion, where it has one: whoever has shown what, in whatever order.
    fn showdown(&self) -> Option<Oracle> {
        let plan = &self.sale.plan;
        let is_even = matches!(plan.steps, Steps::Smallest | Steps::Fixed(_) | Steps::Percent { .. });
        let knows = is_even
            && plan.anchor == Anchor::SecondMax
            && plan.leader_raise == LeaderRaise::CompletesIncrement
            && plan.lower_max == LowerMax::Forbidden;
        knows.then(|| {
            let mut oracle = Oracle::new(plan);
            for bid in &self.bids {
                let Taken { bidder, kind, amount, .. } = *bid;
                oracle.place_again(plan, Offer { bidder, kind, amount, limit: None });
            }
            oracle
        })
    }

    /// Time runs out: the outcome is that of the bids that stand.
    fn close(mut self) -> Self {
        let at = self.room.auction().ends_at();
        self.room.handle(&BidderFacts::VERIFIED, &Command::advance(at)).expect("time is never refused");
        let Status::Ended { outcome, .. } = self.room.auction().status() else { panic!("still open") };
        let plan = &self.sale.plan;
        let stand = resolve(plan, &self.bids);
        let is_met = |stand: &Stand| plan.reserve.is_none_or(|reserve| stand.price >= reserve);
        let sale = stand.filter(is_met).map(|stand| (user(stand.leader), amount(stand.price)));
        assert_eq!(outcome.sale(), sale);
        let name = match (stand, sale) {
            (None, _) => "no_bids",
            (Some(_), None) => "reserve_not_met",
            (Some(_), Some(_)) => "sold",
        };
        assert_eq!(outcome.name(), name);
        let (auction, standings) = fold(auction_id(), self.room.log()).expect("a whole log");
        assert_eq!((&auction, &standings), (self.room.auction(), self.room.standings()));
        let mut version = 0;
        for (before, recorded) in self.room.log().iter().enumerate() {
            version += u64::from(recorded.event.is_public());
            assert_eq!((recorded.revision, recorded.version), (before as u64 + 1, version));
            assert_eq!(recorded.masked().is_some(), recorded.event.is_public());
        }
        self
    }
}

fn bidder(number: u8) -> UserId {
    user(Person::Bidder(number).number().expect("a number"))
}

fn reason() -> Reason {
    Reason::new("A slip of the pen.").expect("a reason")
}

fn play(sale: Sale, turns: &[Turn]) -> Play {
    let mut play = Play::new(sale);
    for turn in turns {
        play.turn(turn);
    }
    play.close()
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn after_a_removal_an_auction_stands_as_if_the_bids_had_never_been_made(sale in sales(), turns in turns()) {
        play(sale, &turns);
    }
}

/// A property of auctions in which nothing is removed would hold as well.
#[test]
fn random_removals_reach_what_matters() {
    let mut runner = TestRunner::deterministic();
    let sample = (sales(), turns());
    let (mut removals, mut hidden, mut refused, mut new_leaders, mut lower, mut after) = (0, 0, 0, 0, 0, 0);
    for _ in 0..1_000 {
        let (sale, turns) = sample.new_tree(&mut runner).expect("a sample").current();
        let tried = turns.iter().filter(|turn| !matches!(turn.what, What::Bid(_) | What::Pause)).count();
        let play = play(sale, &turns);
        removals += play.removals;
        refused += tried as u32 - play.removals;
        let (mut leader, mut price, mut is_after) = (None, None, false);
        for recorded in play.room.log() {
            match &recorded.event {
                Event::Withdrawn(withdrawal) => {
                    hidden += u32::from(!withdrawal.is_public);
                    new_leaders += u32::from(withdrawal.leader.is_some() && withdrawal.leader != leader);
                    lower += u32::from(withdrawal.price.is_some() && withdrawal.price < price);
                    (leader, price) = (withdrawal.leader, withdrawal.price);
                    is_after = true;
                }
                Event::Bid { bidder, leads: true, price: now, .. } => {
                    (leader, price) = (Some(*bidder), Some(*now));
                    after += u32::from(is_after);
                }
                Event::AutoBid { price: now, .. } => price = Some(*now),
                _ => {}
            }
        }
    }
    for (what, count) in [
        ("removals", removals),
        ("removals that nobody sees", hidden),
        ("refused removals", refused),
        ("new leaders", new_leaders),
        ("lower prices", lower),
        ("bids that lead after a removal", after),
    ] {
        assert!(count >= 20, "only {count} {what}");
    }
}
