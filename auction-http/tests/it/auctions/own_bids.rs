use super::house::{House, open_terms};
use auction_http::auctions::AuctionSettings;
use auction_http::wire::label::BidderLabels;
use serde_json::{Value, json};

on_each_store! {
    the_bids_that_one_has_placed_come_latest_first,
    bids_are_found_by_auction_and_by_how_one_stands,
    own_bids_come_in_pages,
    own_bids_go_on_behind_the_last_row,
    a_bid_is_read_by_whom_it_belongs_to,
    a_sealed_bid_does_not_tell_its_bidder_how_many_joined_before,
    what_is_asked_for_wrongly_is_told,
}

/// A house with three rugs, on which Ann and Bob have bid.
///
/// Ann leads the first, with a maximum that has answered Bob; Bob leads the second; Ann alone has bid on the third.
async fn rivals() -> House {
    let house = House::open().await;
    for title in ["One", "Two", "Three"] {
        house.sell_with(json!({"title": title, "terms": open_terms()})).await;
    }
    for (who, auction, max) in [
        ("ann", 1, "50.00"),
        ("bob", 1, "20.00"),
        ("ann", 2, "15.00"),
        ("bob", 1, "30.00"),
        ("bob", 2, "40.00"),
        ("ann", 3, "90.00"),
        ("ann", 1, "60.00"),
    ] {
        let answer = house.max(who, auction, max).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let answer = house.bid("bob", 1, "45.00").await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    house
}

/// A row of the list, of somebody's bid at noon.
fn row(who: &str, auction: u64, version: u64, price: &str, kind: &str, state: &str, max: &str) -> Value {
    let title = ["One", "Two", "Three"][auction as usize - 1];
    json!({
        "id": (auction << 24) + version,
        "version": version,
        "user": format!("{who}@example.org"),
        "price": price,
        "at": "2026-01-01T12:00:00Z",
        "kind": kind,
        "is_you": true,
        "auction": auction,
        "title": title,
        "state": state,
        "max": max,
    })
}

fn of_ann() -> Vec<Value> {
    vec![
        row("ann", 3, 2, "10.00", "max", "leading", "90.00"),
        row("ann", 2, 2, "10.00", "max", "outbid", "15.00"),
        row("ann", 1, 2, "10.00", "max", "leading", "60.00"),
    ]
}

fn of_bob() -> Vec<Value> {
    vec![
        row("bob", 2, 3, "16.00", "max", "leading", "40.00"),
        row("bob", 1, 7, "45.00", "straight", "outbid", "45.00"),
        row("bob", 1, 5, "30.00", "max", "outbid", "45.00"),
        row("bob", 1, 3, "20.00", "max", "outbid", "45.00"),
    ]
}

async fn the_bids_that_one_has_placed_come_latest_first() {
    let house = rivals().await;
    assert_eq!(house.get("ann", "bids/").await.told(), (200, Value::Array(of_ann())));
    assert_eq!(house.get("bob", "bids").await.told(), (200, Value::Array(of_bob())));
    assert_eq!(house.get("cyd", "bids/").await.told(), (200, json!([])));
    assert_eq!(house.get("", "bids/").await.code(), (401, "not_authenticated".to_owned()));
    assert_eq!(house.get("mallory", "bids/").await.code(), (401, "invalid_token".to_owned()));
}

async fn bids_are_found_by_auction_and_by_how_one_stands() {
    let house = rivals().await;
    let only = |rows: Vec<Value>, field: &str, value: Value| -> Value {
        rows.into_iter().filter(|row| row[field] == value).collect()
    };
    for auction in 1..=4 {
        let found = house.get("bob", &format!("bids/?auction={auction}")).await;
        assert_eq!(found.told(), (200, only(of_bob(), "auction", json!(auction))), "{auction}");
    }
    for state in ["leading", "outbid", "won", "lost"] {
        let found = house.get("ann", &format!("bids/?state={state}")).await;
        assert_eq!(found.told(), (200, only(of_ann(), "state", json!(state))), "{state}");
    }
    house.pass(3_600);
    for auction in [1, 2] {
        house.tick(auction).await;
    }
    let over = |mut row: Value, state: &str| {
        row["state"] = json!(state);
        row
    };
    let [third, second, first] = of_ann().try_into().unwrap();
    let won = json!([over(first, "won")]);
    assert_eq!(house.get("ann", "bids/?state=won").await.told(), (200, won));
    assert_eq!(house.get("ann", "bids/?state=lost").await.told(), (200, json!([over(second, "lost")])));
    // Nobody has written down yet that the third is over.
    assert_eq!(house.get("ann", "bids/?state=leading").await.told(), (200, json!([third])));
    assert_eq!(house.get("bob", "bids/?state=lost&auction=2").await.told(), (200, json!([])));
}

async fn own_bids_come_in_pages() {
    let house = rivals().await;
    let address = |page: u32| format!("http://localhost:9000/api/bids/?page_size=3&page={page}");
    let rows = of_bob();
    let first = json!({"count": 4, "next": address(2), "previous": null, "results": rows[..3]});
    assert_eq!(house.get("bob", "bids/?page_size=3").await.told(), (200, first));
    let second = json!({"count": 4, "next": null, "previous": address(1), "results": rows[3..]});
    assert_eq!(house.get("bob", "bids/?page_size=3&page=2").await.told(), (200, second));
    for page in 1..=4 {
        let found = house.get("bob", &format!("bids/?page_size=1&page={page}")).await.json();
        assert_eq!((&found["results"], &found["count"]), (&json!([rows[page - 1]]), &json!(4)), "{page}");
    }
    let missing = json!({"detail": "Invalid page.", "code": "not_found"});
    assert_eq!(house.get("bob", "bids/?page_size=3&page=3").await.told(), (404, missing));
    let none = json!({"count": 0, "next": null, "previous": null, "results": []});
    assert_eq!(house.get("cyd", "bids/?page=1").await.told(), (200, none));
    let found = house.get("bob", "bids/?page=1&state=outbid").await.json();
    assert_eq!((&found["results"], &found["count"]), (&json!(rows[1..]), &json!(3)));
}

async fn own_bids_go_on_behind_the_last_row() {
    let house = rivals().await;
    let rows = of_bob();
    for (place, row) in rows.iter().enumerate() {
        let rest = house.get("bob", &format!("bids/?before={}", row["id"])).await;
        assert_eq!(rest.told(), (200, json!(rows[place + 1..])), "{place}");
        assert_eq!(rest.header("link"), None);
    }
    let behind = house.get("bob", &format!("bids/?auction=2&before={}", rows[1]["id"])).await;
    assert_eq!(behind.told(), (200, json!([])), "the second auction comes before the first");
    let auction = house.sell(open_terms()).await;
    for step in 0..1_001 {
        let who = if step % 2 == 0 { "cyd" } else { "dan" };
        assert_eq!(house.bid(who, auction, &format!("{}.00", 20 + step)).await.status, 201);
    }
    let first = house.get("cyd", "bids/").await;
    let rows = first.json().as_array().unwrap().clone();
    assert_eq!(
        (rows.len(), &rows[0]["price"], &rows[499]["price"]),
        (500, &json!("1020.00"), &json!("22.00"))
    );
    let next = first.header("link").unwrap().strip_prefix("<http://localhost:9000/api/").unwrap();
    let next = next.strip_suffix(">; rel=\"next\"").unwrap();
    assert_eq!(next, format!("bids/?before={}", rows[499]["id"]));
    let rest = house.get("cyd", next).await;
    assert_eq!((rest.json()[0]["price"].clone(), rest.json().as_array().unwrap().len()), (json!("20.00"), 1));
    assert_eq!(rest.header("link"), None);
}

async fn a_bid_is_read_by_whom_it_belongs_to() {
    let house = rivals().await;
    for row in of_bob() {
        let path = format!("bids/{}/", row["id"]);
        assert_eq!(house.get("bob", &path).await.told(), (200, row));
        let not_found = json!({"detail": "Not found.", "code": "not_found"});
        for who in ["ann", "cyd", "sally", "admin"] {
            assert_eq!(house.get(who, &path).await.told(), (404, not_found.clone()), "{who}");
        }
        assert_eq!(house.get("", &path).await.status, 401);
    }
    // The start, an answer of the maximum, a row that is not there, an auction that is not there, and no numbers.
    let first = 1_u64 << 24;
    for bid in [first + 1, first + 4, first + 99, first, 77 * first + 2, 0, 1, u64::MAX] {
        assert_eq!(house.get("ann", &format!("bids/{bid}/")).await.status, 404, "{bid}");
    }
    for bid in ["x", "-1", "+1", "1.0", "%20"] {
        assert_eq!(house.get("ann", &format!("bids/{bid}/")).await.status, 404, "{bid}");
    }
}

async fn what_is_asked_for_wrongly_is_told() {
    let house = rivals().await;
    for (query, field, sentence) in [
        ("state=draft", "state", "Must be one of leading, outbid, sealed, won, lost."),
        ("auction=0", "auction", "There is no such auction."),
        ("auction=x", "auction", "A valid integer is required."),
        ("before=0", "before", "There is no such bid."),
        ("page=1&before=9", "before", "Does not go with pages."),
        ("page_size=101", "page_size", "Must be an integer from 1 to 100."),
        ("user=2", "user", "There is no such parameter."),
        ("max=1", "max", "There is no such parameter."),
        ("ordering=max", "ordering", "There is no such parameter."),
    ] {
        let expected = json!({field: [sentence], "code": "invalid"});
        assert_eq!(house.get("ann", &format!("bids/?{query}")).await.told(), (400, expected), "{query}");
    }
}

async fn a_sealed_bid_does_not_tell_its_bidder_how_many_joined_before() {
    for labels in [BidderLabels::Alias, BidderLabels::Masked, BidderLabels::Email] {
        let settings = AuctionSettings { bidder_labels: labels, ..AuctionSettings::default() };
        let house = House::with(settings).await;
        let auction = house.sell(json!({"format": {"kind": "vickrey"}, "participation": "open"})).await;
        for (who, amount) in [("bob", "20.00"), ("cyd", "30.00"), ("ann", "25.00")] {
            assert_eq!(house.bid(who, auction, amount).await.status, 201);
        }
        let rows = house.get("ann", "bids/").await.json();
        assert_eq!(rows[0]["user"], "ann@example.org", "{labels:?}");
        let one = house.get("ann", &format!("bids/{}/", rows[0]["id"])).await.json();
        assert_eq!(one["user"], "ann@example.org", "{labels:?}");
    }
}
