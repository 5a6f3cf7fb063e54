use super::world::{PASSWORD, World, code_in, other_code};
use async_trait::async_trait;
use auction_core::Span;
use auction_core::memory::RecordingMailer;
use auction_core::ports::{Mail, Mailer, Unsent};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use std::sync::Arc;

const ANN: &str = "ann@example.com";
const NEW: &str = "anotherpassword456";

fn sent() -> Value {
    json!({"detail": "If an account exists with this email, a password reset link has been sent."})
}

fn done() -> Value {
    json!({"detail": "Password has been reset successfully."})
}

fn invalid_reset() -> Value {
    json!({"detail": "Invalid or expired reset token.", "code": "invalid_reset_token"})
}

fn wrong_credentials() -> Value {
    json!({"detail": "Invalid credentials.", "code": "invalid_credentials"})
}

fn invalid_token() -> Value {
    json!({"detail": "Invalid token.", "code": "invalid_token"})
}

/// Asks for a link, and answers the mails that follow.
async fn forgot(world: &World, email: &str) -> Vec<Mail> {
    world.post("/api/forgot-password/", json!({"email": email})).await.is(200, sent());
    world.people.errands().finish().await;
    world.mailer.take()
}

/// The secret of the link in the only mail.
fn secret(mails: &[Mail]) -> String {
    let [mail] = mails else { panic!("{} mails", mails.len()) };
    let address = "https://auctions.example.com/reset-password?token=";
    let (_, rest) = mail.text.split_once(address).expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn reset(world: &World, token: &str, password: &str) -> super::world::Answer {
    world.post("/api/reset-password/", json!({"token": token, "password": password})).await
}

#[tokio::test]
async fn a_forgotten_password_is_set_with_the_mailed_link_and_every_session_ends() {
    let world = World::new();
    let (first, second) = (world.token(ANN).await, world.login_token(ANN).await);
    let of_bob = world.token("bob@example.com").await;
    let token = secret(&forgot(&world, "ANN@Example.com").await);
    assert_eq!(token.len(), 64);
    assert_eq!(world.get(&first, "/api/me/").await.status, 200);
    reset(&world, &token, NEW).await.is(200, done());
    for token in [first, second] {
        world.get(&token, "/api/me/").await.is(401, invalid_token());
    }
    assert_eq!(world.get(&of_bob, "/api/me/").await.status, 200);
    let mail = world.mail();
    assert_eq!((mail.to.typed(), mail.subject.as_str()), (ANN, "Your password was changed"));
    world.login(ANN, PASSWORD).await.is(401, wrong_credentials());
    assert_eq!(world.login(ANN, NEW).await.status, 200);
    reset(&world, &token, PASSWORD).await.is(400, invalid_reset());
}

#[tokio::test]
async fn unknown_addresses_get_the_same_answer_and_no_mail() {
    let world = World::new();
    world.account(ANN).await;
    assert_eq!(forgot(&world, ANN).await.len(), 1);
    for email in ["nobody@example.com", "waiting@example.com"] {
        assert!(forgot(&world, email).await.is_empty(), "{email}");
    }
    let answer = world.post("/api/forgot-password/", json!({"email": "x"})).await;
    answer.is(400, json!({"email": ["Enter a valid email address."], "code": "invalid"}));
}

#[tokio::test]
async fn nobody_waits_for_the_account_to_be_looked_up() {
    let recorded = Arc::new(RecordingMailer::default());
    let (open, opened) = tokio::sync::watch::channel(false);
    let world = World::mailing(Arc::new(Waiting { opened, mailer: recorded.clone() }), recorded);
    world.account(ANN).await;
    // Were it done before the answer, there would be none.
    world.post("/api/forgot-password/", json!({"email": ANN})).await.is(200, sent());
    assert!(world.mailer.take().is_empty());
    open.send(true).unwrap();
    world.people.errands().finish().await;
    assert_eq!(world.mailer.take().len(), 1);
}

/// Sends links when it is told to, and everything else at once.
struct Waiting {
    opened: tokio::sync::watch::Receiver<bool>,
    mailer: Arc<RecordingMailer>,
}

#[async_trait]
impl Mailer for Waiting {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        if mail.subject == "Set a new password" {
            self.opened.clone().wait_for(|is_open| *is_open).await.expect("the test opens it");
        }
        self.mailer.send(mail).await
    }
}

