//! Notices: in the inbox, over a socket, and as mails in the data folder.

use super::house::{House, Is, open_terms};
use super::process::until;
use super::socket::{Heard, Socket};
use serde_json::json;
use std::path::Path;

/// The mails in the folder, whole.
pub(super) fn mails_in(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder.join("data/mail")) else { return Vec::new() };
    let is_mail = |path: &std::path::PathBuf| path.extension().is_some_and(|kind| kind == "eml");
    let paths = files.filter_map(|file| Some(file.ok()?.path())).filter(is_mail);
    // A file appears whole.
    paths.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// How many mails went to an address, with this in them.
pub(super) fn mails_to(folder: &Path, address: &str, subject: &str) -> usize {
    let to = format!("To: {address}\r\n");
    mails_in(folder).iter().filter(|mail| mail.contains(&to) && mail.contains(subject)).count()
}

#[tokio::test]
async fn who_is_outbid_is_told_at_once_over_a_socket_in_the_inbox_and_by_mail() {
    let house = House::open().await;
    let seller = house.person("sally", Is::Seller).await;
    let (ann, bob) = (house.person("ann", Is::Bidder).await, house.person("bob", Is::Bidder).await);
    let auction = house.sell(&seller, open_terms()).await;
    let path = format!("/ws/notifications/?token={}", ann.token);
    let mut socket = Socket::open(house.process.address, &path, &[]).await.expect("it is let in");
    assert_eq!(socket.next().await, json!({ "unread_count": 0 }));
    assert_eq!(house.bid(&ann, auction, json!({ "price": "60.00" })).await.status, 201);
    assert_eq!(house.bid(&bob, auction, json!({ "price": "70.00" })).await.status, 201);
    let notice = socket.next_where(|notice| notice["kind"] == "outbid").await;
    assert_eq!((&notice["auction"], &notice["is_read"]), (&json!(auction), &json!(false)));
    assert!(notice["message"].as_str().is_some_and(|text| text.contains("70.00 USD")), "{notice}");
    let inbox = house.client(&ann).await.get("/api/notifications/").await.expect("an answer").json();
    assert!(inbox.as_array().expect("rows").contains(&notice), "{inbox}");
    let folder = house.folder.path().to_owned();
    until("the mail", || mails_to(&folder, &ann.email, "You have been outbid") == 1).await;
    assert_eq!(mails_to(&folder, &bob.email, "You have been outbid"), 0);
}

#[tokio::test]
async fn a_socket_for_notices_wants_a_token_and_closes_when_it_dies() {
    let house = House::open().await;
    let ann = house.person("ann", Is::Bidder).await;
    let address = house.process.address;
    let refused = Socket::open(address, "/ws/notifications/?token=nonsense", &[]).await;
    assert_eq!(refused.err().map(|(status, _)| status), Some(401));
    let mut nobody = Socket::open(address, "/ws/notifications/", &[]).await.expect("it waits");
    nobody.say(&json!({ "token": "nonsense" })).await;
    assert_eq!(nobody.end().await, Heard::Closed(1008));
    let mut late = Socket::open(address, "/ws/notifications/", &[]).await.expect("it waits");
    late.say(&json!({ "token": ann.token })).await;
    assert_eq!(late.next().await, json!({ "unread_count": 0 }));
    assert_eq!(house.post(&ann, "/api/logout/", &json!({})).await.status, 204);
    assert_eq!(late.end().await, Heard::Closed(1008));
}
