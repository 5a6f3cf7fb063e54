//! The room of notices, mounted alone, with people who are known by their tokens.

use async_trait::async_trait;
use auction_core::auction::BidderFacts;
use auction_core::memory::{ManualClock, MemoryNotices};
use auction_core::money::{Amount, Currency};
use auction_core::notify::{Channels, Manner, NewNotice, NoticeFacts, NoticeKind, Plan, Position};
use auction_core::ports::{Failure, RelayStore};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use auction_http::error::{ApiError, ApiResult};
use auction_http::notices::{NoticeRoom, router};
use auction_http::visitors::{Visitor, Visitors};
use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// Everybody, by the token that they send. Their numbers are their places here, from 1.
const PEOPLE: [&str; 3] = ["ann", "bob", "sue"];

pub(super) struct World {
    pub(super) store: Arc<MemoryNotices>,
    app: Router,
    revision: std::sync::atomic::AtomicU64,
}

#[derive(Clone)]
struct State {
    room: NoticeRoom,
    people: Arc<dyn Visitors>,
}

impl FromRef<State> for NoticeRoom {
    fn from_ref(state: &State) -> Self {
        state.room.clone()
    }
}

impl FromRef<State> for Arc<dyn Visitors> {
    fn from_ref(state: &State) -> Self {
        Arc::clone(&state.people)
    }
}

struct People;

#[async_trait]
impl Visitors for People {
    async fn recognise(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let token = value.to_str().unwrap().strip_prefix("Token ").unwrap();
        let place = PEOPLE.iter().position(|name| *name == token).ok_or_else(ApiError::invalid_token)?;
        let facts = if token == "sue" { BidderFacts::STAFF } else { BidderFacts::VERIFIED };
        Ok(Some(Visitor { user: user(place as u64 + 1), facts, may_sell: false, address: token.into() }))
    }

    async fn addresses(&self, people: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure> {
        Ok(people.iter().map(|_| None).collect())
    }
}

/// Status, the next address of the `Link` header, and the body; null where there is none.
pub(super) type Answer = (u16, Option<String>, Value);

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

pub(super) fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

impl World {
    pub(super) fn new() -> Self {
        let store = Arc::new(MemoryNotices::new());
        let clock = Arc::new(ManualClock::new(noon()));
        let room = NoticeRoom { store: store.clone(), clock, public_url: "https://house.example".into() };
        let (router, _) = router::<State>().split_for_parts();
        let app = router.with_state(State { room, people: Arc::new(People) });
        Self { store, app, revision: std::sync::atomic::AtomicU64::new(0) }
    }

    /// Writes that somebody was outbid, for the how manieth time, to be mailed or not.
    pub(super) async fn outbid(&self, whom: u64, occurrence: u64, mail: Channels) {
        self.tell(NewNotice {
            user: user(whom),
            auction: AuctionId::new(100 + occurrence).unwrap(),
            kind: NoticeKind::Outbid,
            occurrence,
            facts: NoticeFacts {
                title: "A <b>watch</b>".to_owned(),
                price: Some(Amount::parse("12.50", Currency::USD).unwrap()),
                currency: Currency::USD,
                starts_at: None,
                ends_at: Some(noon().after(Span::from_secs(3_600))),
                result: None,
                manner: Manner::Open,
            },
            at: noon(),
            channels: mail,
        })
        .await;
    }

    /// Writes one notice.
    pub(super) async fn tell(&self, notice: NewNotice) {
        let before = self.revision.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let plan = Plan {
            auction: notice.auction,
            before: 0,
            after: Position { revision: before + 1, ..Position::default() },
            notices: vec![notice],
            rounds: Vec::new(),
            dropped: Vec::new(),
        };
        assert!(self.store.plan(&[plan]).await.unwrap().iter().all(Option::is_some));
    }

    pub(super) async fn send(&self, method: &str, path: &str, who: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Token {who}"));
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let response = self.app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await;
        let (parts, body) = response.unwrap().into_parts();
        let link = parts.headers.get(header::LINK).map(|link| link.to_str().unwrap().to_owned());
        assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        (parts.status.as_u16(), link, body)
    }

    pub(super) async fn get(&self, path: &str, who: &str) -> Answer {
        self.send("GET", path, who, "").await
    }
}