#[tokio::test]
async fn a_link_is_dead_after_an_hour_and_when_a_newer_one_was_sent() {
    let world = World::new();
    world.account(ANN).await;
    let first = secret(&forgot(&world, ANN).await);
    let second = secret(&forgot(&world, ANN).await);
    reset(&world, &first, NEW).await.is(400, invalid_reset());
    world.clock.advance(Span::from_secs(3_600));
    reset(&world, &second, NEW).await.is(400, invalid_reset());
    let third = secret(&forgot(&world, ANN).await);
    world.clock.advance(Span::from_secs(3_599));
    reset(&world, &third, NEW).await.is(200, done());
    for wrong in ["x".to_owned(), "0".repeat(64), third.to_uppercase()] {
        reset(&world, &wrong, NEW).await.is(400, invalid_reset());
    }
}

#[tokio::test]
async fn a_bad_password_does_not_use_the_link_up() {
    let world = World::new();
    world.account(ANN).await;
    let token = secret(&forgot(&world, ANN).await);
    let errors = json!({
        "password": [
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.", "This password is entirely numeric.",
        ],
        "code": "invalid",
    });
    reset(&world, &token, "123456").await.is(400, errors);
    world.login_token(ANN).await;
    reset(&world, &token, NEW).await.is(200, done());
}

#[tokio::test]
async fn a_link_leads_to_the_site_whatever_the_request_says_its_host_is() {
    let world = World::new();
    world.account(ANN).await;
    let request = Request::post("/api/forgot-password/")
        .header("content-type", "application/json")
        .header("host", "evil.example.net")
        .header("x-forwarded-host", "evil.example.net")
        .header("origin", "https://evil.example.net");
    let body = Body::from(json!({"email": ANN}).to_string());
    world.send(request.body(body).unwrap()).await.is(200, sent());
    world.people.errands().finish().await;
    let mail = world.mail();
    assert!(mail.text.contains("https://auctions.example.com/reset-password?token="));
    assert!(!mail.text.contains("evil") && !mail.html.unwrap().contains("evil"));
}

#[tokio::test]
async fn an_address_gets_ten_mails_an_hour() {
    let world = World::new();
    world.account(ANN).await;
    let mut mails = 0;
    for _ in 0..20 {
        mails += forgot(&world, ANN).await.len();
    }
    assert_eq!(mails, 9, "one was the code");
    world.clock.advance(Span::from_secs(3_600));
    assert_eq!(forgot(&world, ANN).await.len(), 1);
}

