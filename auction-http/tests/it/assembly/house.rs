//! A server without sockets, in memory, whose clock stands still.

use auction_core::Timestamp;
use auction_core::identity::{Device, Email, PasswordHash, PersonName, Role, SessionStyle, Token};
use auction_core::memory::{ManualClock, SeededEntropy};
use auction_core::ports::{Created, NewAccount, NewSession};
use auction_http::parts::Parts;
use auction_http::server::{House, dress, rooms};
use auction_http::settings::{Settings, Sources};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::get;
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

/// A server, and the folder in which it lives.
pub(super) struct Server {
    pub(super) router: Router,
    house: House,
    _folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A server with these settings besides those of a test.
pub(super) async fn server(settings: &[(&str, &str)]) -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let mut sources = Sources::new(folder.path()).with_flag("DATABASE_URL", "memory:");
    for (name, text) in settings {
        sources = sources.with_flag(name, *text);
    }
    let settings = Settings::parse(&sources).expect("valid settings");
    let clock = ManualClock::new("2026-01-01T12:00:00Z".parse::<Timestamp>().expect("a time"));
    let house =
        House::open(settings, Arc::new(clock), Arc::new(SeededEntropy::new(1))).await.expect("it opens");
    let router = dress(rooms().route("/test/panic/", get(panic)).merge(probes().into()), house.parts());
    Server { router, house, _folder: folder }
}

/// Routes that do nothing but show how requests are read.
fn probes() -> Router<Parts> {
    Router::new()
        .route("/test/plain/", get(async || (StatusCode::IM_A_TEAPOT, "a secret of a library")))
        .route("/test/broken/", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/test/large/", get(async || axum::Json("x".repeat(100_000))))
}

async fn panic() -> &'static str {
    panic!("the handler's secret")
}

impl Server {
    /// What its handlers share.
    pub(super) fn parts(&self) -> &Parts {
        self.house.parts()
    }

    /// Sends a request as it is, to `localhost` where it names no host.
    pub(super) async fn send(&self, mut request: Request<Body>) -> Answer {
        let host = header::HeaderValue::from_static("localhost");
        request.headers_mut().entry(header::HOST).or_insert(host);
        let response = self.router.clone().oneshot(request).await.expect("routers always answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What somebody new sends to say who they are. Everything else about them is as after a sign-in.
    pub(super) async fn token(&self, name: &str) -> String {
        let (parts, accounts) = (self.house.parts(), self.house.parts().people.accounts().store());
        let new = NewAccount {
            email: Email::parse(&format!("{name}@example.com")).expect("an address"),
            username: None,
            first_name: PersonName::parse(name).expect("a name"),
            last_name: PersonName::parse("Li").expect("a name"),
            password_hash: PasswordHash::new(String::new()),
            is_verified: true,
            role: Role::Client,
            is_seller: true,
            at: parts.clock.now(),
        };
        let Created::Account(account) = accounts.create(&new).await.expect("written") else {
            panic!("there is a {name} already")
        };
        let token = Token::draw(&*parts.entropy);
        let session = NewSession {
            user: account.id,
            token: token.digest(),
            style: SessionStyle::Opaque,
            device: Device::default(),
            at: parts.clock.now(),
            expires_at: Timestamp::MAX,
        };
        accounts.add_session(&session).await.expect("written");
        format!("Token {}", token.reveal())
    }

    /// Asks for a path.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Sends a JSON text.
    pub(super) async fn post(&self, path: &str, json: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(json.into()).expect("a request")).await
    }
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body as text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// A header as text; empty where there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII")).unwrap_or_default()
    }
}
