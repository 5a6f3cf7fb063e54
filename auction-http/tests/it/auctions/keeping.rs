//! Answers that are kept are as good as new ones.

use super::house::{House, open_terms};
use auction_core::Span;
use serde_json::{Value, json};

on_each_store! {
    a_list_shows_a_bid_as_soon_as_it_is_acknowledged,
    a_new_title_is_shown_at_once,
    an_answer_has_the_time_at_which_it_is_given,
    an_auction_is_shown_as_open_from_the_moment_of_its_start,
    an_auction_is_shown_as_over_from_the_end_of_the_grace,
    what_somebody_sees_of_themselves_is_not_shown_to_others,
}

/// The pages on which an auction is shown, all of which have been asked for before.
const PAGES: [&str; 3] = ["auctions/?page_size=20", "auctions/1/", "auctions/featured/"];

/// The auction as each page shows it to somebody who is not signed in.
async fn shown(house: &House) -> [Value; 3] {
    let mut rows = [Value::Null, Value::Null, Value::Null];
    for (row, page) in rows.iter_mut().zip(PAGES) {
        let answer = house.get("", page).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let body = answer.json();
        *row = body.get("results").map_or(&body, |results| results).clone();
        if let Some(first) = row.as_array().map(|rows| rows.first().cloned().unwrap_or_default()) {
            *row = first;
        }
    }
    rows
}

async fn a_list_shows_a_bid_as_soon_as_it_is_acknowledged() {
    let house = House::open().await;
    house.sell(open_terms()).await;
    for price in ["10.00", "11.00", "12.00"] {
        shown(&house).await;
        assert_eq!(house.bid("bob", 1, price).await.status, 201);
        for row in shown(&house).await {
            assert_eq!(row["current_price"], price, "{row}");
        }
    }
}

async fn a_new_title_is_shown_at_once() {
    let house = House::open().await;
    house.sell_with(json!({ "start_date_time": "2026-01-01T12:30:00Z" })).await;
    shown(&house).await;
    let title = json!({ "title": "Kelim" });
    assert_eq!(house.send("sally", "PATCH", "auctions/1/", &title.to_string()).await.status, 200);
    for row in shown(&house).await {
        assert_eq!(row["title"], "Kelim");
    }
}

async fn an_answer_has_the_time_at_which_it_is_given() {
    let house = House::open().await;
    house.sell_with(json!({ "title": r#"x","server_time":1111111111111,"y"# })).await;
    let first = shown(&house).await;
    house.clock.advance(Span::from_millis(7));
    for (before, after) in first.into_iter().zip(shown(&house).await) {
        assert_eq!(after["server_time"].as_i64(), before["server_time"].as_i64().map(|time| time + 7));
        assert_eq!(after["title"], before["title"]);
    }
}

async fn an_auction_is_shown_as_open_from_the_moment_of_its_start() {
    let house = House::open().await;
    let times = json!({
        "start_date_time": "2026-01-01T12:00:00.050Z", "end_date_time": "2026-01-01T13:00:00Z",
    });
    house.sell_with(times).await;
    house.clock.advance(Span::from_millis(49));
    assert!(shown(&house).await.iter().all(|row| row["status"] == "scheduled"));
    house.clock.advance(Span::from_millis(1));
    assert!(shown(&house).await.iter().all(|row| row["status"] == "started"));
}

async fn an_auction_is_shown_as_over_from_the_end_of_the_grace() {
    let house = House::open().await;
    house.sell_with(json!({ "end_date_time": "2026-01-01T12:00:00.050Z" })).await;
    house.clock.advance(Span::from_millis(349));
    assert_eq!(house.get("", PAGES[1]).await.json()["status"], "started");
    house.clock.advance(Span::from_millis(1));
    assert_eq!(house.get("", PAGES[1]).await.json()["status"], "ended");
}

async fn what_somebody_sees_of_themselves_is_not_shown_to_others() {
    let house = House::open().await;
    house.sell(open_terms()).await;
    house.bid("bob", 1, "10.00").await;
    let of_bob = house.get("bob", "auctions/1/").await.json();
    assert_eq!((of_bob["leading"].clone(), of_bob["is_participant"].clone()), (json!(true), json!(true)));
    let of_all = house.get("", "auctions/1/").await.json();
    assert_eq!((of_all["leading"].clone(), of_all["is_participant"].clone()), (json!(false), json!(false)));
    assert_eq!(house.get("bob", "auctions/1/").await.json()["leading"], true);
}
