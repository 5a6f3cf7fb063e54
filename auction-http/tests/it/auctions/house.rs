//! A house: the room of auctions, mounted alone, with people and a clock that is set by hand.

use crate::services::{Database, PostgresServer};
use async_trait::async_trait;
use auction_adapters::postgres::{PostgresDatabase, PostgresOptions, PostgresStore};
use auction_adapters::runtime::{DeskOptions, DeskRuntime};
use auction_adapters::sqlite::{SqliteOptions, SqliteStore};
use auction_core::auction::{BidderFacts, Command, Seed, TermsDocument};
use auction_core::catalog::NewCategory;
use auction_core::memory::{ManualClock, MemoryBlobs, MemoryStore, NoTransport, SeededEntropy};
use auction_core::money::Amount;
use auction_core::ports::{AuctionStore, CatalogStore, Clock, Entropy, Failure, Relisted};
use auction_core::service::desk::{Desk, Request as DeskRequest};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use auction_http::auctions::{AuctionParts, AuctionRoom, AuctionSettings, router};
use auction_http::error::{ApiError, ApiResult};
use auction_http::pictures::Pictures;
use auction_http::visitors::{Visitor, Visitors};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tower::ServiceExt;

/// Everybody, by the token that they send. Their numbers are their places here, from 1.
pub(in crate::auctions) const PEOPLE: [&str; 10] =
    ["sally", "ann", "bob", "cyd", "admin", "nora", "banned", "sam", "dan", "eve"];

/// What the house opened with: noon of a day in 2026.
pub(super) const NOON: &str = "2026-01-01T12:00:00Z";

/// Where the auctions of a house are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    Memory,
    Sqlite,
    Postgres,
}

tokio::task_local! {
    /// The store of the houses that a test opens.
    pub(super) static STORE: Store;
}

pub(super) struct House {
    _folder: TempDir,
    pub(super) clock: Arc<ManualClock>,
    pub(super) blobs: Arc<MemoryBlobs>,
    catalog: Arc<dyn CatalogStore>,
    desk: DeskRuntime,
    app: Router,
    /// The most that people may commit to, of those who have a limit.
    pub(super) limits: Limits,
    /// From what the end of the next candle is drawn, where it is given.
    pub(super) seed: Arc<Mutex<Option<Seed>>>,
    _database: Option<Database>,
    /// All bodies that were answered: to whom, and what.
    pub(super) traffic: Mutex<Vec<(String, String)>>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

/// The most that people may commit to.
type Limits = Arc<Mutex<BTreeMap<String, Amount>>>;

struct People(Limits);

/// Chance, save that the seed of a candle may be given.
struct Chance {
    seed: Arc<Mutex<Option<Seed>>>,
    other: SeededEntropy,
}

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        match (bytes.len(), self.seed.lock().unwrap().take()) {
            (32, Some(seed)) => {
                let digits = seed.reveal();
                for (place, byte) in bytes.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).unwrap();
                }
            }
            _ => self.other.fill(bytes),
        }
    }
}

#[async_trait]
impl Visitors for People {
    async fn recognise(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let token = value.to_str().unwrap().strip_prefix("Token ").unwrap();
        let Some(place) = PEOPLE.iter().position(|name| *name == token) else {
            return Err(ApiError::invalid_token());
        };
        let facts = match token {
            "nora" => BidderFacts::UNVERIFIED,
            "banned" => BidderFacts::VERIFIED.banned(),
            "admin" => BidderFacts::STAFF,
            _ => BidderFacts::VERIFIED,
        };
        let limit = self.0.lock().unwrap().get(token).copied();
        let facts = limit.map_or(facts, |limit| facts.with_spendable(limit));
        let user = UserId::new(place as u64 + 1).unwrap();
        let may_sell = matches!(token, "sally" | "sam" | "nora" | "banned");
        Ok(Some(Visitor { user, facts, may_sell, address: address(user) }))
    }

