//! People and auctions to try things out with: `auction-server serve --demo`.

use crate::parts::{Parts, Stop};
use crate::samples::{Kind, Order, Season, StockError, stock};
use auction_core::auction::TermsDocument;
use auction_core::catalog::{AuctionQuery, Drafts, Ordering, OrderingField, Scope, Window};
use auction_core::identity::{Email, Password, PersonName};
use auction_core::service::accounts::{AdminRefusal, NewAdmin};
use auction_core::{Span, Timestamp, UserId};
use std::fmt;
use std::time::Duration;

/// How often it is looked whether enough auctions end soon.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How many auctions always end soon.
const ENDING_SOON_MIN: usize = 3;
/// What soon is.
const SOON: Span = Span::from_secs(10 * 60);
/// How many auctions of each kind there are at first.
const FIRST_OF_EACH: usize = 4;

/// What the terms of demonstrations are where nothing else is said: people may join while the auction runs, and a
/// bid in the last minute moves the end.
const TERMS: &str = r#"{"join_until":"end","closing":{"kind":"reset","window_s":60},"early_close":"seller",
    "increments":{"kind":"table","name":"ebay_us"},"first_bid":"at_least"}"#;

/// Somebody to try things out as.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    /// The address to sign in with.
    pub email: &'static str,
    /// The password. It is no secret: demonstrations are refused in production.
    pub password: &'static str,
    first_name: &'static str,
    is_admin: bool,
}

/// The people of demonstrations: a seller, two bidders, an admin.
pub const PEOPLE: [Somebody; 4] = [
    Somebody {
        email: "sally@demo.example",
        password: "gavel-falls-twice",
        first_name: "Sally",
        is_admin: false,
    },
    Somebody {
        email: "ann@demo.example",
        password: "paddle-number-seven",
        first_name: "Ann",
        is_admin: false,
    },
    Somebody { email: "bob@demo.example", password: "going-once-more", first_name: "Bob", is_admin: false },
    Somebody { email: "admin@demo.example", password: "hammer-and-block", first_name: "Ada", is_admin: true },
];

/// Why a demonstration could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A person.
    #[error("demo person {0}: {1}")]
    Person(&'static str, String),
    /// The auctions.
    #[error("demo auctions: {0}")]
    Stock(#[from] StockError),
}

/// Sets the demonstration up, and keeps some auctions ending soon until the server stops.
///
/// # Errors
/// A [`DemoError`].
pub async fn start(parts: &Parts) -> Result<(), DemoError> {
    let mut seller = None;
    for somebody in PEOPLE {
        let user = person(parts, somebody).await?;
        seller = seller.or(Some(user));
    }
    let Some(seller) = seller else { return Ok(()) };
    let demo = Demo { parts: parts.clone(), seller };
    if demo.ending_by(None).await < Kind::ALL.len() * FIRST_OF_EACH {
        demo.stock(&Kind::ALL, FIRST_OF_EACH, Season::Now { first_end: 4, apart: 7 }).await?;
    }
    tokio::spawn(demo.keep(parts.stop.clone()));
    Ok(())
}

/// The people, for the operator.
pub fn introduction() -> impl fmt::Display {
    fmt::from_fn(|f| {
        writeln!(f, "Demo people:")?;
        PEOPLE.iter().try_for_each(|person| writeln!(f, "  {:<20} {}", person.email, person.password))
    })
}

/// Makes a person, where they are not there yet.
async fn person(parts: &Parts, somebody: Somebody) -> Result<UserId, DemoError> {
    let wrong = |why: String| DemoError::Person(somebody.email, why);
    let email = Email::parse(somebody.email).map_err(|error| wrong(error.to_string()))?;
    let new = NewAdmin {
        email: email.clone(),
        password: Password::new(somebody.password.to_owned()).map_err(|error| wrong(error.to_string()))?,
        first_name: PersonName::parse(somebody.first_name).map_err(|error| wrong(error.to_string()))?,
        last_name: PersonName::parse("Demo").map_err(|error| wrong(error.to_string()))?,
    };
    let (accounts, now) = (parts.people.accounts(), parts.clock.now());
    let created = match somebody.is_admin {
        true => accounts.create_admin(new, now).await,
        false => accounts.create_member(new, now).await,
    };
    match created {
        Ok(account) => Ok(account.id),
        Err(AdminRefusal::EmailTaken) => {
            let known = accounts.account_by_email(&email).await.map_err(|error| wrong(error.to_string()))?;
            known.map(|account| account.id).ok_or_else(|| wrong("is there and is not there".to_owned()))
        }
        Err(refusal) => Err(wrong(refusal.to_string())),
    }
}

struct Demo {
    parts: Parts,
    seller: UserId,
}

impl Demo {
    async fn keep(self, stop: Stop) {
        let mut turn = 0;
        while tokio::time::timeout(LOOK_EVERY, stop.0.cancelled()).await.is_err() {
            let now = self.parts.clock.now();
            if self.ending_by(Some(now.after(SOON))).await >= ENDING_SOON_MIN {
                continue;
            }
            let kind = Kind::ALL[turn % Kind::ALL.len()];
            turn += 1;
            if let Err(error) = self.stock(&[kind], 1, Season::Now { first_end: 9, apart: 0 }).await {
                tracing::warn!(%error, "no more demo auctions");
            }
        }
    }

    /// How many auctions are open and end before a time.
    async fn ending_by(&self, ends_before: Option<Timestamp>) -> usize {
        let query = AuctionQuery {
            now: self.parts.clock.now(),
            viewer: None,
            drafts: Drafts::Own,
            scope: Scope::All,
            search: None,
            status: Some("started"),
            category: None,
            seller: Some(self.seller),
            min_price: None,
            max_price: None,
            ends_before,
            ends_after: None,
            format: None,
            ordering: Ordering { field: OrderingField::EndsAt, descending: false },
            window: Window::Rows { after: None, rows_max: 100 },
        };
        self.parts.catalog.find(&query).await.map_or(0, |found| found.rows.len())
    }

    async fn stock(&self, kinds: &[Kind], count: usize, season: Season) -> Result<(), StockError> {
        let Parts { settings, clock, entropy, auctions, desk, .. } = &self.parts;
        let now = clock.now();
        let order = Order {
            kinds: kinds.to_vec(),
            count,
            season,
            seller: self.seller,
            currency: settings.currency,
            terms: TermsDocument::parse(TERMS)?.or(&settings.default_terms),
            now,
            seed: now.micros().unsigned_abs(),
        };
        let catalog = &*self.parts.catalog;
        stock(&**auctions, catalog, &**entropy, &settings.media_dir, &order, |auction| {
            if let Some(deadline) = auction.deadline() {
                desk.expect(deadline);
            }
        })
        .await
    }
}
