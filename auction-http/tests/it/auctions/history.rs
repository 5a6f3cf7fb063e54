use super::house::{House, NOON, open_terms};
use serde_json::{Value, json};

on_each_store! {
    the_history_shows_bids_and_answers_but_no_maxima,
    events_are_those_that_everybody_may_know,
    a_long_history_links_to_what_follows,
}

async fn bidding_war() -> House {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    house.bid("ann", auction, "20.00").await;
    house.max("bob", auction, "50.00").await;
    house.bid("ann", auction, "30.00").await;
    // Nobody sees a raise that moves nothing.
    assert_eq!(house.max("bob", auction, "60.00").await.status, 201);
    house
}

fn row(version: u64, user: &str, price: &str, kind: &str, is_you: bool) -> Value {
    json!({
        "id": (1 << 24) + version, "version": version, "user": user, "price": price, "at": NOON, "kind": kind,
        "is_you": is_you,
    })
}

async fn the_history_shows_bids_and_answers_but_no_maxima() {
    let house = bidding_war().await;
    let (ann, bob) = ("a***n@example.org", "b***b@example.org");
    let rows = [
        row(5, bob, "31.00", "auto", false),
        row(4, ann, "30.00", "straight", false),
        row(3, bob, "21.00", "max", false),
        row(2, ann, "20.00", "straight", false),
    ];
    assert_eq!(house.get("", "auctions/1/bids/").await.told(), (200, json!(rows)));
    assert_eq!(house.get("", "auctions/1/bids/?before=4").await.told(), (200, json!(rows[2..])));
    let upwards = json!([rows[1], rows[0]]);
    assert_eq!(house.get("", "auctions/1/bids?after=3").await.told(), (200, upwards));
    let to_ann = [row(5, bob, "31.00", "auto", false), row(4, "ann@example.org", "30.00", "straight", true)];
    assert_eq!(
        house.get("ann", "auctions/1/bids/?after=3").await.told(),
        (200, json!([to_ann[1], to_ann[0]]))
    );
    for (query, field) in
        [("before=x", "before"), ("after=-1", "after"), ("after=1&before=2", "after"), ("page=1", "page")]
    {
        let answer = house.get("", &format!("auctions/1/bids/?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json()[field].is_array()), (400, true), "{query}");
    }
    assert_eq!(house.get("", "auctions/1/bids/?before=99999999999999999999").await.status, 400);
    assert_eq!(house.get("", "auctions/77/bids/").await.status, 404);
}

async fn events_are_those_that_everybody_may_know() {
    let house = bidding_war().await;
    house.post("admin", "auctions/1/pause/", &json!({})).await;
    house.pass(60);
    house.post("admin", "auctions/1/resume/", &json!({})).await;
    house.pass(3_600);
    house.tick(1).await;
    let (ann, bob) = ("a***n@example.org", "b***b@example.org");
    let events = json!([
        {"version": 1, "at": NOON, "kind": "started"},
        {"version": 2, "at": NOON, "kind": "bid", "bid": row(2, ann, "20.00", "straight", false)},
        {"version": 3, "at": NOON, "kind": "bid", "bid": row(3, bob, "21.00", "max", false)},
        {"version": 4, "at": NOON, "kind": "bid", "bid": row(4, ann, "30.00", "straight", false)},
        {"version": 5, "at": NOON, "kind": "auto_bid", "bid": row(5, bob, "31.00", "auto", false)},
        {"version": 6, "at": NOON, "kind": "paused"},
        {"version": 7, "at": "2026-01-01T12:01:00Z", "kind": "resumed", "ends_at": "2026-01-01T13:01:00Z"},
        {"version": 8, "at": "2026-01-01T13:01:00Z", "kind": "ended", "ended_at": "2026-01-01T13:01:00Z",
         "outcome": {"result": "sold", "price": "31.00", "winner": bob}},
    ]);
    assert_eq!(house.get("", "auctions/1/events/").await.told(), (200, events.clone()));
    let late = events.as_array().unwrap()[5..].to_vec();
    assert_eq!(house.get("", "auctions/1/events/?since=5").await.told(), (200, json!(late)));
    assert_eq!(house.get("", "auctions/1/events/?since=8").await.told(), (200, json!([])));
    assert_eq!(house.get("", "auctions/1/events/?since=x").await.status, 400);
    assert_eq!(house.get("", "auctions/77/events/").await.status, 404);
}

async fn a_long_history_links_to_what_follows() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    for number in 0..502 {
        let who = ["ann", "bob"][number % 2];
        assert_eq!(house.bid(who, auction, &format!("{}.00", 10 + number)).await.status, 201);
    }
    let count = |answer: &super::house::Answer| answer.json().as_array().unwrap().len();
    let first = house.get("", "auctions/1/bids/").await;
    let at = "http://localhost:9000/api/auctions/1/bids/";
    assert_eq!(
        (count(&first), first.header("link")),
        (500, Some(format!("<{at}?before=4>; rel=\"next\"").as_str()))
    );
    let rest = house.get("", "auctions/1/bids/?before=4").await;
    assert_eq!((count(&rest), rest.header("link")), (2, None));
    let upwards = house.get("", "auctions/1/bids/?after=1").await;
    assert_eq!(upwards.header("link"), Some(format!("<{at}?after=501>; rel=\"next\"").as_str()));
    let events = house.get("", "auctions/1/events").await;
    let next = "<http://localhost:9000/api/auctions/1/events?since=500>; rel=\"next\"";
    assert_eq!((count(&events), events.header("link")), (500, Some(next)));
}
