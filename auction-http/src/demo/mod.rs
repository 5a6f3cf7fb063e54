//! People and auctions to try things out with: `auction-server serve --demo`.

mod crowd;
mod people;

pub use people::{PEOPLE, Somebody, introduction};

use crate::parts::{Parts, Stop};
use crate::samples::{Kind, Lot, Order, PICTURES_MAX, Season, StockError, stock};
use auction_core::auction::{Auction, TermsDocument};
use auction_core::catalog::{AuctionQuery, Drafts, Ordering, OrderingField, Scope, Window};
use auction_core::{Span, Timestamp, UserId};
use crowd::Crowd;
use people::person;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How often it is looked whether enough auctions end soon.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How many auctions always end soon.
const ENDING_SOON_MIN: usize = 3;
/// What soon is.
const SOON: Span = Span::from_secs(10 * 60);
/// How many auctions of each kind there are at first.
const FIRST_OF_EACH: usize = 4;

/// How many lots in other formats there are at first.
const FORMATS: usize = 4;

/// What the terms of demonstrations are where nothing else is said: people may join while the auction runs, and a
/// bid in the last minute moves the end.
const TERMS: &str = r#"{"join_until":"end","closing":{"kind":"reset","window_s":60},"early_close":"seller",
    "increments":{"kind":"table","name":"ebay_us"},"first_bid":"at_least"}"#;

/// What sets some lots apart: every fourth has a reserve, every fourth can be bought at once.
fn varied(place: u32, lot: &Lot) -> TermsDocument {
    let price = lot.starting_price;
    let text = match place % 4 {
        1 => format!(r#"{{"reserve":"{}"}}"#, price * 2),
        2 => format!(r#"{{"buy_now":{{"price":"{}","rule":"always"}}}}"#, price * 4),
        _ => return TermsDocument::default(),
    };
    TermsDocument::parse(&text).unwrap_or_default()
}

/// What the terms of lots in other formats have in common.
const TERMS_OF_FORMATS: &str = r#"{"join_until":"end","early_close":"seller","closing":{"kind":"hard"}}"#;

/// A lot each with a falling price, with sealed bids, of several units, and as a tender.
fn of_a_format(place: u32, lot: &Lot) -> TermsDocument {
    let price = lot.starting_price;
    let format = match place % 4 {
        0 => {
            let (step, floor) = ((price / 50).max(1), price / 2);
            format!(r#"{{"kind":"dutch","step":"{step}","interval_s":20,"floor":"{floor}","quantity":3}}"#)
        }
        1 => r#"{"kind":"vickrey","revisions":"replace","count":"shown"}"#.to_owned(),
        2 => r#"{"kind":"fixed_price","quantity":12}"#.to_owned(),
        _ => r#"{"kind":"reverse","visibility":"rank_only"}"#.to_owned(),
    };
    TermsDocument::parse(&format!(r#"{{"format":{format}}}"#)).unwrap_or_default()
}

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

/// Sets the demonstration up. Until the server stops, people bid now and then, and some auctions always end soon.
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
    let is_new = demo.open(None).await.len() < Kind::ALL.len() * FIRST_OF_EACH;
    if is_new {
        let english = (TERMS, varied as fn(u32, &Lot) -> TermsDocument);
        demo.stock(&Kind::ALL, FIRST_OF_EACH, Season::Now { first_end: 4, apart: 7 }, english).await?;
        demo.stock(&[Kind::Watches], 1, Season::Now { first_end: 2, apart: 0 }, english).await?;
        demo.stock(&Kind::ALL, 1, Season::Ahead { days: 2, hours: 48 }, english).await?;
        let season = Season::Now { first_end: 30, apart: 10 };
        demo.stock(&[Kind::Watches], FORMATS, season, (TERMS_OF_FORMATS, of_a_format)).await?;
    }
    tokio::spawn(demo.go_on(is_new, parts.stop.clone()));
    Ok(())
}

struct Demo {
    parts: Parts,
    seller: UserId,
}

impl Demo {
    async fn go_on(self, is_new: bool, stop: Stop) {
        let mut crowd = match Crowd::gather(&self).await {
            Ok(crowd) => crowd,
            Err(error) => return tracing::warn!(%error, "nobody bids in the demonstration"),
        };
        if is_new {
            crowd.begin(&self).await;
        }
        let (mut turn, mut looked) = (0, Instant::now());
        while timeout(crowd.pause(), stop.0.cancelled()).await.is_err() {
            crowd.go_on(&self).await;
            if looked.elapsed() < LOOK_EVERY {
                continue;
            }
            looked = Instant::now();
            let now = self.parts.clock.now();
            if self.open(Some(now.after(SOON))).await.len() >= ENDING_SOON_MIN {
                continue;
            }
            let kind = Kind::ALL[turn % Kind::ALL.len()];
            turn += 1;
            let season = Season::Now { first_end: 9, apart: 0 };
            if let Err(error) = self.stock(&[kind], 1, season, (TERMS, varied)).await {
                tracing::warn!(%error, "no more demo auctions");
            }
        }
    }

    /// Auctions that are open and end before a time, those that end first before others.
    async fn open(&self, ends_before: Option<Timestamp>) -> Vec<Auction> {
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
        let found = self.parts.catalog.find(&query).await;
        found.map_or_else(|_| Vec::new(), |found| found.rows.into_iter().map(|row| row.auction).collect())
    }

    /// Puts lots up under these terms, of which each has some of its own.
    async fn stock(
        &self,
        kinds: &[Kind],
        count: usize,
        season: Season,
        (terms, varied): (&str, fn(u32, &Lot) -> TermsDocument),
    ) -> Result<(), StockError> {
        let Parts { settings, clock, entropy, auctions, desk, .. } = &self.parts;
        let now = clock.now();
        let order = Order {
            kinds: kinds.to_vec(),
            count,
            pictures: PICTURES_MAX,
            season,
            seller: self.seller,
            currency: settings.currency,
            terms: TermsDocument::parse(terms)?.or(&settings.default_terms),
            varied,
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
