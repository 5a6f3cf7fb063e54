use super::world::{PASSWORD, World};
use auction_core::Span;
use axum::body::Body;
use axum::http::{Method, Request};
use futures_util::future::join_all;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

fn wrong_credentials() -> Value {
    json!({"detail": "Invalid credentials.", "code": "invalid_credentials"})
}

fn throttled() -> Value {
    json!({"detail": "Too many failed sign-ins. Try again later.", "code": "throttled"})
}

fn invalid_token() -> Value {
    json!({"detail": "Invalid token.", "code": "invalid_token"})
}

fn not_authenticated() -> Value {
    json!({"detail": "Authentication credentials were not provided.", "code": "not_authenticated"})
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer_for_the_same_work() {
    let world = World::new();
    world.account(ANN).await;
    let mut before = world.hasher.hashes();
    for email in [ANN, "nobody@example.com", "not an address", "nobody"] {
        let answer = world.login(email, "wrongpassword123").await;
        answer.is(401, wrong_credentials());
        assert_eq!(answer.headers["www-authenticate"], "Token, Bearer");
        assert_eq!(world.hasher.hashes() - before, 2);
        before = world.hasher.hashes();
    }
}

#[tokio::test]
async fn ten_failures_are_checked_in_fifteen_minutes_for_one_account_and_source() {
    let world = World::new();
    world.account(ANN).await;
    let before = world.hasher.hashes();
    let guess = json!({"email": ANN, "password": "wrongpassword123"});
    let answers =
        join_all((0..100).map(|_| world.post_from("192.0.2.1", "/api/login/", guess.clone()))).await;
    for (number, answer) in answers.iter().enumerate() {
        match number {
            0..10 => answer.is(401, wrong_credentials()),
            _ => {
                answer.is(429, throttled());
                assert_eq!(answer.headers["retry-after"], "900");
            }
        }
    }
    assert_eq!(world.hasher.hashes() - before, 20);
    let right = json!({"email": ANN, "password": PASSWORD});
    world.post_from("192.0.2.1", "/api/login/", right.clone()).await.is(429, throttled());
    assert_eq!(world.post_from("192.0.2.2", "/api/login/", right.clone()).await.status, 200);
    world.clock.advance(Span::from_secs(900));
    assert_eq!(world.post_from("192.0.2.1", "/api/login/", right).await.status, 200);
}

#[tokio::test]
async fn a_forged_header_does_not_make_another_source() {
    let world = World::new();
    for number in 0..11 {
        let request = Request::post("/api/login/")
            .header("content-type", "application/json")
            .header("x-forwarded-for", format!("192.0.2.{number}"))
            .header("forwarded", format!("for=192.0.2.{number}"))
            .body(json!({"email": ANN, "password": "wrongpassword123"}).to_string().into());
        let status = world.send(request.unwrap()).await.status;
        assert_eq!(status, if number < 10 { 401 } else { 429 });
    }
}

#[tokio::test]
async fn all_names_of_an_account_share_its_failures() {
    let world = World::new();
    let token = world.token(ANN).await;
    world.signed_in(&token, Method::PATCH, "/api/me/", json!({"username": "ann_1"})).await;
    for number in 0..10 {
        let name = ["ann_1", ANN, "ANN@EXAMPLE.COM", "Ann_1"][number % 4];
        world.login(name, "wrongpassword123").await.is(401, wrong_credentials());
    }
    world.login("ann_1", PASSWORD).await.is(429, throttled());
    assert_eq!(world.get(&token, "/api/me/").await.status, 200);
}

#[tokio::test]
async fn one_source_fails_two_hundred_times() {
    let world = World::new();
    for number in 0..200 {
        let email = format!("user{number}@example.com");
        world.login(&email, "wrongpassword123").await.is(401, wrong_credentials());
    }
    world.login("another@example.com", "wrongpassword123").await.is(429, throttled());
}

#[tokio::test]
async fn a_success_clears_the_failures() {
    let world = World::new();
    world.account(ANN).await;
    for _ in 0..3 {
        for _ in 0..9 {
            world.login(ANN, "wrongpassword123").await.is(401, wrong_credentials());
        }
        world.login_token(ANN).await;
    }
}

#[tokio::test]
async fn both_schemes_are_understood_and_others_are_not_ours() {
    let world = World::new();
    let token = world.token(ANN).await;
    let ask = async |header: Option<String>| {
        let request = Request::get("/api/me/");
        let request =
            header.into_iter().fold(request, |request, value| request.header("authorization", value));
        world.send(request.body(Body::empty()).unwrap()).await
    };
    for scheme in ["Token", "Bearer", "token", "BEARER"] {
        assert_eq!(ask(Some(format!("{scheme} {token}"))).await.status, 200);
    }
    for header in [None, Some(format!("Basic {token}")), Some(token.clone())] {
        let answer = ask(header).await;
        answer.is(401, not_authenticated());
        assert_eq!(answer.headers["www-authenticate"], "Token, Bearer");
    }
    let wrong = format!("{}{}", if token.starts_with('0') { "1" } else { "0" }, &token[1..]);
    for text in [wrong.as_str(), "", "x", "Token", &token.to_uppercase(), &format!("{token} {token}")] {
        ask(Some(format!("Token {text}"))).await.is(401, invalid_token());
    }
    let request = Request::get("/api/me/")
        .header("authorization", format!("Token {token}"))
        .header("authorization", format!("Token {token}"));
    world.send(request.body(Body::empty()).unwrap()).await.is(401, invalid_token());
}

#[tokio::test]
async fn a_token_dies_with_its_session_at_once() {
    let world = World::new();
    let (first, second) = (world.token(ANN).await, world.login_token(ANN).await);
    assert_ne!(first, second);
    assert_eq!(world.get(&first, "/api/me/").await.status, 200);
    let answer = world.signed_in(&first, Method::POST, "/api/logout/", Value::Null).await;
    answer.is(204, Value::Null);
    world.get(&first, "/api/me/").await.is(401, invalid_token());
    world.signed_in(&first, Method::POST, "/api/logout/", Value::Null).await.is(401, invalid_token());
    assert_eq!(world.get(&second, "/api/me/").await.status, 200);
}

#[tokio::test]
async fn a_token_expires_after_fourteen_days() {
    let world = World::new();
    let token = world.token(ANN).await;
    let days = Span::from_secs(14 * 86_400 - 1);
    world.clock.advance(days);
    assert_eq!(world.get(&token, "/api/me/").await.status, 200);
    world.clock.advance(Span::from_secs(1));
    world.get(&token, "/api/me/").await.is(401, invalid_token());
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions() {
    let world = World::new();
    let first = world.token(ANN).await;
    let other = world.token("bob@example.com").await;
    world.clock.advance(Span::from_secs(1));
    let request = Request::post("/api/login/")
        .header("content-type", "application/json")
        .header("user-agent", "curl/8");
    let body = json!({"email": ANN, "password": PASSWORD}).to_string();
    let second =
        world.send(request.body(body.into()).unwrap()).await.body["token"].as_str().unwrap().to_owned();
    let row = |id: u64, device: &str, second: u32, is_current: bool| {
        json!({
            "id": id, "device": device, "created_at": format!("2026-01-01T12:00:0{second}Z"),
            "expires_at": format!("2026-01-15T12:00:0{second}Z"), "is_current": is_current,
        })
    };
    let rows = json!([row(3, "curl/8", 1, false), row(1, "", 0, true)]);
    let answer = world.get(&first, "/api/sessions/").await;
    answer.is(200, rows);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let not_found = json!({"detail": "Not found.", "code": "not_found"});
    for path in
        ["/api/sessions/2/", "/api/sessions/99/", "/api/sessions/0/", "/api/sessions/x/", "/api/sessions/-1/"]
    {
        world.signed_in(&first, Method::DELETE, path, Value::Null).await.is(404, not_found.clone());
    }
    assert_eq!(world.get(&other, "/api/me/").await.status, 200);
    assert_eq!(world.get(&second, "/api/me/").await.status, 200);
    world.signed_in(&first, Method::DELETE, "/api/sessions/3/", Value::Null).await.is(204, Value::Null);
    world.get(&second, "/api/me/").await.is(401, invalid_token());
    world.get(&first, "/api/sessions/").await.is(200, json!([row(1, "", 0, true)]));
}

#[tokio::test]
async fn without_signing_in_nothing_of_an_account_is_shown() {
    let world = World::new();
    for (method, path) in [
        (Method::GET, "/api/me/"),
        (Method::PATCH, "/api/me/"),
        (Method::POST, "/api/logout/"),
        (Method::GET, "/api/sessions/"),
        (Method::DELETE, "/api/sessions/1/"),
        (Method::POST, "/api/become-seller/"),
        (Method::POST, "/api/2fa/setup/"),
        (Method::POST, "/api/2fa/enable/"),
        (Method::POST, "/api/2fa/disable/"),
        (Method::GET, "/api/2fa/status/"),
        (Method::POST, "/api/change-password/"),
        (Method::POST, "/api/change-email/"),
        (Method::POST, "/api/change-email/verify/"),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        world.send(request).await.is(401, not_authenticated());
    }
}
