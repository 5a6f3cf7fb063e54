//! What formats hide is in no body whatsoever, and two auctions that differ only in what is hidden look the same.

use super::house::{House, PEOPLE};
use super::masks::{ALLOWED, paths, told_to};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_each_store! {
    traffic_of_every_format_has_no_member_that_is_not_allowed,
    hidden_bids_are_told_to_nobody_but_their_bidders_before_the_end,
    what_is_public_is_the_same_whatever_hidden_bids_are,
    the_seed_of_a_candle_is_told_when_it_has_gone_out,
}

/// Every format, closing and way to take bids back, as terms.
const TERMS: [&str; 13] = [
    r#"{"format":{"kind":"sealed_first_price"},"retraction":{"kind":"allowed"}}"#,
    r#"{"format":{"kind":"sealed_first_price","revisions":"replace","count":"shown"},"retraction":{"kind":"allowed"}}"#,
    r#"{"format":{"kind":"vickrey"}}"#,
    r#"{"format":{"kind":"vickrey","revisions":"replace","count":"shown"}}"#,
    r#"{"format":{"kind":"multi_unit","quantity":3},"retraction":{"kind":"allowed"}}"#,
    r#"{"format":{"kind":"multi_unit","quantity":3,"pricing":"pay_as_bid","count":"shown"}}"#,
    r#"{"format":{"kind":"dutch","step":"0.50","interval_s":60,"floor":"2.00","quantity":4}}"#,
    r#"{"format":{"kind":"fixed_price","quantity":4}}"#,
    r#"{"format":{"kind":"reverse"},"retraction":{"kind":"allowed"}}"#,
    r#"{"format":{"kind":"reverse","visibility":"rank_only"},"retraction":{"kind":"allowed"}}"#,
    r#"{"closing":{"kind":"candle","period_s":600,"sample_s":60}}"#,
    r#"{"retraction":{"kind":"allowed"},"increments":{"kind":"fixed","step":"0.01"}}"#,
    r#"{"format":{"kind":"reverse","visibility":"rank_only"},"closing":{"kind":"reset","window_s":60,"trigger":"any_accepted"}}"#,
];

/// The formats that hide bids, by their places among [`TERMS`].
const HIDDEN: [usize; 8] = [0, 1, 2, 3, 4, 5, 9, 12];

/// Who bids how much on every lot, above and below the starting price of 10.00, so that each format takes some of it.
type Amounts = [(&'static str, &'static str); 6];

const AMOUNTS: Amounts =
    [("ann", "10.43"), ("bob", "12.21"), ("ann", "11.32"), ("bob", "7.31"), ("ann", "8.63"), ("cyd", "6.89")];
/// As many bids of the same people that go the same way.
const OTHER_AMOUNTS: Amounts =
    [("ann", "10.57"), ("bob", "12.93"), ("ann", "11.77"), ("bob", "7.53"), ("ann", "8.71"), ("cyd", "6.23")];

fn terms(place: usize) -> Value {
    let mut terms: Value = serde_json::from_str(TERMS[place]).unwrap();
    terms["participation"] = json!("open");
    terms
}

/// A lot under each of these terms, bids on it, and everybody who looks at everything all the time. Answers the number of
/// answers that were given before the end.
async fn an_evening(house: &House, places: &[usize], amounts: &Amounts) -> usize {
    let mut lots = Vec::new();
    for place in places {
        lots.push(house.sell(terms(*place)).await);
        // That it has started is written down when it is time, whether or not somebody bids.
        house.tick(lots[lots.len() - 1]).await;
    }
    watch(house, &lots).await;
    for (number, (who, amount)) in amounts.iter().enumerate() {
        house.pass(120);
        for lot in &lots {
            house.post(who, &format!("auctions/{lot}/bids/"), &json!({"price": amount, "quantity": 1})).await;
            house.post(who, &format!("auctions/{lot}/buy/"), &json!({"price": amount})).await;
        }
        if number % 2 == 1 {
            watch(house, &lots).await;
        }
    }
    for lot in &lots {
        house.post("cyd", &format!("auctions/{lot}/retract/"), &json!({"reason": "A slip."})).await;
        let void = json!({"user": 3, "reason": "Not paid before."});
        house.post("admin", &format!("auctions/{lot}/void/"), &void).await;
    }
    watch(house, &lots).await;
    let before_the_end = house.traffic.lock().unwrap().len();
    house.pass(3_600);
    for lot in &lots {
        house.tick(*lot).await;
    }
    watch(house, &lots).await;
    before_the_end
}

async fn watch(house: &House, lots: &[u64]) {
    for who in ["", "ann", "bob", "cyd", "sally", "admin", "eve"] {
        for path in ["auctions/?scope=all", "auctions/my_auctions/", "auctions/won_auctions/", "bids/"] {
            house.get(who, path).await;
        }
        for lot in lots {
            for path in ["", "bids/", "events/"] {
                house.get(who, &format!("auctions/{lot}/{path}")).await;
            }
            house.get(who, &format!("bids/?auction={lot}")).await;
            house.get(who, &format!("bids/{}/", (lot << 24) + 1)).await;
        }
        for ordering in ["current_price", "-current_price", "bid_count", "-bid_count"] {
            house.get(who, &format!("auctions/?scope=all&ordering={ordering}")).await;
        }
    }
}

