//! A house, a mail server that misbehaves, and people who bid meanwhile.

use super::house::{Folder, House, Is, Person};
use super::http::Client;
use super::process::{PATIENCE, Process, UNLIMITED};
use super::socket::{Heard, Socket};
use crate::mail::server::MailServer;
use crate::mail::{borrowed, settings};
use auction_adapters::system::SystemClock;
use auction_core::Span;
use auction_core::ports::Clock;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// How many people bid on without a break, half of them over sockets.
const BIDDERS: usize = 4;

/// How long each of them waits before the next bid.
const BID_PAUSE: Duration = Duration::from_millis(20);

/// How often it is looked whether something has happened.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How long before its start an auction is listed, so that people can join.
const JOINING: Span = Span::from_millis(1_500);

const HOUR: Span = Span::from_secs(3_600);

/// A bid that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// As it stands in the history. No two bids have the same.
    pub(super) price: String,
    /// What came back; nothing where the house was gone before.
    pub(super) answer: Option<String>,
}

impl Sent {
    pub(super) fn is_accepted(&self) -> bool {
        let is_so = |answer: &String| answer.starts_with("201 ") || answer.contains(r#""success":"#);
        self.answer.as_ref().is_some_and(is_so)
    }

    /// Whether nothing more can come after it.
    fn is_last(&self) -> bool {
        self.answer.as_ref().is_none_or(|answer| answer.contains(r#""code":"ended""#))
    }
}

/// The house, the mail server, and everybody who does something.
pub(super) struct Scene {
    pub(super) house: House,
    settings: Vec<(&'static str, String)>,
    office: MailServer,
    /// The mails that the office took, as it shows them.
    pub(super) received: Vec<Value>,
    pub(super) seller: Person,
    admin: Person,
    /// They bid once on each of the auctions; the third one never does.
    pub(super) people: [Person; 3],
    pub(super) bidders: Vec<Person>,
    /// On this one the bidders bid without a break.
    pub(super) busy: u64,
    prices: Arc<AtomicU64>,
    crowd: JoinSet<Vec<Sent>>,
    /// What the bidders sent in earlier lives of the house.
    pub(super) sent: Vec<Sent>,
    newcomers: usize,
}

impl Scene {
    pub(super) async fn open() -> Self {
        let office = MailServer::start();
        let mut all: Vec<_> = settings(&office, "hunter2").into();
        all.extend(UNLIMITED.map(|(name, value)| (name, value.to_owned())));
        all.extend(["NOTICE_LEAD_START", "NOTICE_LEAD_END"].map(|name| (name, "off".to_owned())));
        let folder = Folder::new().await;
        let seller = folder.person("seller", Is::Seller).await;
        let admin = folder.person("admin", Is::Admin).await;
        let ann = folder.person("ann", Is::Bidder).await;
        let bob = folder.person("bob", Is::Bidder).await;
        let cat = folder.person("cat", Is::Bidder).await;
        let bidders = folder.bidders(BIDDERS).await;
        let house = folder.serve(&borrowed(&all)).await;
        let busy = house.sell(&seller, super::house::open_terms()).await;
        Self {
            house,
            settings: all,
            office,
            received: Vec::new(),
            seller,
            admin,
            people: [ann, bob, cat],
            bidders,
            busy,
            prices: Arc::new(AtomicU64::new(20)),
            crowd: JoinSet::new(),
            sent: Vec::new(),
            newcomers: 0,
        }
    }

    /// Gives the office an order, and keeps what it took before.
    pub(super) fn order(&mut self, order: &Value) {
        let happened = self.office.order_amid(order);
        self.received.extend(happened.into_iter().filter(|event| event["event"] == "mail"));
    }

    pub(super) fn faults(&mut self, step: &str, action: &str, times: usize) {
        for _ in 0..times {
            self.order(&json!({"order": "fault", "step": step, "action": action}));
        }
    }

    /// Lets the bidders bid, until the house is gone or the auction is over.
    pub(super) fn bid_on(&mut self) {
        let (address, auction) = (self.house.process.address, self.busy);
        for (number, person) in self.bidders.iter().cloned().enumerate() {
            let prices = Arc::clone(&self.prices);
            if number.is_multiple_of(2) {
                self.crowd.spawn(async move { over_http(address, auction, &person, &prices).await });
            } else {
                self.crowd.spawn(async move { over_a_socket(address, auction, &person, &prices).await });
            }
        }
    }

    /// Waits until the bidders are done. Each of them was answered all the time, and not every time that others had
    /// been quicker.
    pub(super) async fn gather(&mut self) {
        while let Some(sent) = self.crowd.join_next().await {
            let sent = sent.expect("a bidder");
            let unanswered = sent.iter().filter(|bid| bid.answer.is_none()).count();
            assert!(unanswered <= 1 && sent.iter().any(Sent::is_accepted), "{sent:?}");
            self.sent.extend(sent);
        }
    }

    /// Kills the house, lets an hour go by for the mails that wait, and opens it again.
    pub(super) async fn restart(&mut self) {
        let Self { house, .. } = self;
        house.process.signal("-KILL");
        house.process.ended().await;
        self.gather().await;
        an_hour_later(&self.house.folder.path().join("data/auction.db")).await;
        self.order(&json!({"order": "look"}));
        let process = Process::start(self.house.folder.path(), &borrowed(&self.settings)).await;
        self.house.process = process;
    }

    /// An auction starts, one bids, and is outbid; whoever takes part is told of it.
    pub(super) async fn hold_auction(&mut self) -> u64 {
        let now = SystemClock.now();
        let body = json!({
            "title": "Brass bell", "description": "It rings", "starting_price": "10.00",
            "start_date_time": now.after(JOINING).to_string(), "end_date_time": now.after(HOUR).to_string(),
        });
        let answer = self.house.post(&self.seller, "/api/auctions/", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let auction = answer.json()["id"].as_u64().expect("a number");
        for person in &self.people {
            self.house.join(person, auction).await;
        }
        let begun = Instant::now();
        while !self.house.events(auction).await.iter().any(|event| event["kind"] == "started") {
            assert!(begun.elapsed() < PATIENCE, "it does not start");
            sleep(LOOK_EVERY).await;
        }
        for (person, price) in self.people.iter().zip(["20.00", "30.00"]) {
            let answer = self.house.bid(person, auction, json!({ "price": price })).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        let ann = self.people[0].clone();
        self.until_told(&ann, auction, &["outbid", "started"]).await;
        auction
    }

    /// Somebody registers, and is mailed a code.
    pub(super) async fn register(&mut self) -> String {
        self.newcomers += 1;
        let email = format!("newcomer{}@example.com", self.newcomers);
        let body = json!({
            "email": email, "password": "correct horse battery", "first_name": "Ann", "last_name": "Lee",
        });
        let answer =
            self.house.stranger().await.post("/api/register/", &body, None).await.expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.text());
        email
    }

    /// How many mails an address got.
    pub(super) fn received_by(&self, email: &str) -> usize {
        self.received.iter().filter(|mail| mail["recipients"] == json!([email])).count()
    }

    pub(super) async fn until_received_by(&mut self, email: &str) {
        let begun = Instant::now();
        while self.received_by(email) == 0 {
            assert!(begun.elapsed() < PATIENCE, "nothing comes to {email}");
            sleep(LOOK_EVERY).await;
            self.order(&json!({"order": "look"}));
        }
    }

    /// The mails in a state, as the staff sees them.
    pub(super) async fn mails(&self, state: &str) -> Vec<Value> {
        self.list(&self.admin, &format!("/api/mails/?state={state}")).await
    }

    /// Waits until enough mails of a state are as they should be.
    pub(super) async fn until_mails(&mut self, state: &str, count: usize, is_so: impl Fn(&Value) -> bool) {
        let begun = Instant::now();
        loop {
            let mails = self.mails(state).await;
            if mails.iter().filter(|mail| is_so(mail)).count() >= count {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "too few are {state}: {mails:?}");
            sleep(LOOK_EVERY).await;
            self.order(&json!({"order": "look"}));
        }
    }

    pub(super) async fn inbox(&self, person: &Person) -> Vec<Value> {
        self.list(person, "/api/notifications/").await
    }

    async fn list(&self, person: &Person, path: &str) -> Vec<Value> {
        let answer = self.house.client(person).await.get(path).await.expect("an answer");
        assert_eq!((answer.status, answer.header("link")), (200, ""), "{}", answer.text());
        let Value::Array(rows) = answer.json() else { panic!("no list: {}", answer.text()) };
        rows
    }

    /// Waits until somebody was told exactly this about an auction, each once.
    pub(super) async fn until_told(&mut self, person: &Person, auction: u64, expected: &[&str]) {
        let begun = Instant::now();
        loop {
            let inbox = self.inbox(person).await;
            let mut kinds: Vec<_> =
                inbox.iter().filter(|row| row["auction"] == auction).map(|row| text(row, "kind")).collect();
            kinds.sort_unstable();
            if kinds == expected {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{} was told {kinds:?}, not {expected:?}", person.email);
            sleep(LOOK_EVERY).await;
            self.order(&json!({"order": "look"}));
        }
    }

    /// Has all notices tried again that were given up.
    pub(super) async fn revive(&self) {
        for mail in self.mails("dead").await.iter().filter(|mail| mail["kind"].is_string()) {
            let path = format!("/api/mails/{}/retry/", mail["id"]);
            let answer = self.house.post(&self.admin, &path, &json!({})).await;
            assert_eq!(answer.status, 204, "{}", answer.text());
        }
    }

    /// Waits until no mail waits any more.
    pub(super) async fn until_all_is_sent(&mut self) {
        let begun = Instant::now();
        loop {
            let waiting = self.mails("waiting").await;
            self.order(&json!({"order": "look"}));
            if waiting.is_empty() {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "they wait: {waiting:?}");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Closes an auction as the staff may.
    pub(super) async fn close(&self, auction: u64) {
        let path = format!("/api/auctions/{auction}/close/");
        let answer = self.house.post(&self.admin, &path, &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

async fn over_http(address: SocketAddr, auction: u64, person: &Person, prices: &AtomicU64) -> Vec<Sent> {
    let mut sent = Vec::new();
    let Ok(mut client) = Client::open(address, Some(person.token.clone())).await else { return sent };
    let path = format!("/api/auctions/{auction}/bids/");
    while !sent.last().is_some_and(Sent::is_last) {
        let price = format!("{}.00", prices.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "price": price });
        let answer = timeout(PATIENCE, client.post(&path, &body, None)).await.expect("it does not hang");
        let answer = answer.ok().map(|answer| format!("{} {}", answer.status, answer.text()));
        sent.push(Sent { price, answer });
        sleep(BID_PAUSE).await;
    }
    sent
}

async fn over_a_socket(address: SocketAddr, auction: u64, person: &Person, prices: &AtomicU64) -> Vec<Sent> {
    let mut sent = Vec::new();
    let path = format!("/ws/auction/{auction}/?token={}", person.token);
    let Ok(mut socket) = Socket::open(address, &path, &[]).await else { return sent };
    while !sent.last().is_some_and(Sent::is_last) {
        let price = format!("{}.00", prices.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "action": "place_bid", "price": price });
        // Where it could not be sent, reading tells why.
        let _ = socket.send(body.to_string().into()).await;
        let answer = loop {
            match socket.hear().await {
                Heard::Text(text) if text.starts_with(r#"{"title""#) => {}
                Heard::Text(text) => break Some(text),
                Heard::Closed(_) | Heard::Gone => break None,
            }
        };
        sent.push(Sent { price, answer });
        sleep(BID_PAUSE).await;
    }
    sent
}

/// Lets an hour go by for the mails of a house that is closed: nobody holds them any more, and those that were put off
/// are due.
async fn an_hour_later(database: &Path) {
    let url = format!("sqlite://{}", database.display());
    let mut connection = SqliteConnection::connect(&url).await.expect("a database");
    let sql = "UPDATE mails SET due_at = due_at - ?1, lease_until = lease_until - ?1";
    sqlx::query(sql).bind(HOUR.micros()).execute(&mut connection).await.expect("it is done");
    connection.close().await.expect("it is closed");
}

/// A member that is a text.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}"))
}
