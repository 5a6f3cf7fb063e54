//! Clients that break the rules, send without end or never read: they lose their sockets, and nobody else notices.

use super::frames::{CONTINUATION, Follows, Frames, PING, TEXT, frame, head};
use super::house::{House, Is, Person, open_terms};
use super::socket::Socket;

/// Somebody bad and somebody good in one auction.
struct Scene {
    house: House,
    auction: u64,
    foe: Person,
    friend: Socket,
    price: u64,
}

impl Scene {
    async fn new() -> Self {
        let house = House::open().await;
        Self::of(house).await
    }

    async fn of(house: House) -> Self {
        let [seller, foe, friend] = [
            house.person("seller", Is::Seller).await,
            house.person("foe", Is::Bidder).await,
            house.person("friend", Is::Bidder).await,
        ];
        let auction = house.sell(&seller, open_terms()).await;
        let friend = house.watch(&friend, auction).await;
        Self { house, auction, foe, friend, price: 20 }
    }

    async fn foe(&self) -> Frames {
        let path = format!("/ws/auction/{}/?token={}", self.auction, self.foe.token);
        Frames::open(self.house.process.address, &path).await
    }

    /// Sends all of it, however little the server wants to have, and answers how the socket was closed.
    async fn attack(&mut self, bytes: Vec<u8>) -> Option<u16> {
        let Frames(stream) = self.foe().await;
        let (reader, mut writer) = stream.into_split();
        let writing = tokio::spawn(async move {
            // The server may stop reading, or reset what it has closed.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut writer, &bytes).await;
            writer
        });
        self.assert_the_friend_bids().await;
        let code = super::frames::goodbye(reader).await;
        writing.abort();
        self.assert_the_friend_bids().await;
        code
    }

    async fn assert_the_friend_bids(&mut self) {
        self.price += 1;
        let answer = self.friend.bid(&format!("{}.00", self.price)).await;
        assert_eq!(answer["price"], format!("{}.00", self.price), "{answer}");
    }
}

#[tokio::test]
async fn a_frame_or_a_message_that_is_too_large_closes_its_socket_with_1009() {
    let mut scene = Scene::new().await;
    let mut large = head(TEXT, Follows::Nothing, 64 << 20);
    large.resize(64 << 20, b'x');
    assert_eq!(scene.attack(large).await, Some(1009), "a frame of 64 MiB");

    let mut endless = frame(TEXT, Follows::More, &[b'x'; 100]);
    for _ in 0..10_000 {
        endless.extend(frame(CONTINUATION, Follows::More, &[b'x'; 100]));
    }
    assert_eq!(scene.attack(endless).await, Some(1009), "fragments without an end");
}

#[tokio::test]
async fn what_breaks_the_protocol_closes_its_socket_with_1002_or_1007() {
    let mut scene = Scene::new().await;
    assert_eq!(scene.attack(frame(TEXT, Follows::Nothing, &[0xff, 0xfe])).await, Some(1007), "no UTF-8");
    assert_eq!(
        scene.attack(frame(CONTINUATION, Follows::Nothing, b"x")).await,
        Some(1002),
        "nothing to continue"
    );
    assert_eq!(scene.attack(frame(PING, Follows::More, b"x")).await, Some(1002), "half a ping");
    assert_eq!(scene.attack(frame(PING, Follows::Nothing, &[0; 126])).await, Some(1002), "a large ping");
    assert_eq!(scene.attack(frame(3, Follows::Nothing, b"x")).await, Some(1002), "an unknown kind");
    assert_eq!(
        scene.attack(frame(0x40 | TEXT, Follows::Nothing, b"{}")).await,
        Some(1002),
        "an unknown extension"
    );
    assert_eq!(scene.attack(b"\x81\x02{}".to_vec()).await, Some(1002), "without a mask");
}

