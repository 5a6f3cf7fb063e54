//! The log: one line an event, whatever anybody sends.

use super::house::{Folder, Is, open_terms};
use super::process::UNLIMITED;
use serde_json::{Value, json};

/// What would begin a line, end one, or paint the terminal of whoever reads.
const NASTY: &str = "x\r\n2026-01-01T00:00:00Z ERROR forged: \u{1b}[31mred\u{1b}[0m\u{2028}\u{85}\u{7}end";

/// Sends what is nasty everywhere, and answers the log.
async fn log_of(format: &str) -> String {
    let folder = Folder::new().await;
    let settings = [UNLIMITED.as_slice(), &[("LOG_FORMAT", format), ("LOG_LEVEL", "debug")]].concat();
    let house = folder.serve(&settings).await;
    let seller = house.person("sally", Is::Seller).await;
    let auction = house.sell_described(&seller, open_terms(), NASTY).await;
    let body = json!({ "email": NASTY, "password": NASTY, "first_name": NASTY, "last_name": NASTY });
    for path in ["/api/login/", "/api/register/", "/api/forgot-password/", "/api/token/"] {
        assert!(house.post(&seller, path, &body).await.status >= 400, "{path}");
    }
    let encoded = "%0d%0a2026-01-01T00:00:00Z%20ERROR%20forged:%20%1b[31m";
    for path in [
        format!("/api/auctions/?search={encoded}"),
        format!("/api/{encoded}/"),
        format!("/media/{encoded}.png"),
    ] {
        let mut client = house.client(&seller).await;
        // Among what a header may have is the one-byte form of what begins a command of a terminal.
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \u{9b}31mforged\r\nX-Request-Id: {encoded}\r\n\
             X-Forwarded-For: {encoded}\r\nReferer: {encoded}\r\n\r\n"
        );
        client.write(request.as_bytes()).await.expect("sent");
        assert!(client.answer().await.expect("an answer").status < 500, "{path}");
    }
    house.bid(&seller, auction, json!({ "price": NASTY, "id": NASTY })).await;
    house.post(&seller, "/api/notification-preferences/", &json!({ NASTY: NASTY })).await;
    house.process.said()
}

#[tokio::test]
async fn a_log_of_json_has_one_object_a_line_whatever_is_sent() {
    let log = log_of("json").await;
    assert!(log.lines().count() > 5, "{log}");
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line:?}"));
        assert!(event["timestamp"].is_string(), "{line}");
        assert!(!line.contains(['\u{1b}', '\u{9b}']), "{line:?}");
    }
}

#[tokio::test]
async fn a_log_of_text_has_one_event_a_line_whatever_is_sent() {
    let log = log_of("text").await;
    assert!(log.lines().count() > 5, "{log}");
    let now = first_month(&log);
    for line in log.lines() {
        assert!(line.starts_with(&now), "no event of today: {line:?}");
        assert!(!line.contains(['\u{1b}', '\u{9b}']), "{line:?}");
    }
}

/// The year and the month with which the log begins: what is forged is of another one.
fn first_month(log: &str) -> String {
    log.chars().take(8).collect()
}
