use super::house::{House, open_terms};
use serde_json::{Value, json};

on_each_store! {
    the_staff_pause_resume_and_close,
    sellers_end_their_auctions_early_where_the_terms_say_so,
    a_seller_calls_off_what_has_not_started,
    a_draft_whose_time_has_passed_is_not_published,
}

async fn act(house: &House, who: &str, auction: u64, call: &str) -> (u16, Value) {
    house.post(who, &format!("auctions/{auction}/{call}/"), &json!({})).await.told()
}

fn done(status: &str, version: u64, end: &str) -> (u16, Value) {
    (
        200,
        json!({
            "id": 1, "status": status, "version": version, "current_price": "10.00",
            "end_date_time": format!("2026-01-01T{end}Z"),
        }),
    )
}

fn illegal(status: &str) -> (u16, Value) {
    let detail = format!("An auction that is {status} does not allow this.");
    (409, json!({"detail": detail, "code": "illegal_transition", "status": status}))
}

async fn the_staff_pause_resume_and_close() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    assert_eq!(act(&house, "admin", auction, "resume").await, illegal("started"));
    assert_eq!(act(&house, "admin", auction, "publish").await, illegal("started"));
    assert_eq!(act(&house, "admin", auction, "pause").await, done("paused", 2, "13:00:00"));
    assert_eq!(act(&house, "admin", auction, "pause").await, illegal("paused"));
    assert_eq!(act(&house, "admin", auction, "close").await, illegal("paused"));
    house.pass(600);
    assert_eq!(act(&house, "admin", auction, "resume").await, done("started", 3, "13:10:00"));
    assert_eq!(act(&house, "admin", auction, "close").await, done("ended", 4, "13:10:00"));
    for call in ["publish", "cancel", "pause", "resume", "close"] {
        assert_eq!(act(&house, "admin", auction, call).await, illegal("ended"), "{call}");
    }
}

async fn sellers_end_their_auctions_early_where_the_terms_say_so() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let refused = (
        403,
        json!({"detail": "You do not have permission to perform this action.", "code": "permission_denied"}),
    );
    for call in ["cancel", "pause", "resume", "close"] {
        for who in ["sally", "ann", "sam", "banned"] {
            assert_eq!(act(&house, who, auction, call).await, refused, "{who} {call}");
        }
        assert_eq!(act(&house, "", auction, call).await.0, 401);
        assert_eq!(act(&house, "admin", 77, call).await.0, 404);
    }
    let mut terms = open_terms();
    terms["early_close"] = json!("seller");
    let other = house.sell(terms).await;
    assert_eq!(act(&house, "ann", other, "close").await, refused);
    assert_eq!(act(&house, "sally", other, "close").await.1["status"], "ended");
}

async fn a_seller_calls_off_what_has_not_started() {
    let house = House::open().await;
    let auction = house.sell_with(json!({"start_date_time": "2026-01-01T12:30:00Z"})).await;
    assert_eq!(act(&house, "sally", auction, "cancel").await, done("cancelled", 1, "13:00:00"));
    let seen = house.get("", "auctions/1/").await.json();
    assert_eq!(seen["outcome"], json!({"result": "cancelled", "price": null, "winner": null}));
    assert_eq!(act(&house, "admin", auction, "cancel").await, illegal("cancelled"));
}

async fn a_draft_whose_time_has_passed_is_not_published() {
    let house = House::open().await;
    let auction = house.sell_with(json!({"draft": true})).await;
    house.pass(3_600);
    let expected = json!({"detail": "The end of the auction has passed.", "code": "end_passed"});
    assert_eq!(act(&house, "sally", auction, "publish").await, (409, expected));
}
