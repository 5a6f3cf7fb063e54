//! The worked examples of `testdata/rules` as data, and how one is played through the engine.

use crate::oracle::{Offer, Oracle};
use crate::people::{auction_id, user};
use crate::plan::{Plan, Steps};
use auction_core::auction::{
    Action, Bid, BidKind, BidderFacts, Charter, Command, Rejection, Saleroom, Schedule, Terms, TermsDocument,
    Units,
};
use auction_core::money::{Amount, Currency, IncrementPolicy, parse_decimal};
use auction_core::{Span, Timestamp, UserId};
use serde::Deserialize;
use serde_json::value::RawValue;

/// An entry of `increments.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncrementExample {
    pub(crate) id: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    pub(crate) policy: Box<RawValue>,
    pub(crate) currency: Currency,
    /// A price, and the price one increment above it.
    pub(crate) cases: Vec<(String, String)>,
}

/// An entry of `english.json` or `closing.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "reading")]
    _reading: Option<String>,
    pub(crate) terms: Box<RawValue>,
    pub(crate) starting_price: String,
    pub(crate) currency: Currency,
    opening_minimum: Option<String>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    #[serde(alias = "bids")]
    pub(crate) steps: Vec<Step>,
}

/// One bid, and what becomes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    at: Option<String>,
    pub(crate) bidder: Bidder,
    max: Option<String>,
    straight: Option<String>,
    pub(crate) expect: Option<Expect>,
    pub(crate) expect_refusal: Option<ExpectRefusal>,
}

/// Who bids: a capital letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Bidder {
    A,
    B,
    C,
    D,
}

/// How the auction stands after a bid that was taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) price: String,
    pub(crate) leader: Bidder,
    minimum: Option<String>,
    reserve: Option<String>,
    ends_at: Option<String>,
}

/// Why a bid was refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectRefusal {
    pub(crate) code: String,
    minimum: Option<String>,
}

/// What went wrong, as a sentence.
pub(crate) type Wrong = String;

