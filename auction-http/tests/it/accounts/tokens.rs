use super::world::{Answer, PASSWORD, World, code_in, other_code};
use auction_core::Span;
use auction_core::identity::{Ban, BanScope, RefreshPolicy, StandingChange};
use auction_core::ports::StandingStore;
use futures_util::future::join_all;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

fn invalid_token() -> Value {
    json!({"detail": "Invalid token.", "code": "invalid_token"})
}

fn invalid_otp() -> Value {
    json!({"detail": "Invalid or expired code.", "code": "invalid_otp"})
}

fn second_factor_required() -> Value {
    json!({"detail": "A two-factor code is required.", "code": "two_factor_required"})
}

struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn of(answer: &Answer) -> Self {
        let text = |name: &str| answer.body[name].as_str().expect("a token").to_owned();
        let (access, refresh) = (text("access"), text("refresh"));
        answer.is(200, json!({"access": access, "refresh": refresh}));
        Self { access, refresh }
    }
}

async fn sign_in(world: &World) -> Tokens {
    let body = json!({"email": ANN, "password": PASSWORD});
    Tokens::of(&world.post("/api/token/", body).await)
}

async fn refresh(world: &World, token: &str) -> Answer {
    world.post("/api/token/refresh/", json!({"refresh": token})).await
}

async fn is_signed_in(world: &World, access: &str) -> bool {
    match world.get(access, "/api/me/").await {
        answer if answer.status == 200 => true,
        answer => {
            answer.is(401, invalid_token());
            false
        }
    }
}

/// Asks for a code, and answers it where one was mailed.
async fn request_code(world: &World, email: &str) -> Option<String> {
    let answer = world.post("/api/otp/request/", json!({"email": email})).await;
    answer.is(200, json!({"detail": "OTP sent (if the email exists)."}));
    world.people.errands().finish().await;
    let mails = world.mailer.take();
    assert!(mails.len() <= 1);
    mails.first().map(|mail| code_in(&mail.text))
}

async fn verify(world: &World, email: &str, code: &str) -> Answer {
    world.post("/api/otp/verify/", json!({"email": email, "code": code})).await
}

#[tokio::test]
async fn an_access_token_works_for_an_hour_with_either_scheme_and_is_one_session() {
    let world = World::new();
    world.account(ANN).await;
    let tokens = sign_in(&world).await;
    assert!(is_signed_in(&world, &tokens.access).await);
    let sessions = world.get(&tokens.access, "/api/sessions/").await.body;
    assert_eq!(sessions.as_array().map(Vec::len), Some(1));
    assert_eq!(sessions[0]["is_current"], true);
    world.clock.advance(Span::from_secs(3_599));
    assert!(is_signed_in(&world, &tokens.access).await);
    world.clock.advance(Span::from_secs(1));
    assert!(!is_signed_in(&world, &tokens.access).await);
}

#[tokio::test]
async fn neither_a_refresh_token_nor_its_secret_lets_anybody_in() {
    let world = World::new();
    world.account(ANN).await;
    let tokens = sign_in(&world).await;
    assert!(!is_signed_in(&world, &tokens.refresh).await);
    let claims = tokens.refresh.split('.').nth(1).unwrap();
    let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert!(!is_signed_in(&world, claims["jti"].as_str().unwrap()).await);
    refresh(&world, &tokens.access).await.is(401, invalid_token());
}

#[tokio::test]
async fn the_password_counts_as_it_does_elsewhere() {
    let world = World::new();
    world.register(ANN, PASSWORD).await;
    let wrong = json!({"detail": "Invalid credentials.", "code": "invalid_credentials"});
    let post = async |body: Value| world.post("/api/token/", body).await;
    post(json!({"email": ANN, "password": "wrongpassword123"})).await.is(401, wrong.clone());
    post(json!({"username": "nobody", "password": PASSWORD})).await.is(401, wrong);
    let detail = "Account is not verified. Please verify your email.";
    let not_verified = json!({"detail": detail, "code": "account_not_verified"});
    post(json!({"email": ANN, "password": PASSWORD})).await.is(403, not_verified);
    let required = json!(["This field is required."]);
    post(json!({})).await.is(400, json!({"email": required, "password": required, "code": "invalid"}));
    assert_eq!(post(json!({"email": ANN, "password": {"$ne": null}})).await.status, 400);
}

