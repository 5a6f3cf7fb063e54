//! What is said over sockets, as the document says it.

use super::house::{House, Is, open_terms};
use super::socket::{Heard, Socket};
use serde_json::{Value, json};

/// The members of a state that clients of the document know.
const OF_THE_DOCUMENT: [&str; 6] = ["title", "description", "image", "starting_price", "status", "last_vote"];

#[tokio::test]
async fn a_client_of_the_document_joins_bids_and_sees_the_messages_shown_there() {
    let house = House::open().await;
    let [seller, ann, bob] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
    ];
    let auction = house.sell(&seller, json!({"join_until": "end"})).await;
    let listed = house.client(&ann).await.get("/api/auctions/").await.expect("an answer").json();
    assert_eq!(listed[0]["id"], auction);
    let joined = house.post(&ann, &format!("/api/auctions/{auction}/join_auction/"), &json!({})).await;
    assert_eq!((joined.status, joined.json()), (200, json!({"message": "Successfully joined the auction."})));
    house.join(&bob, auction).await;

    let mut bobs = house.watch(&bob, auction).await;
    let mut anns = house.watch(&ann, auction).await;
    let expected = json!({
        "title": "Persian rug", "description": "Knotted, not stirred", "image": null, "starting_price": "10.00",
        "status": "started", "last_vote": null,
    });
    assert_eq!(known(&anns.next().await), expected);
    assert_eq!(known(&bobs.next().await), expected);

    anns.say(&json!({"action": "place_bid", "price": "10.00"})).await;
    let low = anns.next().await;
    assert_eq!(low["error"], "Bid must be higher than the starting price of 10.00.");

    anns.say(&json!({"action": "place_bid", "price": "60.00"})).await;
    let answer = anns.next().await;
    assert_eq!(answer["success"], "Bid of 60.00 placed successfully.");
    let state = anns.next().await;
    assert_eq!(state["last_vote"], json!({"user": "a***n@example.org", "price": "60.00"}));
    assert_eq!(state["version"], answer["version"]);
    let seen = bobs.next().await;
    assert_eq!(seen["last_vote"], json!({"user": "a***n@example.org", "price": "60.00"}));
    assert_eq!(seen["status"], "started");

    for (message, error) in [
        (r#"{"action":"place_bid"}"#, "Price is required."),
        (r#"{"action":"place_bid","price":"much"}"#, "Invalid price format."),
        ("bid!", "Invalid JSON format"),
        (r#"{"action":"place_bid","price":"70.00","quantity":2}"#, "Must be 1 in this format."),
    ] {
        anns.send(message.into()).await.expect("it is sent");
        assert_eq!(anns.next().await["error"], error);
    }
}

fn known(state: &Value) -> Value {
    OF_THE_DOCUMENT.iter().map(|name| ((*name).to_owned(), state[*name].clone())).collect()
}

#[tokio::test]
async fn one_learns_what_is_ones_own_and_others_do_not() {
    let house = House::open().await;
    let seller = house.person("seller", Is::Seller).await;
    let [ann, bob, cyd] = [
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
        house.person("cyd", Is::Bidder).await,
    ];
    let auction = house.sell(&seller, open_terms()).await;
    let [mut anns, mut bobs, mut cyds] = [
        house.watch(&ann, auction).await,
        house.watch(&bob, auction).await,
        house.watch(&cyd, auction).await,
    ];
    for socket in [&mut anns, &mut bobs, &mut cyds] {
        assert_eq!(socket.next().await["you"], json!({"leading": false, "max": null}));
    }
    anns.say(&json!({"action": "place_bid", "max": "50.00", "id": "first"})).await;
    let answer = anns.next().await;
    assert_eq!((&answer["id"], &answer["leading"]), (&json!("first"), &json!(true)));
    assert_eq!(anns.next().await["you"], json!({"leading": true, "max": "50.00"}));
    assert_eq!(bobs.next().await.get("you"), None);
    let before = cyds.next().await;
    assert_eq!(before.get("you"), None);

    // A maximum that an earlier one beats at once.
    bobs.say(&json!({"action": "place_bid", "max": "40.00"})).await;
    let beaten = bobs.next().await;
    assert_eq!((&beaten["leading"], &beaten["current_price"]), (&json!(false), &json!("41.00")));
    assert_eq!(bobs.next().await["you"], json!({"leading": false, "max": "40.00"}));
    assert_eq!(anns.next().await["you"], json!({"leading": true, "max": "50.00"}));
    let after = cyds.next().await;
    assert_eq!((after.get("you"), &after["previous_version"]), (None, &before["version"]));
    let kinds: Vec<_> = after["bids"].as_array().expect("rows").iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, ["max", "auto"]);

    // One that comes another way is told as well.
    let answer = house.bid(&bob, auction, json!({"max": "45.00"})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(bobs.next().await["you"], json!({"leading": false, "max": "45.00"}));
    assert_eq!(anns.next().await["you"], json!({"leading": true, "max": "50.00"}));
    assert_eq!(cyds.next().await.get("you"), None);

    // Who loses the lead learns it.
    bobs.say(&json!({"action": "place_bid", "max": "60.00"})).await;
    assert_eq!(anns.next().await["you"], json!({"leading": false, "max": "50.00"}));
    assert_eq!(cyds.next().await.get("you"), None);
}

#[tokio::test]
async fn who_comes_back_is_told_what_was_missed() {
    let house = House::open().await;
    let [seller, ann, bob] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
    ];
    let auction = house.sell(&seller, open_terms()).await;
    let mut anns = house.watch(&ann, auction).await;
    let seen = anns.next().await["version"].as_u64().expect("a version");
    drop(anns);
    for (number, person) in [&ann, &bob, &ann].into_iter().enumerate() {
        let answer = house.bid(person, auction, json!({"price": format!("{}.00", 20 + number)})).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    let path = format!("/ws/auction/{auction}/?token={}&since={seen}", ann.token);
    let mut anns = Socket::open(house.process.address, &path, &[]).await.expect("it is let in");
    let Value::Object(missed) = anns.next().await else { panic!("no object") };
    let state = anns.next().await;
    let versions: Vec<_> =
        missed["events"].as_array().expect("events").iter().map(|event| event["version"].as_u64()).collect();
    let newest = state["version"].as_u64().expect("a version");
    assert_eq!(versions, (seen + 1..=newest).map(Some).collect::<Vec<_>>());
    assert_eq!(newest, seen + 3);
    // It is the same for everybody, and does not say whose a bid is.
    assert!(
        missed["events"].as_array().expect("events").iter().all(|event| event["bid"].get("is_you").is_none())
    );
}

#[tokio::test]
async fn who_buys_the_lot_learns_that_it_is_theirs_and_who_led_that_it_is_not() {
    let house = House::open().await;
    let [seller, ann, bob] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
    ];
    let mut terms = open_terms();
    terms["buy_now"] = json!({"price": "90.00", "rule": "always"});
    let auction = house.sell(&seller, terms).await;
    for (person, price) in [(&bob, "20.00"), (&ann, "30.00")] {
        assert_eq!(house.bid(person, auction, json!({"price": price})).await.status, 201);
    }
    let (mut anns, mut bobs) = (house.watch(&ann, auction).await, house.watch(&bob, auction).await);
    assert_eq!(anns.next().await["you"]["leading"], json!(true));
    assert_eq!(bobs.next().await["you"]["leading"], json!(false));
    let path = format!("/api/auctions/{auction}/buy/");
    let body = json!({"price": "90.00"}).to_string();
    let answer = house.client(&bob).await.send("POST", &path, &[], &body).await.expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(anns.next().await["you"]["leading"], json!(false));
    assert_eq!(bobs.next().await["you"]["leading"], json!(true));
}

#[tokio::test]
async fn every_socket_answers_a_ping_with_the_time() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let mut watcher = house.watch(&ann, auction).await;
    let started = watcher.next().await["server_time"].as_i64().expect("a time");
    let open = async |path: String| {
        let mut socket = Socket::open(house.process.address, &path, &[]).await.expect("let in");
        socket.next().await;
        socket
    };
    let feed = open(format!("/ws/auctions/?ids={auction}")).await;
    let notices = open(format!("/ws/notifications/?token={}", ann.token)).await;
    for mut socket in [watcher, feed, notices] {
        socket.say(&json!({"action": "ping"})).await;
        let pong = socket.next().await;
        let time = pong["pong"].as_i64().expect("a time");
        assert!(time >= started && pong.as_object().expect("an object").len() == 1, "{pong}");
    }
}