#[tokio::test]
async fn messages_without_end_close_their_socket_with_1008() {
    // The bids of one user are limited as they are by default.
    let folder = super::house::Folder::new().await;
    let environment = [("RATE_LIMIT_ANON", "off"), ("RATE_LIMIT_USER", "off")];
    let mut scene = Scene::of(folder.serve(&environment).await).await;
    let pings = frame(PING, Follows::Nothing, b"").repeat(100_000);
    assert_eq!(scene.attack(pings).await, Some(1008), "pings of the protocol");
    for (message, what) in [
        (r#"{"action":"ping"}"#, "pings of ours"),
        (r#"{"action":"place_bid","price":"1.00"}"#, "bids"),
        (r#"{"token":"x"}"#, "tokens"),
        (r#"{"action":"dance"}"#, "nonsense"),
        ("{", "no JSON"),
    ] {
        let messages = frame(TEXT, Follows::Nothing, message.as_bytes()).repeat(100_000);
        assert_eq!(scene.attack(messages).await, Some(1008), "{what}");
    }
}

#[tokio::test]
async fn the_feed_keeps_the_same_limits() {
    let scene = Scene::new().await;
    let path = format!("/ws/auctions/?ids={}", scene.auction);
    for (bytes, code) in [
        (frame(TEXT, Follows::Nothing, b"{}").repeat(2_000), 1008),
        (frame(TEXT, Follows::Nothing, br#"{"action":"ping"}"#).repeat(2_000), 1008),
        (frame(TEXT, Follows::Nothing, &[b'x'; 5_000]), 1009),
        (frame(TEXT, Follows::Nothing, &[0xff]), 1007),
    ] {
        let mut feed = Frames::open(scene.house.process.address, &path).await;
        feed.write(&bytes).await.expect("it is taken");
        assert_eq!(feed.goodbye().await, Some(code));
    }
}

#[tokio::test]
async fn of_a_thousand_sockets_of_one_user_a_few_are_opened() {
    let mut scene = Scene::new().await;
    let path = format!("/ws/auction/{}/?token={}", scene.auction, scene.foe.token);
    let mut open = Vec::new();
    for number in 0..1_000 {
        match Socket::open(scene.house.process.address, &path, &[]).await {
            Ok(socket) => open.push(socket),
            Err((status, body)) => {
                assert_eq!(status, 429, "{body}");
                assert!(body.contains(r#""code":"too_many_sockets""#), "{body}");
            }
        }
        if number % 250 == 0 {
            scene.assert_the_friend_bids().await;
        }
    }
    assert_eq!(open.len(), 32);
    let feed = format!("/ws/auctions/?ids={}&token={}", scene.auction, scene.foe.token);
    let refused = Socket::open(scene.house.process.address, &feed, &[]).await.map(|_| ());
    assert_eq!(refused.expect_err("the feed is counted, too").0, 429);
    scene.assert_the_friend_bids().await;
    drop(open);
}

/// How many clients never read.
#[cfg(target_os = "linux")]
const DEAF: usize = 24;

/// How many states they are sent, each of which is larger than [`STATE_BYTES`].
#[cfg(target_os = "linux")]
const STATES: u64 = 1_000;

/// The length of a description.
#[cfg(target_os = "linux")]
const STATE_BYTES: usize = 15_000;

/// By how much the server may grow: a queue for each of those who never read would need many times that.
#[cfg(target_os = "linux")]
const GROWTH_KIB_MAX: u64 = 160 * 1024;

#[cfg(target_os = "linux")]
#[tokio::test]
async fn clients_that_never_read_cost_little_memory_and_are_let_go() {
    let mut scene = Scene::new().await;
    let another = scene.house.person("another", Is::Seller).await;
    let auction = scene.house.sell_described(&another, open_terms(), &"x".repeat(STATE_BYTES)).await;
    let path = format!("/ws/auctions/?ids={auction}");
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        deaf.push(Frames::open_deaf(scene.house.process.address, &path).await);
    }
    let friend = scene.house.person("third", Is::Bidder).await;
    let mut friend = scene.house.watch(&friend, auction).await;
    let before = scene.house.process.resident_kib();
    let mut most = 0;
    for price in 0..STATES {
        let answer = friend.bid(&format!("{}.00", 100 + price)).await;
        assert!(answer["success"].is_string(), "{answer}");
        most = most.max(scene.house.process.resident_kib());
    }
    println!("{before} KiB before, {most} KiB at most");
    assert!(most - before < GROWTH_KIB_MAX, "{before} KiB before, {most} KiB at most");
    // The feed of those who never read is given up; two sockets read.
    let open = async || {
        let metrics = scene.house.get("/metrics").await.text();
        let line =
            metrics.lines().find_map(|line| line.strip_prefix("auction_sockets_open ")).expect("a gauge");
        line.parse::<f64>().expect("a number")
    };
    let mut price = 100 + STATES;
    let started = tokio::time::Instant::now();
    while open().await > 2.0 {
        assert!(started.elapsed() < super::process::PATIENCE, "{} sockets are open", open().await);
        price += 1;
        friend.bid(&format!("{price}.00")).await;
    }
    scene.assert_the_friend_bids().await;
    drop(deaf);
}
