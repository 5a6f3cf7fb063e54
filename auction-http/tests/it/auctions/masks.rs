//! What is hidden is shown to nobody but its owner and the staff, in no body whatsoever.

use super::house::{House, open_terms};
use auction_http::auctions::AuctionSettings;
use auction_http::wire::label::BidderLabels;
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_each_store! {
    recorded_traffic_has_no_member_that_is_not_allowed,
    maxima_and_the_reserve_are_in_no_answer_to_others,
    addresses_are_shown_to_nobody_but_oneself,
    addresses_are_shown_where_the_house_says_so,
    the_reserve_is_shown_as_its_terms_say,
}

/// Every path of a member that any answer of this room may have. Whatever is not here is not public.
pub(super) const ALLOWED: &[&str] = &[
    "id",
    "title",
    "description",
    "image",
    "images",
    "thumbnail",
    "thumbnails",
    "category",
    "currency",
    "format",
    "starting_price",
    "current_price",
    "minimum_bid",
    "bid_count",
    "reserve",
    "buy_now_price",
    "status",
    "outcome",
    "outcome.result",
    "outcome.price",
    "outcome.winner",
    "outcome.units",
    "next_price_at",
    "units_left",
    "quantity",
    "awards",
    "awards.quantity",
    "awards.price",
    "awards.user",
    "withdrawn",
    "withdrawal",
    "withdrawal.user",
    "withdrawal.by_house",
    "withdrawal.versions",
    "withdrawal.leader",
    "withdrawal.price",
    "draw",
    "draw.seed",
    "draw.ended_at",
    "bid.quantity",
    "start_date_time",
    "end_date_time",
    "effective_end",
    "seller",
    "is_participant",
    "is_seller",
    "leading",
    "last_vote",
    "last_vote.user",
    "last_vote.price",
    "current_bid",
    "current_bidder",
    "version",
    "server_time",
    "terms",
    "terms.format",
    "terms.format.kind",
    "terms.format.revisions",
    "terms.format.count",
    "terms.format.quantity",
    "terms.format.pricing",
    "terms.format.min_fill",
    "terms.format.step",
    "terms.format.interval_s",
    "terms.format.floor",
    "terms.format.visibility",
    "terms.format.improvement",
    "terms.closing.period_s",
    "terms.closing.sample_s",
    "terms.closing.commitment",
    "terms.closing.window_s",
    "terms.closing.trigger",
    "terms.closing.max_extensions",
    "terms.closing.hard_end",
    "terms.retraction",
    "terms.retraction.kind",
    "terms.retraction.free_until_s",
    "terms.retraction.grace_s",
    "terms.increments",
    "terms.increments.kind",
    "terms.increments.step",
    "terms.first_bid",
    "terms.reserve",
    "terms.reserve_visibility",
    "terms.proxy",
    "terms.proxy.anchor",
    "terms.proxy.leader_raise",
    "terms.proxy.lower_max",
    "terms.proxy.below_reserve",
    "terms.leader_straight",
    "terms.closing",
    "terms.closing.kind",
    "terms.participation",
    "terms.join_until",
    "terms.buy_now",
    "terms.max_jump",
    "terms.early_close",
    "winning_price",
    "total_bids",
    "date_won",
    "transaction_id",
    "user",
    "price",
    "at",
    "kind",
    "is_you",
    "bid",
    "bid.id",
    "bid.version",
    "bid.user",
    "bid.price",
    "bid.at",
    "bid.kind",
    "bid.is_you",
    "ends_at",
    "ended_at",
    "detail",
    "code",
    "message",
    "count",
    "next",
    "previous",
    "results",
    "name",
    "slug",
    "auction",
    "state",
    "max",
    "reason",
];

pub(super) fn paths(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                let inner = if name == "results" { String::new() } else { path.clone() };
                found.insert(path);
                paths(member, &inner, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, at, found)),
        _ => {}
    }
}

/// A whole auction with a hidden reserve and maxima that never show, watched by everybody all the time.
async fn an_afternoon(house: &House, visibility: &str) {
    let mut terms = open_terms();
    terms["reserve"] = json!("77.77");
    terms["reserve_visibility"] = json!(visibility);
    let auction = house
        .sell_with(json!({"start_date_time": "2026-01-01T12:10:00Z", "terms": terms, "category": 1}))
        .await;
    house.post("cyd", "auctions/1/join_auction/", &json!({})).await;
    let revised = json!({"terms": {"reserve": "88.88"}}).to_string();
    house.send("sally", "PATCH", "auctions/1/", &revised).await;
    watch(house).await;
    house.pass(600);
    for (who, field, amount) in [
        ("ann", "max", "43.21"),
        ("bob", "price", "20.00"),
        ("ann", "max", "54.32"),
        ("bob", "max", "33.33"),
        ("ann", "price", "40.00"),
        ("cyd", "price", "1.00"),
    ] {
        house.post(who, &format!("auctions/{auction}/bids/"), &json!({field: amount})).await;
        watch(house).await;
    }
    house.post("admin", "auctions/1/pause/", &json!({})).await;
    house.post("admin", "auctions/1/resume/", &json!({})).await;
    house.post("bob", "auctions/1/close/", &json!({})).await;
    house.pass(3_600);
    house.tick(auction).await;
    watch(house).await;
}