impl IncrementExample {
    fn policy(&self) -> Result<IncrementPolicy, Wrong> {
        let document = TermsDocument::parse(&format!(r#"{{"increments":{}}}"#, self.policy.get()));
        let terms = document.and_then(|document| document.terms(self.currency, Amount::ONE_MINOR));
        Ok(terms.map_err(|errors| errors.to_string())?.increments)
    }

    pub(crate) fn check(&self) -> Result<(), Wrong> {
        let policy = self.policy()?;
        for (price, next) in &self.cases {
            let (price, next) = (read(price, self.currency)?, read(next, self.currency)?);
            let got = policy.next(price);
            if got != Some(next) {
                return Err(format!("after {price:?}: {got:?}, not {next:?}"));
            }
        }
        if self.cases.is_empty() { Err("has no cases".to_owned()) } else { Ok(()) }
    }
}

impl Bidder {
    pub(crate) fn user(self) -> UserId {
        user(1 + self as u64)
    }
}

impl Step {
    fn bid(&self) -> Result<(BidKind, &str), Wrong> {
        match (&self.max, &self.straight) {
            (Some(amount), None) => Ok((BidKind::Maximum, amount)),
            (None, Some(amount)) => Ok((BidKind::Straight, amount)),
            _ => Err("a bid is either `max` or `straight`".to_owned()),
        }
    }
}

impl Scenario {
    /// The terms, where `defaults` fill what is left out.
    pub(crate) fn terms(&self, defaults: &TermsDocument) -> Result<Terms, Wrong> {
        let start = read(&self.starting_price, self.currency)?;
        let document = TermsDocument::parse(self.terms.get()).map(|document| document.or(defaults));
        document
            .and_then(|document| document.terms(self.currency, start))
            .map_err(|errors| errors.to_string())
    }

    fn schedule(&self) -> Result<Schedule, Wrong> {
        let starts_at = moment(self.starts_at.as_deref().unwrap_or("2026-03-01T12:00:00Z"))?;
        let ends_at = moment(self.ends_at.as_deref().unwrap_or("2026-03-01T15:00:00Z"))?;
        Schedule::new(starts_at, ends_at).map_err(|errors| errors.to_string())
    }

    /// Plays the steps through a [`Saleroom`] and compares after each.
    pub(crate) fn play(&self, defaults: &TermsDocument) -> Result<(), Wrong> {
        let schedule = self.schedule()?;
        let charter =
            Charter::new(user(100), schedule, self.terms(defaults)?).map_err(|errors| errors.to_string())?;
        let before = schedule.starts_at().before(Span::from_secs(3_600));
        let mut room = Saleroom::open(auction_id(), charter, before);
        for bidder in [Bidder::A, Bidder::B, Bidder::C, Bidder::D] {
            let join = Command::of(bidder.user(), before, Action::Join);
            room.handle(&BidderFacts::VERIFIED, &join).map_err(|rejection| rejection.to_string())?;
        }
        if let Some(opening) = &self.opening_minimum {
            same("opening minimum", room.auction().minimum_bid(), Some(read(opening, self.currency)?))?;
        }
        let mut now = schedule.starts_at();
        for (index, step) in self.steps.iter().enumerate() {
            now = match &step.at {
                Some(at) => moment(at)?,
                None => now.after(Span::from_secs(1)),
            };
            self.step(&mut room, step, now).map_err(|wrong| format!("step {}: {wrong}", index + 1))?;
        }
        if self.steps.is_empty() { Err("has no steps".to_owned()) } else { Ok(()) }
    }

    fn step(&self, room: &mut Saleroom, step: &Step, at: Timestamp) -> Result<(), Wrong> {
        let (kind, amount) = step.bid()?;
        let amount = parse_decimal(amount).map_err(|error| error.to_string())?;
        let command =
            Command::of(step.bidder.user(), at, Action::Bid(Bid { kind, amount, units: Units::ONE }));
        let before = room.clone();
        let answer = room.handle(&BidderFacts::VERIFIED, &command).map(|_| ());
        match (&step.expect, &step.expect_refusal) {
            (Some(expect), None) => {
                answer.map_err(|rejection| format!("refused: {rejection} ({})", rejection.code()))?;
                self.stands(room, expect)
            }
            (None, Some(refusal)) => {
                let rejection = answer.err().ok_or_else(|| format!("taken, not {}", refusal.code))?;
                same("code", rejection.code(), refusal.code.as_str())?;
                if let Some(minimum) = &refusal.minimum {
                    let told = match rejection {
                        Rejection::BelowMinimum { minimum } => minimum,
                        Rejection::BelowStartingPrice { minimum, .. } => Some(minimum),
                        _ => None,
                    };
                    same("minimum", told, Some(read(minimum, self.currency)?))?;
                }
                if *room == before { Ok(()) } else { Err("the refusal left a trace".to_owned()) }
            }
            _ => Err("a step has either `expect` or `expect_refusal`".to_owned()),
        }
    }

    fn stands(&self, room: &Saleroom, expect: &Expect) -> Result<(), Wrong> {
        let auction = room.auction();
        same("price", auction.price(), read(&expect.price, self.currency)?)?;
        same("leader", auction.leader(), Some(expect.leader.user()))?;
        if let Some(minimum) = &expect.minimum {
            same("minimum", auction.minimum_bid(), Some(read(minimum, self.currency)?))?;
        }
        if let Some(reserve) = &expect.reserve {
            let met = match auction.reserve_met() {
                None => "none",
                Some(false) => "not_met",
                Some(true) => "met",
            };
            same("reserve", met, reserve.as_str())?;
        }
        if let Some(ends_at) = &expect.ends_at {
            same("end", auction.ends_at(), moment(ends_at)?)?;
        }
        Ok(())
    }

    /// Plays the amounts through the naive statement of the rules: a second opinion on the example itself.
    pub(crate) fn play_naively(&self) -> Result<(), Wrong> {
        let terms = self.terms(&TermsDocument::default())?;
        let plan = plan(&terms)?;
        let mut oracle = Oracle::new(&plan);
        let bids = self.steps.iter().filter(|step| {
            let untimely = |refusal: &ExpectRefusal| matches!(refusal.code.as_str(), "not_started" | "ended");
            !step.expect_refusal.as_ref().is_some_and(untimely)
        });
        for step in bids {
            let (kind, amount) = step.bid()?;
            let amount = read(amount, self.currency)?.minor();
            let offer = Offer { bidder: step.bidder.user().number(), kind, amount, limit: None };
            let answer = oracle.place(&plan, offer);
            let code = step.expect_refusal.as_ref().map(|refusal| refusal.code.as_str());
            same("naive code", answer.err(), code)?;
            if let Some(expect) = &step.expect {
                let stand = oracle.stand(&plan).ok_or("nobody leads")?;
                same("naive price", stand.price, read(&expect.price, self.currency)?.minor())?;
                same("naive leader", stand.leader, expect.leader.user().number())?;
                if let Some(minimum) = &expect.minimum {
                    same("naive minimum", oracle.minimum(&plan), read(minimum, self.currency)?.minor())?;
                }
            }
        }
        Ok(())
    }
}

/// The terms that the naive models know, in plain numbers.
fn plan(terms: &Terms) -> Result<Plan, Wrong> {
    let steps = match &terms.increments {
        IncrementPolicy::SmallestUnit => Steps::Smallest,
        IncrementPolicy::Fixed(step) => Steps::Fixed(step.minor()),
        IncrementPolicy::Table(table) => {
            Steps::Table(table.brackets().iter().map(|row| (row.from.minor(), row.step.minor())).collect())
        }
        other => return Err(format!("the naive models have no {other:?}")),
    };
    Ok(Plan {
        start: terms.starting_price.minor(),
        steps,
        first_bid: terms.first_bid,
        reserve: terms.reserve.map(Amount::minor),
        anchor: terms.proxy.anchor,
        leader_raise: terms.proxy.leader_raise,
        lower_max: terms.proxy.lower_max,
        below_reserve: terms.proxy.below_reserve,
        leader_straight: terms.leader_straight,
        ..Plan::plain()
    })
}

fn read(text: &str, currency: Currency) -> Result<Amount, Wrong> {
    let amount = Amount::parse(text, currency).map_err(|error| format!("{text}: {error}"))?;
    same("scale", amount.display(currency).to_string().as_str(), text)?;
    Ok(amount)
}

fn moment(text: &str) -> Result<Timestamp, Wrong> {
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<(), Wrong> {
    if got == expected { Ok(()) } else { Err(format!("{what} is {got:?}, not {expected:?}")) }
}
