//! The worked examples of bids that are taken back or struck, and of candle auctions, as data: whole auctions of
//! which bids are only one kind of step.

use crate::people::{auction_id, user};
use auction_core::auction::{
    Action, Actor, Bid, BidderFacts, Charter, Command, Event, Outcome, Reason, Recorded, Removal, Saleroom,
    Schedule, Seed, Status, TermsDocument, fold,
};
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::{Span, Timestamp, UserId};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

const RETRACTION: &str = include_str!("../../testdata/rules/retraction.json");
const CANDLE: &str = include_str!("../../testdata/rules/candle.json");

/// An entry of `retraction.json` or `candle.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    id: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: String,
    terms: Box<RawValue>,
    seed: Option<Seed>,
    starting_price: String,
    currency: Currency,
    #[serde(deserialize_with = "moment")]
    starts_at: Timestamp,
    #[serde(deserialize_with = "moment")]
    ends_at: Timestamp,
    steps: Vec<Step>,
}

/// One thing that somebody does: exactly one of a bid, a purchase, a retraction, a striking, or `do`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    at: Option<String>,
    bidder: Option<Who>,
    max: Option<String>,
    straight: Option<String>,
    buy: Option<String>,
    retract: Option<Who>,
    void: Option<Void>,
    by: Option<Who>,
    r#do: Option<Do>,
    expect: Option<Expect>,
    expect_refusal: Option<Refusal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum Who {
    A,
    B,
    C,
    #[serde(rename = "stranger")]
    Stranger,
    #[serde(rename = "seller")]
    Seller,
    #[serde(rename = "staff")]
    Staff,
    #[serde(rename = "house")]
    House,
}

/// Which bids are struck: all of somebody, the one of a step (from 1), or the one with a revision.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Void {
    Of(Who),
    Step(usize),
    Revision(u64),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Do {
    Pause,
    Resume,
    Close,
    Cancel,
    End,
}

/// How the auction stands after a step. What is left out is not looked at, but for the leader: none is null.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    price: String,
    #[serde(deserialize_with = "maybe")]
    leader: Option<Who>,
    minimum: Option<String>,
    maximum: Option<String>,
    bids: Option<u64>,
    reserve: Option<String>,
    buy_now: Option<String>,
    ends_at: Option<String>,
    /// Of each the number of bids and the own maximum.
    #[serde(default)]
    standings: BTreeMap<Who, (u32, Option<String>)>,
    outcome: Option<String>,
    winner: Option<Who>,
    hammer: Option<String>,
    drawn_end: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    code: String,
}

/// A field that has to be there, even where it is null.
fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Who>, D::Error> {
    Option::deserialize(deserializer)
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    String::deserialize(deserializer).map(|text| time(&text))
}

impl Who {
    fn actor(self) -> Actor {
        let number = match self {
            Self::A => 1,
            Self::B => 2,
            Self::C => 3,
            Self::Stranger => 4,
            Self::Seller => 100,
            Self::Staff => 200,
            Self::House => return Actor::System,
        };
        Actor::User(user(number))
    }

    fn user(self) -> UserId {
        self.actor().user().expect("a person")
    }

    fn facts(self) -> BidderFacts {
        if self == Self::Staff { BidderFacts::STAFF } else { BidderFacts::VERIFIED }
    }
}

impl Step {
    fn action(&self, revisions: &[u64]) -> (Who, Action) {
        let decimal = |text: &String| parse_decimal(text).expect("an amount");
        let reason = || Reason::new("A slip of the pen.").expect("a reason");
        match self {
            Self { bidder: Some(who), max: Some(max), .. } => (*who, Action::Bid(Bid::maximum(decimal(max)))),
            Self { bidder: Some(who), straight: Some(amount), .. } => {
                (*who, Action::Bid(Bid::straight(decimal(amount))))
            }
            Self { bidder: Some(who), buy: Some(price), .. } => {
                let units = auction_core::auction::Units::ONE;
                (*who, Action::Buy { price: decimal(price), units })
            }
            Self { retract: Some(who), .. } => (*who, Action::Retract { reason: reason() }),
            Self { void: Some(void), by: Some(by), .. } => {
                let removal = match *void {
                    Void::Of(who) => Removal::Of(who.user()),
                    Void::Step(step) => Removal::One(revisions[step - 1]),
                    Void::Revision(revision) => Removal::One(revision),
                };
                (*by, Action::Void { removal, reason: reason() })
            }
            Self { r#do: Some(what), by: Some(by), .. } => match what {
                Do::Pause => (*by, Action::Pause),
                Do::Resume => (*by, Action::Resume),
                Do::Close => (*by, Action::Close),
                Do::Cancel => (*by, Action::Cancel),
                Do::End => (Who::House, Action::Advance),
            },
            other => panic!("a step that is none: {other:?}"),
        }
    }
}

impl Example {
    fn room(&self) -> Saleroom {
        let start = Amount::parse(&self.starting_price, self.currency).expect("a price");
        let document = TermsDocument::parse(self.terms.get()).expect("a document");
        let terms =
            document.terms(self.currency, start).unwrap_or_else(|errors| panic!("{}: {errors}", self.id));
        let terms = self.seed.map_or_else(|| terms.clone(), |seed| terms.clone().with_seed(seed));
        let schedule = Schedule::new(self.starts_at, self.ends_at).expect("a schedule");
        let charter = Charter::new(Who::Seller.user(), schedule, terms).expect("a charter");
        let before = self.starts_at.before(Span::from_secs(3_600));
        let mut room = Saleroom::open(auction_id(), charter, before);
        for who in [Who::A, Who::B, Who::C] {
            let join = Command::of(who.user(), before, Action::Join);
            room.handle(&BidderFacts::VERIFIED, &join).expect("everybody may join");
        }
        room
    }

