//! What every request and every answer have in common.

use super::house::server;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;

#[tokio::test]
async fn health_and_time_answer_as_the_contract_says_in_both_forms_of_the_path() {
    let server = server(&[]).await;
    let now = 1_767_268_800_000_i64;
    let version = env!("CARGO_PKG_VERSION");
    for slash in ["", "/"] {
        for (path, expected) in [
            ("/api/health", json!({"status": "healthy", "version": version, "server_time": now})),
            ("/api/health/live", json!({"status": "alive"})),
            (
                "/api/health/ready",
                json!({"status": "ready", "checks": {"accepting": "ok", "clock": "ok", "database": "ok"}}),
            ),
            ("/api/time", json!({"server_time": now})),
        ] {
            let answer = server.get(&format!("{path}{slash}")).await;
            assert_eq!((answer.status, answer.json()), (StatusCode::OK, expected), "{path}{slash}");
        }
    }
}

#[tokio::test]
async fn errors_of_the_router_and_of_libraries_have_the_form_of_the_contract() {
    let server = server(&[]).await;
    let answer = server.get("/api/nothing").await;
    let expected = json!({"detail": "Not found.", "code": "not_found"});
    assert_eq!((answer.status, answer.json()), (StatusCode::NOT_FOUND, expected));

    let answer = server.post("/api/time/", "{}").await;
    let expected = json!({"detail": "This method is not allowed here.", "code": "method_not_allowed"});
    assert_eq!((answer.status, answer.json()), (StatusCode::METHOD_NOT_ALLOWED, expected));
    assert_eq!(answer.header("allow"), "GET,HEAD");

    let answer = server.get("/test/plain").await;
    let expected = json!({"detail": "The request makes no sense.", "code": "invalid"});
    assert_eq!((answer.status, answer.json()), (StatusCode::IM_A_TEAPOT, expected));
}

#[tokio::test]
async fn faults_of_the_server_tell_their_request_id_and_nothing_else() {
    let server = server(&[]).await;
    let detail = "Something went wrong on our side.";
    for path in ["/test/panic/", "/test/broken/"] {
        let request =
            Request::get(path).header("x-request-id", "abc-1").body(Body::empty()).expect("a request");
        let answer = server.send(request).await;
        let expected = json!({"detail": detail, "code": "internal", "request_id": "abc-1"});
        assert_eq!((answer.status, answer.json()), (StatusCode::INTERNAL_SERVER_ERROR, expected), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(server.get("/api/health/live/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_others_are_replaced() {
    let server = server(&[]).await;
    for (brought, is_kept) in
        [("order-7.a_B", true), ("two words", false), (&"x".repeat(65), false), ("", false)]
    {
        let request = Request::get("/api/time/").header("x-request-id", brought).body(Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!(answer.header("x-request-id") == brought, is_kept, "{brought:?}");
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = server(&[]).await;
    for path in ["/api/time/", "/nothing", "/test/panic/", "/swagger/", "/redoc/", "/metrics"] {
        let answer = server.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "");
    }
    assert_eq!(server.get("/api/time/").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn hosts_that_are_not_ours_are_refused() {
    let server = server(&[("ALLOWED_HOSTS", "example.com")]).await;
    for (host, status) in [
        ("example.com", StatusCode::OK),
        ("EXAMPLE.COM:443", StatusCode::OK),
        ("evil.test", StatusCode::BAD_REQUEST),
        ("example.com.evil.test", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
    ] {
        let request = Request::get("/api/time/").header(header::HOST, host).body(Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!(answer.status, status, "{host:?}");
        if status != StatusCode::OK {
            let expected = json!({"detail": "This host is not served here.", "code": "invalid_host"});
            assert_eq!(answer.json(), expected);
        }
    }
    let two =
        Request::get("/api/time/").header(header::HOST, "example.com").header(header::HOST, "example.com");
    let answer = server.send(two.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_of_allowed_origins_may_call_and_others_are_told_nothing() {
    let server = server(&[("CORS_ALLOWED_ORIGINS", "https://shop.test")]).await;
    for (origin, allowed) in
        [("https://shop.test", "https://shop.test"), ("https://shop.test.evil.test", ""), ("null", "")]
    {
        let request = Request::get("/api/time/").header(header::ORIGIN, origin).body(Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        let before = Request::builder().method(Method::OPTIONS).uri("/api/auctions/");
        let before = before.header(header::ORIGIN, origin).header("access-control-request-method", "POST");
        let answer = server.send(before.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn large_answers_are_compressed_where_the_client_can_read_them() {
    let server = server(&[]).await;
    let request = |path| Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty());
    let answer = server.send(request("/test/large/").expect("a request")).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert!(answer.body.len() < 10_000);
    let answer = server.send(request("/api/time/").expect("a request")).await;
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(server.get("/test/large/").await.body.len(), 100_002);
}

/// What a browser sends along by itself must not sign anybody in: then no page of another origin can act for its
/// visitor, whatever it sends.
#[tokio::test]
async fn nothing_rides_on_cookies_and_no_form_of_another_page_is_taken() {
    let server = server(&[]).await;
    let token = server.token("ann").await;
    let bare = token.trim_start_matches("Token ");
    let cookies = [
        format!("token={bare}"),
        format!("sessionid={bare}; csrftoken={bare}"),
        format!("Authorization={token}"),
    ];
    for cookie in cookies {
        let request = Request::get("/api/me/").header(header::COOKIE, cookie).body(Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::UNAUTHORIZED, ""));
    }
    // The three kinds of content that a form can have, from a page that the visitor was lured to.
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
        let request = Request::post("/api/login/").header(header::CONTENT_TYPE, kind);
        let request = request.header(header::ORIGIN, "https://evil.example");
        let body = r#"{"email":"ann@example.com","password":"securepassword123"}"#;
        let answer = server.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert_eq!((answer.header("set-cookie"), answer.header("access-control-allow-origin")), ("", ""));
    }
    for path in ["/swagger/", "/redoc/", "/api/auctions/", "/api/health/", "/media/none.png"] {
        assert_eq!(server.get(path).await.header("set-cookie"), "", "{path}");
    }
}
