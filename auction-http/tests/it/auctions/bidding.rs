use super::house::{House, open_terms};
use serde_json::{Value, json};
use std::sync::Arc;

on_each_store! {
    a_bid_is_answered_with_what_it_did,
    a_price_is_needed_once_and_one_lot_is_sold,
    a_lot_is_bought_at_once_and_then_it_is_sold,
    of_a_hundred_equal_bids_at_once_one_is_accepted,
    of_fifty_purchases_at_once_one_is_made,
    a_bid_near_the_end_moves_it,
}

async fn a_bid_is_answered_with_what_it_did() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let first = json!({
        "id": (1 << 24) + 2, "version": 2, "price": "20.00", "leading": true, "current_price": "20.00",
        "minimum_bid": "21.00", "ends_at": "2026-01-01T13:00:00Z",
    });
    assert_eq!(house.bid("ann", auction, "20.00").await.told(), (201, first));
    let second = json!({
        "id": (1 << 24) + 3, "version": 3, "price": "50.00", "leading": true, "current_price": "21.00",
        "minimum_bid": "22.00", "ends_at": "2026-01-01T13:00:00Z",
    });
    assert_eq!(house.max("bob", auction, "50.00").await.told(), (201, second));
    let outbid_at_once = json!({
        "id": (1 << 24) + 4, "version": 4, "price": "30.00", "leading": false, "current_price": "31.00",
        "minimum_bid": "32.00", "ends_at": "2026-01-01T13:00:00Z",
    });
    assert_eq!(house.max("ann", auction, "30.00").await.told(), (201, outbid_at_once));
    let raise_that_nobody_sees = json!({
        "id": (1 << 24) + 3, "version": 3, "price": "60.00", "leading": true, "current_price": "31.00",
        "minimum_bid": "32.00", "ends_at": "2026-01-01T13:00:00Z",
    });
    let raised = house.max("bob", auction, "60.00").await;
    assert_eq!(raised.status, 201);
    let told = raised.json();
    assert_eq!(told["id"], raise_that_nobody_sees["id"], "{told}");
    assert_eq!(told["current_price"], "31.00");
    let seen = house.get("ann", "auctions/1/").await.json();
    let expected =
        json!(["31.00", 3, 5, {"user": "b***b@example.org", "price": "31.00"}, "31.00", true, false]);
    let fields =
        ["current_price", "bid_count", "version", "last_vote", "current_bid", "is_participant", "leading"];
    assert_eq!(Value::from_iter(fields.map(|field| seen[field].clone())), expected);
    let to_bob = house.get("bob", "auctions/1/").await.json();
    assert_eq!(
        to_bob["last_vote"],
        json!({"user": "bob@example.org", "price": "31.00"}),
        "to oneself in full"
    );
    assert_eq!(to_bob["leading"], json!(true));
}

async fn a_price_is_needed_once_and_one_lot_is_sold() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let path = format!("auctions/{auction}/bids/");
    for (body, expected) in [
        ("{}", json!({"price": ["This field is required."], "code": "invalid"})),
        (r#"{"price":null}"#, json!({"price": ["This field may not be null."], "code": "invalid"})),
        (
            r#"{"price":"20.00","max":"30.00"}"#,
            json!({"max": ["Give either price or max."], "code": "invalid"}),
        ),
        (
            r#"{"price":"20.00","quantity":2}"#,
            json!({"quantity": ["Must be 1 in this format."], "code": "invalid"}),
        ),
        (
            r#"{"quantity":"x"}"#,
            json!({
                "quantity": ["A valid integer is required."], "price": ["This field is required."],
                "code": "invalid",
            }),
        ),
    ] {
        assert_eq!(house.send("ann", "POST", &path, body).await.told(), (400, expected), "{body}");
    }
    for body in [r#"{"price":"20.00","max":null,"quantity":1}"#, r#"{"max":"30.00","price":null}"#] {
        assert_eq!(house.send("ann", "POST", &path, body).await.status, 201, "{body}");
    }
}

