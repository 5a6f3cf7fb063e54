//! The worked examples of the formats, which are data: `testdata/rules/formats.json`.

use crate::people::{auction_id, user};
use auction_core::auction::{
    Action, Actor, Award, Bid, BidderFacts, Charter, Command, Event, Outcome, Recorded, Rejection, Saleroom,
    Schedule, Status, TermsDocument, Units,
};
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::{Span, Timestamp};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

const FORMATS: &str = include_str!("../../testdata/rules/formats.json");

/// An entry of `formats.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    id: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: String,
    terms: Box<RawValue>,
    starting_price: String,
    currency: Currency,
    /// The most that a bidder may commit to.
    #[serde(default)]
    limits: BTreeMap<Bidder, String>,
    steps: Vec<Step>,
    outcome: ExpectOutcome,
}

/// Who bids: a capital letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum Bidder {
    A,
    B,
    C,
    D,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    at: Option<String>,
    bidder: Option<Bidder>,
    action: Deed,
    amount: Option<String>,
    units: Option<u32>,
    expect: Option<Expect>,
    expect_refusal: Option<ExpectRefusal>,
}

/// `look` changes nothing; what has no bidder is done by the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    Bid,
    Buy,
    Pause,
    Resume,
    Close,
    Cancel,
    Look,
}

/// How the auction stands after a step; what is left out is not looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// What one unit costs, or the standing price.
    price: Option<String>,
    #[serde(default, deserialize_with = "given")]
    leader: Option<Option<Bidder>>,
    #[serde(default, deserialize_with = "given")]
    minimum: Option<Option<String>>,
    reserve: Option<String>,
    /// How many bids or purchases everybody knows of.
    count: Option<u64>,
    /// What the buyer pays for one unit.
    paid: Option<String>,
    left: Option<u32>,
    ends_at: Option<String>,
    #[serde(default, deserialize_with = "given")]
    next_price_at: Option<Option<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectRefusal {
    code: String,
    #[serde(default, deserialize_with = "given")]
    minimum: Option<Option<String>>,
    most: Option<u32>,
    left: Option<u32>,
    limit: Option<String>,
}

/// How the auction stands when its time is over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectOutcome {
    result: String,
    winner: Option<Bidder>,
    price: Option<String>,
    units: Option<u32>,
    #[serde(default)]
    awards: Vec<ExpectAward>,
    reserve: Option<String>,
    count: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectAward {
    bidder: Bidder,
    units: u32,
    price: String,
}

/// What went wrong, as a sentence.
type Wrong = String;

/// A field that may be given as null, which is not the same as being left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn examples() -> Vec<Example> {
    serde_json::from_str(FORMATS).expect("a list of examples without unknown fields")
}

impl Bidder {
    const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    fn user(self) -> auction_core::UserId {
        user(1 + self as u64)
    }
}

impl Example {
    fn amount(&self, text: &str) -> Result<Amount, Wrong> {
        let amount = Amount::parse(text, self.currency).map_err(|error| format!("{text}: {error}"))?;
        same("scale", amount.display(self.currency).to_string().as_str(), text)?;
        Ok(amount)
    }

    fn open(&self) -> Result<Saleroom, Wrong> {
        let schedule = Schedule::new(moment("2026-03-01T12:00:00Z")?, moment("2026-03-01T15:00:00Z")?)
            .map_err(|errors| errors.to_string())?;
        let start = self.amount(&self.starting_price)?;
        let terms = TermsDocument::parse(self.terms.get())
            .and_then(|document| document.terms(self.currency, start))
            .map_err(|errors| errors.to_string())?;
        let charter = Charter::new(user(100), schedule, terms).map_err(|errors| errors.to_string())?;
        let before = schedule.starts_at().before(Span::from_secs(3_600));
        let mut room = Saleroom::open(auction_id(), charter, before);
        for bidder in Bidder::ALL {
            let join = Command::of(bidder.user(), before, Action::Join);
            room.handle(&BidderFacts::VERIFIED, &join).map_err(|rejection| rejection.to_string())?;
        }
        Ok(room)
    }

