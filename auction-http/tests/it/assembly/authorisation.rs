//! Who may do what: every call, asked by everybody, held against the table in `docs/authorisation.md`.
//!
//! A call that has no row there fails the test, and so does a row whose call is gone.

use super::house::{Server, server};
use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Schedule, TermsDocument};
use auction_core::catalog::{Listing, NewCategory};
use auction_core::identity::{
    Ban, BanScope, Device, Email, PasswordHash, PersonName, Role, SessionId, SessionStyle, StandingChange,
    Token,
};
use auction_core::money::{Amount, Currency};
use auction_core::notify::{Channels, Manner, NewNotice, NoticeFacts, NoticeKind, Plan, Position};
use auction_core::ports::{
    CommitId, Created, EventPage, InboxPage, NewAccount, NewAuction, NewSession, Wanted,
};
use auction_core::service::desk::Request as DeskRequest;
use auction_core::{AuctionId, BidId, Span, Timestamp, UserId};
use auction_http::server::openapi;
use axum::body::Body;
use axum::http::{Method, Request, header};
use data_encoding::BASE64;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};

/// Everybody who asks, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Nobody,
    Unverified,
    Banned,
    Person,
    Bidder,
    Seller,
    OtherSeller,
    Staff,
    Admin,
}

const CALLERS: [(Caller, &str); 9] = [
    (Caller::Nobody, "nobody"),
    (Caller::Unverified, "unverified"),
    (Caller::Banned, "banned"),
    (Caller::Person, "somebody"),
    (Caller::Bidder, "takes part"),
    (Caller::Seller, "its seller"),
    (Caller::OtherSeller, "other seller"),
    (Caller::Staff, "staff"),
    (Caller::Admin, "admin"),
];

/// In which status the auction of a call is, so that those who may do it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Draft,
    Scheduled,
    Started,
}

/// Whose the thing is that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Others,
}

/// What is asked.
struct Call {
    method: Method,
    path: String,
    whose: Option<Whose>,
}

impl Call {
    fn name(&self) -> String {
        let whose = match self.whose {
            Some(Whose::Own) => " (own)",
            Some(Whose::Others) => " (somebody else's)",
            None => "",
        };
        format!("`{} {}`{whose}", self.method, self.path)
    }

    fn stage(&self) -> Stage {
        let last = self.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match (self.method.as_str(), last) {
            ("DELETE", "{id}") | (_, "publish") => Stage::Draft,
            ("PATCH", _) | (_, "join_auction" | "cancel" | "images" | "{n}") => Stage::Scheduled,
            _ => Stage::Started,
        }
    }

    /// A body that those who may can send, with something that nobody has sent before.
    fn body(&self, number: u32) -> Option<Value> {
        if !matches!(self.method.as_str(), "POST" | "PUT" | "PATCH") {
            return None;
        }
        let path = self.path.trim_start_matches("/api");
        Some(match (self.method.as_str(), path) {
            ("POST", "/auctions/") => json!({
                "title": "A watch", "starting_price": "10.00", "end_date_time": "2026-01-02T12:00:00Z",
                "start_date_time": "2026-01-01T13:00:00Z",
            }),
            ("PATCH", "/auctions/{id}/") => json!({ "title": "A clock" }),
            ("POST", "/auctions/{id}/bids/") => json!({ "price": "11.00" }),
            ("POST", "/auctions/{id}/buy/") => json!({ "price": "100.00" }),
            ("POST", "/auctions/{id}/void/") => json!({ "user": 1, "reason": "A slip." }),
            ("POST", "/categories/") => json!({ "name": format!("New {number}") }),
            ("PATCH", "/categories/{id}/") => json!({ "name": format!("Other {number}") }),
            ("PATCH", "/me/") => json!({ "first_name": "Ann" }),
            ("POST", "/register/") => json!({
                "email": format!("new{number}@example.com"), "password": "securepassword123", "first_name": "Ann", "last_name": "Li",
            }),
            ("POST", "/forgot-password/" | "/otp/request/") => {
                json!({ "email": format!("new{number}@example.com") })
            }
            _ => json!({}),
        })
    }
}

/// Every call that is described, once for each kind of thing that it may be about.
fn calls() -> Vec<Call> {
    let description = serde_json::to_value(openapi()).expect("JSON");
    let mut calls = Vec::new();
    for (path, operations) in description["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let is_personal = ["/api/sessions/{id}/", "/api/notifications/{id}/read/", "/api/bids/{id}/"];
            let whose: &[_] = match is_personal.contains(&path.as_str()) {
                true => &[Some(Whose::Own), Some(Whose::Others)],
                false => &[None],
            };
            let call =
                |whose: &Option<Whose>| Call { method: method.clone(), path: path.clone(), whose: *whose };
            calls.extend(whose.iter().map(call));
        }
    }
    calls.sort_by_key(|call| (call.path.clone(), call.method.to_string()));
    calls
}

