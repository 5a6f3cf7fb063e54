//! Bidders who bid on until the server is gone, and remember what they were told.

use super::house::{House, Person};
use super::http::Client;
use super::socket::{Heard, Socket};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;

/// How many bids a bidder over a socket sends before reading the answers.
const BIDS_TOGETHER: usize = 4;

/// How bids travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Http,
    Socket,
}

/// A bid that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) person: Person,
    way: Way,
    /// In dollars. No two bids have the same.
    pub(super) price: u64,
    /// What came back, byte for byte; nothing where the server was gone before.
    pub(super) answer: Option<String>,
}

/// What is shared by all who bid.
#[derive(Debug, Default)]
pub(super) struct Shared {
    price: AtomicU64,
    acknowledged: AtomicU64,
}

/// What became of a crowd.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    pub(super) sent: Vec<Sent>,
    /// How the sockets ended.
    pub(super) ends: Vec<Heard>,
}

impl Shared {
    pub(super) fn starting_at(price: u64) -> Arc<Self> {
        Arc::new(Self { price: AtomicU64::new(price), acknowledged: AtomicU64::new(0) })
    }

    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    fn next_price(&self) -> u64 {
        self.price.fetch_add(1, Ordering::Relaxed)
    }
}

impl Sent {
    fn new(person: &Person, way: Way, price: u64) -> Self {
        Self { person: person.clone(), way, price, answer: None }
    }

    fn key(&self) -> String {
        format!("bid-{}", self.price)
    }

    fn body(&self) -> Value {
        json!({"price": format!("{}.00", self.price)})
    }

    fn message(&self) -> Value {
        json!({"action": "place_bid", "price": format!("{}.00", self.price), "id": self.key()})
    }