#[tokio::test]
async fn a_refresh_token_is_taken_once_and_its_second_use_ends_the_session() {
    let world = World::new();
    world.account(ANN).await;
    let (first, other) = (sign_in(&world).await, sign_in(&world).await);
    let second = Tokens::of(&refresh(&world, &first.refresh).await);
    assert_ne!(first.refresh, second.refresh);
    assert!(is_signed_in(&world, &second.access).await);
    refresh(&world, &first.refresh).await.is(401, invalid_token());
    for access in [&first.access, &second.access] {
        assert!(!is_signed_in(&world, access).await);
    }
    refresh(&world, &second.refresh).await.is(401, invalid_token());
    assert!(is_signed_in(&world, &other.access).await);
    assert_eq!(refresh(&world, &other.refresh).await.status, 200);
}

#[tokio::test]
async fn of_many_refreshes_at_once_at_most_one_succeeds() {
    let world = World::new();
    world.account(ANN).await;
    let tokens = sign_in(&world).await;
    let answers = join_all((0..20).map(|_| refresh(&world, &tokens.refresh))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(!is_signed_in(&world, &tokens.access).await);
}

#[tokio::test]
async fn a_session_that_is_refreshed_goes_on_and_one_that_is_not_ends_after_seven_days() {
    let world = World::new();
    world.account(ANN).await;
    let mut tokens = sign_in(&world).await;
    let almost = Span::from_secs(7 * 86_400 - 1);
    for _ in 0..3 {
        world.clock.advance(almost);
        tokens = Tokens::of(&refresh(&world, &tokens.refresh).await);
    }
    world.clock.advance(Span::from_secs(7 * 86_400));
    refresh(&world, &tokens.refresh).await.is(401, invalid_token());
}

#[tokio::test]
async fn where_refresh_tokens_are_fixed_they_are_taken_until_they_end() {
    let world = World::refreshing(RefreshPolicy::Fixed);
    world.account(ANN).await;
    let first = sign_in(&world).await;
    for _ in 0..3 {
        world.clock.advance(Span::from_secs(3_600));
        let next = Tokens::of(&refresh(&world, &first.refresh).await);
        assert!(is_signed_in(&world, &next.access).await);
    }
    world.clock.advance(Span::from_secs(7 * 86_400 - 3 * 3_600));
    refresh(&world, &first.refresh).await.is(401, invalid_token());
}

#[tokio::test]
async fn tokens_die_with_their_session() {
    let world = World::new();
    world.account(ANN).await;
    for way in ["/api/logout/", "/api/change-password/"] {
        let (one, other) = (sign_in(&world).await, sign_in(&world).await);
        let body = json!({"password": PASSWORD, "new_password": PASSWORD});
        assert!(world.post_as(&one.access, way, body).await.status.is_success());
        let dead = if way == "/api/logout/" { &one } else { &other };
        assert!(!is_signed_in(&world, &dead.access).await, "{way}");
        refresh(&world, &dead.refresh).await.is(401, invalid_token());
    }
    let tokens = sign_in(&world).await;
    let ban = Ban::new(BanScope::Everything, None, "").unwrap();
    let id = world.people.authenticate(&tokens.access).await.unwrap().unwrap().id;
    world.store.change_standing(id, &StandingChange::Banned(ban)).await.unwrap();
    world.clock.advance(Span::from_secs(1));
    assert!(!is_signed_in(&world, &tokens.access).await);
    refresh(&world, &tokens.refresh).await.is(401, invalid_token());
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let world = World::new();
    world.account(ANN).await;
    let opaque = world.login_token(ANN).await;
    for text in [opaque.as_str(), "x", "a.b.c", "..", &"a.".repeat(5_000)] {
        refresh(&world, text).await.is(401, invalid_token());
    }
    let required = json!({"refresh": ["This field is required."], "code": "invalid"});
    world.post("/api/token/refresh/", json!({})).await.is(400, required);
}

#[tokio::test]
async fn with_a_second_factor_tokens_want_its_code() {
    let world = World::new();
    let token = world.token(ANN).await;
    let codes = super::two_factor::enable(&world, &token).await;
    let body = |otp: Value| json!({"email": ANN, "password": PASSWORD, "otp": otp});
    world.post("/api/token/", body(Value::Null)).await.is(401, second_factor_required());
    let wrong = json!({"detail": "Invalid verification code.", "code": "invalid_code"});
    world.post("/api/token/", body(json!("abcde-fghij"))).await.is(400, wrong.clone());
    Tokens::of(&world.post("/api/token/", body(json!(codes[0]))).await);
    world.post("/api/token/", body(json!(codes[0]))).await.is(400, wrong);
}

#[tokio::test]
async fn a_mailed_code_signs_in_once() {
    let world = World::new();
    world.account(ANN).await;
    let code = request_code(&world, "ANN@example.com").await.expect("a code");
    verify(&world, ANN, &other_code(&code)).await.is(400, invalid_otp());
    let tokens = Tokens::of(&verify(&world, ANN, &code).await);
    assert!(is_signed_in(&world, &tokens.access).await);
    verify(&world, ANN, &code).await.is(400, invalid_otp());
}

#[tokio::test]
async fn a_mailed_code_has_five_tries_and_ten_minutes_and_dies_when_the_next_is_sent() {
    let world = World::new();
    world.account(ANN).await;
    let first = request_code(&world, ANN).await.expect("a code");
    let second = request_code(&world, ANN).await.expect("a code");
    assert_ne!(first, second);
    verify(&world, ANN, &first).await.is(400, invalid_otp());
    for _ in 0..4 {
        verify(&world, ANN, &other_code(&second)).await.is(400, invalid_otp());
    }
    verify(&world, ANN, &second).await.is(400, invalid_otp());
    let third = request_code(&world, ANN).await.expect("a code");
    world.clock.advance(Span::from_secs(600));
    verify(&world, ANN, &third).await.is(400, invalid_otp());
    let fourth = request_code(&world, ANN).await.expect("a code");
    world.clock.advance(Span::from_secs(599));
    assert_eq!(verify(&world, ANN, &fourth).await.status, 200);
}

#[tokio::test]
async fn fifty_right_mailed_codes_at_once_are_one_sign_in() {
    let world = World::new();
    world.account(ANN).await;
    let code = request_code(&world, ANN).await.expect("a code");
    let answers = join_all((0..50).map(|_| verify(&world, ANN, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn an_address_without_an_account_is_answered_alike() {
    let world = World::new();
    world.register("waiting@example.com", PASSWORD).await;
    let code = world.code();
    for email in ["nobody@example.com", "waiting@example.com"] {
        assert_eq!(request_code(&world, email).await, None);
        for _ in 0..6 {
            verify(&world, email, "123456").await.is(400, invalid_otp());
        }
    }
    let verified = json!({"detail": "Account verified successfully."});
    world.verify("waiting@example.com", &code).await.is(200, verified);
}

#[tokio::test]
async fn a_mailed_code_does_not_skip_the_second_factor() {
    let world = World::new();
    let token = world.token(ANN).await;
    let codes = super::two_factor::enable(&world, &token).await;
    let code = request_code(&world, ANN).await.expect("a code");
    verify(&world, ANN, &code).await.is(401, second_factor_required());
    let body = json!({"email": ANN, "code": code, "otp": codes[0]});
    Tokens::of(&world.post("/api/otp/verify/", body).await);
}