/// A server, and people who come and go.
struct World {
    server: Server,
    numbers: AtomicU32,
}

/// Somebody who is signed in.
struct Visitor {
    user: UserId,
    session: SessionId,
    token: String,
}

impl World {
    async fn open() -> Self {
        let off = [("RATE_LIMIT_ANON", "off"), ("RATE_LIMIT_USER", "off"), ("RATE_LIMIT_BIDS", "off")];
        Self { server: server(&off).await, numbers: AtomicU32::new(0) }
    }

    /// A number that was never drawn before.
    fn number(&self) -> u32 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        self.server.parts().clock.now()
    }

    async fn visitor(&self, caller: Caller) -> Visitor {
        let parts = self.server.parts();
        let number = self.number();
        let store = parts.people.accounts().store();
        let new = NewAccount {
            email: Email::parse(&format!("p{number}@example.com")).expect("an address"),
            username: None,
            first_name: PersonName::parse("Ann").expect("a name"),
            last_name: PersonName::parse("Li").expect("a name"),
            password_hash: PasswordHash::new(String::new()),
            is_verified: caller != Caller::Unverified,
            role: match caller {
                Caller::Staff => Role::Staff,
                Caller::Admin => Role::Admin,
                _ => Role::Client,
            },
            is_seller: matches!(caller, Caller::Seller | Caller::OtherSeller),
            at: self.now(),
        };
        let Created::Account(account) = store.create(&new).await.expect("written") else {
            panic!("nobody has that address")
        };
        if caller == Caller::Banned {
            let ban = Ban::new(BanScope::Bidding, None, "shill bids").expect("a ban");
            let change = StandingChange::Banned(ban);
            store.change_standing(account.id, &change).await.expect("written").expect("an account");
        }
        let token = Token::draw(&*parts.entropy);
        let session = NewSession {
            user: account.id,
            token: token.digest(),
            style: SessionStyle::Opaque,
            device: Device::default(),
            at: self.now(),
            expires_at: Timestamp::MAX,
        };
        let session = store.add_session(&session).await.expect("written");
        Visitor { user: account.id, session, token: format!("Token {}", token.reveal()) }
    }

    /// An auction of `seller` in which `bidder` takes part, with buy-now at 100.
    async fn auction(&self, seller: UserId, bidder: Option<UserId>, stage: Stage) -> AuctionId {
        let parts = self.server.parts();
        let now = self.now();
        let terms =
            r#"{"join_until":"end","early_close":"seller","buy_now":{"price":"100.00","rule":"always"}}"#;
        let terms = TermsDocument::parse(terms).expect("terms");
        let price = Amount::parse("10.00", Currency::USD).expect("a price");
        let terms = terms.terms(Currency::USD, price).expect("terms");
        let hour = Span::from_secs(60 * 60);
        let starts_at = if stage == Stage::Started { now.before(hour) } else { now.after(hour) };
        let schedule = Schedule::new(starts_at, now.after(hour).after(hour)).expect("a schedule");
        let new = NewAuction {
            commit: CommitId::random(&*parts.entropy),
            charter: Charter::new(seller, schedule, terms).expect("a charter").into(),
            listing: Listing::new("A watch", "", None).expect("a listing"),
            draft: stage == Stage::Draft,
            at: now,
        };
        let auction = parts.auctions.create(&new).await.expect("written").id();
        if let Some(bidder) = bidder {
            let stamp = parts.desk.stamp();
            let command = Command::of(bidder, stamp.at(), Action::Join);
            let request = DeskRequest { auction, command, facts: BidderFacts::VERIFIED, key: None };
            parts.desk.submit(stamp, request).await.expect("joined");
        }
        auction
    }

    /// What a call is answered to somebody, in a world where nobody has asked before.
    async fn status(&self, call: &Call, caller: Caller) -> u16 {
        let visitor = self.visitor(caller).await;
        let seller = match caller {
            Caller::Seller => visitor.user,
            _ => self.visitor(Caller::Seller).await.user,
        };
        let takes_part = (caller == Caller::Bidder && call.stage() != Stage::Draft).then_some(visitor.user);
        let auction = self.auction(seller, takes_part, call.stage()).await;
        let path = self.path(call, &visitor, auction).await;
        let mut request = Request::builder().method(call.method.clone()).uri(path);
        if caller != Caller::Nobody {
            request = request.header(header::AUTHORIZATION, &visitor.token);
        }
        let request = match call.body(self.number()) {
            Some(_) if call.path.ends_with("/images/") || call.path.ends_with("/avatar/") => {
                let kind = "multipart/form-data; boundary=x";
                let request = request.header(header::CONTENT_TYPE, kind);
                request.body(Body::from(picture()))
            }
            Some(body) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                request.body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        self.server.send(request.expect("a request")).await.status.as_u16()
    }

    /// The path with the numbers of things that are there.
    async fn path(&self, call: &Call, visitor: &Visitor, auction: AuctionId) -> String {
        let somebody_else;
        let owner = match call.whose {
            Some(Whose::Others) => {
                somebody_else = self.visitor(Caller::Person).await;
                &somebody_else
            }
            _ => visitor,
        };
        let id = match call.path.trim_start_matches("/api/").split('/').next().unwrap_or_default() {
            "sessions" => owner.session.number(),
            "auctions" => auction.number(),
            "notifications" => self.notice(owner.user, auction).await,
            "categories" => self.category().await,
            "bids" => self.bid(owner.user, auction).await,
            _ => 1,
        };
        call.path.replace("{id}", &id.to_string()).replace("{n}", "0")
    }

    /// The number of a notice to somebody.
    async fn notice(&self, user: UserId, auction: AuctionId) -> u64 {
        let facts = NoticeFacts {
            title: "A watch".to_owned(),
            price: None,
            currency: Currency::USD,
            starts_at: None,
            ends_at: None,
            result: None,
            manner: Manner::Open,
        };
        let channels = Channels { mail: false, in_app: true };
        let (kind, occurrence, at) = (NoticeKind::Outbid, self.number().into(), self.now());
        let notice = NewNotice { user, auction, kind, occurrence, facts, at, channels };
        let store = &self.server.parts().notices.store;
        let before = store.positions(&[auction]).await.expect("read").first().expect("an answer").revision;
        let after = Position { revision: before + 1, ..Position::default() };
        let plan =
            Plan { auction, before, after, notices: vec![notice], rounds: Vec::new(), dropped: Vec::new() };
        store.plan(&[plan]).await.expect("written");
        let page = store.inbox(user, InboxPage::Before(None), 1).await.expect("read");
        page.first().expect("a notice").id.0
    }

    /// The number of a bid of somebody, whoever they are by now.
    async fn bid(&self, user: UserId, auction: AuctionId) -> u64 {
        let seller = self.visitor(Caller::Seller).await;
        let auction =
            match self.server.parts().auctions.load(&of_one(auction)).await.expect("read").auctions[0] {
                // One's own auction is none to bid on.
                Some(ref found) if found.seller() == user => {
                    self.auction(seller.user, Some(user), Stage::Started).await
                }
                _ => auction,
            };
        for action in [Action::Join, Action::Bid(Bid::straight(Decimal::from(11)))] {
            let desk = &self.server.parts().desk;
            let stamp = desk.stamp();
            let command = Command::of(user, stamp.at(), action);
            let request = DeskRequest { auction, command, facts: BidderFacts::VERIFIED, key: None };
            // Who takes part already need not join.
            let _ = desk.submit(stamp, request).await;
        }
        let rows = self.server.parts().catalog.public_events(auction, EventPage::BidsAfter(0), 1).await;
        let version = rows.expect("read").first().expect("a bid").version;
        BidId::of(auction, version).expect("a number").number()
    }

    /// The number of a category that is new.
    async fn category(&self) -> u64 {
        let name = format!("Category {}", self.number());
        let slug = name.to_lowercase().replace(' ', "-");
        let new = NewCategory { name, slug, description: String::new() };
        let catalog = &self.server.parts().catalog;
        catalog.add_category(&new).await.expect("written").expect("a new slug").id.number()
    }
}

