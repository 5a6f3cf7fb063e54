use super::house::{House, NOON, open_terms, time};
use auction_core::Span;
use serde_json::{Value, json};

on_each_store! {
    a_bid_is_refused_with_the_first_reason_that_applies,
    a_wrong_scale_is_found_before_who_may_bid,
    a_bid_is_refused_by_the_status_and_then_by_its_amount,
    the_first_bid_is_told_by_the_policy_of_the_auction,
    joining_is_refused_as_the_contract_says,
    requests_that_are_no_json_are_refused,
}

fn told(status: u16, detail: &str, code: &str) -> (u16, Value) {
    (status, json!({"detail": detail, "code": code}))
}

/// Each bid is wrong in every later way as well: the first reason is the one that is given.
async fn a_bid_is_refused_with_the_first_reason_that_applies() {
    let house = House::open().await;
    let auction = house.sell(json!({})).await;
    let bad = json!({"price": "nonsense"});
    let here = format!("auctions/{auction}/bids/");
    let nowhere = "auctions/77/bids/";
    let post = async |who: &str, path: &str, body: &Value| house.post(who, path, body).await.told();
    let anonymous = "Authentication credentials were not provided.";
    assert_eq!(post("", nowhere, &bad).await, told(401, anonymous, "not_authenticated"));
    assert_eq!(post("mallory", nowhere, &bad).await, told(401, "Invalid token.", "invalid_token"));
    let unverified = "Account is not verified. Please verify your email.";
    for body in [&bad, &json!({"price": "20.00"})] {
        for path in
            [nowhere, &here, "auctions/abc/bids/", "auctions/0/bids/", "auctions/99999999999999999999/bids/"]
        {
            assert_eq!(post("nora", path, body).await, told(403, unverified, "account_not_verified"));
            assert_eq!(
                post("banned", path, body).await,
                told(403, "This account is banned.", "account_banned")
            );
        }
        for path in [nowhere, "auctions/abc/bids/", "auctions/0/bids/", "auctions/99999999999999999999/bids/"]
        {
            assert_eq!(post("ann", path, body).await, told(404, "Not found.", "not_found"));
        }
    }
    // Malformed comes before everything that the state says, a bad key among it.
    let invalid = post("sally", &here, &bad).await;
    assert_eq!((invalid.0, &invalid.1["code"]), (400, &json!("invalid_price")));
    let key = "two words";
    let keyed = house.send_keyed("sally", "POST", &here, r#"{"price":"1.00"}"#, Some(key)).await;
    assert_eq!(keyed.code(), (400, "invalid_idempotency_key".to_owned()));
    let low = json!({"price": "1.00"});
    let own = "You cannot bid on your own auction.";
    assert_eq!(post("sally", &here, &low).await, told(403, own, "seller_cannot_bid"));
    let stranger = "You are not a participant of this auction.";
    assert_eq!(post("ann", &here, &low).await, told(403, stranger, "not_participant"));
}

async fn a_wrong_scale_is_found_before_who_may_bid() {
    let house = House::open().await;
    let auction = house.sell(json!({})).await;
    let expected = json!({
        "detail": "Invalid price format.", "code": "invalid_price",
        "reason": "at most 2 digits are allowed after the decimal point",
    });
    for who in ["sally", "ann"] {
        assert_eq!(house.bid(who, auction, "20.001").await.told(), (400, expected.clone()));
    }
}

async fn a_bid_is_refused_by_the_status_and_then_by_its_amount() {
    let house = House::open().await;
    let mut terms = open_terms();
    terms["max_jump"] = json!("10");
    let later = json!({"start_date_time": "2026-01-01T12:30:00Z", "terms": terms});
    let auction = house.sell_with(later).await;
    let low = async || house.bid("ann", auction, "1.00").await.told();
    let not_started = json!({
        "detail": "The auction has not started yet.", "code": "not_started",
        "start_date_time": "2026-01-01T12:30:00Z",
    });
    assert_eq!(low().await, (409, not_started));
    house.clock.advance(Span::from_micros(1_800_000_000 - 1));
    assert_eq!(low().await.1["code"], "not_started");
    house.clock.advance(Span::from_micros(1));
    let below_start = json!({
        "detail": "Bid must be at least the starting price of 10.00.", "code": "below_starting_price",
        "starting_price": "10.00", "minimum_bid": "10.00",
    });
    assert_eq!(low().await, (400, below_start));
    let jump =
        json!({"detail": "Bid must be at most 100.00.", "code": "exceeds_max_jump", "maximum_bid": "100.00"});
    assert_eq!(house.bid("ann", auction, "100.01").await.told(), (400, jump));
    assert_eq!(house.bid("bob", auction, "20.00").await.status, 201);
    let below =
        json!({"detail": "Bid must be at least 21.00.", "code": "below_minimum", "minimum_bid": "21.00"});
    assert_eq!(low().await, (400, below.clone()));
    assert_eq!(house.bid("ann", auction, "20.99").await.told(), (400, below));
    let leading = told(400, "You are already the highest bidder.", "already_leading");
    assert_eq!(house.bid("bob", auction, "20.00").await.told(), leading);
    let path = format!("auctions/{auction}/pause/");
    assert_eq!(house.post("admin", &path, &json!({})).await.status, 200);
    assert_eq!(low().await, told(409, "The auction is paused.", "paused"));
    house.post("admin", &format!("auctions/{auction}/resume/"), &json!({})).await;
    // The stamp of the server decides: a microsecond before the end, and at it.
    house.clock.advance(Span::from_micros(1_800_000_000 - 1));
    assert_eq!(house.bid("ann", auction, "25.00").await.status, 201);
    house.clock.advance(Span::from_micros(1));
    assert_eq!(low().await, told(409, "The auction has ended.", "ended"));
    house.tick(auction).await;
    assert_eq!(low().await, told(409, "The auction has ended.", "ended"));
    house.clock.set(time(NOON));
    let other = house.sell(open_terms()).await;
    assert_eq!(house.post("admin", &format!("auctions/{other}/cancel/"), &json!({})).await.status, 200);
    let refused = house.bid("ann", other, "1.00").await.told();
    assert_eq!(refused, told(409, "The auction was cancelled.", "cancelled"));
}

async fn the_first_bid_is_told_by_the_policy_of_the_auction() {
    let house = House::open().await;
    for (policy, sentence) in [
        ("above", "Bid must be higher than the starting price of 10.00."),
        ("at_least", "Bid must be at least the starting price of 10.00."),
        ("plus_increment", "Bid must be at least 11.00."),
    ] {
        let mut terms = open_terms();
        terms["first_bid"] = json!(policy);
        let auction = house.sell(terms).await;
        let refused = house.bid("ann", auction, "9.99").await.json();
        assert_eq!(refused["detail"], sentence);
    }
}

async fn joining_is_refused_as_the_contract_says() {
    let house = House::open().await;
    let later = json!({"start_date_time": "2026-01-01T12:30:00Z"});
    let auction = house.sell_with(later).await;
    let path = format!("auctions/{auction}/join_auction/");
    let join = async |who: &str| house.post(who, &path, &json!({})).await.told();
    assert_eq!(join("").await.0, 401);
    assert_eq!(join("nora").await.1["code"], "account_not_verified");
    assert_eq!(join("banned").await.1["code"], "account_banned");
    assert_eq!(join("sally").await, told(403, "You cannot bid on your own auction.", "seller_cannot_bid"));
    let joined = (200, json!({"message": "Successfully joined the auction."}));
    assert_eq!(join("ann").await, joined);
    let again = told(400, "You are already a participant in this auction.", "already_joined");
    assert_eq!(join("ann").await, again);
    house.pass(1_800);
    assert_eq!(join("ann").await, again);
    assert_eq!(join("bob").await, told(400, "This auction can no longer be joined.", "join_closed"));
    let nowhere = house.post("ann", "auctions/77/join_auction/", &json!({})).await.told();
    assert_eq!(nowhere, told(404, "Not found.", "not_found"));
}

async fn requests_that_are_no_json_are_refused() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let path = format!("/api/auctions/{auction}/bids/");
    for kind in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let mut request = axum::http::Request::post(&path).header("Authorization", "Token ann");
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        let body = axum::body::Body::from(r#"{"price":"20.00"}"#);
        let answer = house.raw("ann", request.body(body).unwrap()).await;
        assert_eq!(answer.code(), (415, "unsupported_media_type".to_owned()), "{kind:?}");
    }
    let long = format!(r#"{{"price":"20.00","note":"{}"}}"#, "x".repeat(5_000));
    let path = format!("auctions/{auction}/bids/");
    assert_eq!(house.send("ann", "POST", &path, &long).await.code(), (413, "payload_too_large".to_owned()));
    assert_eq!(house.send("ann", "PUT", &path, "{}").await.status, 405);
}
