//! The examples of bids that are taken back or struck, and of candles.

use super::player::{Player, named, number, token};
use crate::auctions::house::{Answer, House};
use serde_json::{Value, json};

on_all_stores! {
    bids_are_taken_back_and_struck_as_in_the_examples,
    candles_burn_as_in_the_examples,
}

const RETRACTION: &str = include_str!("../../../../../auction-core/testdata/rules/retraction.json");
const CANDLE: &str = include_str!("../../../../../auction-core/testdata/rules/candle.json");

/// Strikes a change of a maximum that nobody saw, which has no row by which it could be named over HTTP.
const WITHOUT_A_ROW: &str = "raise-goes-alone";

async fn bids_are_taken_back_and_struck_as_in_the_examples() {
    play_all(RETRACTION).await;
}

/// Which sample is drawn depends on the number of the auction as well, and the examples are told of this one.
const NUMBER: u64 = 7;

async fn candles_burn_as_in_the_examples() {
    let examples: Vec<Value> = serde_json::from_str(CANDLE).unwrap();
    assert!(examples.len() >= 10);
    for example in &examples {
        let house = House::open().await;
        for _ in 1..NUMBER {
            house.sell(json!({})).await;
        }
        play_one(&house, 0, example).await;
    }
}

async fn play_all(text: &str) {
    let examples: Vec<Value> = serde_json::from_str(text).unwrap();
    assert!(examples.len() >= 10);
    let house = House::open().await;
    for (place, example) in (0..).zip(examples.iter().filter(|example| example["id"] != WITHOUT_A_ROW)) {
        play_one(&house, place, example).await;
    }
}

async fn play_one(house: &House, place: u32, example: &Value) {
    let mut player = Player::open(house, place, example).await;
    for (index, step) in example["steps"].as_array().unwrap().iter().enumerate() {
        let place = format!("{}, step {}", example["id"], index + 1);
        player.wait(step);
        let answer = play(&mut player, step).await;
        match step.get("expect_refusal") {
            Some(refusal) => assert_eq!(answer.json()["code"], refusal["code"], "{place}"),
            None => assert!(answer.status.is_success(), "{place}: {}", answer.text),
        }
        if let Some(expect) = step.get("expect") {
            stands(&player, expect, example, &place).await;
        }
    }
}

async fn play(player: &mut Player<'_>, step: &Value) -> Answer {
    let by = |field: &str| token(step[field].as_str().unwrap());
    for (field, name, call) in
        [("max", "max", "bids"), ("straight", "price", "bids"), ("buy", "price", "buy")]
    {
        if let Some(amount) = step.get(field) {
            return player.ask(by("bidder"), call, &json!({ name: amount })).await;
        }
    }
    if step["retract"].is_string() {
        return player.ask(by("retract"), "retract", &json!({"reason": "A slip of the pen."})).await;
    }
    let void = &step["void"];
    if void.is_object() {
        let reason = "A slip of the pen.";
        let row = |row: u64| json!({"bid": row, "reason": reason});
        let body = match (void["of"].as_str(), void["step"].as_u64(), void["revision"].as_u64()) {
            (Some(who), _, _) => json!({"user": number(who), "reason": reason}),
            (_, Some(step), _) => row(player.row_of_step(step)),
            (_, _, revision) => row((player.auction << 24) + revision.unwrap()),
        };
        return player.ask(by("by"), "void", &body).await;
    }
    match step["do"].as_str().unwrap() {
        "end" => {
            player.advance().await;
            player.skip();
            player.house.get("admin", &format!("auctions/{}/", player.auction)).await
        }
        what => player.ask(by("by"), what, &json!({})).await,
    }
}

async fn stands(player: &Player<'_>, expect: &Value, example: &Value, place: &str) {
    let seen = player.view("").await;
    // Of a lot that was bought everybody is shown the sale; the examples tell of the bids before it.
    let is_bought = expect["outcome"] == "bought_now";
    let fields = [("price", "current_price"), ("minimum", "minimum_bid"), ("bids", "bid_count")];
    for (name, field) in fields.into_iter().filter(|(name, _)| !is_bought || *name != "price") {
        if let Some(value) = expect.get(name) {
            assert_eq!(&seen[field], value, "{place}: {name}");
        }
    }
    let leader = seen["last_vote"].as_object().map(|vote| named(&vote["user"]));
    let expected = if is_bought { &expect["winner"] } else { &expect["leader"] };
    assert_eq!(leader, expected.as_str(), "{place}: leader");
    if let Some(buy_now) = expect["buy_now"].as_str() {
        assert_eq!(seen["buy_now_price"].as_str().unwrap_or("none"), buy_now, "{place}: buy now");
    }
    if let Some(ends_at) = expect.get("ends_at") {
        assert_eq!(seen["end_date_time"], player.time(ends_at), "{place}: end");
    }
    if let Some(reserve) = expect.get("reserve") {
        assert_eq!(&player.view("admin").await["reserve"], reserve, "{place}: reserve");
    }
    assert_eq!(seen["outcome"]["result"], expect["outcome"], "{place}: outcome");
    assert_eq!(seen["outcome"]["price"], expect["hammer"], "{place}: hammer price");
    let own = |name: &str| format!("bids/?auction={}{name}", player.auction);
    for (name, standing) in expect["standings"].as_object().into_iter().flatten() {
        let rows = player.house.get(token(name), &own("")).await.json();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len() as u64, standing[0].as_u64().unwrap(), "{place}: bids of {name}");
        if let Some(row) = rows.first() {
            assert_eq!(row["max"], standing[1], "{place}: the maximum of {name}");
        }
    }
    let draws = player.events("drawn").await;
    if let Some(drawn_end) = expect["drawn_end"].as_str() {
        let expected = if drawn_end == "none" { Value::Null } else { player.time(&expect["drawn_end"]) };
        assert_eq!(
            draws.first().map_or(&Value::Null, |event| &event["draw"]["ended_at"]),
            &expected,
            "{place}"
        );
        assert!(draws.iter().all(|event| event["draw"]["seed"] == example["seed"]), "{place}");
    }
}
