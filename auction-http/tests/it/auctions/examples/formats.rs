//! The examples of formats.

use super::player::{Player, named, token};
use crate::auctions::house::House;
use serde_json::{Map, Value, json};

on_all_stores! {
    auctions_of_each_format_go_as_in_the_examples,
}

const FORMATS: &str = include_str!("../../../../../auction-core/testdata/rules/formats.json");

async fn auctions_of_each_format_go_as_in_the_examples() {
    let examples: Vec<Value> = serde_json::from_str(FORMATS).unwrap();
    assert!(examples.len() >= 100);
    let house = House::open().await;
    // Over HTTP every lot has a starting price.
    let over_http = examples.iter().filter(|example| example["starting_price"] != "0.00");
    for (place, example) in (0..).zip(over_http) {
        let mut player = Player::open(&house, place, example).await;
        for (index, step) in example["steps"].as_array().unwrap().iter().enumerate() {
            play(&mut player, step, &format!("{}, step {}", example["id"], index + 1)).await;
        }
        player.end().await;
        ends(&player, &example["outcome"], &format!("{}, at the end", example["id"])).await;
    }
}

async fn play(player: &mut Player<'_>, step: &Value, place: &str) {
    player.wait(step);
    let who = step["bidder"].as_str().map_or("admin", token);
    let action = step["action"].as_str().unwrap();
    if action == "look" {
        return stands(player, &step["expect"], place).await;
    }
    let mut body = Map::new();
    if let Some(amount) = step.get("amount") {
        body.insert("price".to_owned(), amount.clone());
    }
    if let Some(units) = step.get("units") {
        body.insert("quantity".to_owned(), units.clone());
    }
    let call = if action == "bid" { "bids" } else { action };
    let answer = player.ask(who, call, &Value::Object(body)).await;
    let Some(refusal) = step.get("expect_refusal") else {
        assert!(answer.status.is_success(), "{place}: {}", answer.text);
        if let Some(paid) = step["expect"].get("paid") {
            assert_eq!(&answer.json()["price"], paid, "{place}: paid");
        }
        return stands(player, &step["expect"], place).await;
    };
    let told = answer.json();
    if refusal["code"] == "invalid_quantity" {
        assert_eq!(answer.status, 400, "{place}: {told}");
        let sentence = match refusal["most"].as_u64() {
            Some(1) => "Must be 1 in this format.".to_owned(),
            Some(most) => format!("Must be at most {most}."),
            None => return assert!(told["quantity"].is_array(), "{place}: {told}"),
        };
        return assert_eq!(told["quantity"], json!([sentence]), "{place}: {told}");
    }
    assert_eq!(told["code"], refusal["code"], "{place}: {told}");
    for (name, field) in [("minimum", "minimum_bid"), ("left", "units_left"), ("limit", "limit")] {
        if let Some(value) = refusal.get(name) {
            assert_eq!(&told[field], value, "{place}: {name}");
        }
    }
}

/// What everybody sees is what is expected; the reserve is what the staff sees.
async fn stands(player: &Player<'_>, expect: &Value, place: &str) {
    let seen = player.view("").await;
    let fields = [
        ("price", "current_price"),
        ("minimum", "minimum_bid"),
        ("count", "bid_count"),
        ("left", "units_left"),
    ];
    for (name, field) in fields {
        if let Some(value) = expect.get(name) {
            assert_eq!(&seen[field], value, "{place}: {name}");
        }
    }
    for (name, field) in [("ends_at", "end_date_time"), ("next_price_at", "next_price_at")] {
        if let Some(value) = expect.get(name) {
            assert_eq!(seen[field], player.time(value), "{place}: {name}");
        }
    }
    if let Some(leader) = expect.get("leader") {
        let told = seen["last_vote"].as_object().map(|vote| named(&vote["user"]));
        assert_eq!(told, leader.as_str(), "{place}: leader");
    }
    if let Some(reserve) = expect.get("reserve") {
        assert_eq!(&player.view("admin").await["reserve"], reserve, "{place}: reserve");
    }
}

async fn ends(player: &Player<'_>, expect: &Value, place: &str) {
    let seen = player.view("").await;
    assert_eq!(
        seen["status"],
        if expect["result"] == "cancelled" { "cancelled" } else { "ended" },
        "{place}"
    );
    let outcome = &seen["outcome"];
    assert_eq!(outcome["result"], expect["result"], "{place}: result");
    assert_eq!(
        outcome["winner"].as_str().map(|_| named(&outcome["winner"])),
        expect["winner"].as_str(),
        "{place}"
    );
    assert_eq!(outcome["units"], expect["units"], "{place}: units");
    if expect["winner"].is_string() {
        assert_eq!(outcome["price"], expect["price"], "{place}: price");
    }
    for (name, field) in [("price", "current_price"), ("count", "bid_count")] {
        if let Some(value) = expect.get(name) {
            assert_eq!(&seen[field], value, "{place}: {name}");
        }
    }
    if let Some(reserve) = expect.get("reserve") {
        assert_eq!(&player.view("admin").await["reserve"], reserve, "{place}: reserve");
    }
    let awards: Vec<_> =
        player.events("awarded").await.iter().flat_map(|event| rows(&event["awards"])).collect();
    let expected: Vec<_> = expect["awards"].as_array().into_iter().flatten().cloned().collect();
    assert_eq!(awards, expected, "{place}: awards");
    won(player, expect, place).await;
}

fn rows(awards: &Value) -> Vec<Value> {
    let row = |award: &Value| json!({"bidder": named(&award["user"]), "units": award["quantity"], "price": award["price"]});
    awards.as_array().unwrap().iter().map(row).collect()
}

/// Whoever has won finds it among what they have won, and nobody else does.
async fn won(player: &Player<'_>, expect: &Value, place: &str) {
    for name in ["A", "B", "C", "D"] {
        let list = player.house.get(token(name), "auctions/won_auctions/").await.json();
        let found = list.as_array().unwrap().iter().find(|row| row["id"] == player.auction);
        let awarded =
            expect["awards"].as_array().into_iter().flatten().filter(|award| award["bidder"] == name);
        let awarded: u64 = awarded.map(|award| award["units"].as_u64().unwrap()).sum();
        let units = if expect["winner"] == name { 1 } else { awarded };
        // Of units that were bought one by one the examples tell no more than how many there were.
        let is_stock = expect["units"].is_u64() && expect["awards"].is_null();
        if !is_stock {
            assert_eq!(found.map_or(0, |row| row["quantity"].as_u64().unwrap()), units, "{place}: {name}");
        }
        if expect["winner"] == name {
            assert_eq!(found.unwrap()["winning_price"], expect["price"], "{place}: {name}");
        }
    }
}
