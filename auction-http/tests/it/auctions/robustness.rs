use super::house::{Answer, House, open_terms};
use auction_core::Span;
use auction_core::memory::SeededEntropy;
use auction_http::auctions::{AuctionRoom, router};
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;

on_each_store! {
    a_body_that_dribbles_over_the_end_is_late,
    nothing_is_answered_that_is_not_described,
}

/// The clock is read when the whole request has been read.
async fn a_body_that_dribbles_over_the_end_is_late() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    house.clock.advance(Span::from_micros(3_600_000_000 - 1));
    let send = async |late: bool| -> Answer {
        let clock = Arc::clone(&house.clock);
        let chunks = stream::iter([r#"{"price":"#, r#""20.00"}"#].into_iter().enumerate());
        let body = futures_util::StreamExt::map(chunks, move |(number, chunk)| {
            if late && number == 1 {
                clock.advance(Span::from_micros(1));
            }
            Ok::<_, Infallible>(chunk)
        });
        let request = Request::post(format!("/api/auctions/{auction}/bids/"))
            .header(header::AUTHORIZATION, "Token ann")
            .header(header::CONTENT_TYPE, "application/json");
        house.raw("ann", request.body(Body::from_stream(body)).unwrap()).await
    };
    assert_eq!(send(true).await.code(), (409, "ended".to_owned()));
    house.clock.set(super::house::time("2026-01-01T12:59:59.999999Z"));
    assert_eq!(send(false).await.status, 201);
}

const BODIES: [&str; 16] = [
    "",
    "{}",
    "[]",
    "null",
    "{\"price\":",
    "{\"price\":1e309}",
    "{\"price\":\"20.00\"}",
    "{\"price\":\"9999999999999.99\"}",
    "{\"max\":25}",
    "{\"max\":{\"$ne\":null}}",
    "{\"title\":\"\\ud800\"}",
    "{\"title\":7,\"terms\":{\"closing\":{\"kind\":\"add\",\"window_s\":-1}}}",
    "{\"end_date_time\":\"9999-12-31T23:59:59Z\",\"start_date_time\":\"0000-01-01T00:00:00Z\"}",
    "{\"terms\":{\"increments\":{\"kind\":\"table\",\"brackets\":[[\"0\",\"0\"]]}},\"category\":1.5}",
    "{\"starting_price\":\"0.00\",\"currency\":\"XAU\",\"draft\":1}",
    "\u{feff}{\"price\":\"20.00\"}",
];

const QUERIES: [&str; 8] = [
    "",
    "?page=4294967295&page_size=100",
    "?after=9007199254740991",
    "?before=18446744073709551615",
    "?since=18446744073709551615",
    "?search=%00%ff'%22*&ordering=-title",
    "?ends_before=9999-12-31T23:59:59.999999999Z&min_price=0.0001",
    "?%ff=%fe&&&==",
];

/// Every call with every kind of nonsense, by everybody.
async fn nothing_is_answered_that_is_not_described() {
    let (_, api) = router::<AuctionRoom>().split_for_parts();
    let api: Value = serde_json::from_str(&api.to_json().unwrap()).unwrap();
    let house = House::open().await;
    house.sell(open_terms()).await;
    house.sell_with(json!({"draft": true})).await;
    let entropy = SeededEntropy::new(7);
    let pick = |count: usize| usize::try_from(entropy.below(count as u64)).unwrap();
    for _ in 0..200 {
        for (path, item) in api["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                let id = ["1", "2", "3", "77", "x"][pick(5)];
                let path = path.trim_start_matches('/').replace("{id}", id);
                let who = ["", "ann", "bob", "sally", "admin", "nora", "banned", "nobody"][pick(8)];
                let (query, body) = (QUERIES[pick(QUERIES.len())], BODIES[pick(BODIES.len())]);
                let key = [None, Some("k"), Some("two words")][pick(3)];
                let path = format!("{path}{query}");
                let answer = house.send_keyed(who, &method.to_uppercase(), &path, body, key).await;
                let status = answer.status.as_str();
                let context = format!("{method} {path} {who} {body} {key:?}: {status} {}", answer.text);
                assert!(call["responses"].get(status).is_some() && !status.starts_with('5'), "{context}");
                if answer.status.is_client_error() {
                    assert!(answer.json()["code"].is_string(), "{context}");
                }
                house.pass(u32::from(pick(10) == 0));
            }
        }
    }
}
