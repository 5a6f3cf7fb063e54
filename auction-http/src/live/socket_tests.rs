//! Sockets of a small house: what is read for them, and what becomes of them when the store goes back.

use super::store_tests::Followed;
use super::{Hub, HubOptions, LiveParts, Places, SocketLimits, router};
use crate::auctions::{AuctionParts, AuctionRoom, AuctionSettings, Watching};
use crate::error::{ApiError, ApiResult};
use crate::pictures::Pictures;
use crate::visitors::{Visitor, Visitors};
use async_trait::async_trait;
use auction_adapters::runtime::{DeskHandle, DeskOptions, DeskRuntime};
use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::memory::{ManualClock, MemoryBlobs, MemoryNotices, SeededEntropy};
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::ports::{AuctionStore, Change, CommitId, Failure, NewAuction, Transport};
use auction_core::service::desk::{Desk, Limits, Request, Shard};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use axum::http::{HeaderMap, header};
use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::sync::CancellationToken;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everybody is who they say: a token is a number.
struct Anybody;

#[async_trait]
impl Visitors for Anybody {
    async fn recognise(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let number = token.and_then(|token| token.strip_prefix("Token ")?.parse().ok());
        let user = UserId::new(number.ok_or_else(ApiError::invalid_token)?).unwrap();
        Ok(Some(Visitor {
            user,
            facts: BidderFacts::VERIFIED,
            may_sell: false,
            address: "a@example.org".into(),
        }))
    }