    /// Plays the steps through a [`Saleroom`], compares after each, and waits for the end.
    fn play(&self) -> Result<(), Wrong> {
        let mut room = self.open()?;
        let mut now = room.auction().starts_at();
        for (index, step) in self.steps.iter().enumerate() {
            now = match &step.at {
                Some(at) => moment(at)?,
                None => now.after(Span::from_secs(1)),
            };
            self.step(&mut room, step, now).map_err(|wrong| format!("step {}: {wrong}", index + 1))?;
        }
        let end = room.auction().ends_at();
        let advance = Command::advance(end);
        room.handle(&BidderFacts::VERIFIED, &advance).map_err(|rejection| rejection.to_string())?;
        self.ends(&room).map_err(|wrong| format!("at the end: {wrong}"))
    }

    fn command(step: &Step, at: Timestamp) -> Result<Command, Wrong> {
        let amount = |text: &Option<String>| {
            let text = text.as_deref().ok_or("has no amount")?;
            parse_decimal(text).map_err(|error| error.to_string())
        };
        let units = Units::new(step.units.unwrap_or(1)).ok_or("no number of units")?;
        let by = step.bidder.map_or(Actor::System, |bidder| Actor::User(bidder.user()));
        let action = match step.action {
            Deed::Bid => Action::Bid(Bid::straight(amount(&step.amount)?).for_units(units)),
            Deed::Buy => Action::Buy { price: amount(&step.amount)?, units },
            Deed::Pause => Action::Pause,
            Deed::Resume => Action::Resume,
            Deed::Close => Action::Close,
            Deed::Cancel => Action::Cancel,
            Deed::Look => return Err("a look is no command".to_owned()),
        };
        Ok(Command { at, by, action })
    }

    fn facts(&self, step: &Step) -> Result<BidderFacts, Wrong> {
        let limit = step.bidder.and_then(|bidder| self.limits.get(&bidder));
        let limit = limit.map(|limit| self.amount(limit)).transpose()?;
        Ok(limit.map_or(BidderFacts::VERIFIED, |limit| BidderFacts::VERIFIED.with_spendable(limit)))
    }

    fn step(&self, room: &mut Saleroom, step: &Step, at: Timestamp) -> Result<(), Wrong> {
        if step.action == Deed::Look {
            let expect = step.expect.as_ref().ok_or("a look expects something")?;
            return self.stands(room, expect, at, &[]);
        }
        let before = room.clone();
        let answer = room.handle(&self.facts(step)?, &Self::command(step, at)?).map(<[Recorded]>::to_vec);
        match (&step.expect, &step.expect_refusal) {
            (Some(expect), None) => {
                let log =
                    answer.map_err(|rejection| format!("refused: {rejection} ({})", rejection.code()))?;
                self.stands(room, expect, at, &log)
            }
            (None, Some(refusal)) => {
                let rejection = answer.err().ok_or_else(|| format!("taken, not {}", refusal.code))?;
                self.refuses(rejection, refusal)?;
                if *room == before { Ok(()) } else { Err("the refusal left a trace".to_owned()) }
            }
            _ => Err("a step has either `expect` or `expect_refusal`".to_owned()),
        }
    }

    fn refuses(&self, rejection: Rejection, expect: &ExpectRefusal) -> Result<(), Wrong> {
        same("code", rejection.code(), expect.code.as_str())?;
        if let Some(minimum) = &expect.minimum {
            let told = match rejection {
                Rejection::BelowMinimum { minimum } => minimum,
                Rejection::BelowStartingPrice { minimum, .. } => Some(minimum),
                other => return Err(format!("{other:?} tells no minimum")),
            };
            same("minimum", told, minimum.as_deref().map(|text| self.amount(text)).transpose()?)?;
        }
        if let Some(expected) = expect.most {
            same("code", rejection, Rejection::InvalidUnits { most: expected })?;
        }
        if let Some(left) = expect.left {
            same("code", rejection, Rejection::NotEnoughUnits { left })?;
        }
        if let Some(limit) = &expect.limit {
            same("code", rejection, Rejection::OverLimit { limit: self.amount(limit)? })?;
        }
        Ok(())
    }

