//! What is too much, too deep, too often.

use super::house::{Answer, server};
use auction_http::server::Peer;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

fn code(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_json_are_refused_in_the_same_words_by_all_rooms() {
    let server = server(&[("RATE_LIMIT_ANON", "off")]).await;
    let token = server.token("ann").await;
    let ask = |path: &str| Request::post(path).header(header::AUTHORIZATION, &token);
    for path in ["/api/login/", "/api/register/", "/api/auctions/", "/api/auctions/1/bids/"] {
        let large = ask(path).header(header::CONTENT_TYPE, "application/json");
        let large = large.body(Body::from(format!(r#"{{"title":"{}"}}"#, "x".repeat(600_000))));
        let answer = server.send(large.expect("a request")).await;
        let expected = json!({"detail": "The request is too large.", "code": "payload_too_large"});
        assert_eq!((answer.status, answer.json()), (StatusCode::PAYLOAD_TOO_LARGE, expected), "{path}");

        let form = ask(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let packed = ask(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "gzip");
        for request in [form, packed, ask(path)] {
            let answer = server.send(request.body(Body::from("a=b")).expect("a request")).await;
            let expected = json!({
                "detail": "The body has to be JSON, with the content type application/json.",
                "code": "unsupported_media_type",
            });
            assert_eq!(
                (answer.status, answer.json()),
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, expected),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn queries_that_are_too_long_are_refused() {
    let server = server(&[]).await;
    let many = (0..10_000).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let many = &many[..60_000];
    for query in [many, &"a&".repeat(64), &format!("a={}", "x".repeat(9_000))] {
        let answer = server.get(&format!("/api/time/?{query}")).await;
        assert_eq!(code(&answer), (400, "too_many_parameters".to_owned()));
    }
}

fn from(peer: &str, forwarded: &str) -> Request<Body> {
    let mut request = Request::get("/api/time/").header("x-forwarded-for", forwarded).body(Body::empty());
    let request = request.as_mut().expect("a request");
    request.extensions_mut().insert(Peer(format!("{peer}:1").parse().expect("an address")));
    std::mem::take(request)
}

#[tokio::test]
async fn too_many_calls_of_one_source_are_refused_and_others_go_on() {
    let server = server(&[("RATE_LIMIT_ANON", "3/day"), ("TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    for left in [2, 1, 0] {
        let answer = server.send(from("1.1.1.1", "9.9.9.9")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(
            (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
            ("3", &*left.to_string())
        );
    }
    // A header that anybody can write changes nothing.
    let answer = server.send(from("1.1.1.1", "8.8.8.8")).await;
    assert_eq!(code(&answer), (429, "throttled".to_owned()));
    let wait: u32 = answer.header("retry-after").parse().expect("seconds");
    assert!((28_700..=28_800).contains(&wait), "{wait}");
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    // Behind a proxy of ours it is another source.
    assert_eq!(server.send(from("10.0.0.1", "1.1.1.1, 2.2.2.2")).await.status, StatusCode::OK);
    assert_eq!(server.send(from("10.0.0.1", "2.2.2.2, 1.1.1.1")).await.status, StatusCode::TOO_MANY_REQUESTS);
    // Whoever watches over the server is always answered.
    let mut health = from("1.1.1.1", "");
    *health.uri_mut() = axum::http::Uri::from_static("/api/health/ready");
    assert_eq!(server.send(health).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_limit_that_is_off_counts_nothing() {
    let server = server(&[("RATE_LIMIT_ANON", "off")]).await;
    for _ in 0..400 {
        let answer = server.get("/api/time/").await;
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn bids_over_http_are_limited_for_each_user() {
    let server = server(&[("RATE_LIMIT_BIDS", "2/day")]).await;
    let (ann, bob) = (server.token("ann").await, server.token("bob").await);
    let bid = async |token: &str, path: &str| {
        let request = Request::post(path).header(header::AUTHORIZATION, token);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        server.send(request.body(Body::from(r#"{"price":"1.00"}"#)).expect("a request")).await
    };
    for left in ["1", "0"] {
        let answer = bid(&ann, "/api/auctions/1/bids/").await;
        assert_eq!(code(&answer), (404, "not_found".to_owned()));
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("2", left));
    }
    for path in
        ["/api/auctions/1/bids/", "/api/auctions/1/bids", "/api/auctions/2/bids//", "/api/auctions/1/buy/"]
    {
        let answer = bid(&ann, path).await;
        assert_eq!(code(&answer), (429, "throttled".to_owned()), "{path}");
        let wait: u32 = answer.header("retry-after").parse().expect("seconds");
        assert!((43_100..=43_200).contains(&wait), "{wait}");
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("2", "0"));
        assert!(!answer.header("ratelimit-reset").is_empty());
    }
    // Others bid on, and whoever bid too often still sees everything.
    assert_eq!(bid(&bob, "/api/auctions/1/bids/").await.status, StatusCode::NOT_FOUND);
    let list = Request::get("/api/auctions/").header(header::AUTHORIZATION, &ann).body(Body::empty());
    let answer = server.send(list.expect("a request")).await;
    assert_eq!((answer.status, answer.header("ratelimit-limit")), (StatusCode::OK, "1200"));
}

#[tokio::test]
async fn no_other_way_to_write_a_path_gives_more_bids() {
    let server = server(&[("RATE_LIMIT_BIDS", "2/day")]).await;
    let ann = server.token("ann").await;
    let send = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, &ann);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        server.send(request.body(Body::from(r#"{"price":"1.00"}"#)).expect("a request")).await
    };
    for _ in 0..2 {
        assert_eq!(send("POST", "/api/auctions/1/bids/").await.status, StatusCode::NOT_FOUND);
    }
    let mut reached = 0;
    for path in [
        "/api/auctions/1/bids",
        "/api/auctions/1/bids//",
        "/api/auctions/1/bids/?x=1",
        "/api/auctions/1/bids?",
        "/api/auctions/01/bids/",
        "/api/auctions/%31/bids/",
        "/api/auctions/1/bids/.",
        "/api/auctions/1/./bids/",
        "/api/auctions/1/../1/bids/",
        "/api//auctions/1/bids/",
        "//api/auctions/1/bids/",
        "/api/auctions//1/bids/",
        "/api/auctions/1//bids/",
        "/API/auctions/1/bids/",
        "/api/auctions/1/Bids/",
        "/api/auctions/1/%62ids/",
        "/%61pi/auctions/1/bids/",
        "/api/auctions/1/bids%2f",
        "/api/auctions/1%2fbids/",
        "/api/auctions/1/bids/;x",
        "/api/auctions/1/bids;x/",
        "http://localhost/api/auctions/1/bids/",
    ] {
        // Where another method is not allowed there is something to be reached.
        let is_route = send("PUT", path).await.status == StatusCode::METHOD_NOT_ALLOWED;
        reached += u32::from(is_route);
        let answer = send("POST", path).await;
        // What leads nowhere may be counted or not.
        let is_refused = answer.status == StatusCode::TOO_MANY_REQUESTS;
        let leads_nowhere = !is_route && answer.status == StatusCode::NOT_FOUND;
        let is_another = answer.status == StatusCode::METHOD_NOT_ALLOWED;
        assert!(is_refused || leads_nowhere || is_another, "{path}: {}", answer.status);
    }
    assert!(reached >= 6, "{reached}");
}

#[tokio::test]
async fn all_paths_and_all_addresses_of_a_network_share_one_count() {
    let server = server(&[("RATE_LIMIT_ANON", "5/day")]).await;
    let paths = ["/api/time/", "/api/time", "//api/time/", "/api/./time/", "/api/%74ime/"];
    for (number, path) in paths.into_iter().cycle().take(15).enumerate() {
        let mut request = from(&format!("[2001:db8:0:7:{number:x}::1]"), "");
        *request.uri_mut() = path.parse().expect("a path");
        let answer = server.send(request).await;
        assert_eq!(answer.status == StatusCode::TOO_MANY_REQUESTS, number >= 5, "{path}: {}", answer.status);
    }
    assert_eq!(server.send(from("[2001:db8:0:8::1]", "")).await.status, StatusCode::OK);
    // An address of IPv4 is one source also where it is written as one of IPv6.
    for number in 0..6 {
        let peer = if number % 2 == 0 { "192.0.2.1" } else { "[::ffff:192.0.2.1]" };
        let answer = server.send(from(peer, "")).await;
        assert_eq!(answer.status == StatusCode::TOO_MANY_REQUESTS, number >= 5, "{number}");
    }
}