#[tokio::test]
async fn the_feed_shows_several_auctions_to_everybody_and_takes_no_bids() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let first = house.sell(&seller, open_terms()).await;
    let second = house.sell(&seller, open_terms()).await;
    let path = format!("/ws/auctions/?ids={first},{second},999");
    let mut feed = Socket::open(house.process.address, &path, &[]).await.expect("everybody is let in");
    let mut shown = [feed.next().await["auction"].as_u64(), feed.next().await["auction"].as_u64()];
    shown.sort_unstable();
    assert_eq!(shown, [Some(first), Some(second)]);
    feed.say(&json!({"action": "place_bid", "price": "99.00"})).await;
    assert_eq!(house.bid(&ann, second, json!({"price": "20.00"})).await.status, 201);
    let state = feed.next().await;
    assert_eq!((&state["auction"], &state["current_price"]), (&json!(second), &json!("20.00")));
    assert_eq!(state.get("you"), None);
    for ids in [
        "",
        "x",
        "-1",
        &vec!["1"; 51].iter().enumerate().map(|(n, _)| (n + 1).to_string()).collect::<Vec<_>>().join(","),
    ] {
        let path = format!("/ws/auctions/?ids={ids}");
        let refused =
            Socket::open(house.process.address, &path, &[]).await.map(|_| ()).expect_err("no such list");
        assert_eq!(refused.0, 400, "{ids}: {}", refused.1);
    }
}

