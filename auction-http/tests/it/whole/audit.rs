//! What the house does is written down.

use super::house::{Folder, Is, open_terms};
use super::process::UNLIMITED;
use serde_json::json;

#[tokio::test]
async fn what_the_staff_does_to_auctions_is_written_down_before_it_is_answered_and_logged_in_one_line() {
    let settings = [UNLIMITED.as_slice(), &[("LOG_FORMAT", "json")]].concat();
    let house = Folder::new().await.serve(&settings).await;
    let [seller, staff] = [house.person("seller", Is::Seller).await, house.person("staff", Is::Admin).await];
    let (first, second) = (house.sell(&seller, open_terms()).await, house.sell(&seller, open_terms()).await);
    let mut client = house.client(&staff).await;
    for (auction, does, action, status) in [
        (first, "pause", "auction_paused", 200),
        (first, "resume", "auction_resumed", 200),
        (first, "close", "auction_closed", 200),
        (second, "cancel", "auction_cancelled", 200),
        (second, "close", "auction_closed", 409),
    ] {
        let path = format!("/api/auctions/{auction}/{does}/");
        let id = format!("asked-{auction}-{does}");
        let answer = client.send("POST", &path, &[("X-Request-Id", &id)], "{}").await.expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text());
        let rows = client.get(&format!("/api/audit/?action={action}")).await.expect("an answer").json();
        let rows = rows.as_array().expect("rows").clone();
        assert_eq!(rows.len(), 1, "{rows:?}");
        if status == 200 {
            assert_eq!(rows[0]["actor"], json!({"kind": "user", "id": 2}));
            assert_eq!(rows[0]["subject"], json!({"kind": "auction", "id": auction}));
            assert_eq!(rows[0]["source"], "127.0.0.1");
            assert_eq!(rows[0]["request"], id);
        }
    }
    let answer = house.post(&seller, &format!("/api/auctions/{second}/publish/"), &json!({})).await;
    assert_eq!(answer.status, 409);
    let said = house.process.said();
    let lines = said.lines().filter(|line| line.contains("\"target\":\"audit\"")).collect::<Vec<_>>();
    assert_eq!(lines.iter().filter(|line| line.contains("auction_paused")).count(), 1, "{lines:?}");
}
