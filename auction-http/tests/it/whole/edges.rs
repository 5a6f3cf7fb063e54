//! Requests that smuggle, dribble, or are never read.

use super::house::House;
use super::http::Client;
use super::process::PATIENCE;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// What a second request would answer with.
const SMUGGLED: &str = "GET /api/time/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn no_form_of_a_body_hides_a_second_request() {
    let house = House::open().await;
    let length = SMUGGLED.len();
    for head in [
        format!("Content-Length: {length}\r\nContent-Length: 0"),
        format!("Content-Length: 0, {length}"),
        format!("Content-Length: +{length}"),
        format!("Content-Length: -{length}"),
        format!("Content-Length: 0x{length:x}"),
        "Content-Length: 99999999999999999999".to_owned(),
        "Content-Length: 1 1".to_owned(),
        "Transfer-Encoding: xchunked".to_owned(),
        "Transfer-Encoding: chunked, identity".to_owned(),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity".to_owned(),
        "Transfer-Encoding : chunked".to_owned(),
        "Transfer-Encoding:\u{b}chunked".to_owned(),
        "X: y\r\n Transfer-Encoding: chunked".to_owned(),
        "Transfer-Encoding: chunked\r\nContent-Length: 4".to_owned(),
    ] {
        for body in
            ["", "0\r\n\r\n", "fffffffffffffffff\r\n", "-1\r\n", "1;a=\"\n\"\r\nx\r\n", "0\r\nX: y\r\n\r\n"]
        {
            let mut client = house.stranger().await;
            let request =
                format!("POST /api/login/ HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n{body}{SMUGGLED}");
            client.write(request.as_bytes()).await.expect("it is sent");
            // Whatever is still to be read of a body does not come.
            client.finish().await;
            let answers = String::from_utf8_lossy(&client.rest().await).into_owned();
            assert!(!answers.contains("server_time"), "{head:?} {body:?}: {answers}");
            assert!(!answers.contains("HTTP/1.1 5"), "{head:?} {body:?}: {answers}");
        }
    }
}

/// How long a client that dribbles waits before each byte.
const BETWEEN_BYTES: Duration = Duration::from_millis(200);

#[tokio::test]
async fn clients_that_dribble_or_never_read_are_let_go_while_others_are_served() {
    let house = House::open().await;
    let head = dribble(house.stranger().await, "GET /api/time/ HTTP/1.1\r\nX: ");
    let body = dribble(
        house.stranger().await,
        "POST /api/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
    );
    let deaf = never_read(house.stranger().await);
    let others = async {
        let mut client = house.stranger().await;
        for _ in 0..50 {
            assert_eq!(client.get("/api/time/").await.expect("an answer").status, 200);
            sleep(BETWEEN_BYTES).await;
        }
    };
    let (head, body, (), ()) = tokio::join!(head, body, deaf, others);
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408 "), "{head}");
    assert!(body.starts_with("HTTP/1.1 408 ") && body.contains("request_timeout"), "{body}");
}

/// Sends a byte now and then until the connection is closed: what was answered.
async fn dribble(mut client: Client, start: &str) -> String {
    client.write(start.as_bytes()).await.expect("it is sent");
    let slowly = async {
        while client.write(b" ").await.is_ok() {
            if let Ok(rest) = timeout(BETWEEN_BYTES, client.rest()).await {
                return String::from_utf8_lossy(&rest).into_owned();
            }
        }
        String::from_utf8_lossy(&client.rest().await).into_owned()
    };
    timeout(PATIENCE, slowly).await.expect("the connection is closed")
}

/// Asks again and again, and reads nothing, until the connection is closed.
async fn never_read(mut client: Client) {
    let asking = async {
        while client.write(b"GET /api/schema/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await.is_ok() {}
    };
    timeout(PATIENCE, asking).await.expect("the connection is closed");
}