async fn change_password(world: &World, token: &str, password: &str, new: &str) -> super::world::Answer {
    let body = json!({"password": password, "new_password": new});
    world.post_as(token, "/api/change-password/", body).await
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_other_sessions_end() {
    let world = World::new();
    let (first, second) = (world.token(ANN).await, world.login_token(ANN).await);
    let wrong = json!({"detail": "Invalid password.", "code": "invalid_password"});
    change_password(&world, &first, "wrongpassword123", NEW).await.is(400, wrong);
    let common = json!({"new_password": ["This password is too common."], "code": "invalid"});
    change_password(&world, &first, PASSWORD, "Password1").await.is(400, common);
    let answer = change_password(&world, &first, PASSWORD, NEW).await;
    answer.is(200, json!({"detail": "Password has been changed successfully."}));
    let mail = world.mail();
    assert_eq!((mail.to.typed(), mail.subject.as_str()), (ANN, "Your password was changed"));
    assert_eq!(world.get(&first, "/api/me/").await.status, 200);
    world.get(&second, "/api/me/").await.is(401, invalid_token());
    world.login(ANN, PASSWORD).await.is(401, wrong_credentials());
    assert_eq!(world.login(ANN, NEW).await.status, 200);
}

#[tokio::test]
async fn a_stolen_session_does_not_guess_the_password_more_often_than_anybody() {
    let world = World::new();
    let token = world.token(ANN).await;
    let wrong = json!({"detail": "Invalid password.", "code": "invalid_password"});
    for _ in 0..10 {
        change_password(&world, &token, "wrongpassword123", NEW).await.is(400, wrong.clone());
    }
    let throttled = json!({"detail": "Too many failed tries. Try again later.", "code": "throttled"});
    change_password(&world, &token, PASSWORD, NEW).await.is(429, throttled);
}

#[tokio::test]
async fn all_that_is_missing_is_told_at_once() {
    let world = World::new();
    let token = world.token(ANN).await;
    let required = json!(["This field is required."]);
    let answer = world.post_as(&token, "/api/change-password/", json!({})).await;
    answer.is(400, json!({"password": required, "new_password": required, "code": "invalid"}));
    let answer = world.post_as(&token, "/api/change-email/", json!({})).await;
    answer.is(400, json!({"password": required, "email": required, "code": "invalid"}));
    let answer = world.post("/api/reset-password/", json!({})).await;
    answer.is(400, json!({"token": required, "password": required, "code": "invalid"}));
    let answer = world.post("/api/2fa/verify/", json!({})).await;
    let detail = "code: This field is required.";
    answer.is(400, json!({"temp_token": required, "detail": detail, "code": "invalid"}));
}

/// Asks for another address, and answers the mails that follow.
async fn change_email(world: &World, token: &str, email: &str) -> Vec<Mail> {
    let body = json!({"password": PASSWORD, "email": email});
    let answer = world.post_as(token, "/api/change-email/", body).await;
    answer.is(200, json!({"detail": "OTP sent to your new email."}));
    world.mailer.take()
}

async fn confirm(world: &World, token: &str, otp: &str) -> super::world::Answer {
    world.post_as(token, "/api/change-email/verify/", json!({"otp": otp})).await
}

fn invalid_otp() -> Value {
    json!({"detail": "Invalid or expired OTP.", "code": "invalid_otp"})
}

#[tokio::test]
async fn an_address_is_changed_once_the_new_one_is_confirmed_and_the_old_one_is_told() {
    let world = World::new();
    let (first, second) = (world.token(ANN).await, world.login_token(ANN).await);
    let wrong = json!({"password": "wrongpassword123", "email": "new@example.com"});
    let wrong = world.post_as(&first, "/api/change-email/", wrong).await;
    wrong.is(400, json!({"detail": "Invalid password.", "code": "invalid_password"}));
    let mails = change_email(&world, &first, "New@example.com").await;
    let told = mails.iter().map(|mail| (mail.to.typed(), mail.subject.as_str())).collect::<Vec<_>>();
    let expected =
        [("New@example.com", "Confirm your new address"), (ANN, "Your address is about to change")];
    assert_eq!(told, expected);
    assert!(!mails[1].text.contains("New@example.com"));
    let code = code_in(&mails[0].text);
    assert_eq!(world.get(&first, "/api/me/").await.body["email"], ANN);
    confirm(&world, &first, &other_code(&code)).await.is(400, invalid_otp());
    let changed = json!({"detail": "Email has been changed successfully."});
    confirm(&world, &first, &code).await.is(200, changed);
    let mail = world.mail();
    assert_eq!((mail.to.typed(), mail.subject.as_str()), (ANN, "Your address was changed"));
    assert_eq!(world.get(&first, "/api/me/").await.body["email"], "New@example.com");
    world.get(&second, "/api/me/").await.is(401, invalid_token());
    world.login(ANN, PASSWORD).await.is(401, wrong_credentials());
    assert_eq!(world.login("new@example.com", PASSWORD).await.status, 200);
    confirm(&world, &first, &code).await.is(400, invalid_otp());
}

#[tokio::test]
async fn a_code_for_a_new_address_has_five_tries_and_ten_minutes_and_belongs_to_one_person() {
    let world = World::new();
    let token = world.token(ANN).await;
    let of_bob = world.token("bob@example.com").await;
    let code = code_in(&change_email(&world, &token, "new@example.com").await[0].text);
    confirm(&world, &of_bob, &code).await.is(400, invalid_otp());
    for _ in 0..5 {
        confirm(&world, &token, &other_code(&code)).await.is(400, invalid_otp());
    }
    confirm(&world, &token, &code).await.is(400, invalid_otp());
    let code = code_in(&change_email(&world, &token, "new@example.com").await[0].text);
    world.clock.advance(Span::from_secs(600));
    confirm(&world, &token, &code).await.is(400, invalid_otp());
    assert_eq!(world.get(&token, "/api/me/").await.body["email"], ANN);
}

#[tokio::test]
async fn an_address_that_somebody_has_is_answered_like_any_other_and_its_owner_is_told() {
    let world = World::new();
    let token = world.token(ANN).await;
    world.account("bob@example.com").await;
    let mails = change_email(&world, &token, "BOB@example.com").await;
    let told = mails.iter().map(|mail| (mail.to.typed(), mail.subject.as_str())).collect::<Vec<_>>();
    let expected =
        [("bob@example.com", "You already have an account"), (ANN, "Your address is about to change")];
    assert_eq!(told, expected);
    assert_eq!(world.get(&token, "/api/me/").await.body["email"], ANN);
}

#[tokio::test]
async fn with_a_second_factor_neither_password_nor_address_is_changed_without_a_code() {
    let world = World::new();
    let token = world.token(ANN).await;
    let codes = super::two_factor::enable(&world, &token).await;
    let required = json!({"detail": "A verification code is required.", "code": "code_required"});
    let wrong = json!({"detail": "Invalid verification code.", "code": "invalid_code"});
    for (path, field, new) in
        [("/api/change-password/", "new_password", NEW), ("/api/change-email/", "email", "new@example.com")]
    {
        let body = json!({"password": PASSWORD, field: new});
        world.post_as(&token, path, body).await.is(400, required.clone());
        let body = json!({"password": PASSWORD, field: new, "code": "abcde-fghij"});
        world.post_as(&token, path, body).await.is(400, wrong.clone());
    }
    assert!(world.mailer.take().is_empty());
    let body = json!({"password": PASSWORD, "email": "new@example.com", "code": codes[0]});
    assert_eq!(world.post_as(&token, "/api/change-email/", body).await.status, 200);
}

#[tokio::test]
async fn a_reset_does_not_skip_the_second_factor() {
    let world = World::new();
    let token = world.token(ANN).await;
    super::two_factor::enable(&world, &token).await;
    let secret = secret(&forgot(&world, ANN).await);
    reset(&world, &secret, NEW).await.is(200, done());
    let answer = world.login(ANN, NEW).await;
    assert_eq!((answer.status.as_u16(), &answer.body["requires_2fa"]), (200, &json!(true)));
    assert_eq!(answer.body["token"], Value::Null);
}

#[tokio::test]
async fn a_reset_link_signs_nobody_in() {
    let world = World::new();
    world.account(ANN).await;
    let secret = secret(&forgot(&world, ANN).await);
    world.signed_in(&secret, Method::GET, "/api/me/", Value::Null).await.is(401, invalid_token());
    let body = json!({"temp_token": secret, "code": "123456"});
    assert_eq!(world.post("/api/2fa/verify/", body).await.body["code"], "invalid_session");
}
