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
async fn bodies_that_are_too_large_or_no_json_are_refused() {
    let server = server(&[]).await;
    let large = format!(r#"{{"title":"{}"}}"#, "x".repeat(70_000));
    let answer = server.post("/test/echo/", large).await;
    let expected = json!({"detail": "The request is too large.", "code": "payload_too_large"});
    assert_eq!((answer.status, answer.json()), (StatusCode::PAYLOAD_TOO_LARGE, expected));

    let form = Request::post("/test/echo").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = server.send(form.body(Body::from("title=a")).expect("a request")).await;
    let expected = json!({
        "detail": "The body has to be JSON, with the content type application/json.",
        "code": "unsupported_media_type",
    });
    assert_eq!((answer.status, answer.json()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, expected));

    let packed = Request::post("/test/echo/").header(header::CONTENT_TYPE, "application/json");
    let packed = packed.header(header::CONTENT_ENCODING, "gzip").body(Body::from("bomb")).expect("a request");
    assert_eq!(server.send(packed).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);

    let expected = (400, "invalid_json".to_owned());
    for text in ["{", "[]", "null", "1", r#"{"title":"a"} {}"#, "\u{feff}{}", r#"{"title":NaN}"#] {
        assert_eq!(code(&server.post("/test/echo/", text.to_owned()).await), expected, "{text}");
    }
    assert_eq!(code(&server.post("/test/echo/", vec![b'"', 0xff, b'"']).await), expected);
}

#[tokio::test]
async fn deep_wide_and_repeated_json_is_refused() {
    let server = server(&[]).await;
    let deep = |depth: usize| format!(r#"{{"title":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let wide = format!(r#"{{"title":[1{}]}}"#, ",1".repeat(10_001));
    for (body, expected) in [
        (deep(16), "too_complex"),
        (deep(30_000), "too_complex"),
        (wide, "too_complex"),
        (r#"{"title":"a","title":"b"}"#.to_owned(), "duplicate_field"),
        (r#"{"title":"a","\u0074itle":"b"}"#.to_owned(), "duplicate_field"),
        (r#"{"title":"a","x":{"y":1,"y":2}}"#.to_owned(), "duplicate_field"),
    ] {
        assert_eq!(code(&server.post("/test/echo/", body).await), (400, expected.to_owned()));
    }
    let answer = server.post("/test/echo/", r#"{"title":" a ","price":1e309,"other":1}"#).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "a"));
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let server = server(&[]).await;
    let answer = server.post("/test/echo/", r#"{"title":{"$ne":null},"price":[]}"#).await;
    let expected = json!({
        "title": ["Not a valid string."], "price": ["A valid number is required."], "code": "invalid",
    });
    assert_eq!((answer.status, answer.json()), (StatusCode::BAD_REQUEST, expected));
    let answer = server.post("/test/echo/", "").await;
    let expected = json!({"title": ["This field is required."], "code": "invalid"});
    assert_eq!((answer.status, answer.json()), (StatusCode::BAD_REQUEST, expected));
}

#[tokio::test]
async fn queries_and_paths_that_make_no_sense_are_refused() {
    let server = server(&[]).await;
    let many = (0..10_000).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let many = &many[..60_000];
    for query in [many, &"a&".repeat(64), &format!("a={}", "x".repeat(9_000))] {
        let answer = server.get(&format!("/api/time/?{query}")).await;
        assert_eq!(code(&answer), (400, "too_many_parameters".to_owned()));
    }
    let answer = server.get("/test/query/?number=1&number=2").await;
    assert_eq!(answer.json(), json!({"number": ["Is given twice."], "code": "invalid"}));
    let answer = server.get("/test/query/?number=x").await;
    assert_eq!(answer.json(), json!({"number": ["A number is required."], "code": "invalid"}));
    assert_eq!(server.get("/test/query?number=7").await.text(), "7");

    assert_eq!(server.get("/test/thing/7").await.text(), "7");
    for id in ["x", "-1", "99999999999999999999", "%ff", "1.5"] {
        assert_eq!(server.get(&format!("/test/thing/{id}/")).await.status, StatusCode::NOT_FOUND, "{id}");
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