    async fn addresses(&self, people: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure> {
        Ok(people.iter().map(|user| Some(address(*user))).collect())
    }
}

fn address(user: UserId) -> Arc<str> {
    format!("{}@example.org", PEOPLE[user.number() as usize - 1]).into()
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The terms of most tests: whoever is verified may bid, from the starting price, a dollar at a time.
pub(super) fn open_terms() -> Value {
    json!({"participation": "open", "first_bid": "at_least", "increments": {"kind": "fixed", "step": "1.00"}})
}

impl House {
    pub(super) async fn open() -> Self {
        Self::with(AuctionSettings::default()).await
    }

    pub(super) async fn with(settings: AuctionSettings) -> Self {
        let clock = Arc::new(ManualClock::new(time(NOON)));
        let folder = TempDir::new().expect("a folder");
        let mut database = None;
        let (store, catalog): (Arc<dyn AuctionStore>, Arc<dyn CatalogStore>) = match STORE.get() {
            Store::Memory => {
                let store = Arc::new(MemoryStore::new());
                (store.clone(), store)
            }
            Store::Sqlite => {
                let path = folder.path().join("auction.db");
                let store = SqliteStore::open(&path, SqliteOptions::default()).await.expect("a database");
                let store = Arc::new(store);
                (store.clone(), store)
            }
            Store::Postgres => {
                let own = database.insert(Database::on(PostgresServer::shared()).await);
                let opened = PostgresDatabase::open(&own.url(), PostgresOptions::DEFAULT).await;
                let store = Arc::new(PostgresStore::new(&opened.expect("a database")));
                (store.clone(), store)
            }
        };
        let (limits, seed) = (Limits::default(), Arc::new(Mutex::new(None)));
        let entropy = Arc::new(Chance { seed: Arc::clone(&seed), other: SeededEntropy::new(1) });
        let desk = DeskRuntime::start(
            Arc::clone(&store),
            entropy.clone(),
            clock.clone(),
            Arc::new(NoTransport),
            None,
            DeskOptions::default(),
        );
        for (name, slug) in [("Rugs", "rugs"), ("Watches", "watches")] {
            let category = NewCategory { name: name.into(), slug: slug.into(), description: String::new() };
            catalog.add_category(&category).await.unwrap();
        }
        let blobs = Arc::new(MemoryBlobs::default());
        let room = AuctionRoom::new(AuctionParts {
            store,
            catalog: Arc::clone(&catalog),
            pictures: Arc::new(Pictures::new(blobs.clone(), entropy.clone())),
            desk: desk.handle(),
            clock: clock.clone(),
            entropy,
            visitors: Arc::new(People(Arc::clone(&limits))),
            settings,
        });
        let (api, _) = router().with_state(room).split_for_parts();
        let app = Router::new().nest("/api", api);
        let traffic = Mutex::default();
        Self { _folder: folder, clock, blobs, catalog, desk, app, limits, seed, _database: database, traffic }
    }

    pub(super) async fn with_default_terms(terms: &str) -> Self {
        let default_terms = TermsDocument::parse(terms).unwrap();
        Self::with(AuctionSettings { default_terms, ..AuctionSettings::default() }).await
    }

    pub(super) fn pass(&self, secs: u32) {
        self.clock.advance(Span::from_secs(secs));
    }

    /// Shows a picture with an auction, as sample lots have it.
    pub(super) async fn show(&self, auction: u64, image: &str) {
        let auction = AuctionId::new(auction).unwrap();
        let before = self.catalog.listed(&[auction]).await.unwrap().remove(0).unwrap().listing;
        let after = before.clone().with_images(vec![image.to_owned()]);
        assert_eq!(self.catalog.relist(auction, &before, &after).await.unwrap(), Relisted::Done);
    }

    /// Opens or closes an auction, as the worker does when it is time.
    pub(super) async fn tick(&self, auction: u64) {
        let auction = AuctionId::new(auction).unwrap();
        let command = Command::advance(self.clock.now());
        let request = DeskRequest { auction, command, facts: BidderFacts::VERIFIED, key: None };
        Desk::submit(&self.desk.handle(), vec![request]).await.remove(0).unwrap();
    }

    pub(super) async fn raw(&self, who: &str, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        self.traffic.lock().unwrap().push((who.to_owned(), text.clone()));
        Answer { status: parts.status, headers: parts.headers, text }
    }

    fn request(&self, who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("/api/{path}"));
        if who.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Token {who}")) }
    }

    pub(super) async fn get(&self, who: &str, path: &str) -> Answer {
        self.raw(who, self.request(who, "GET", path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn send(&self, who: &str, method: &str, path: &str, body: &str) -> Answer {
        self.send_keyed(who, method, path, body, None).await
    }

    pub(super) async fn send_keyed(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: &str,
        key: Option<&str>,
    ) -> Answer {
        let mut request =
            self.request(who, method, path).header(header::CONTENT_TYPE, "application/json; charset=utf-8");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.raw(who, request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(super) async fn post(&self, who: &str, path: &str, body: &Value) -> Answer {
        self.send(who, "POST", path, &body.to_string()).await
    }

    /// Bids at an amount.
    pub(super) async fn bid(&self, who: &str, auction: u64, price: &str) -> Answer {
        self.post(who, &format!("auctions/{auction}/bids/"), &json!({ "price": price })).await
    }

    /// Bids up to an amount.
    pub(super) async fn max(&self, who: &str, auction: u64, max: &str) -> Answer {
        self.post(who, &format!("auctions/{auction}/bids/"), &json!({ "max": max })).await
    }

    /// Sally sells a rug from now until one o'clock, from 10.00, under these terms.
    pub(super) async fn sell(&self, terms: Value) -> u64 {
        self.sell_with(json!({ "terms": terms })).await
    }

    /// Sally sells a rug; what is not given is as in [`House::sell`].
    pub(super) async fn sell_with(&self, changes: Value) -> u64 {
        let mut body = rug();
        body.as_object_mut().unwrap().append(&mut changes.as_object().unwrap().clone());
        let answer = self.post("sally", "auctions/", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_u64().unwrap()
    }
}

pub(super) fn rug() -> Value {
    json!({
        "title": "Persian rug",
        "description": "Knotted, not stirred",
        "starting_price": "10.00",
        "start_date_time": NOON,
        "end_date_time": "2026-01-01T13:00:00Z",
    })
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    /// The status and the whole body.
    pub(super) fn told(&self) -> (u16, Value) {
        (self.status.as_u16(), self.json())
    }

    /// The status and the code of a refusal.
    pub(super) fn code(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or("none").to_owned())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
