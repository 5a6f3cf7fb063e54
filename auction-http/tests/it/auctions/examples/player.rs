//! Plays an example: one auction of a house, at times of its own.

use crate::auctions::house::{Answer, House};
use auction_core::auction::Seed;
use auction_core::money::{Amount, Currency};
use auction_core::ports::Clock;
use auction_core::{Span, Timestamp};
use serde_json::{Value, json};

/// How far the auctions of two examples lie apart, in seconds: a house cannot set its clock back.
const APART_SECS: u32 = 10 * 24 * 3_600;

/// Everybody of whom examples tell: the name there, the token, and the label that others see.
const PEOPLE: [(&str, &str); 8] = [
    ("A", "ann"),
    ("B", "bob"),
    ("C", "cyd"),
    ("D", "dan"),
    ("stranger", "eve"),
    ("seller", "sally"),
    ("staff", "admin"),
    ("house", "admin"),
];

/// The token of somebody.
pub(super) fn token(name: &str) -> &'static str {
    PEOPLE.iter().find(|(known, _)| *known == name).map(|(_, token)| *token).expect("somebody")
}

/// The number of somebody.
pub(super) fn number(name: &str) -> usize {
    super::super::house::PEOPLE.iter().position(|known| *known == token(name)).expect("somebody") + 1
}

/// Who is called so in front of others.
pub(super) fn named(label: &Value) -> &'static str {
    let label = label.as_str().expect("a label");
    let masked = |token: &str| format!("{}***{}@example.org", &token[..1], &token[token.len() - 1..]);
    PEOPLE.iter().find(|(_, token)| masked(token) == label).map(|(name, _)| *name).expect("somebody")
}

/// An example in the making.
pub(super) struct Player<'a> {
    pub(super) house: &'a House,
    pub(super) auction: u64,
    /// By how much its times are moved.
    moved: Span,
    now: Timestamp,
    rows: Vec<u64>,
}

impl<'a> Player<'a> {
    /// The auction of the how-manieth example, an hour before its start, with A, B, C and D in it.
    pub(super) async fn open(house: &'a House, place: u32, example: &Value) -> Self {
        let moved = Span::from_secs(APART_SECS).times(place);
        let time = |field: &str, default: &str| -> Timestamp {
            example[field].as_str().unwrap_or(default).parse::<Timestamp>().expect("a time").after(moved)
        };
        let (start, end) =
            (time("starts_at", "2026-03-01T12:00:00Z"), time("ends_at", "2026-03-01T15:00:00Z"));
        house.clock.set(start.before(Span::from_secs(3_600)));
        let currency: Currency =
            Currency::from_code(example["currency"].as_str().expect("a code")).expect("one");
        let limit = |(name, limit): (&String, &Value)| {
            let limit = Amount::parse(limit.as_str().expect("a limit"), currency).expect("an amount");
            (token(name).to_owned(), limit)
        };
        let limits = example["limits"].as_object().into_iter().flatten();
        *house.limits.lock().unwrap() = limits.map(limit).collect();
        *house.seed.lock().unwrap() = example["seed"].as_str().map(|seed| Seed::parse(seed).expect("a seed"));
        let auction = house
            .sell_with(json!({
                "terms": example["terms"], "starting_price": example["starting_price"],
                "currency": example["currency"], "start_date_time": start.to_string(),
                "end_date_time": end.to_string(),
            }))
            .await;
        for name in ["A", "B", "C", "D"] {
            house.post(token(name), &format!("auctions/{auction}/join_auction/"), &json!({})).await;
        }
        Self { house, auction, moved, now: start, rows: Vec::new() }
    }

    /// Waits until the time of a step: the one that it names, or a second later.
    pub(super) fn wait(&mut self, step: &Value) {
        self.now = match step["at"].as_str() {
            Some(at) => at.parse::<Timestamp>().expect("a time").after(self.moved),
            None => self.now.after(Span::from_secs(1)),
        };
        self.house.clock.set(self.now);
    }

    /// Waits until the end that the auction has by now, and ends it.
    pub(super) async fn end(&mut self) {
        let end = self.view("admin").await["end_date_time"].as_str().expect("a time").parse().expect("one");
        self.house.clock.set(self.house.clock.now().max(end));
        self.advance().await;
    }

    /// Opens or closes it, if it is time.
    pub(super) async fn advance(&self) {
        self.house.tick(self.auction).await;
    }

    /// The auction as somebody sees it.
    pub(super) async fn view(&self, token: &str) -> Value {
        self.house.get(token, &format!("auctions/{}/", self.auction)).await.json()
    }

    /// What somebody asks of it.
    pub(super) async fn ask(&mut self, token: &str, call: &str, body: &Value) -> Answer {
        let answer = self.house.post(token, &format!("auctions/{}/{call}/", self.auction), body).await;
        let row = if answer.status == 201 { answer.json()["id"].as_u64() } else { None };
        self.rows.push(row.unwrap_or(0));
        answer
    }

    /// Goes on without having asked anything.
    pub(super) fn skip(&mut self) {
        self.rows.push(0);
    }

    /// The row of the bid that a step placed, from 1.
    pub(super) fn row_of_step(&self, step: u64) -> u64 {
        self.rows[usize::try_from(step).expect("a step") - 1]
    }

    /// All that everybody may know to have happened.
    pub(super) async fn events(&self, kind: &str) -> Vec<Value> {
        let events = self.house.get("", &format!("auctions/{}/events/", self.auction)).await.json();
        let events = events.as_array().expect("a list").iter();
        events.filter(|event| event["kind"] == kind).cloned().collect()
    }

    /// A time of the example, moved as its auction is; null stays null.
    pub(super) fn time(&self, expected: &Value) -> Value {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time").after(self.moved).to_string();
        expected.as_str().map_or(Value::Null, |text| time(text).into())
    }
}
