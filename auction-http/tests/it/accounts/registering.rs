use super::world::{PASSWORD, World, other_code};
use auction_core::Span;
use futures_util::future::join_all;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

fn sent() -> Value {
    json!({"detail": "OTP sent to your email."})
}

fn verified() -> Value {
    json!({"detail": "Account verified successfully."})
}

fn invalid() -> Value {
    json!({"detail": "Invalid OTP.", "code": "invalid_otp"})
}

fn still_valid() -> Value {
    json!({"detail": "The previous OTP is still valid.", "code": "otp_still_valid"})
}

fn resent() -> Value {
    json!({"detail": "A new OTP has been sent to your email."})
}

fn not_verified() -> Value {
    json!({"detail": "Account is not verified. Please verify your email.", "code": "account_not_verified"})
}

fn wrong_credentials() -> Value {
    json!({"detail": "Invalid credentials.", "code": "invalid_credentials"})
}

#[tokio::test]
async fn somebody_registers_verifies_and_signs_in() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    world.login(ANN, PASSWORD).await.is(403, not_verified());
    world.login(ANN, "wrongpassword123").await.is(401, wrong_credentials());
    let mail = world.mail();
    assert_eq!((mail.to.typed(), mail.subject.as_str()), (ANN, "Your verification code"));
    let code = super::world::code_in(&mail.text);
    assert!(mail.html.unwrap().contains(&code));
    world.verify("ANN@example.com", &code).await.is(200, verified());
    let token = world.login_token(ANN).await;
    let me = json!({
        "id": 1, "email": ANN, "username": null, "first_name": "Ann", "last_name": "Li", "phone": "", "address": "",
        "avatar": null, "bio": null, "location": null, "website": null, "birth_date": null,
        "user_type": "client", "roles": ["client"], "is_verified": true, "two_factor_enabled": false,
    });
    world.get(&token, "/api/me/").await.is(200, me);
}

#[tokio::test]
async fn roles_and_flags_in_the_body_are_ignored() {
    let world = World::new();
    let body = json!({
        "email": ANN, "password": PASSWORD, "first_name": "Ann", "last_name": "Li", "role": "admin",
        "is_staff": true, "is_superuser": true, "is_admin": true, "verified": true, "is_verified": true, "id": 99,
        "user_type": "admin", "roles": ["admin"], "is_seller": true, "banned": false, "password_hash": "x",
    });
    world.post("/api/register/", body).await.is(201, sent());
    world.login(ANN, PASSWORD).await.is(403, not_verified());
    let code = world.code();
    world
        .post("/api/verify-otp/", json!({"email": ANN, "otp": code, "role": "admin"}))
        .await
        .is(200, verified());
    let token = world.login_token(ANN).await;
    let me = world.get(&token, "/api/me/").await.body;
    assert_eq!(
        (&me["id"], &me["user_type"], &me["roles"]),
        (&json!(1), &json!("client"), &json!(["client"]))
    );
}

#[tokio::test]
async fn an_address_with_an_account_gets_the_same_answers_and_its_owner_a_mail() {
    let (known, unknown) = (World::new(), World::new());
    known.account(ANN).await;
    let hashes = known.hasher.hashes();
    for world in [&known, &unknown] {
        world.register(ANN, "anotherpassword1").await.is(201, sent());
        world.resend(ANN).await.is(400, still_valid());
        world.verify(ANN, "12345x").await.is(400, invalid());
        world.login(ANN, "anotherpassword1").await.is(403, not_verified());
        world.login(ANN, "athirdpassword1").await.is(401, wrong_credentials());
        world.clock.advance(Span::from_secs(180));
        world.resend(ANN).await.is(200, resent());
        world.resend(ANN).await.is(400, still_valid());
    }
    assert_eq!(known.hasher.hashes() - hashes, unknown.hasher.hashes());
    let subjects =
        |world: &World| world.mailer.take().into_iter().map(|mail| mail.subject).collect::<Vec<_>>();
    assert_eq!(subjects(&known), ["You already have an account"; 2]);
    assert_eq!(subjects(&unknown), ["Your verification code"; 2]);
    known.login_token(ANN).await;
}

#[tokio::test]
async fn the_password_that_counts_is_that_of_the_registration_whose_code_is_entered() {
    let world = World::new();
    world.register(ANN, "firstpassword11").await.is(201, sent());
    let first = world.code();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let second = world.code();
    assert_ne!(first, second);
    world.verify(ANN, &first).await.is(400, invalid());
    world.verify(ANN, &second).await.is(200, verified());
    world.login(ANN, "firstpassword11").await.is(401, wrong_credentials());
    world.login_token(ANN).await;
}

#[tokio::test]
async fn a_code_is_used_once() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let code = world.code();
    world.verify(ANN, &code).await.is(200, verified());
    world.verify(ANN, &code).await.is(400, invalid());
}

