//! Formats as those see them who watch: over sockets, with the built server.

use super::house::{House, Is};
use super::process::UNLIMITED;
use super::socket::{Heard, Socket};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Every member that a frame, an answer or a replayed event may have.
const ALLOWED: &[&str] = &[
    "title",
    "description",
    "image",
    "starting_price",
    "status",
    "last_vote",
    "last_vote.user",
    "last_vote.price",
    "current_price",
    "next_price_at",
    "units_left",
    "minimum_bid",
    "bid_count",
    "reserve",
    "buy_now_price",
    "outcome",
    "outcome.result",
    "outcome.price",
    "outcome.winner",
    "outcome.units",
    "ends_at",
    "version",
    "previous_version",
    "server_time",
    "bids",
    "bids.id",
    "bids.version",
    "bids.user",
    "bids.price",
    "bids.quantity",
    "bids.at",
    "bids.kind",
    "withdrawn",
    "you",
    "you.leading",
    "you.max",
    "you.rank",
    "success",
    "price",
    "leading",
    "error",
    "code",
    "units_left",
    "auction",
    "events",
    "events.version",
    "events.at",
    "events.kind",
    "events.bid",
    "events.bid.id",
    "events.bid.version",
    "events.bid.user",
    "events.bid.price",
    "events.bid.quantity",
    "events.bid.at",
    "events.bid.kind",
    "events.ends_at",
    "events.ended_at",
    "events.outcome",
    "events.outcome.result",
    "events.outcome.price",
    "events.outcome.winner",
    "events.outcome.units",
    "events.awards",
    "events.awards.user",
    "events.awards.quantity",
    "events.awards.price",
    "events.withdrawal",
    "events.withdrawal.user",
    "events.withdrawal.by_house",
    "events.withdrawal.versions",
    "events.withdrawal.leader",
    "events.withdrawal.price",
    "events.draw",
    "events.draw.seed",
    "events.draw.ended_at",
];

fn members(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                members(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, at, found)),
        _ => {}
    }
}

fn terms(text: &str) -> Value {
    let mut terms: Value = serde_json::from_str(text).expect("terms");
    terms["participation"] = json!("open");
    terms["early_close"] = json!("seller");
    terms
}

/// All that a socket says until it is closed.
async fn all(mut socket: Socket) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        match socket.hear().await {
            Heard::Text(text) => heard.push(text),
            Heard::Closed(_) | Heard::Gone => return heard,
        }
    }
}