    async fn addresses(&self, people: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure> {
        Ok(people.iter().map(|_| Some("a@example.org".into())).collect())
    }
}

#[derive(Default)]
struct Later(OnceLock<Hub>);

impl Transport for Later {
    fn publish(&self, change: Change) {
        self.0.get().unwrap().publish(change);
    }
}

struct House {
    store: Arc<Followed>,
    auction: AuctionId,
    desk: DeskRuntime,
    hub: Hub,
    address: SocketAddr,
}

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

impl House {
    async fn open() -> Self {
        let store = Followed::new();
        let terms = TermsDocument::parse(
            r#"{"participation":"open","first_bid":"at_least","increments":{"kind":"fixed","step":"1.00"}}"#,
        );
        let terms = terms.unwrap().terms(Currency::USD, Amount::from_minor(1_000).unwrap()).unwrap();
        let schedule = Schedule::new(noon(), noon().after(Span::from_secs(3_600))).unwrap();
        let new = NewAuction {
            commit: CommitId(1),
            charter: Arc::new(Charter::new(UserId::new(1).unwrap(), schedule, terms).unwrap()),
            listing: Listing::default(),
            draft: false,
            at: noon(),
        };
        let auction = store.create(&new).await.unwrap().id();
        let (clock, entropy) = (Arc::new(ManualClock::new(noon())), Arc::new(SeededEntropy::new(1)));
        let later = Arc::new(Later::default());
        let desk = DeskRuntime::start(
            store.clone(),
            entropy.clone(),
            clock.clone(),
            later.clone(),
            None,
            DeskOptions::default(),
        );
        let room = AuctionRoom::new(AuctionParts {
            store: store.clone(),
            catalog: store.now().clone(),
            pictures: Arc::new(Pictures::new(Arc::new(MemoryBlobs::default()), entropy.clone())),
            desk: desk.handle(),
            clock,
            entropy,
            visitors: Arc::new(Anybody),
            settings: AuctionSettings::default(),
        });
        let host = Arc::new(Watching::new(room, None));
        let hub = Hub::new(host.clone(), HubOptions::default());
        assert!(later.0.set(hub.clone()).is_ok());
        let parts = LiveParts {
            hub: hub.clone(),
            host,
            desk: desk.handle(),
            places: Places::new(SocketLimits::default()),
            origins: Arc::default(),
            bell: Arc::default(),
            inbox: Arc::new(MemoryNotices::new()),
            stop: CancellationToken::new(),
        };
        tokio::spawn({
            let (hub, stop) = (hub.clone(), parts.stop.clone());
            async move { hub.run(stop).await }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app: Router = router().with_state(parts);
        let app: IntoMakeServiceWithConnectInfo<Router, SocketAddr> =
            app.into_make_service_with_connect_info();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { store, auction, desk, hub, address }
    }

    async fn socket(&self, path: &str) -> Socket {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (stream, _) = client_async(format!("ws://{}{path}", self.address), stream).await.unwrap();
        Socket(stream)
    }

    /// Somebody watches, and has seen the state.
    async fn watch(&self, person: u64) -> (Socket, Value) {
        let mut socket = self.socket(&format!("/ws/auction/{}/?token={person}", self.auction)).await;
        let state = socket.next().await;
        (socket, state)
    }

    fn request(&self, person: u64, price: &str) -> Request {
        let bid = Action::Bid(Bid::straight(parse_decimal(price).unwrap()));
        let command = Command::of(UserId::new(person).unwrap(), noon(), bid);
        Request { auction: self.auction, command, facts: BidderFacts::VERIFIED, key: None }
    }

    /// Bids past all sockets.
    async fn bid(&self, desk: &DeskHandle, person: u64, price: &str) {
        Desk::submit(desk, vec![self.request(person, price)]).await.remove(0).unwrap();
    }
}

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn hear(&mut self) -> Message {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("something comes").unwrap().unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    async fn next(&mut self) -> Value {
        match self.hear().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The state after so many bids.
    async fn after(&mut self, bids: u64) -> Value {
        loop {
            let message = self.next().await;
            if message["bid_count"].as_u64().is_some_and(|count| count >= bids) {
                return message;
            }
        }
    }

    /// The code and the reason with which it is closed.
    async fn end(&mut self) -> (u16, String) {
        loop {
            match self.hear().await {
                Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
                Message::Text(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }
}

#[tokio::test]
async fn own_copies_read_nothing_while_this_node_alone_takes_bids() {
    const BIDS: u64 = 40;
    let house = House::open().await;
    // From here on the desk knows both.
    house.bid(&house.desk.handle(), 2, "10.00").await;
    house.bid(&house.desk.handle(), 3, "11.00").await;
    let before = house.store.standings_read();
    let mut bidders = [house.watch(2).await.0, house.watch(3).await.0];
    let (mut watcher, _) = house.watch(4).await;
    let greeted = house.store.standings_read();
    assert_eq!(greeted - before, 2, "each is told where they stand; where the leader does is in the state");
    // Who does not lead bids, every fifth time a maximum, which then answers some.
    let (mut rows, mut price) = (2, 12);
    let (mut outbid, mut leader, mut maxima) = (0, 1, ["10.00".to_owned(), "11.00".to_owned()]);
    for bid in 0..BIDS {
        let (own, other) = (1 - leader, leader);
        let is_high = bid % 5 == 4;
        let message = if is_high {
            json!({"action": "place_bid", "max": format!("{}.00", price + 5)})
        } else {
            json!({"action": "place_bid", "price": format!("{price}.00")})
        };
        bidders[own].say(message).await;
        let answer = loop {
            let message = bidders[own].next().await;
            if message["success"].is_string() || message["error"].is_string() {
                break message;
            }
        };
        assert!(answer["success"].is_string(), "{answer}");
        rows = watcher.after(rows + 1).await["bid_count"].as_u64().unwrap();
        let (mine, theirs) = (bidders[own].after(rows).await, bidders[other].after(rows).await);
        let leads = answer["leading"] == json!(true);
        outbid += u64::from(!leads);
        maxima[own] = format!("{}.00", if is_high { price + 5 } else { price });
        assert_eq!(mine["you"], json!({"leading": leads, "max": maxima[own]}));
        assert_eq!(theirs["you"], json!({"leading": !leads, "max": maxima[other]}));
        leader = if leads { own } else { other };
        let minimum = mine["minimum_bid"].as_str().unwrap();
        price = minimum.split('.').next().unwrap().parse().unwrap();
    }
    assert!(outbid > 0, "some met a maximum");
    let read = house.store.standings_read() - greeted;
    println!("{read} standings were read for own copies of {BIDS} bids");
    assert_eq!(read, 0);
}

#[tokio::test]
async fn where_another_node_takes_bids_own_copies_are_right_all_the_same() {
    let house = House::open().await;
    let (mut ann, _) = house.watch(2).await;
    ann.say(json!({"action": "place_bid", "price": "20.00"})).await;
    ann.after(1).await;
    // Ann has bid more elsewhere, and was outbid there.
    let mut elsewhere = Shard::new(house.store.clone(), Arc::new(SeededEntropy::new(2)), Limits::default());
    for (person, price) in [(3, "21.00"), (2, "22.00"), (3, "23.00")] {
        let mut processed = elsewhere.process(&[house.request(person, price)]).await;
        processed.replies.remove(0).unwrap();
    }
    house.hub.heal_all().await.unwrap();
    let state = ann.after(4).await;
    assert_eq!((&state["you"]["leading"], &state["you"]["max"]), (&json!(false), &json!("22.00")));
}

#[tokio::test]
async fn who_watches_an_auction_that_went_back_is_sent_away_and_finds_what_is_stored() {
    let house = House::open().await;
    let desk = house.desk.handle();
    let (mut ann, _) = house.watch(2).await;
    let mut feed = house.socket(&format!("/ws/auctions/?ids={}", house.auction)).await;
    feed.next().await;
    house.bid(&desk, 2, "20.00").await;
    house.store.fall_behind();
    house.bid(&desk, 3, "30.00").await;
    house.bid(&desk, 2, "40.00").await;
    for socket in [&mut ann, &mut feed] {
        assert_eq!(socket.after(3).await["current_price"], "40.00");
    }
    house.store.fail_over();
    house.hub.heal_all().await.unwrap();
    let reason = "the auction went back to an earlier state".to_owned();
    for socket in [&mut ann, &mut feed] {
        assert_eq!(socket.end().await, (1012, reason.clone()));
    }
    let (mut ann, state) = house.watch(2).await;
    assert_eq!((&state["current_price"], &state["bid_count"]), (&json!("20.00"), &json!(1)));
    assert_eq!(state["you"], json!({"leading": true, "max": "20.00"}));
    // Others bring it to as many events as there were before, so that what the desk remembered would fit.
    let mut elsewhere = Shard::new(house.store.clone(), Arc::new(SeededEntropy::new(2)), Limits::default());
    for (person, price) in [(3, "50.00"), (2, "60.00")] {
        let mut processed = elsewhere.process(&[house.request(person, price)]).await;
        processed.replies.remove(0).unwrap();
    }
    let low = Desk::submit(&desk, vec![house.request(5, "45.00")]).await.remove(0);
    assert!(low.is_err(), "{low:?}");
    house.bid(&desk, 3, "61.00").await;
    assert_eq!(ann.after(4).await["current_price"], "61.00");
}

#[tokio::test]
async fn a_bid_on_what_was_lost_is_decided_on_what_is_stored_and_tells_of_the_loss() {
    let house = House::open().await;
    let desk = house.desk.handle();
    let (mut ann, _) = house.watch(2).await;
    house.bid(&desk, 2, "20.00").await;
    house.store.fall_behind();
    for (person, price) in [(3, "30.00"), (2, "40.00"), (3, "50.00")] {
        house.bid(&desk, person, price).await;
    }
    ann.after(4).await;
    house.store.fail_over();
    // Below what the desk remembers, and above what is stored.
    house.bid(&desk, 4, "25.00").await;
    assert_eq!(ann.end().await.0, 1012);
    let (_, state) = house.watch(2).await;
    assert_eq!((&state["current_price"], &state["bid_count"]), (&json!("25.00"), &json!(2)));
}