#[tokio::test]
async fn after_five_tries_a_code_is_dead() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let code = world.code();
    for _ in 0..5 {
        world.verify(ANN, &other_code(&code)).await.is(400, invalid());
    }
    world.verify(ANN, &code).await.is(400, invalid());
    world.resend(ANN).await.is(200, resent());
    let code = world.code();
    for _ in 0..4 {
        world.verify(ANN, &other_code(&code)).await.is(400, invalid());
    }
    world.verify(ANN, &code).await.is(200, verified());
}

#[tokio::test]
async fn a_code_expires_after_three_minutes_and_only_who_knows_it_is_told() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let code = world.code();
    world.clock.advance(Span::from_secs(180));
    world.verify(ANN, &other_code(&code)).await.is(400, invalid());
    world.verify(ANN, &code).await.is(400, json!({"detail": "Expired OTP.", "code": "expired_otp"}));
    world.resend(ANN).await.is(200, resent());
    let renewed = world.code();
    world.verify(ANN, &renewed).await.is(200, verified());
}

#[tokio::test]
async fn a_code_is_valid_until_just_before_three_minutes() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    world.clock.advance(Span::from_micros(179_999_999));
    world.resend(ANN).await.is(400, still_valid());
    let code = world.code();
    world.verify(ANN, &code).await.is(200, verified());
}

#[tokio::test]
async fn the_code_of_somebody_else_is_no_code() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let of_ann = world.code();
    world.register("bob@example.com", PASSWORD).await.is(201, sent());
    let of_bob = world.code();
    world.verify(ANN, &of_bob).await.is(400, invalid());
    world.verify("bob@example.com", &of_ann).await.is(400, invalid());
    world.verify("nobody@example.com", &of_ann).await.is(400, invalid());
}

#[tokio::test]
async fn of_fifty_right_answers_at_once_one_succeeds() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let code = world.code();
    let answers = join_all((0..50).map(|_| world.verify(ANN, &code))).await;
    let successes = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(successes, 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(|answer| answer.is(400, invalid()));
}

#[tokio::test]
async fn an_unknown_address_that_asks_for_a_code_gets_the_answers_of_a_known_one_and_no_mail() {
    let world = World::new();
    world.resend(ANN).await.is(200, resent());
    world.resend(ANN).await.is(400, still_valid());
    world.verify(ANN, "123456").await.is(400, invalid());
    assert!(world.mailer.take().is_empty());
}

#[tokio::test]
async fn an_address_gets_ten_mails_an_hour() {
    let world = World::new();
    for _ in 0..10 {
        world.register(ANN, PASSWORD).await.is(201, sent());
    }
    let body = json!({"detail": "Too many mails to this address. Try again later.", "code": "throttled"});
    let answer = world.register(ANN, PASSWORD).await;
    answer.is(429, body);
    assert_eq!(answer.headers["retry-after"], "3600");
    assert_eq!(world.mailer.take().len(), 10);
    world.register("bob@example.com", PASSWORD).await.is(201, sent());
    world.clock.advance(Span::from_secs(3_600));
    world.register(ANN, PASSWORD).await.is(201, sent());
}

#[tokio::test]
async fn a_code_may_be_written_as_a_number() {
    let world = World::new();
    world.register(ANN, PASSWORD).await.is(201, sent());
    let code: u32 = world.code().parse().unwrap();
    world.post("/api/verify-otp/", json!({"email": ANN, "otp": code})).await.is(200, verified());
}

#[tokio::test]
async fn a_name_to_sign_in_with_works_like_the_address() {
    let world = World::new();
    let body = json!({"email": ANN, "password": PASSWORD, "first_name": "Zoe", "last_name": "Li", "username": "ann_1"});
    world.post("/api/register/", body).await.is(201, sent());
    let code = world.code();
    world.verify(ANN, &code).await.is(200, verified());
    for body in [
        json!({"username": "ANN_1", "password": PASSWORD}),
        json!({"email": "ann_1", "password": PASSWORD}),
        json!({"username": ANN, "password": PASSWORD}),
    ] {
        assert_eq!(world.post("/api/login/", body).await.status, 200);
    }
    let body = json!({"email": "bob@example.com", "password": PASSWORD, "first_name": "Bob", "last_name": "Li", "username": "Ann_1"});
    let taken = json!({"username": ["A user with that username already exists."], "code": "invalid"});
    world.post("/api/register/", body).await.is(400, taken);
}

#[tokio::test]
async fn an_admin_needs_no_code() {
    let world = World::new();
    world.admin("ada@example.com").await;
    let token = world.login_token("ada@example.com").await;
    let me = world.get(&token, "/api/me/").await.body;
    assert_eq!((&me["user_type"], &me["roles"]), (&json!("admin"), &json!(["client", "seller", "admin"])));
    assert!(world.mailer.take().is_empty());
}