#[tokio::test]
async fn sealed_bids_stand_in_no_frame_of_others() {
    let mut house = House::open().await;
    let (seller, ann) = (house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await);
    let (bob, eve) = (house.person("bob", Is::Bidder).await, house.person("eve", Is::Bidder).await);
    let formats = [
        (r#"{"format":{"kind":"sealed_first_price","revisions":"replace"}}"#, false),
        (r#"{"format":{"kind":"vickrey","count":"shown"}}"#, true),
        (r#"{"format":{"kind":"multi_unit","quantity":2}}"#, false),
        (r#"{"format":{"kind":"reverse","visibility":"rank_only"}}"#, true),
    ];
    let mut watchers = JoinSet::new();
    let mut feed = Vec::new();
    for (text, _) in formats {
        let auction = house.sell(&seller, terms(text)).await;
        for person in [&seller, &eve] {
            watchers.spawn(all(house.watch(person, auction).await));
        }
        feed.push(auction);
    }
    let ids = feed.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    let strangers = Socket::open(house.process.address, &format!("/ws/auctions/?ids={ids}"), &[]).await;
    watchers.spawn(all(strangers.expect("a feed")));
    for auction in &feed {
        let is_reverse = house.get(&format!("/api/auctions/{auction}/")).await.json()["format"] == "reverse";
        let prices = if is_reverse { ["9.17", "8.71"] } else { ["4321.17", "4123.71"] };
        for (person, price) in [&ann, &bob].into_iter().zip(prices) {
            let mut socket = house.watch(person, *auction).await;
            let told = socket.bid(price).await;
            assert_eq!(told["price"], price, "{told}");
            // Only one of the formats lets nobody place a second bid.
            house.bid(person, *auction, json!({"price": price, "quantity": 1})).await;
        }
    }
    house.process.signal("-TERM");
    assert!(house.process.ended().await.success());
    let mut found = BTreeSet::new();
    let mut frames = 0;
    for heard in watchers.join_all().await {
        for text in heard {
            for secret in [
                "\"4321.17\"",
                "\"4123.71\"",
                "\"9.17\"",
                "\"8.71\"",
                "a***n",
                "b***b",
                "sealed_bid",
                "revision",
            ] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
            members(&serde_json::from_str(&text).expect("JSON"), "", &mut found);
            frames += 1;
        }
    }
    // Each watcher saw the first state; those of counts that are shown saw each bid besides, unless two were shown at once.
    assert!(frames >= 2 * formats.len() + formats.iter().filter(|(_, shown)| *shown).count(), "{frames}");
    let allowed: BTreeSet<_> = ALLOWED.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn bidders_of_a_tender_see_their_rank_as_it_changes() {
    let house = House::open().await;
    let (seller, ann) = (house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await);
    let (bob, eve) = (house.person("bob", Is::Bidder).await, house.person("eve", Is::Bidder).await);
    let auction =
        house.sell(&seller, terms(r#"{"format":{"kind":"reverse","visibility":"rank_only"}}"#)).await;
    let rank = |rank: u64| move |frame: &Value| frame["you"]["rank"] == rank;
    let mut of_ann = house.watch(&ann, auction).await;
    let mut of_bob = house.watch(&bob, auction).await;
    let mut of_eve = house.watch(&eve, auction).await;
    of_ann.bid("9.00").await;
    of_ann.next_where(rank(1)).await;
    of_bob.bid("9.00").await;
    let seen = of_bob.next_where(rank(2)).await;
    assert_eq!((&seen["you"]["max"], &seen["current_price"]), (&json!("9.00"), &json!("10.00")));
    of_bob.bid("8.00").await;
    of_bob.next_where(rank(1)).await;
    of_ann.next_where(rank(2)).await;
    let seen = of_eve.next_where(|frame| frame["bid_count"] == 3).await;
    assert!(seen["you"]["rank"].is_null() && seen["last_vote"].is_null(), "{seen}");
    house.post(&seller, &format!("/api/auctions/{auction}/close/"), &json!({})).await;
    let end = of_eve.next_where(|frame| frame["status"] == "ended").await;
    assert_eq!(
        (&end["outcome"]["price"], &end["outcome"]["winner"]),
        (&json!("8.00"), &end["last_vote"]["user"])
    );
    house.folder.assert_sound().await;
}

#[tokio::test]
async fn a_clock_is_shown_falling_and_units_are_sold_once() {
    let house = House::open().await;
    let seller = house.person("seller", Is::Seller).await;
    let clock = r#"{"format":{"kind":"dutch","step":"1.00","interval_s":1,"floor":"1.00","quantity":7}}"#;
    let auction = house.sell(&seller, terms(clock)).await;
    let eve = house.person("eve", Is::Bidder).await;
    let mut socket = house.watch(&eve, auction).await;
    let first = socket.next().await;
    assert!(first["next_price_at"].is_string() && first["units_left"] == 7, "{first}");
    let path = format!("/api/auctions/{auction}/");
    let shown = house.get(&path).await.json()["current_price"].clone();
    // Thirty people take one each at the same moment, at the price that all of them saw.
    let house = Arc::new(house);
    let mut buyers = JoinSet::new();
    for number in 0..30 {
        let buyer = house.person(&format!("buyer{number}"), Is::Bidder).await;
        let (house, shown) = (Arc::clone(&house), shown.clone());
        buyers.spawn(async move {
            let path = format!("/api/auctions/{auction}/buy/");
            house.post(&buyer, &path, &json!({"price": shown, "quantity": 1})).await
        });
    }
    let answers = buyers.join_all().await;
    let sold: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(sold.len(), 7);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.code(), (409, "already_sold".to_owned()), "{}", answer.text());
    }
    let end = socket.next_where(|frame| frame["status"] == "ended").await;
    assert_eq!((&end["units_left"], &end["outcome"]["units"]), (&json!(0), &json!(7)));
    let rows = house.history(auction).await;
    assert_eq!(rows.iter().filter(|row| row["kind"] == "buy").count(), 7);
    house.folder.assert_sound().await;
}

#[tokio::test]
async fn rows_that_are_taken_away_are_told_to_those_who_watch() {
    let house = House::open().await;
    let (seller, ann) = (house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await);
    let (bob, admin) = (house.person("bob", Is::Bidder).await, house.person("admin", Is::Admin).await);
    let terms = terms(
        r#"{"retraction":{"kind":"allowed","free_until_s":60},"increments":{"kind":"fixed","step":"1.00"}}"#,
    );
    let auction = house.sell(&seller, terms).await;
    let mut socket = house.watch(&bob, auction).await;
    let row = house.bid(&ann, auction, json!({"max": "6000.00"})).await.json()["id"].clone();
    house.bid(&bob, auction, json!({"max": "7000.00"})).await;
    let shown = socket.next_where(|frame| frame["you"]["leading"] == true).await;
    assert_eq!(shown["current_price"], "6001.00");
    let path = |call: &str| format!("/api/auctions/{auction}/{call}/");
    let answer = house.post(&ann, &path("retract"), &json!({"reason": "I meant 600."})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let shown = socket.next_where(|frame| frame["withdrawn"].is_array()).await;
    let version = row.as_u64().expect("a row") & 0xff_ffff;
    assert_eq!(shown["withdrawn"], json!([version]));
    assert_eq!((&shown["current_price"], &shown["you"]["leading"]), (&json!("10.00"), &json!(true)));
    let rows = house.history(auction).await;
    assert_eq!(rows.iter().filter(|row| row["withdrawn"] == true).count(), 1, "{rows:?}");
    let left = rows.iter().find(|row| row["withdrawn"].is_null()).expect("a row that stands");
    let void = json!({"bid": left["id"], "reason": "A stolen card."});
    assert_eq!(house.post(&ann, &path("void"), &void).await.status, 403);
    assert_eq!(house.post(&admin, &path("void"), &void).await.status, 200);
    let shown = socket.next_where(|frame| frame["withdrawn"].is_array()).await;
    assert_eq!((&shown["last_vote"], &shown["bid_count"]), (&Value::Null, &json!(0)));
    assert!(!shown.to_string().contains("stolen"));
    house.folder.assert_sound().await;
}

#[tokio::test]
async fn sealed_bids_outlive_a_server_that_is_killed() {
    let mut house = House::open().await;
    let (seller, ann) = (house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await);
    let bob = house.person("bob", Is::Bidder).await;
    let auction = house.sell(&seller, terms(r#"{"format":{"kind":"vickrey"}}"#)).await;
    for (person, price) in [(&ann, "6000.00"), (&bob, "5500.00")] {
        assert_eq!(house.bid(person, auction, json!({"price": price})).await.status, 201);
    }
    house.process.signal("-KILL");
    house.process.ended().await;
    let House { folder, .. } = house;
    let house = folder.serve(&UNLIMITED).await;
    house.post(&seller, &format!("/api/auctions/{auction}/close/"), &json!({})).await;
    let seen = house.get(&format!("/api/auctions/{auction}/")).await.json();
    assert_eq!((&seen["outcome"]["result"], &seen["outcome"]["price"]), (&json!("sold"), &json!("5500.00")));
    house.folder.assert_sound().await;
}