/// A form with a picture of one pixel.
fn picture() -> Vec<u8> {
    let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let pixel = BASE64.decode(pixel.as_bytes()).expect("base64");
    let head = "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n";
    [head.as_bytes(), &pixel, b"\r\n--x--\r\n"].concat()
}

/// A question for one auction.
fn of_one(auction: AuctionId) -> Wanted {
    Wanted { auctions: vec![auction], ..Wanted::default() }
}

#[tokio::test]
async fn every_call_answers_everybody_as_the_table_says() {
    let world = World::open().await;
    let mut table = String::new();
    for call in calls() {
        let _ = write!(table, "| {} |", call.name());
        for (caller, _) in CALLERS {
            let _ = write!(table, " {} |", world.status(&call, caller).await);
        }
        table.push('\n');
    }
    let documented = include_str!("../../../../docs/authorisation.md");
    let names: Vec<_> = CALLERS.iter().map(|(_, name)| *name).collect();
    let head = format!("| call | {} |\n", names.join(" | "));
    let rows = documented.split_once(&head).expect("the table with its head").1;
    let rows = rows.split_once('\n').expect("a line below the head").1;
    let rows = rows.split("\n\n").next().unwrap_or_default().trim_end();
    let missing: Vec<_> = table.lines().filter(|row| !rows.lines().any(|known| known == *row)).collect();
    let gone: Vec<_> = rows.lines().filter(|row| !table.lines().any(|known| known == *row)).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "docs/authorisation.md lacks or says otherwise:\n{}\nand has what is not so:\n{}",
        missing.join("\n"),
        gone.join("\n"),
    );
}
