use super::house::{House, NOON, open_terms};
use serde_json::{Value, json};

on_each_store! {
    before_the_start_everything_may_change,
    what_is_wrong_with_a_change_is_said_at_once_and_nothing_changes,
    only_the_seller_and_the_staff_change_an_auction,
    after_the_start_nothing_that_was_agreed_on_changes,
    drafts_are_discarded_and_others_are_not,
    the_currency_of_a_draft_may_change,
}

async fn patch(house: &House, who: &str, auction: u64, body: &Value) -> (u16, Value) {
    house.send(who, "PATCH", &format!("auctions/{auction}/"), &body.to_string()).await.told()
}

async fn scheduled() -> (House, u64) {
    let house = House::open().await;
    let auction = house
        .sell_with(json!({
            "start_date_time": "2026-01-01T12:30:00Z",
            "terms": {"reserve": "50.00", "closing": {"kind": "reset", "window_s": 60}},
        }))
        .await;
    (house, auction)
}

async fn before_the_start_everything_may_change() {
    let (house, auction) = scheduled().await;
    let mut expected = house.get("sally", "auctions/1/").await.json();
    let changes = json!({
        "title": " Turkish rug ", "description": "Flown in", "category": 1, "starting_price": "20",
        "start_date_time": "2026-01-01T12:45:00Z", "end_date_time": "2026-01-01T14:00:00Z",
        "terms": {"reserve": null, "first_bid": "at_least"},
    });
    expected["title"] = json!("Turkish rug");
    expected["description"] = json!("Flown in");
    expected["category"] = json!(1);
    for field in ["starting_price", "current_price", "minimum_bid"] {
        expected[field] = json!("20.00");
    }
    expected["start_date_time"] = json!("2026-01-01T12:45:00Z");
    expected["end_date_time"] = json!("2026-01-01T14:00:00Z");
    expected["effective_end"] = json!("2026-01-01T14:00:00Z");
    expected["terms"]["reserve"] = Value::Null;
    expected["terms"]["first_bid"] = json!("at_least");
    expected["reserve"] = json!("none");
    expected["version"] = json!(1);
    assert_eq!(patch(&house, "sally", auction, &changes).await, (200, expected.clone()));
    assert_eq!(house.get("sally", "auctions/1/").await.json(), expected);
    expected["category"] = Value::Null;
    assert_eq!(patch(&house, "sally", auction, &json!({"category": null})).await, (200, expected.clone()));
    assert_eq!(patch(&house, "sally", auction, &json!({})).await, (200, expected));
}

async fn what_is_wrong_with_a_change_is_said_at_once_and_nothing_changes() {
    let (house, auction) = scheduled().await;
    let before = house.get("sally", "auctions/1/").await.json();
    let changes = json!({
        "title": "", "description": null, "starting_price": "0", "end_date_time": "2026-01-01T11:00:00Z",
        "terms": {"colour": "red"}, "category": 9,
    });
    let expected = json!({
        "title": ["This field may not be blank."],
        "description": ["This field may not be null."],
        "starting_price": ["Must be positive."],
        "end_date_time": ["Must be in the future."],
        "terms.colour": ["There is no such term."],
        "category": ["There is no such category."],
        "code": "invalid",
    });
    assert_eq!(patch(&house, "sally", auction, &changes).await, (400, expected));
    let (status, told) = patch(&house, "sally", auction, &json!({"starting_price": "60.00"})).await;
    let expected = json!({"terms.reserve": ["Must not be below the starting price."], "code": "invalid"});
    assert_eq!((status, told), (400, expected));
    let (status, told) = patch(&house, "sally", auction, &json!({"terms": null})).await;
    assert_eq!((status, told), (400, json!({"terms": ["This field may not be null."], "code": "invalid"})));
    let (status, told) = patch(&house, "sally", auction, &json!({"currency": "EUR"})).await;
    assert_eq!((status, &told["code"]), (409, &json!("illegal_transition")));
    assert_eq!(house.get("sally", "auctions/1/").await.json(), before);
}

async fn only_the_seller_and_the_staff_change_an_auction() {
    let (house, auction) = scheduled().await;
    let title = json!({"title": "Mine now"});
    assert_eq!(patch(&house, "", auction, &title).await.0, 401);
    for who in ["ann", "sam", "banned"] {
        assert_eq!(patch(&house, who, auction, &title).await.1["code"], "permission_denied", "{who}");
        let answer = house.send(who, "DELETE", "auctions/1/", "").await;
        assert_eq!(answer.code(), (403, "permission_denied".to_owned()));
    }
    assert_eq!(patch(&house, "sally", 77, &title).await.0, 404);
    assert_eq!(
        patch(&house, "admin", auction, &json!({"title": "Better title"})).await.1["title"],
        "Better title"
    );
}

async fn after_the_start_nothing_that_was_agreed_on_changes() {
    let (house, auction) = scheduled().await;
    house.pass(1_800);
    let before = house.get("sally", "auctions/1/").await.json();
    let conflict = json!({
        "detail": "An auction that has started cannot be changed.", "code": "illegal_transition",
        "status": "started",
    });
    for changes in [
        json!({"starting_price": "1.00"}),
        json!({"end_date_time": "2026-01-03T00:00:00Z"}),
        json!({"start_date_time": NOON}),
        json!({"terms": {"increments": {"kind": "fixed", "step": "9.00"}}}),
        json!({"currency": "EUR"}),
        json!({"title": "Something else"}),
        json!({"status": "draft"}),
    ] {
        assert_eq!(patch(&house, "sally", auction, &changes).await, (409, conflict.clone()), "{changes}");
    }
    let by_staff = patch(&house, "admin", auction, &json!({"terms": {"reserve": null}})).await;
    assert_eq!(by_staff, (409, conflict));
    assert_eq!(house.get("sally", "auctions/1/").await.json(), before);
    let typo = patch(&house, "admin", auction, &json!({"title": "Persian carpet"})).await;
    assert_eq!((typo.0, &typo.1["title"]), (200, &json!("Persian carpet")));
    house.pass(3_600);
    house.tick(auction).await;
    let over = patch(&house, "sally", auction, &json!({"title": "Relist"})).await;
    assert_eq!((over.0, &over.1["status"]), (409, &json!("ended")));
}

async fn drafts_are_discarded_and_others_are_not() {
    let house = House::open().await;
    let draft = house.sell_with(json!({"draft": true})).await;
    let open = house.sell(open_terms()).await;
    let answer = house.send("sally", "DELETE", &format!("auctions/{open}/"), "").await;
    let expected =
        json!({"detail": "Only drafts can be deleted.", "code": "illegal_transition", "status": "started"});
    assert_eq!(answer.told(), (409, expected));
    let answer = house.send("sally", "DELETE", &format!("auctions/{draft}/"), "").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    assert_eq!(house.get("sally", &format!("auctions/{draft}/")).await.status, 404);
    assert_eq!(house.send("sally", "DELETE", &format!("auctions/{draft}/"), "").await.status, 404);
}

async fn the_currency_of_a_draft_may_change() {
    let house = House::open().await;
    let draft = house.sell_with(json!({"draft": true})).await;
    let (status, told) =
        patch(&house, "sally", draft, &json!({"currency": "KWD", "starting_price": "1.125"})).await;
    assert_eq!((status, &told["currency"], &told["starting_price"]), (200, &json!("KWD"), &json!("1.125")));
}
