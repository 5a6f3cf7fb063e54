use super::house::{Answer, House, open_terms, rug};
use auction_http::auctions::AuctionSettings;
use serde_json::{Value, json};

on_each_store! {
    a_list_is_filtered_and_ordered,
    who_is_signed_in_sees_what_they_have_not_joined,
    what_is_hidden_or_unknown_is_no_filter_and_no_order,
    syntax_of_search_engines_and_databases_is_inert,
    pages_have_a_count_and_the_addresses_of_their_neighbours,
    a_bare_list_is_capped_and_links_to_what_follows,
    the_dearest_that_can_still_be_had_are_featured,
    won_auctions_say_what_was_paid,
    where_browsing_is_not_public_everybody_signs_in,
    categories_are_listed,
    paths_that_name_no_auction_are_not_found,
}

fn ids(answer: &Answer) -> Vec<u64> {
    let rows = answer.json();
    assert_eq!(answer.status, 200, "{rows}");
    let rows = rows.as_array().or_else(|| rows["results"].as_array()).unwrap().clone();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn three_auctions() -> House {
    let house = House::open().await;
    house.sell_with(json!({"title": "Persian rug", "starting_price": "300.00", "category": 1})).await;
    house.pass(1);
    house
        .sell_with(json!({
            "title": "Gold watch", "description": "Ticks; 100% gold", "starting_price": "99.50", "category": 2,
            "start_date_time": "2026-01-01T14:00:00Z", "end_date_time": "2026-01-01T15:00:00Z",
        }))
        .await;
    house.pass(1);
    house.sell_with(json!({"title": "A tin", "starting_price": "1.00", "terms": open_terms()})).await;
    house
}

async fn a_list_is_filtered_and_ordered() {
    let house = three_auctions().await;
    for (query, expected) in [
        ("", vec![3, 2, 1]),
        ("?search=watch", vec![2]),
        ("?search=", vec![3, 2, 1]),
        ("?search=RUG", vec![1]),
        ("?status=started", vec![3, 1]),
        ("?status=scheduled", vec![2]),
        ("?status=ended", vec![]),
        ("?category=2", vec![2]),
        ("?category=rugs", vec![1]),
        ("?seller=1&min_price=99.5&max_price=300", vec![2, 1]),
        ("?seller=2", vec![]),
        ("?min_price=99.51", vec![1]),
        ("?ends_before=2026-01-01T14:00:00Z", vec![3, 1]),
        ("?ends_after=2026-01-01T14:00:00", vec![2]),
        ("?format=english", vec![3, 2, 1]),
        ("?format=vickrey", vec![]),
        ("?ordering=starting_price", vec![3, 2, 1]),
        ("?ordering=-starting_price", vec![1, 2, 3]),
        ("?ordering=title", vec![3, 2, 1]),
        ("?ordering=-end_date_time", vec![2, 1, 3]),
        ("?ordering=created_at", vec![1, 2, 3]),
        ("?scope=all&ordering=created_at", vec![1, 2, 3]),
    ] {
        assert_eq!(ids(&house.get("", &format!("auctions/{query}")).await), expected, "{query}");
    }
    house.bid("ann", 3, "5.00").await;
    assert_eq!(ids(&house.get("", "auctions/?ordering=-bid_count").await)[0], 3);
    assert_eq!(ids(&house.get("", "auctions/?ordering=current_price").await)[0], 3);
}

async fn who_is_signed_in_sees_what_they_have_not_joined() {
    let house = three_auctions().await;
    house.bid("ann", 3, "5.00").await;
    assert_eq!(house.post("ann", "auctions/2/join_auction/", &json!({})).await.status, 200);
    for (who, query, expected) in [
        ("ann", "", vec![1]),
        ("bob", "", vec![3, 2, 1]),
        ("ann", "?scope=all", vec![3, 2, 1]),
        ("ann", "?scope=joined", vec![3, 2]),
        ("ann", "?scope=won", vec![]),
        ("sally", "?scope=selling", vec![3, 2, 1]),
        ("ann", "my_auctions/", vec![3, 2]),
    ] {
        assert_eq!(ids(&house.get(who, &format!("auctions/{query}")).await), expected, "{who} {query}");
    }
    for scope in ["joined", "selling", "won"] {
        assert_eq!(house.get("", &format!("auctions/?scope={scope}")).await.status, 401, "{scope}");
    }
    assert_eq!(house.get("", "auctions/my_auctions/").await.status, 401);
    assert_eq!(house.get("", "auctions/won_auctions/").await.status, 401);
}

async fn what_is_hidden_or_unknown_is_no_filter_and_no_order() {
    let house = three_auctions().await;
    for name in ["reserve", "leader", "max", "revision", "winner", "email", "version", "is_participant", "_"]
    {
        let expected = json!({name: ["There is no such parameter."], "code": "invalid"});
        assert_eq!(house.get("", &format!("auctions/?{name}=1")).await.told(), (400, expected));
    }
    let orderings = "Must be one of title, starting_price, current_price, start_date_time, end_date_time, bid_count, created_at.";
    for ordering in ["reserve", "-leader_maximum", "revision", "--title", "title,reserve", "-"] {
        let expected = json!({"ordering": [orderings], "code": "invalid"});
        assert_eq!(house.get("", &format!("auctions/?ordering={ordering}")).await.told(), (400, expected));
    }
    for (query, field) in [
        ("status=sold", "status"),
        ("category=-1", "category"),
        ("category=clocks", "category"),
        ("category=99999999999999999999", "category"),
        ("seller=me", "seller"),
        ("min_price=1e3", "min_price"),
        ("max_price=NaN", "max_price"),
        ("ends_before=tomorrow", "ends_before"),
        ("format=json", "format"),
        ("scope=mine", "scope"),
        ("page=0", "page"),
        ("page=4294967296", "page"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page_size=1000000000", "page_size"),
        ("after=0", "after"),
        ("after=x", "after"),
        ("after=1&page=2", "after"),
        ("page=1&page=2", "page"),
    ] {
        let answer = house.get("", &format!("auctions/?{query}")).await;
        assert_eq!(answer.code(), (400, "invalid".to_owned()), "{query}");
        assert!(answer.json()[field].is_array(), "{query}: {}", answer.text);
    }
    let answer = house.get("", &format!("auctions/?{}", "a=1&".repeat(10_000))).await;
    assert_eq!(answer.code(), (400, "too_many_parameters".to_owned()));
    let long = "x".repeat(201);
    assert_eq!(house.get("", &format!("auctions/?search={long}")).await.status, 400);
}

async fn syntax_of_search_engines_and_databases_is_inert() {
    let house = three_auctions().await;
    let everything = ids(&house.get("", "auctions/").await);
    for search in [
        "%25",
        "_",
        "%27",
        "%22",
        "*",
        "rug*",
        "%27%3B%20DROP%20TABLE%20auctions%3B--",
        "rug%20OR%20watch",
        "title%3Arug",
        "NEAR(rug%20watch)",
        "%5C",
        "%00",
        "-rug",
        "%22rug%20AND",
        "(((",
        "%F0%9F%94%A8",
        "%ff%fe",
        "rug%25",
        "1%3D1",
        "%E2%80%8B",
    ] {
        let answer = house.get("", &format!("auctions/?search={search}")).await;
        assert!(answer.status == 200 || answer.status == 400, "{search}: {}", answer.text);
        if answer.status == 200 {
            assert!(ids(&answer).len() < everything.len(), "{search} found everything");
        }
    }
    assert_eq!(ids(&house.get("", "auctions/").await), everything);
    assert_eq!(ids(&house.get("", "auctions/?search=100%25").await), [2]);
}

async fn pages_have_a_count_and_the_addresses_of_their_neighbours() {
    let house = House::open().await;
    for _ in 0..5 {
        house.sell(open_terms()).await;
    }
    let page = async |query: &str| {
        let answer = house.get("", &format!("auctions/?{query}")).await;
        let told = answer.json();
        (ids(&answer), told["count"].clone(), told["next"].clone(), told["previous"].clone())
    };
    let at = |query: &str| json!(format!("http://localhost:9000/api/auctions/?{query}"));
    let list = "ordering=created_at&page_size=2";
    let expected = (vec![1, 2], json!(5), at("ordering=created_at&page_size=2&page=2"), Value::Null);
    assert_eq!(page(list).await, expected);
    let expected = (
        vec![3, 4],
        json!(5),
        at("ordering=created_at&page_size=2&page=3"),
        at("ordering=created_at&page_size=2&page=1"),
    );
    assert_eq!(page(&format!("{list}&page=2")).await, expected);
    let expected = (vec![5], json!(5), Value::Null, at("ordering=created_at&page_size=2&page=2"));
    assert_eq!(page(&format!("{list}&page=3")).await, expected);
    let beyond = house.get("", &format!("auctions/?{list}&page=4")).await;
    assert_eq!(beyond.told(), (404, json!({"detail": "Invalid page.", "code": "not_found"})));
    assert_eq!(house.get("", "auctions/?page=4294967295&page_size=100").await.status, 404);
    assert_eq!(page("page=1").await.0.len(), 5);
    let nothing = json!({"count": 0, "next": null, "previous": null, "results": []});
    assert_eq!(house.get("", "auctions/?page=1&search=nothing").await.told(), (200, nothing));
}

async fn a_bare_list_is_capped_and_links_to_what_follows() {
    let house = House::open().await;
    let body = rug();
    for _ in 0..502 {
        assert_eq!(house.post("sally", "auctions/", &body).await.status, 201);
    }
    let first = house.get("", "auctions/?ordering=created_at&search=persian%20rug").await;
    assert_eq!(ids(&first), (1..=500).collect::<Vec<_>>());
    let link = first.header("link").unwrap();
    let expected = "<http://localhost:9000/api/auctions/?ordering=created_at&search=persian%20rug&after=500>; rel=\"next\"";
    assert_eq!(link, expected);
    let next = house.get("", "auctions/?ordering=created_at&search=persian%20rug&after=500").await;
    assert_eq!((ids(&next), next.header("link")), (vec![501, 502], None));
}

async fn the_dearest_that_can_still_be_had_are_featured() {
    let house = House::open().await;
    for price in ["1.00", "5.00", "3.00", "4.00"] {
        house.sell_with(json!({"starting_price": price, "terms": open_terms()})).await;
    }
    let scheduled = json!({"starting_price": "9.00", "start_date_time": "2026-01-01T12:59:00Z"});
    house.sell_with(scheduled).await;
    house.sell_with(json!({"starting_price": "99.00", "draft": true})).await;
    assert_eq!(ids(&house.get("", "auctions/featured/").await), [5, 2, 4]);
    house.post("admin", "auctions/2/cancel/", &json!({})).await;
    assert_eq!(ids(&house.get("ann", "auctions/featured").await), [5, 4, 3]);
}

async fn won_auctions_say_what_was_paid() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    house.bid("ann", auction, "20.00").await;
    house.max("bob", auction, "50.00").await;
    house.pass(3_600);
    house.tick(auction).await;
    assert_eq!(house.get("ann", "auctions/won_auctions/").await.told(), (200, json!([])));
    let mut expected = house.get("bob", "auctions/1/").await.json();
    let outcome = json!({"result": "sold", "price": "21.00", "winner": "bob@example.org"});
    assert_eq!(expected["outcome"], outcome);
    expected["winning_price"] = json!("21.00");
    expected["quantity"] = json!(1);
    expected["awards"] = json!([{"quantity": 1, "price": "21.00"}]);
    expected["total_bids"] = json!(2);
    expected["date_won"] = json!("2026-01-01T13:00:00Z");
    expected["transaction_id"] = json!("S0000000001");
    assert_eq!(house.get("bob", "auctions/won_auctions/").await.told(), (200, json!([expected])));
    let page = json!({"count": 1, "next": null, "previous": null, "results": [expected]});
    assert_eq!(house.get("bob", "auctions/won_auctions/?page_size=5").await.told(), (200, page));
}

async fn where_browsing_is_not_public_everybody_signs_in() {
    let settings = AuctionSettings { public_browsing: false, ..AuctionSettings::default() };
    let house = House::with(settings).await;
    house.sell(open_terms()).await;
    let expected =
        json!({"detail": "Authentication credentials were not provided.", "code": "not_authenticated"});
    for path in [
        "auctions/",
        "auctions/1/",
        "auctions/77/",
        "auctions/featured/",
        "auctions/1/bids/",
        "auctions/1/events/",
        "categories/",
        "categories/1/",
        "auctions/?ordering=reserve",
    ] {
        let refused = house.get("", path).await;
        assert_eq!(refused.told(), (401, expected.clone()), "{path}");
        assert!(refused.header("www-authenticate").is_some());
    }
    assert_eq!(ids(&house.get("ann", "auctions/").await), [1]);
}

async fn categories_are_listed() {
    let house = House::open().await;
    let rugs = json!({"id": 1, "name": "Rugs", "slug": "rugs", "description": ""});
    let watches = json!({"id": 2, "name": "Watches", "slug": "watches", "description": ""});
    assert_eq!(house.get("", "categories/").await.told(), (200, json!([rugs, watches])));
    assert_eq!(house.get("", "categories/2/").await.told(), (200, watches));
    assert_eq!(house.get("", "categories/3/").await.status, 404);
}

async fn paths_that_name_no_auction_are_not_found() {
    let house = House::open().await;
    house.sell(open_terms()).await;
    for id in [
        "0",
        "2",
        "-1",
        "+1",
        "1.0",
        "abc",
        "9007199254740992",
        "18446744073709551616",
        "%31%00",
        "%FF",
        "1%2F..",
    ] {
        let answer = house.get("", &format!("auctions/{id}/")).await;
        assert_eq!(answer.code(), (404, "not_found".to_owned()), "{id}");
    }
}
