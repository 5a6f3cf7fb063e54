use super::house::{House, NOON, open_terms, rug};
use auction_core::Span;
use serde_json::{Value, json};

on_each_store! {
    a_seller_puts_something_up_for_sale,
    only_sellers_and_staff_may_sell,
    everything_that_is_wrong_is_said_at_once,
    terms_that_are_unknown_or_contradict_each_other_are_refused_with_their_field,
    what_a_seller_leaves_out_is_taken_from_the_house,
    a_start_in_the_past_means_now_and_the_end_must_be_in_the_future,
    what_is_not_the_sellers_to_set_is_ignored,
    drafts_are_for_their_sellers_and_the_staff,
    bodies_that_are_no_json_objects_are_refused,
    the_status_follows_the_clock_and_an_end_shows_when_it_is_written,
}

/// The terms that are built in, as they are answered.
fn built_in_terms() -> Value {
    json!({
        "format": {"kind": "english"},
        "increments": {"kind": "smallest_unit"},
        "first_bid": "above",
        "reserve": null,
        "reserve_visibility": "met_flag",
        "proxy": {
            "anchor": "second_max",
            "leader_raise": "completes_increment",
            "lower_max": "forbidden",
            "below_reserve": "normal",
        },
        "leader_straight": "raises",
        "closing": {"kind": "hard"},
        "participation": "join",
        "join_until": "start",
        "buy_now": null,
        "max_jump": null,
        "early_close": "staff",
        "retraction": {"kind": "forbidden"},
    })
}

fn rug_as_answered() -> Value {
    json!({
        "id": 1,
        "title": "Persian rug",
        "description": "Knotted, not stirred",
        "image": null,
        "images": [],
        "thumbnail": null,
        "thumbnails": [],
        "category": null,
        "currency": "USD",
        "format": "english",
        "starting_price": "10.00",
        "current_price": "10.00",
        "next_price_at": null,
        "units_left": null,
        "minimum_bid": "10.01",
        "bid_count": 0,
        "reserve": "none",
        "buy_now_price": null,
        "status": "started",
        "outcome": null,
        "start_date_time": NOON,
        "end_date_time": "2026-01-01T13:00:00Z",
        "effective_end": "2026-01-01T13:00:00Z",
        "seller": 1,
        "is_participant": false,
        "is_seller": true,
        "leading": false,
        "last_vote": null,
        "current_bid": null,
        "current_bidder": null,
        "version": 0,
        "server_time": 1_767_268_800_000_i64,
        "terms": built_in_terms(),
    })
}

async fn a_seller_puts_something_up_for_sale() {
    let house = House::open().await;
    let created = house.post("sally", "auctions/", &rug()).await;
    assert_eq!(created.told(), (201, rug_as_answered()));
    assert_eq!(house.get("sally", "auctions/1/").await.told(), (200, rug_as_answered()));
    let mut to_others = rug_as_answered();
    to_others["is_seller"] = json!(false);
    assert_eq!(house.get("", "auctions/1").await.told(), (200, to_others), "without the slash, too");
}

async fn only_sellers_and_staff_may_sell() {
    let house = House::open().await;
    let codes = [
        ("", 401, "not_authenticated"),
        ("mallory", 401, "invalid_token"),
        ("nora", 403, "account_not_verified"),
        ("banned", 403, "account_banned"),
        ("ann", 403, "permission_denied"),
    ];
    for (who, status, code) in codes {
        assert_eq!(house.post(who, "auctions/", &rug()).await.code(), (status, code.to_owned()), "{who}");
    }
    assert_eq!(house.get("admin", "auctions/?scope=all").await.told(), (200, json!([])));
    assert_eq!(house.post("admin", "auctions/", &rug()).await.status, 201);
}

async fn everything_that_is_wrong_is_said_at_once() {
    let house = House::open().await;
    let body = json!({
        "title": "   ",
        "description": 7,
        "category": 99,
        "currency": "usd",
        "starting_price": "-1",
        "start_date_time": "tomorrow",
        "terms": {"colour": "red"},
        "draft": "yes",
    });
    let expected = json!({
        "title": ["This field may not be blank."],
        "description": ["Not a valid string."],
        "category": ["There is no such category."],
        "currency": ["The currency is not a known ISO 4217 code of three capital letters."],
        "starting_price": ["A valid number is required: the number must not have a sign."],
        "start_date_time": ["A time is written like 2026-01-31T15:00:00Z."],
        "end_date_time": ["This field is required."],
        "terms.colour": ["There is no such term."],
        "draft": ["Must be a valid boolean."],
        "code": "invalid",
    });
    assert_eq!(house.post("sally", "auctions/", &body).await.told(), (400, expected));
    let required = json!({
        "title": ["This field is required."],
        "starting_price": ["This field is required."],
        "start_date_time": ["This field is required."],
        "end_date_time": ["This field is required."],
        "code": "invalid",
    });
    assert_eq!(house.post("sally", "auctions/", &json!({})).await.told(), (400, required));
    assert_eq!(house.get("sally", "auctions/").await.told(), (200, json!([])));
}