    /// What the server said when it took the bid.
    pub(super) fn acknowledgement(&self) -> Option<&str> {
        let is_taken = |answer: &&str| match self.way {
            Way::Http => answer.starts_with("201 "),
            Way::Socket => answer.contains(r#""success":"#),
        };
        self.answer.as_deref().filter(is_taken)
    }

    /// Whether nobody was told what became of it: no answer came, or that the server did not know.
    fn is_untold(&self) -> bool {
        let is_unknown = |answer: &str| answer.contains(r#""code":"unavailable""#);
        self.answer.as_deref().is_none_or(is_unknown)
    }

    /// Sends the same bid again, under the same key: what is answered now.
    pub(super) async fn repeat(&self, house: &House, auction: u64) -> String {
        match self.way {
            Way::Http => {
                let mut client = house.client(&self.person).await;
                http(&mut client, auction, self).await.expect("an answer")
            }
            Way::Socket => {
                let mut socket = house.watch(&self.person, auction).await;
                socket.say(&self.message()).await;
                let id = format!(r#""id":"{}""#, self.key());
                loop {
                    match socket.hear().await {
                        Heard::Text(text) if text.contains(&id) => return text,
                        Heard::Text(_) => {}
                        end => panic!("{end:?}"),
                    }
                }
            }
        }
    }
}

/// Lets people bid, in turns over HTTP and over sockets, until the server is gone.
pub(super) fn bid_on(house: &House, auction: u64, people: &[Person], shared: &Arc<Shared>) -> JoinSet<Crowd> {
    let mut crowd = JoinSet::new();
    let address = house.process.address;
    for (number, person) in people.iter().cloned().enumerate() {
        let shared = Arc::clone(shared);
        if number.is_multiple_of(2) {
            crowd.spawn(async move { over_http(address, auction, person, &shared).await });
        } else {
            crowd.spawn(async move { over_a_socket(address, auction, person, &shared).await });
        }
    }
    crowd
}

/// Everything that a crowd sent.
pub(super) async fn gathered(crowd: JoinSet<Crowd>) -> Crowd {
    let mut all = Crowd::default();
    for one in crowd.join_all().await {
        all.sent.extend(one.sent);
        all.ends.extend(one.ends);
    }
    all
}

/// Sends one bid over HTTP, and remembers what comes back; nothing where the server goes.
pub(super) async fn bid_once(address: SocketAddr, auction: u64, person: &Person, price: u64) -> Sent {
    let mut sent = Sent::new(person, Way::Http, price);
    if let Ok(mut client) = Client::open(address, Some(person.token.clone())).await {
        sent.answer = http(&mut client, auction, &sent).await;
    }
    sent
}

async fn over_http(address: SocketAddr, auction: u64, person: Person, shared: &Shared) -> Crowd {
    let mut crowd = Crowd::default();
    let Ok(mut client) = Client::open(address, Some(person.token.clone())).await else { return crowd };
    loop {
        let mut sent = Sent::new(&person, Way::Http, shared.next_price());
        sent.answer = http(&mut client, auction, &sent).await;
        let is_over = sent.answer.is_none();
        if sent.acknowledgement().is_some() {
            shared.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        crowd.sent.push(sent);
        if is_over {
            return crowd;
        }
    }
}

/// The status and the body; nothing where the server is gone.
async fn http(client: &mut Client, auction: u64, sent: &Sent) -> Option<String> {
    let path = format!("/api/auctions/{auction}/bids/");
    let answer = client.post(&path, &sent.body(), Some(&sent.key())).await.ok()?;
    Some(format!("{} {}", answer.status, answer.text()))
}

async fn over_a_socket(address: SocketAddr, auction: u64, person: Person, shared: &Shared) -> Crowd {
    let mut crowd = Crowd::default();
    let path = format!("/ws/auction/{auction}/?token={}", person.token);
    let Ok(mut socket) = Socket::open(address, &path, &[]).await else { return crowd };
    let mut waiting = BTreeMap::new();
    let end = loop {
        while waiting.len() < BIDS_TOGETHER {
            let sent = Sent::new(&person, Way::Socket, shared.next_price());
            // Where it could not be sent, reading tells why.
            let _ = socket.send(sent.message().to_string().into()).await;
            waiting.insert(sent.key(), sent);
        }
        match socket.hear().await {
            Heard::Text(text) => {
                let message: Value = serde_json::from_str(&text).expect("JSON");
                let Some(mut sent) = message["id"].as_str().and_then(|id| waiting.remove(id)) else {
                    continue;
                };
                sent.answer = Some(text);
                if sent.acknowledgement().is_some() {
                    shared.acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                crowd.sent.push(sent);
            }
            end => break end,
        }
    };
    crowd.ends.push(end);
    crowd.sent.extend(waiting.into_values());
    crowd
}

/// Holds what people were told against what the server knows.
///
/// Every bid that was acknowledged is in the history, once; what is there was sent; versions have no gaps; a key that
/// is used again is answered with the same bytes; and the events are what is stored. Answers how many were
/// acknowledged, and how many were there though nobody had been told.
pub(super) async fn assert_nothing_is_lost(house: &House, auction: u64, sent: &[Sent]) -> (usize, usize) {
    let mut found = BTreeMap::new();
    for row in house.history(auction).await {
        let price = row["price"].as_str().and_then(|price| price.strip_suffix(".00")).expect("whole dollars");
        let again = found.insert(price.parse::<u64>().expect("a number"), row.clone());
        assert_eq!(again, None, "a bid is there twice: {row}");
    }
    let versions: Vec<_> =
        house.events(auction).await.iter().map(|event| event["version"].as_u64()).collect();
    let expected: Vec<_> = (1..=versions.len() as u64).map(Some).collect();
    assert_eq!(versions, expected, "versions have gaps");
    let (mut acknowledged, mut untold) = (0, 0);
    for bid in sent {
        let is_there = found.remove(&bid.price).is_some();
        if let Some(answer) = bid.acknowledgement() {
            assert!(is_there, "lost: {bid:?}");
            assert_eq!(bid.repeat(house, auction).await, answer, "another answer to the same key");
            acknowledged += 1;
        } else if is_there {
            assert!(bid.is_untold(), "it was refused, and is there: {bid:?}");
            let repeated = Sent { answer: Some(bid.repeat(house, auction).await), ..bid.clone() };
            assert!(repeated.acknowledgement().is_some(), "it is there, and not acknowledged: {repeated:?}");
            untold += 1;
        }
    }
    assert_eq!(found, BTreeMap::new(), "nobody sent these");
    assert_eq!(house.history(auction).await.len(), acknowledged + untold, "repeating made bids");
    house.folder.assert_sound().await;
    (acknowledged, untold)
}