async fn a_lot_is_bought_at_once_and_then_it_is_sold() {
    let house = House::open().await;
    let terms = json!({"participation": "open", "buy_now": {"price": "100.00", "rule": "always"}});
    let auction = house.sell(terms.clone()).await;
    let path = format!("auctions/{auction}/buy/");
    assert_eq!(house.get("", "auctions/1/").await.json()["buy_now_price"], "100.00");
    let low = house.post("ann", &path, &json!({"price": "99.99"})).await;
    let too_low =
        json!({"detail": "Bid must be at least 100.00.", "code": "below_minimum", "minimum_bid": "100.00"});
    assert_eq!(low.told(), (400, too_low));
    assert_eq!(house.post("sally", &path, &json!({"price": "100.00"})).await.code().1, "seller_cannot_bid");
    let bought = house.post("ann", &path, &json!({"price": "100.00"})).await;
    let expected = json!({
        "id": null, "version": 2, "price": "100.00", "leading": true, "current_price": "100.00",
        "minimum_bid": "10.01", "ends_at": "2026-01-01T13:00:00Z",
    });
    assert_eq!(bought.told(), (201, expected));
    assert_eq!(
        house.post("bob", &path, &json!({"price": "100.00"})).await.code(),
        (409, "already_sold".into())
    );
    assert_eq!(house.bid("bob", auction, "50.00").await.code(), (409, "already_sold".into()));
    let seen = house.get("bob", "auctions/1/").await.json();
    assert_eq!(seen["status"], "ended");
    assert_eq!(seen["current_price"], "100.00");
    let outcome = json!({"result": "bought_now", "price": "100.00", "winner": "a***n@example.org"});
    assert_eq!(seen["outcome"], outcome);
    // A bid at or above the price buys, too.
    let other = house.sell(terms).await;
    let bought = house.max("bob", other, "500.00").await;
    assert_eq!((bought.status.as_u16(), &bought.json()["current_price"]), (201, &json!("100.00")));
}

async fn of_a_hundred_equal_bids_at_once_one_is_accepted() {
    let house = Arc::new(House::open().await);
    let auction = house.sell(open_terms()).await;
    let bidders = ["ann", "bob", "cyd", "dan"];
    let bids: Vec<_> = (0..100)
        .map(|number| {
            let house = Arc::clone(&house);
            tokio::spawn(async move { house.bid(bidders[number % 4], auction, "20.00").await.code() })
        })
        .collect();
    let mut accepted = 0;
    for bid in bids {
        match bid.await.unwrap() {
            (201, _) => accepted += 1,
            (400, code) => assert!(matches!(code.as_str(), "below_minimum" | "already_leading"), "{code}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(accepted, 1);
    let rows = house.get("", &format!("auctions/{auction}/bids/")).await.json();
    assert_eq!(rows.as_array().unwrap().len(), 1);
}

async fn of_fifty_purchases_at_once_one_is_made() {
    let house = Arc::new(House::open().await);
    let auction = house.sell(json!({"participation": "open", "buy_now": {"price": "100.00"}})).await;
    let purchases: Vec<_> = (0..50)
        .map(|number| {
            let house = Arc::clone(&house);
            let who = ["ann", "bob", "cyd", "dan"][number % 4];
            let body = json!({"price": "100.00"});
            tokio::spawn(
                async move { house.post(who, &format!("auctions/{auction}/buy/"), &body).await.code() },
            )
        })
        .collect();
    let mut made = 0;
    for purchase in purchases {
        match purchase.await.unwrap() {
            (201, _) => made += 1,
            other => assert_eq!(other, (409, "already_sold".to_owned())),
        }
    }
    assert_eq!(made, 1);
}

async fn a_bid_near_the_end_moves_it() {
    let house = House::open().await;
    let mut terms = open_terms();
    terms["closing"] = json!({"kind": "reset", "window_s": 180});
    let auction = house.sell(terms).await;
    house.pass(3_590);
    let bid = house.bid("ann", auction, "20.00").await.json();
    assert_eq!(bid["ends_at"], "2026-01-01T13:02:50Z");
    let seen = house.get("", "auctions/1/").await.json();
    assert_eq!((&seen["end_date_time"], &seen["effective_end"]), (&bid["ends_at"], &bid["ends_at"]));
    house.pass(180);
    assert_eq!(house.bid("bob", auction, "30.00").await.code(), (409, "ended".into()));
}