async fn terms_that_are_unknown_or_contradict_each_other_are_refused_with_their_field() {
    let house = House::open().await;
    for (terms, field) in [
        (json!({"colour": "red"}), "terms.colour"),
        (json!({"closing": {"kind": "reset"}}), "terms.closing.window_s"),
        (json!({"closing": {"kind": "candle"}}), "terms.closing.period_s"),
        (json!({"closing": {"kind": "candle", "period_s": 7200}}), "terms.closing.period_s"),
        (json!({"closing": {"kind": "candle", "period_s": 60, "seed": "00"}}), "terms.closing"),
        (json!({"format": {"kind": "dutch"}}), "terms.format.step"),
        (
            json!({"format": {"kind": "dutch", "step": "1.00", "interval_s": 60, "floor": "50.00"}}),
            "terms.format.floor",
        ),
        (json!({"format": {"kind": "multi_unit"}}), "terms.format.quantity"),
        (json!({"format": {"kind": "multi_unit", "quantity": 10_001}}), "terms.format.quantity"),
        (json!({"format": {"kind": "fixed_price", "quantity": 0}}), "terms.format.quantity"),
        (json!({"format": {"kind": "vickrey"}, "buy_now": {"price": "50.00"}}), "terms.buy_now"),
        (json!({"format": {"kind": "fixed_price", "quantity": 2}, "reserve": "50.00"}), "terms.reserve"),
        (json!({"retraction": {"kind": "allowed", "grace_s": -1}}), "terms.retraction"),
        (json!({"reserve": "9.99"}), "terms.reserve"),
        (json!({"reserve": "100.001"}), "terms.reserve"),
        (json!({"buy_now": {"price": "5.00"}}), "terms.buy_now.price"),
        (json!([]), "terms"),
        (json!("hard"), "terms"),
        (
            json!({"closing": {"kind": "reset", "window_s": 60, "hard_end": "2026-01-01T12:30:00Z"}}),
            "terms.closing.hard_end",
        ),
    ] {
        let mut body = rug();
        body["terms"] = terms;
        let answer = house.post("sally", "auctions/", &body).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["code"]), (400, &json!("invalid")), "{told}");
        assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["code", field], "{told}");
    }
}