async fn watch(house: &House) {
    for who in ["", "ann", "bob", "cyd", "sally", "admin", "eve", "nora"] {
        for path in [
            "auctions/",
            "auctions/?scope=all",
            "auctions/?page=1&scope=all",
            "auctions/1/",
            "auctions/featured/",
            "auctions/my_auctions/",
            "auctions/won_auctions/",
            "auctions/1/bids/",
            "auctions/1/bids/?after=0",
            "auctions/1/events/",
            "categories/",
            "bids/",
            "bids/?page=1&state=outbid",
            "auctions/?scope=won",
            "auctions/2/",
        ] {
            house.get(who, path).await;
        }
    }
}

/// All that was answered to somebody.
pub(super) fn told_to<'a>(
    traffic: &'a [(String, String)],
    may: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = &'a str> {
    traffic.iter().filter(move |(who, _)| may(who)).map(|(_, text)| text.as_str())
}

async fn recorded_traffic_has_no_member_that_is_not_allowed() {
    let house = House::open().await;
    an_afternoon(&house, "hidden").await;
    let traffic = house.traffic.lock().unwrap();
    assert!(traffic.len() > 500);
    let mut found = BTreeSet::new();
    for (_, text) in traffic.iter().filter(|(_, text)| !text.is_empty()) {
        paths(&serde_json::from_str(text).unwrap(), "", &mut found);
    }
    let allowed: BTreeSet<_> = ALLOWED.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new());
}

async fn maxima_and_the_reserve_are_in_no_answer_to_others() {
    let house = House::open().await;
    an_afternoon(&house, "hidden").await;
    let traffic = house.traffic.lock().unwrap();
    for (secret, owners) in [
        ("43.21", &["ann"][..]),
        ("54.32", &["ann"]),
        ("77.77", &["sally", "admin"]),
        ("88.88", &["sally", "admin"]),
    ] {
        let told: Vec<_> =
            told_to(&traffic, |who| !owners.contains(&who)).filter(|text| text.contains(secret)).collect();
        assert!(told.is_empty(), "{secret}: {told:?}");
        assert!(told_to(&traffic, |who| owners.contains(&who)).any(|text| text.contains(secret)), "{secret}");
    }
    for text in told_to(&traffic, |_| true) {
        for private in ["revision", "maximum_changed", "\"joined\"", "\"created\"", "maximum\"", "\"answer\""]
        {
            assert!(!text.contains(private), "{private}: {text}");
        }
    }
    for text in told_to(&traffic, |who| !["sally", "admin"].contains(&who)) {
        assert!(!text.contains("\"reserve\":\"not_met\"") && !text.contains("\"hidden\""), "{text}");
    }
}

async fn addresses_are_shown_to_nobody_but_oneself() {
    for labels in [BidderLabels::Masked, BidderLabels::Alias] {
        let house =
            House::with(AuctionSettings { bidder_labels: labels, ..AuctionSettings::default() }).await;
        an_afternoon(&house, "met_flag").await;
        let traffic = house.traffic.lock().unwrap();
        for name in super::house::PEOPLE {
            let address = format!("{name}@example.org");
            let told: Vec<_> =
                told_to(&traffic, |who| who != name).filter(|text| text.contains(&address)).collect();
            assert!(told.is_empty(), "{address}: {told:?}");
        }
        let label = if labels == BidderLabels::Alias { "Bidder 2" } else { "a***n@example.org" };
        assert!(told_to(&traffic, |who| who == "eve").any(|text| text.contains(label)));
    }
}

async fn addresses_are_shown_where_the_house_says_so() {
    let house =
        House::with(AuctionSettings { bidder_labels: BidderLabels::Email, ..AuctionSettings::default() })
            .await;
    let auction = house.sell(open_terms()).await;
    house.bid("ann", auction, "20.00").await;
    assert_eq!(house.get("", "auctions/1/").await.json()["last_vote"]["user"], "ann@example.org");
}

async fn the_reserve_is_shown_as_its_terms_say() {
    for (visibility, to_others, amount) in [
        ("met_flag", ["not_met", "met"], None),
        ("public", ["not_met", "met"], Some("50.00")),
        ("hidden", ["none", "none"], None),
    ] {
        let house = House::open().await;
        let mut terms = open_terms();
        terms["reserve"] = json!("50.00");
        terms["reserve_visibility"] = json!(visibility);
        let auction = house.sell(terms).await;
        for (number, bid) in ["20.00", "60.00"].into_iter().enumerate() {
            house.bid(["ann", "bob"][number], auction, bid).await;
            for who in ["", "ann", "bob", "sam"] {
                let seen = house.get(who, "auctions/1/").await.json();
                assert_eq!(seen["reserve"], to_others[number], "{visibility} {who}");
                assert_eq!(seen["terms"]["reserve"], json!(amount), "{visibility} {who}");
            }
            for who in ["sally", "admin"] {
                let seen = house.get(who, "auctions/1/").await.json();
                assert_eq!(seen["reserve"], ["not_met", "met"][number], "{visibility} {who}");
                assert_eq!(seen["terms"]["reserve"], "50.00");
                assert_eq!(seen["terms"]["reserve_visibility"], visibility);
            }
        }
    }
}
