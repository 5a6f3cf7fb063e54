//! Bids over sockets that are nobody's, somebody else's, or no bids at all.

use super::house::{House, Is, open_terms};
use super::process::PATIENCE;
use super::socket::{Heard, Socket};
use auction_core::identity::BanScope;
use serde_json::{Value, json};
use tokio::time::timeout;

#[tokio::test]
async fn nobody_bids_before_signing_in_or_in_somebody_elses_name() {
    let house = House::open().await;
    let [seller, ann, bob] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
    ];
    let auction = house.sell(&seller, open_terms()).await;
    let path = format!("/ws/auction/{auction}/");
    let mut nobody = Socket::open(house.process.address, &path, &[]).await.expect("it waits for the token");
    nobody.say(&json!({"action": "place_bid", "price": "20.00"})).await;
    assert_eq!(nobody.hear().await, Heard::Closed(1008));
    let mut nobody = Socket::open(house.process.address, &path, &[]).await.expect("it waits for the token");
    nobody.say(&json!({"action": "place_bid", "price": "20.00", "token": ann.token})).await;
    assert_eq!(nobody.hear().await, Heard::Closed(1008));
    assert_eq!(house.history(auction).await, Vec::<Value>::new());

    let mut anns = house.watch(&ann, auction).await;
    anns.say(&json!({
        "action": "place_bid", "price": "20.00", "user": 3, "bidder": bob.email, "user_id": 3, "token": bob.token,
    }))
    .await;
    anns.next_where(|message| message["success"].is_string()).await;
    anns.say(&json!({"token": bob.token})).await;
    let rows = house.history(auction).await;
    assert_eq!((rows.len(), &rows[0]["user"]), (1, &json!("a***n@example.org")));
    assert_eq!(anns.bid("21.00").await["leading"], true);
    assert_eq!(
        house.history(auction).await[1]["user"],
        "a***n@example.org",
        "a second token changes nothing"
    );
}

#[tokio::test]
async fn who_may_not_bid_is_told_why_over_a_socket_too() {
    let house = House::open().await;
    let [seller, nora] =
        [house.person("seller", Is::Seller).await, house.person("nora", Is::Unverified).await];
    let auction = house.sell(&seller, open_terms()).await;
    for (person, code) in [(&seller, "seller_cannot_bid"), (&nora, "account_not_verified")] {
        let mut socket = house.watch(person, auction).await;
        assert_eq!(socket.bid("20.00").await["code"], code);
    }
    assert_eq!(house.history(auction).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_socket_is_closed_when_its_token_dies() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let mut socket = house.watch(&ann, auction).await;
    let answer = house.post(&ann, "/api/logout/", &json!({})).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(socket.end().await, Heard::Closed(1008));
}

#[tokio::test]
async fn a_ban_reaches_sockets_that_are_open() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let mut socket = house.watch(&ann, auction).await;
    assert_eq!(socket.bid("20.00").await["price"], "20.00");
    house.folder.ban(&ann, BanScope::Bidding).await;
    // What is known of somebody may be a second old.
    let refused = async {
        for price in 21.. {
            let answer = socket.bid(&format!("{price}.00")).await;
            if answer["error"].is_string() {
                return answer;
            }
        }
        Value::Null
    };
    assert_eq!(timeout(PATIENCE, refused).await.expect("it is refused")["code"], "account_banned");
    house.folder.ban(&ann, BanScope::Everything).await;
    assert_eq!(socket.end().await, Heard::Closed(1008));
    let path = format!("/ws/auction/{auction}/?token={}", ann.token);
    let refused =
        Socket::open(house.process.address, &path, &[]).await.map(|_| ()).expect_err("it is refused");
    assert_eq!(refused.0, 401);
}

#[tokio::test]
async fn what_is_no_price_is_refused_over_a_socket_and_harms_nothing() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let amounts = [
        "-1",
        "0",
        "-0",
        "1e3",
        "1e309",
        "100.001",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "[]",
        "{}",
        "true",
        "null",
        "\"\"",
        "\"-1\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"1e309\"",
        "\"１００\"",
        "\"1,000\"",
        "\"+5\"",
        "\"0x20\"",
        "\" 20\"",
        "\"007\"",
        "\"9223372036854775808\"",
    ];
    // Too much nonsense over one socket closes it.
    for amounts in amounts.chunks(8) {
        let mut socket = house.watch(&ann, auction).await;
        for amount in amounts {
            for field in ["price", "max"] {
                let message = format!(r#"{{"action":"place_bid","{field}":{amount}}}"#);
                socket.send(message.into()).await.expect("it is sent");
                let answer = socket.next_where(|message| message.get("title").is_none()).await;
                assert!(answer["error"].is_string(), "{field} {amount}: {answer}");
            }
        }
    }
    assert_eq!(house.history(auction).await, Vec::<Value>::new());
    let mut socket = house.watch(&ann, auction).await;
    assert_eq!(socket.bid("20.00").await["price"], "20.00");
}
