//! The inbox, how people want to be told, and mails as the staff sees them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use auction_core::identity::Sealed;
use auction_core::money::{Amount, Currency};
use auction_core::notify::{
    Channels, MailClass, MailEnd, Manner, NewNotice, NoticeFacts, NoticeKind, NoticeResult,
};
use auction_core::ports::{Letter, OutboxStore, RowClaim};
use auction_core::{AuctionId, Span};
use serde_json::{Value, json};
use world::{World, noon, user};

const BOTH: Channels = Channels { mail: true, in_app: true };
const IN_APP: Channels = Channels { mail: false, in_app: true };

fn numbers(body: &Value) -> Vec<u64> {
    body.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

fn unauthorised() -> Value {
    json!({ "detail": "Authentication credentials were not provided.", "code": "not_authenticated" })
}

#[tokio::test]
async fn an_inbox_shows_the_notices_of_its_owner_the_newest_first() {
    let world = World::new();
    world.outbid(1, 1, BOTH).await;
    world.outbid(2, 2, BOTH).await;
    world.outbid(1, 3, IN_APP).await;
    let (status, link, body) = world.get("/notifications/", "ann").await;
    assert_eq!((status, link), (200, None));
    let [newest, oldest] = numbers(&body)[..] else { panic!("{body}") };
    assert!(newest > oldest);
    let message = "Somebody else leads the auction of “A <b>watch</b>” at 12.50 USD. It ends on 1 January 2026 at 13:00 UTC.";
    let row = json!({
        "id": oldest, "kind": "outbid", "title": "You have been outbid", "message": message, "auction": 101,
        "is_read": false, "created_at": "2026-01-01T12:00:00Z",
        "facts": {
            "lot": "A <b>watch</b>", "price": "12.50", "currency": "USD", "starts_at": null,
            "ends_at": "2026-01-01T13:00:00Z", "result": null, "is_reverse": false,
        },
    });
    assert_eq!(body[1], row);
    assert_eq!(world.get("/notifications/", "").await, (401, None, unauthorised()));
    assert_eq!(world.get("/notifications/", "sue").await, (200, None, json!([])));
}

#[tokio::test]
async fn a_notice_tells_what_its_words_are_made_of() {
    let world = World::new();
    world
        .tell(NewNotice {
            user: user(1),
            auction: AuctionId::new(7).unwrap(),
            kind: NoticeKind::Won,
            occurrence: 0,
            facts: NoticeFacts {
                title: "A crane,\nfor \u{202e}a day".to_owned(),
                price: Some(Amount::parse("1200", Currency::JPY).unwrap()),
                currency: Currency::JPY,
                starts_at: Some(noon()),
                ends_at: Some(noon().after(Span::from_secs(60))),
                result: Some(NoticeResult::Sold),
                manner: Manner::HiddenReverse,
            },
            at: noon(),
            channels: IN_APP,
        })
        .await;
    let (_, _, body) = world.get("/notifications/", "ann").await;
    assert_eq!(body[0]["message"], "You supply “A crane, for a day” for 1200 JPY.");
    let facts = json!({
        "lot": "A crane, for a day", "price": "1200", "currency": "JPY", "starts_at": "2026-01-01T12:00:00Z",
        "ends_at": "2026-01-01T12:01:00Z", "result": "sold", "is_reverse": true,
    });
    assert_eq!(body[0]["facts"], facts);
}

#[tokio::test]
async fn notices_that_are_only_mailed_stand_in_no_inbox() {
    let world = World::new();
    world.outbid(1, 1, Channels { mail: true, in_app: false }).await;
    assert_eq!(world.get("/notifications/", "ann").await, (200, None, json!([])));
    assert_eq!(world.get("/notifications/unread_count/", "ann").await.2, json!({ "unread_count": 0 }));
}

#[tokio::test]
async fn an_inbox_has_pages_and_their_neighbours() {
    let world = World::new();
    for occurrence in 1..=5 {
        world.outbid(1, occurrence, IN_APP).await;
    }
    let (_, _, all) = world.get("/notifications/", "ann").await;
    let (status, _, page) = world.get("/notifications/?page=2&page_size=2", "ann").await;
    assert_eq!(status, 200);
    assert_eq!(page["count"], 5);
    assert_eq!(page["next"], "https://house.example/notifications/?page_size=2&page=3");
    assert_eq!(page["previous"], "https://house.example/notifications/?page_size=2&page=1");
    assert_eq!(numbers(&page["results"]), numbers(&all)[2..4]);
    let (_, _, last) = world.get("/notifications/?page=3&page_size=2", "ann").await;
    assert_eq!((&last["next"], numbers(&last["results"]).len()), (&Value::Null, 1));
    let invalid = json!({ "detail": "Invalid page.", "code": "not_found" });
    assert_eq!(world.get("/notifications/?page=4&page_size=2", "ann").await, (404, None, invalid));
    let third = numbers(&all)[2];
    let (_, _, rest) = world.get(&format!("/notifications/?before={third}"), "ann").await;
    assert_eq!(numbers(&rest), numbers(&all)[3..]);
    for (query, field) in
        [("page=0", "page"), ("page_size=101", "page_size"), ("before=x", "before"), ("user=2", "user")]
    {
        let (status, _, body) = world.get(&format!("/notifications/?{query}"), "ann").await;
        assert_eq!((status, body[field].is_array()), (400, true), "{query}: {body}");
    }
}

#[tokio::test]
async fn notices_are_read_one_by_one_or_all_at_once_by_their_owner_alone() {
    let world = World::new();
    for occurrence in 1..=3 {
        world.outbid(1, occurrence, IN_APP).await;
    }
    let count = async || world.get("/notifications/unread_count/", "ann").await.2;
    assert_eq!(count().await, json!({ "unread_count": 3 }));
    let first = numbers(&world.get("/notifications/", "ann").await.2)[0];
    let path = format!("/notifications/{first}/read/");
    let missing = json!({ "detail": "Not found.", "code": "not_found" });
    assert_eq!(world.send("POST", &path, "bob", "").await, (404, None, missing.clone()));
    assert_eq!(world.send("POST", "/notifications/x/read/", "ann", "").await, (404, None, missing));
    let (status, _, body) = world.send("POST", &path, "ann", "").await;
    assert_eq!((status, &body["id"], &body["is_read"]), (200, &json!(first), &json!(true)));
    assert_eq!(world.send("POST", &path, "ann", "").await.2["is_read"], json!(true));
    assert_eq!(count().await, json!({ "unread_count": 2 }));
    assert_eq!(world.send("POST", "/notifications/read_all/", "bob", "").await.2, json!({ "read_count": 0 }));
    assert_eq!(
        world.send("POST", "/notifications/read_all/", "ann", "").await,
        (200, None, json!({ "read_count": 2 }))
    );
    assert_eq!(count().await, json!({ "unread_count": 0 }));
}

#[tokio::test]
async fn preferences_are_those_of_the_house_until_somebody_chooses() {
    let world = World::new();
    let (status, _, house) = world.get("/notification-preferences/", "ann").await;
    assert_eq!(status, 200);
    assert_eq!(house["outbid"], json!({ "mail": true, "in_app": true }));
    assert_eq!(house["extended"], json!({ "mail": false, "in_app": true }));
    assert_eq!(house.as_object().unwrap().len(), 10);
    let choice = r#"{"outbid":{"mail":false},"won":{"mail":true,"in_app":false}}"#;
    let (status, _, chosen) = world.send("PUT", "/notification-preferences/", "ann", choice).await;
    assert_eq!(status, 200);
    let mut expected = house.clone();
    expected["outbid"]["mail"] = json!(false);
    expected["won"]["in_app"] = json!(false);
    assert_eq!(chosen, expected);
    assert_eq!(world.get("/notification-preferences/", "ann").await.2, expected);
    assert_eq!(world.get("/notification-preferences/", "bob").await.2, house);
    for (body, field) in [
        (r#"{"outbid":true}"#, "outbid"),
        (r#"{"won":{"mail":"yes"}}"#, "won"),
        (r#"{"lost":{"mail":true,"mail":false}}"#, "lost"),
    ] {
        let (status, _, answer) = world.send("PUT", "/notification-preferences/", "ann", body).await;
        assert_eq!((status, answer[field].is_array()), (400, true), "{body}: {answer}");
    }
    assert_eq!(world.get("/notification-preferences/", "ann").await.2, expected);
}

#[tokio::test]
async fn the_staff_sees_which_mails_were_given_up_and_has_them_tried_again() {
    let world = World::new();
    let letter = Letter {
        message_id: "abc".to_owned(),
        class: MailClass::Notice,
        sealed: Sealed::from_bytes(b"a secret".to_vec()),
        at: noon(),
        expires_at: noon().after(Span::from_secs(3_600)),
    };
    let mail = world.store.post(&letter).await.unwrap();
    let claim = RowClaim { now: noon(), lease: Span::from_secs(60), token: 7, rows_max: 10 };
    assert_eq!(world.store.claim_mails(&claim).await.unwrap().len(), 1);
    let dead = MailEnd::Dead { reason: "refused: no such mailbox".to_owned() };
    world.store.settle_mails(7, &[(mail, dead)]).await.unwrap();
    let (status, _, body) = world.get("/mails/", "sue").await;
    let row = json!({
        "id": mail.0, "state": "dead", "kind": null, "attempts": 1, "written_at": "2026-01-01T12:00:00Z",
        "due_at": null, "reason": "refused: no such mailbox",
    });
    assert_eq!((status, body), (200, json!([row])));
    let retry = format!("/mails/{}/retry/", mail.0);
    for who in ["ann", "bob"] {
        assert_eq!(world.get("/mails/", who).await.0, 403);
        assert_eq!(world.send("POST", &retry, who, "").await.0, 403);
    }
    assert_eq!(world.get("/mails/?state=lost", "sue").await.0, 400);
    assert_eq!(world.send("POST", &retry, "sue", "").await.0, 204);
    assert_eq!(world.send("POST", &retry, "sue", "").await.0, 404);
    assert_eq!(world.get("/mails/", "sue").await.2, json!([]));
    let (_, _, waiting) = world.get("/mails/?state=waiting", "sue").await;
    assert_eq!((&waiting[0]["id"], &waiting[0]["due_at"]), (&json!(mail.0), &json!("2026-01-01T12:00:00Z")));
}