async fn traffic_of_every_format_has_no_member_that_is_not_allowed() {
    let house = House::open().await;
    let all: Vec<usize> = (0..TERMS.len()).collect();
    an_evening(&house, &all, &AMOUNTS).await;
    let traffic = house.traffic.lock().unwrap();
    let mut found = BTreeSet::new();
    for (_, text) in traffic.iter().filter(|(_, text)| !text.is_empty()) {
        paths(&serde_json::from_str(text).unwrap(), "", &mut found);
    }
    let allowed: BTreeSet<_> = ALLOWED.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new());
    for seen in ["awards.user", "withdrawal.versions", "draw.seed", "bid.quantity", "withdrawn", "units_left"]
    {
        assert!(found.contains(seen), "{seen} was to be seen");
    }
}

async fn hidden_bids_are_told_to_nobody_but_their_bidders_before_the_end() {
    let house = House::open().await;
    let before_the_end = an_evening(&house, &HIDDEN, &AMOUNTS).await;
    let traffic = house.traffic.lock().unwrap();
    for (owner, amount) in AMOUNTS {
        let told: Vec<_> = told_to(&traffic[..before_the_end], |who| who != owner)
            .filter(|text| text.contains(amount))
            .collect();
        assert!(told.is_empty(), "{amount}: {told:?}");
        assert!(told_to(&traffic, |who| who == owner).any(|text| text.contains(amount)), "{amount}");
    }
    // Who bids is hidden too, and so is what was taken back.
    for name in ["ann", "bob", "cyd"] {
        let label = format!("{}***{}@example.org", &name[..1], &name[name.len() - 1..]);
        let told: Vec<_> =
            told_to(&traffic[..before_the_end], |_| true).filter(|text| text.contains(&label)).collect();
        assert!(told.is_empty(), "{label}: {told:?}");
    }
    for secret in ["\"revision\"", "sealed_bid", "A slip.", "Not paid before."] {
        let told: Vec<_> = told_to(&traffic, |_| true).filter(|text| text.contains(secret)).collect();
        assert!(told.is_empty(), "{secret}: {told:?}");
    }
}

/// What everybody who has not bid is told before the end is the same, byte by byte.
async fn what_is_public_is_the_same_whatever_hidden_bids_are() {
    let mut told = Vec::new();
    for amounts in [&AMOUNTS, &OTHER_AMOUNTS] {
        let house = House::open().await;
        let before_the_end = an_evening(&house, &HIDDEN, amounts).await;
        let traffic = house.traffic.lock().unwrap();
        let strangers = |who: &str| !["ann", "bob", "cyd"].contains(&who);
        let texts: Vec<_> = told_to(&traffic[..before_the_end], strangers).map(str::to_owned).collect();
        assert!(texts.len() > 100);
        told.push(texts);
    }
    for (one, other) in told[0].iter().zip(&told[1]) {
        assert_eq!(one, other);
    }
    assert_eq!(told[0].len(), told[1].len());
    // The number of bids is not even told where the terms hide it.
    let house = House::open().await;
    let before_the_end = an_evening(&house, &[0, 2, 4], &AMOUNTS).await;
    let quiet = House::open().await;
    let quiet_before_the_end = an_evening(&quiet, &[0, 2, 4], &[("eve", "1.00"); 6]).await;
    let (busy, quiet) = (house.traffic.lock().unwrap(), quiet.traffic.lock().unwrap());
    let strangers = |who: &str| ["", "sally", "admin"].contains(&who);
    let looks = |traffic: &[(String, String)]| -> Vec<String> {
        told_to(traffic, strangers).filter(|text| text.contains("server_time")).map(str::to_owned).collect()
    };
    let (busy, quiet) = (looks(&busy[..before_the_end]), looks(&quiet[..quiet_before_the_end]));
    assert_eq!(busy.len(), quiet.len());
    busy.iter().zip(&quiet).for_each(|(busy, quiet)| assert_eq!(busy, quiet));
}

async fn the_seed_of_a_candle_is_told_when_it_has_gone_out() {
    let house = House::open().await;
    let before_the_end = an_evening(&house, &[10], &AMOUNTS).await;
    let seen = house.get("", "auctions/1/").await.json();
    let commitment = seen["terms"]["closing"]["commitment"].as_str().unwrap().to_owned();
    let events = house.get("", "auctions/1/events/").await.json();
    let drawn = events.as_array().unwrap().iter().find(|event| event["kind"] == "drawn").unwrap();
    let seed = drawn["draw"]["seed"].as_str().unwrap();
    assert_eq!(auction_core::auction::Seed::parse(seed).unwrap().commitment(), commitment);
    let traffic = house.traffic.lock().unwrap();
    let told = |text: &str| told_to(&traffic[..before_the_end], |_| true).any(|told| told.contains(text));
    assert!(told(&commitment) && !told(seed));
    assert!(
        PEOPLE
            .iter()
            .all(|who| !told_to(&traffic, |told| told == *who).any(|text| text.contains("\"seed\":null")))
    );
}