#[tokio::test]
async fn a_token_may_come_in_four_ways() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let plain = format!("/ws/auction/{auction}/");
    let query = format!("{plain}?token={}", ann.token);
    let [token, bearer] = ["Token", "Bearer"].map(|scheme| format!("{scheme} {}", ann.token));
    let protocols = format!("auction.v1, token.{}", ann.token);
    for (path, headers, protocol) in [
        (query.as_str(), vec![], None),
        (plain.trim_end_matches('/'), vec![("authorization", token.as_str())], None),
        (plain.as_str(), vec![("authorization", bearer.as_str())], None),
        (plain.as_str(), vec![("sec-websocket-protocol", protocols.as_str())], Some("auction.v1")),
    ] {
        let mut socket = Socket::open(house.process.address, path, &headers).await.expect("it is let in");
        assert_eq!(socket.protocol.as_deref(), protocol, "the token is never chosen");
        assert_eq!(socket.next().await["title"], "Persian rug");
    }
    let mut socket = Socket::open(house.process.address, &plain, &[]).await.expect("it waits for the token");
    socket.say(&json!({"token": ann.token})).await;
    assert_eq!(socket.next().await["you"], json!({"leading": false, "max": null}));
    assert!(socket.bid("20.00").await["success"].is_string());

    let mut socket = Socket::open(house.process.address, &plain, &[]).await.expect("it waits for the token");
    socket.say(&json!({"token": "0".repeat(64)})).await;
    assert_eq!(socket.hear().await, Heard::Closed(1008));
}

#[tokio::test]
async fn a_handshake_is_refused_with_its_reason() {
    let house = House::open().await;
    let [seller, ann, staff] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("staff", Is::Admin).await,
    ];
    let auction = house.sell(&seller, json!({"join_until": "end"})).await;
    let refused = async |path: String| {
        let result = Socket::open(house.process.address, &path, &[]).await.map(|_| ());
        let (status, body) = result.expect_err("it is refused");
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        (status, body["detail"].as_str().unwrap_or_default().to_owned())
    };
    let bad = (401, "Invalid token.".to_owned());
    assert_eq!(refused(format!("/ws/auction/{auction}/?token={}", "0".repeat(64))).await, bad);
    assert_eq!(refused(format!("/ws/auctions/?ids={auction}&token=x")).await, bad);
    let unknown = (404, "Not found.".to_owned());
    for id in ["999", "0", "x", "-1", "9007199254740993"] {
        assert_eq!(refused(format!("/ws/auction/{id}/?token={}", ann.token)).await, unknown, "{id}");
    }
    assert_eq!(refused(format!("/ws/auction/{auction}/?token={}", ann.token)).await.0, 403);
    for person in [&seller, &staff] {
        assert_eq!(house.watch(person, auction).await.next().await["title"], "Persian rug");
    }
    house.join(&ann, auction).await;
    house.watch(&ann, auction).await.next().await;
}