    fn stands(&self, room: &Saleroom, expect: &Expect, at: Timestamp, log: &[Recorded]) -> Result<(), Wrong> {
        let auction = room.auction();
        if let Some(price) = &expect.price {
            same("price", auction.price_at(at), self.amount(price)?)?;
        }
        if let Some(leader) = expect.leader {
            same("leader", auction.leader(), leader.map(Bidder::user))?;
        }
        if let Some(minimum) = &expect.minimum {
            let minimum = minimum.as_deref().map(|text| self.amount(text)).transpose()?;
            same("minimum", auction.minimum_bid(), minimum)?;
        }
        if let Some(reserve) = &expect.reserve {
            same("reserve", reserve_of(room), reserve.as_str())?;
        }
        if let Some(count) = expect.count {
            same("count", auction.bid_count(), count)?;
        }
        if let Some(paid) = &expect.paid {
            let bought = log.iter().find_map(|recorded| match recorded.event {
                Event::Bought { price, .. } => Some(price),
                _ => None,
            });
            same("paid", bought, Some(self.amount(paid)?))?;
        }
        if let Some(left) = expect.left {
            same("left", auction.units_left(), left)?;
        }
        if let Some(ends_at) = &expect.ends_at {
            same("end", auction.ends_at(), moment(ends_at)?)?;
        }
        if let Some(next) = &expect.next_price_at {
            let next = next.as_deref().map(moment).transpose()?;
            same("next price at", auction.next_price_at(at), next)?;
        }
        Ok(())
    }

    fn ends(&self, room: &Saleroom) -> Result<(), Wrong> {
        let expect = &self.outcome;
        let auction = room.auction();
        let Status::Ended { outcome, .. } = auction.status() else { return Err("it is open".to_owned()) };
        same("result", outcome.name(), expect.result.as_str())?;
        same("winner", outcome.sale().map(|(winner, _)| winner), expect.winner.map(Bidder::user))?;
        if expect.winner.is_some() {
            let price = expect.price.as_deref().ok_or("a winner pays a price")?;
            same("price", outcome.sale().map(|(_, price)| price), Some(self.amount(price)?))?;
            same("last price", auction.price(), self.amount(price)?)?;
        } else if let Some(price) = &expect.price {
            same("last price", auction.price(), self.amount(price)?)?;
        }
        let units = match outcome {
            Outcome::SoldUnits { units } => Some(*units),
            _ => None,
        };
        same("units", units, expect.units)?;
        same("awards", awards(room), self.expected_awards()?)?;
        if let Some(reserve) = &expect.reserve {
            same("reserve", reserve_of(room), reserve.as_str())?;
        }
        if let Some(count) = expect.count {
            same("count", auction.bid_count(), count)?;
        }
        Ok(())
    }

    fn expected_awards(&self) -> Result<Vec<Award>, Wrong> {
        let expected = self.outcome.awards.iter().map(|award| {
            let units = Units::new(award.units).ok_or("no number of units")?;
            Ok(Award { bidder: award.bidder.user(), units, price: self.amount(&award.price)? })
        });
        expected.collect()
    }
}

fn awards(room: &Saleroom) -> Vec<Award> {
    let awarded = room.log().iter().filter_map(|recorded| match &recorded.event {
        Event::Awarded { awards } => Some(awards.iter().copied()),
        _ => None,
    });
    awarded.flatten().collect()
}

fn reserve_of(room: &Saleroom) -> &'static str {
    match room.auction().reserve_met() {
        None => "none",
        Some(false) => "not_met",
        Some(true) => "met",
    }
}

fn moment(text: &str) -> Result<Timestamp, Wrong> {
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<(), Wrong> {
    if got == expected { Ok(()) } else { Err(format!("{what} is {got:?}, not {expected:?}")) }
}

#[test]
fn auctions_of_each_format_go_as_in_the_examples() {
    let examples = examples();
    let results = examples.iter().filter_map(|example| Some((&example.id, example.play().err()?)));
    let wrong: Vec<_> = results.map(|(id, wrong)| format!("{id}: {wrong}")).collect();
    assert!(wrong.is_empty(), "{} of {} examples failed:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

#[test]
fn every_format_has_examples_and_every_example_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    let mut formats = BTreeMap::<&str, usize>::new();
    for example in examples() {
        let room = example.open().unwrap_or_else(|wrong| panic!("{}: {wrong}", example.id));
        *formats.entry(room.auction().terms().format.name()).or_default() += 1;
        assert!(seen.insert(example.id.clone()), "{} stands twice", example.id);
    }
    let names: Vec<_> = formats.keys().copied().collect();
    let expected = ["dutch", "fixed_price", "multi_unit", "reverse", "sealed_first_price", "vickrey"];
    assert_eq!(names, expected);
    assert!(formats.values().all(|count| *count >= 10), "{formats:?}");
}
