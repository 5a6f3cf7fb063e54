use super::house::{House, open_terms};
use serde_json::json;

on_each_store! {
    a_repeated_bid_is_answered_byte_for_byte,
    a_refused_command_leaves_its_key_free,
    purchases_joins_and_transitions_are_repeated_likewise,
    keys_that_are_none_are_refused_and_nothing_happens,
}

const KEY: Option<&str> = Some("k-1");

async fn a_repeated_bid_is_answered_byte_for_byte() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let path = format!("auctions/{auction}/bids/");
    let bid = r#"{"max":"20.00"}"#;
    let first = house.send_keyed("ann", "POST", &path, bid, KEY).await;
    assert_eq!(first.status, 201);
    house.pass(60);
    house.max("bob", auction, "50.00").await;
    // Written differently, and the same.
    for again in [bid, r#"{ "max": 20 }"#, r#"{"max":20.0,"note":"ignored"}"#] {
        let repeated = house.send_keyed("ann", "POST", &path, again, KEY).await;
        assert_eq!((repeated.status, &repeated.text), (first.status, &first.text), "{again}");
    }
    let reused = json!({
        "detail": "This idempotency key was used for another request.", "code": "idempotency_key_reused",
    });
    for other in [r#"{"max":"21.00"}"#, r#"{"price":"20.00"}"#, r#"{"price":"1.00"}"#] {
        let told = house.send_keyed("ann", "POST", &path, other, KEY).await.told();
        assert_eq!(told, (422, reused.clone()), "{other}");
    }
    // Somebody else's key, and another auction's, are others.
    let theirs = house.send_keyed("cyd", "POST", &path, r#"{"max":"30.00"}"#, KEY).await;
    assert_eq!(theirs.status, 201);
    let other = house.sell(open_terms()).await;
    let there = format!("auctions/{other}/bids/");
    assert_eq!(house.send_keyed("ann", "POST", &there, r#"{"max":"21.00"}"#, KEY).await.status, 201);
    let rows = house.get("", &path).await.json();
    assert_eq!(rows.as_array().unwrap().iter().filter(|row| row["kind"] == "max").count(), 3);
    // After the end, too; and a receipt comes before who may bid.
    house.pass(7_200);
    house.tick(auction).await;
    let late = house.send_keyed("ann", "POST", &path, bid, KEY).await;
    assert_eq!((late.status, &late.text), (first.status, &first.text));
}

async fn a_refused_command_leaves_its_key_free() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let path = format!("auctions/{auction}/bids/");
    assert_eq!(house.send_keyed("ann", "POST", &path, r#"{"price":"1.00"}"#, KEY).await.status, 400);
    assert_eq!(house.send_keyed("ann", "POST", &path, r#"{"price":"20.00"}"#, KEY).await.status, 201);
}

async fn purchases_joins_and_transitions_are_repeated_likewise() {
    let house = House::open().await;
    let terms = json!({"join_until": "end", "buy_now": {"price": "100.00"}});
    house.sell(terms).await;
    let calls = [
        ("ann", "join_auction", "{}"),
        ("admin", "pause", "{}"),
        ("admin", "resume", "{}"),
        ("ann", "buy", r#"{"price":"100.00"}"#),
    ];
    for (number, (who, call, body)) in calls.iter().enumerate() {
        let path = format!("auctions/1/{call}/");
        let key = format!("key-{number}");
        let first = house.send_keyed(who, "POST", &path, body, Some(&key)).await;
        assert!(first.status.is_success(), "{call}: {}", first.text);
        house.pass(1);
        let again = house.send_keyed(who, "POST", &path, body, Some(&key)).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{call}");
    }
    let reused = house.send_keyed("admin", "POST", "auctions/1/resume/", "{}", Some("key-1")).await;
    assert_eq!(reused.code(), (422, "idempotency_key_reused".to_owned()));
}

async fn keys_that_are_none_are_refused_and_nothing_happens() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let path = format!("auctions/{auction}/bids/");
    let long = "k".repeat(65);
    let huge = "k".repeat(10_000);
    for key in ["", "two words", "schl\u{fc}ssel", &long, &huge] {
        let answer = house.send_keyed("ann", "POST", &path, r#"{"price":"20.00"}"#, Some(key)).await;
        let expected = json!({
            "detail": "An idempotency key has 1 to 64 visible ASCII characters.",
            "code": "invalid_idempotency_key",
        });
        assert_eq!(answer.told(), (400, expected), "{key:?}");
    }
    assert_eq!(house.get("", &path).await.told(), (200, json!([])));
    let longest = "k".repeat(64);
    let answer = house.send_keyed("ann", "POST", &path, r#"{"price":"20.00"}"#, Some(&longest)).await;
    assert_eq!(answer.status, 201);
}