    fn play(&self) {
        let mut room = self.room();
        let mut now = self.starts_at;
        let mut revisions = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let place = format!("{}, step {}", self.id, index + 1);
            now = step.at.as_deref().map_or_else(|| now.after(Span::from_secs(1)), time);
            let (who, action) = step.action(&revisions);
            let before = room.clone();
            let command = Command { at: now, by: who.actor(), action };
            let answer = room.handle(&who.facts(), &command).map(<[Recorded]>::to_vec);
            let own = answer.as_ref().ok().and_then(|log| {
                let bid =
                    |it: &&Recorded| matches!(it.event, Event::Bid { .. } | Event::MaximumChanged { .. });
                log.iter().find(bid).map(|it| it.revision)
            });
            revisions.push(own.unwrap_or(0));
            if let Some(refusal) = &step.expect_refusal {
                let rejection = answer.expect_err(&place);
                assert_eq!(rejection.code(), refusal.code, "{place}");
                assert_eq!(room, before, "{place}: a refusal leaves no trace");
                continue;
            }
            assert!(answer.is_ok(), "{place}: {answer:?}");
            assert!(room.auction().ends_at() >= before.auction().ends_at(), "{place}: the end moved back");
            if let Some(expect) = &step.expect {
                self.check(&room, expect, &place);
            }
            let (auction, standings) = fold(auction_id(), room.log()).expect("a whole log");
            assert_eq!((&auction, &standings), (room.auction(), room.standings()), "{place}");
        }
        assert!(!self.steps.is_empty(), "{} has no steps", self.id);
    }

    fn amount(&self, text: &str) -> Amount {
        Amount::parse(text, self.currency).expect("an amount")
    }

    fn check(&self, room: &Saleroom, expect: &Expect, place: &str) {
        let auction = room.auction();
        let amount = |text: &String| self.amount(text);
        assert_eq!(auction.price(), amount(&expect.price), "{place}: price");
        assert_eq!(auction.leader(), expect.leader.map(Who::user), "{place}: leader");
        if let Some(minimum) = &expect.minimum {
            assert_eq!(auction.minimum_bid(), Some(amount(minimum)), "{place}: minimum");
        }
        if let Some(maximum) = &expect.maximum {
            assert_eq!(auction.leader_maximum(), Some(amount(maximum)), "{place}: maximum");
        }
        if let Some(bids) = expect.bids {
            assert_eq!(auction.bid_count(), bids, "{place}: bids");
        }
        if let Some(reserve) = &expect.reserve {
            let met = match auction.reserve_met() {
                None => "none",
                Some(false) => "not_met",
                Some(true) => "met",
            };
            assert_eq!(met, reserve, "{place}: reserve");
        }
        if let Some(buy_now) = &expect.buy_now {
            let price = (buy_now != "none").then(|| amount(buy_now));
            assert_eq!(auction.buy_now().map(|offer| offer.price), price, "{place}: buy now");
        }
        if let Some(ends_at) = &expect.ends_at {
            assert_eq!(auction.ends_at(), time(ends_at), "{place}: end");
        }
        for (who, (bids, maximum)) in &expect.standings {
            let standing = room.standing(who.user());
            let got = (standing.bids, standing.maximum);
            assert_eq!(got, (*bids, maximum.as_ref().map(amount)), "{place}: standing of {who:?}");
        }
        let outcome = match auction.status() {
            Status::Ended { outcome, .. } => Some(outcome),
            _ => None,
        };
        assert_eq!(outcome.map(Outcome::name), expect.outcome.as_deref(), "{place}: outcome");
        let sale = expect.winner.map(Who::user).zip(expect.hammer.as_ref().map(amount));
        assert_eq!(outcome.and_then(Outcome::sale), sale, "{place}: sale");
        if let Some(drawn_end) = &expect.drawn_end {
            let drawn = room.log().iter().find_map(|recorded| match &recorded.event {
                Event::Drawn(draw) => Some(draw.ended_at),
                _ => None,
            });
            let expected = (drawn_end != "none").then(|| time(drawn_end));
            assert_eq!(drawn, expected, "{place}: drawn end");
        }
    }
}

fn read(file: &str) -> Vec<Example> {
    serde_json::from_str(file).expect("a list of examples without unknown fields")
}

/// Plays all of them, and fails with the ids of those that failed.
fn play_all(file: &str) {
    let examples = read(file);
    let failed = examples.iter().filter(|example| std::panic::catch_unwind(|| example.play()).is_err());
    let failed: Vec<&str> = failed.map(|example| example.id.as_str()).collect();
    assert_eq!(failed, Vec::<&str>::new(), "of {} examples", examples.len());
}

#[test]
fn bids_are_taken_back_and_struck_as_in_the_examples() {
    play_all(RETRACTION);
}

#[test]
fn candles_burn_as_in_the_examples() {
    play_all(CANDLE);
}

#[test]
fn every_example_of_these_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for example in [RETRACTION, CANDLE].into_iter().flat_map(read) {
        assert!(seen.insert(example.id.clone()), "{} stands twice", example.id);
    }
    assert!(seen.len() >= 50, "some of the {} examples are gone", seen.len());
}