async fn what_a_seller_leaves_out_is_taken_from_the_house() {
    let house = House::with_default_terms(r#"{"participation":"open","max_jump":"10"}"#).await;
    let mut body = rug();
    body["terms"] = json!({"first_bid": "at_least", "max_jump": "5"});
    let mut expected = built_in_terms();
    expected["participation"] = json!("open");
    expected["first_bid"] = json!("at_least");
    expected["max_jump"] = json!("5");
    assert_eq!(house.post("sally", "auctions/", &body).await.json()["terms"], expected);
}

async fn a_start_in_the_past_means_now_and_the_end_must_be_in_the_future() {
    let house = House::open().await;
    let mut body = rug();
    body["start_date_time"] = json!("2020-01-01T00:00:00");
    let created = house.post("sally", "auctions/", &body).await.json();
    assert_eq!((&created["start_date_time"], &created["status"]), (&json!(NOON), &json!("started")));
    for (start, end, sentence) in [
        (NOON, NOON, "Must be in the future."),
        (NOON, "2025-12-31T00:00:00Z", "Must be in the future."),
        ("2026-01-02T00:00:00Z", "2026-01-01T20:00:00Z", "Must be after the start."),
        (NOON, "9999-12-31T23:59:59Z", "Must be before the year 3000."),
        (NOON, "2937-01-01T00:00:00Z", "Must be at most 3660 days after the start."),
    ] {
        let mut body = rug();
        (body["start_date_time"], body["end_date_time"]) = (json!(start), json!(end));
        let expected = json!({"end_date_time": [sentence], "code": "invalid"});
        assert_eq!(house.post("sally", "auctions/", &body).await.told(), (400, expected), "{start} {end}");
    }
}

async fn what_is_not_the_sellers_to_set_is_ignored() {
    let house = House::open().await;
    let mut body = rug();
    let forged = json!({
        "id": 77, "status": "ended", "winner": 2, "current_price": "1.00", "seller": 2, "version": 99,
        "bid_count": 5, "outcome": {"result": "sold"}, "last_vote": {"user": "x", "price": "1"}, "revision": 9,
        "is_participant": true, "leading": true, "images": ["/etc/passwd"], "image": "x", "role": "admin",
        "server_time": 0, "effective_end": "2030-01-01T00:00:00Z", "participants": [2, 3],
    });
    body.as_object_mut().unwrap().append(&mut forged.as_object().unwrap().clone());
    assert_eq!(house.post("sally", "auctions/", &body).await.told(), (201, rug_as_answered()));
    let changed = house.send("sally", "PATCH", "auctions/1/", &forged.to_string()).await;
    assert_eq!(changed.code(), (409, "illegal_transition".to_owned()), "it has started");
    assert_eq!(house.get("sally", "auctions/1/").await.told(), (200, rug_as_answered()));
}

async fn drafts_are_for_their_sellers_and_the_staff() {
    let house = House::open().await;
    let auction = house.sell_with(json!({"draft": true, "terms": open_terms()})).await;
    let path = format!("auctions/{auction}/");
    let not_found = (404, json!({"detail": "Not found.", "code": "not_found"}));
    for who in ["", "ann", "sam"] {
        assert_eq!(house.get(who, &path).await.told(), not_found, "{who}");
        assert_eq!(house.get(who, &format!("{path}bids/")).await.told(), not_found);
        assert_eq!(house.get(who, &format!("{path}events/")).await.told(), not_found);
        assert_eq!(house.get(who, "auctions/?scope=all").await.told(), (200, json!([])));
        assert_eq!(house.get(who, "auctions/featured/").await.told(), (200, json!([])));
    }
    for call in ["bids/", "buy/"] {
        for (price, quantity) in [("20.00", 1), ("20.001", 1), ("nonsense", 1), ("20.00", 10_000)] {
            let body = json!({ "price": price, "quantity": quantity });
            assert_eq!(house.post("ann", &format!("{path}{call}"), &body).await.told(), not_found);
        }
    }
    for call in ["join_auction", "publish", "cancel", "pause", "resume", "close"] {
        assert_eq!(
            house.post("ann", &format!("{path}{call}/"), &json!({})).await.told(),
            not_found,
            "{call}"
        );
    }
    assert_eq!(house.send("ann", "PATCH", &path, "{}").await.told(), not_found);
    assert_eq!(house.send("ann", "DELETE", &path, "").await.told(), not_found);
    for who in ["sally", "admin"] {
        assert_eq!(house.get(who, &path).await.json()["status"], "draft");
    }
    let ids =
        |answer: Value| answer.as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(house.get("sally", "auctions/?scope=selling&status=draft").await.json()), [1]);
    assert_eq!(ids(house.get("admin", "auctions/?scope=all&status=draft").await.json()), [1]);
    // What was called off is shown to all, and a draft is not called off but discarded.
    for who in ["sally", "admin"] {
        let answer = house.post(who, &format!("{path}cancel/"), &json!({})).await;
        assert_eq!(answer.code(), (409, "illegal_transition".to_owned()), "{who}");
        assert_eq!(house.get("", &path).await.told(), not_found);
    }
    let published = json!({
        "id": 1, "status": "scheduled", "version": 1, "current_price": "10.00",
        "end_date_time": "2026-01-01T13:00:00Z",
    });
    let told = house.post("sally", &format!("{path}publish/"), &json!({})).await.told();
    assert_eq!(told, (200, published));
    assert_eq!(ids(house.get("", "auctions/").await.json()), [1]);
}

async fn bodies_that_are_no_json_objects_are_refused() {
    let house = House::open().await;
    let deep = format!("{{\"title\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for body in
        ["", "[]", "null", "7", "{", "{\"title\":\"a\",\"title\":\"b\"}", "\u{0}", "{\"a\":1}{", &deep]
    {
        let answer = house.send("sally", "POST", "auctions/", body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    let large = format!("{{\"description\":\"{}\"}}", "x".repeat(600_000));
    let answer = house.send("sally", "POST", "auctions/", &large).await;
    assert_eq!(answer.code(), (413, "payload_too_large".to_owned()));
    let many: Vec<_> = (0..1_000).map(|number| format!("\"f{number}\":1")).collect();
    let many = format!("{{{}}}", many.join(","));
    assert_eq!(house.send("sally", "POST", "auctions/", &many).await.code(), (400, "parse_error".to_owned()));
}

async fn the_status_follows_the_clock_and_an_end_shows_when_it_is_written() {
    let house = House::open().await;
    let later = json!({
        "start_date_time": "2026-01-01T12:30:00Z", "end_date_time": "2026-01-01T13:00:00Z", "terms": open_terms(),
    });
    house.sell_with(later).await;
    let status = async || {
        let told = house.get("", "auctions/1/").await.json();
        (told["status"].as_str().unwrap().to_owned(), told["outcome"].clone())
    };
    assert_eq!(status().await, ("scheduled".to_owned(), Value::Null));
    house.pass(1_800);
    assert_eq!(status().await, ("started".to_owned(), Value::Null));
    house.pass(1_800);
    assert_eq!(status().await, ("started".to_owned(), Value::Null), "nobody has written the end down");
    house.clock.advance(Span::from_millis(300));
    assert_eq!(status().await, ("ended".to_owned(), Value::Null), "and nobody does");
    house.tick(1).await;
    let no_bids = json!({"result": "no_bids", "price": null, "winner": null});
    assert_eq!(status().await, ("ended".to_owned(), no_bids));
}
