//! The worked examples of the rules, through HTTP.

use super::house::House;
use serde_json::{Map, Value, json};

on_each_store! {
    the_worked_examples_come_out_over_http,
}

const ENGLISH: &str = include_str!("../../../../auction-core/testdata/rules/english.json");

async fn the_worked_examples_come_out_over_http() {
    let examples: Vec<Value> = serde_json::from_str(ENGLISH).unwrap();
    assert!(!examples.is_empty());
    for example in &examples {
        run(example).await;
    }
}

async fn run(example: &Value) {
    let house = House::open().await;
    let mut terms = example["terms"].clone();
    terms["participation"] = json!("open");
    let auction = house
        .sell_with(json!({
            "terms": terms, "starting_price": example["starting_price"], "currency": example["currency"],
        }))
        .await;
    for (number, step) in example["steps"].as_array().unwrap().iter().enumerate() {
        let place = format!("{}, step {}", example["id"], number + 1);
        let who = person(&step["bidder"]);
        let body: Map<_, _> = ["price", "straight", "max"]
            .into_iter()
            .filter_map(|name| {
                let name_on_the_wire = if name == "straight" { "price" } else { name };
                Some((name_on_the_wire.to_owned(), step.get(name)?.clone()))
            })
            .collect();
        let path = format!("auctions/{auction}/bids/");
        let answer = house.post(who, &path, &Value::Object(body)).await;
        let expected = &step["expect"];
        if let Some(refusal) = step.get("expect_refusal") {
            let told = answer.json();
            assert_eq!((answer.status.as_u16(), &told["code"]), (400, &refusal["code"]), "{place}");
            if let Some(minimum) = refusal.get("minimum") {
                assert_eq!(&told["minimum_bid"], minimum, "{place}");
            }
            continue;
        }
        assert_eq!(answer.status, 201, "{place}: {}", answer.text);
        let seen = house.get(who, &format!("auctions/{auction}/")).await.json();
        for (name, field) in [("price", "current_price"), ("minimum", "minimum_bid"), ("reserve", "reserve")]
        {
            if let Some(value) = expected.get(name) {
                assert_eq!(&seen[field], value, "{place}: {name}");
            }
        }
        if let Some(leader) = expected.get("leader") {
            let leading = !leader.is_null() && person(leader) == who;
            assert_eq!(seen["leading"], json!(leading), "{place}");
            assert_eq!(seen["last_vote"].is_null(), leader.is_null(), "{place}");
        }
    }
}

fn person(name: &Value) -> &'static str {
    match name.as_str().unwrap() {
        "A" => "ann",
        "B" => "bob",
        "C" => "cyd",
        "D" => "dan",
        other => panic!("nobody is called {other}"),
    }
}
