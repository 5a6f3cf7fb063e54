use super::house::{House, open_terms};
use serde_json::json;

on_each_store! {
    what_is_no_price_is_refused_and_harms_nothing,
    amounts_are_read_exactly_from_their_text,
    the_highest_amount_leaves_no_higher_bid,
    amounts_have_the_scale_of_their_currency,
}

/// What is no price, as JSON text.
const REFUSED: [&str; 41] = [
    "-1",
    "0",
    "-0",
    "0.00",
    "1e3",
    "1E3",
    "1e309",
    "-1e309",
    "100.001",
    "100.100",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "10000000000000",
    "10000000000000.00",
    "true",
    "[]",
    "{}",
    "[20]",
    "\"-1\"",
    "\"0\"",
    "\"-0\"",
    "\"1e3\"",
    "\"1e309\"",
    "\"NaN\"",
    "\"Infinity\"",
    "\"-Infinity\"",
    "\"100.001\"",
    "\"9007199254740993\"",
    "\"9223372036854775807\"",
    "\"9223372036854775808\"",
    "\"\u{ff11}\u{ff10}\u{ff10}\"",
    "\"1,000\"",
    "\"+5\"",
    "\"0x20\"",
    "\"\"",
    "\" 20\"",
    "\"20 \"",
    "\"007\"",
    "\"20.\"",
    "\".5\"",
];

async fn what_is_no_price_is_refused_and_harms_nothing() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let before = house.get("", "auctions/1/").await.told();
    for field in ["price", "max"] {
        for amount in REFUSED {
            let body = format!("{{\"{field}\":{amount}}}");
            let answer = house.send("ann", "POST", &format!("auctions/{auction}/bids/"), &body).await;
            assert_eq!(answer.code(), (400, "invalid_price".to_owned()), "{body}: {}", answer.text);
            assert_eq!(answer.json()["detail"], "Invalid price format.", "{body}");
        }
    }
    for amount in REFUSED {
        let body = format!("{{\"price\":{amount}}}");
        let answer = house.send("ann", "POST", &format!("auctions/{auction}/buy/"), &body).await;
        assert_eq!(answer.code(), (400, "invalid_price".to_owned()), "{body}: {}", answer.text);
    }
    // What JSON itself does not know.
    for amount in ["NaN", "Infinity", "+5", "0x20", "1,000", "\u{ff11}", "00", "5.", ".5", "1_000"] {
        let body = format!("{{\"price\":{amount}}}");
        let answer = house.send("ann", "POST", &format!("auctions/{auction}/bids/"), &body).await;
        assert_eq!(answer.code(), (400, "parse_error".to_owned()), "{body}");
    }
    assert_eq!(house.get("", "auctions/1/").await.told(), before);
    assert_eq!(house.bid("ann", auction, "20.00").await.status, 201);
}

async fn amounts_are_read_exactly_from_their_text() {
    let house = House::open().await;
    for (amount, stored) in [
        ("100.10", "100.10"),
        ("100.1", "100.10"),
        ("\"100.10\"", "100.10"),
        ("0.07e0", ""),
        ("10.07", "10.07"),
        ("4503599627370.97", "4503599627370.97"),
        ("9999999999999.98", "9999999999999.98"),
        ("\"9999999999999.98\"", "9999999999999.98"),
        ("\"\\u0032\\u0030\"", "20.00"),
    ] {
        let auction = house.sell(open_terms()).await;
        let body = format!("{{\"price\":{amount}}}");
        let answer = house.send("ann", "POST", &format!("auctions/{auction}/bids/"), &body).await;
        if stored.is_empty() {
            assert_eq!(answer.status, 400);
            continue;
        }
        assert_eq!((answer.status.as_u16(), &answer.json()["price"]), (201, &json!(stored)), "{amount}");
        let seen = house.get("", &format!("auctions/{auction}/")).await.json();
        assert_eq!(seen["current_price"], stored);
    }
}

async fn the_highest_amount_leaves_no_higher_bid() {
    let house = House::open().await;
    let auction = house.sell(open_terms()).await;
    let bid = house.bid("ann", auction, "9999999999999.99").await;
    assert_eq!((bid.status.as_u16(), bid.json()["minimum_bid"].is_null()), (201, true));
    let refused = house.bid("bob", auction, "9999999999999.99").await.told();
    let expected =
        json!({"detail": "No higher bid is possible.", "code": "below_minimum", "minimum_bid": null});
    assert_eq!(refused, (400, expected));
    assert_eq!(house.get("", "auctions/1/").await.json()["minimum_bid"], json!(null));
}

async fn amounts_have_the_scale_of_their_currency() {
    let house = House::open().await;
    for (currency, start, bid, price, wrong) in
        [("JPY", "1000", "1500", "1500", "1500.0"), ("KWD", "1.000", "1.25", "1.250", "1.2501")]
    {
        let auction = house
            .sell_with(
                json!({"currency": currency, "starting_price": start, "terms": {"participation": "open"}}),
            )
            .await;
        assert_eq!(house.bid("ann", auction, wrong).await.code(), (400, "invalid_price".to_owned()));
        assert_eq!(house.bid("ann", auction, bid).await.json()["current_price"], price);
        let seen = house.get("", &format!("auctions/{auction}/")).await.json();
        assert_eq!((&seen["currency"], &seen["starting_price"]), (&json!(currency), &json!(start)));
    }
}
