use super::world::{PASSWORD, World, code_in};
use auction_core::identity::EmailVerification;
use axum::http::Method;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";
const OTHER_PASSWORD: &str = "another-password-77";

fn not_verified() -> Value {
    let detail = "Account is not verified. Please verify your email.";
    json!({"detail": detail, "code": "account_not_verified"})
}

fn code_sent() -> Value {
    json!({"detail": "OTP sent to your email."})
}

async fn early() -> World {
    World::verifying(EmailVerification::BeforeFirstBid)
}

/// A token with this password.
async fn signed_in(world: &World, password: &str) -> String {
    let answer = world.login(ANN, password).await;
    let token = answer.body["token"].as_str().expect("a token").to_owned();
    answer.is(200, json!({"token": token, "requires_2fa": false}));
    token
}

fn verified() -> Value {
    json!({"detail": "Account verified successfully."})
}

#[tokio::test]
async fn whoever_has_registered_signs_in_before_the_address_is_verified_and_may_not_bid() {
    let world = early().await;
    world.register(ANN, PASSWORD).await.is(201, code_sent());
    let code = world.code();
    let token = signed_in(&world, PASSWORD).await;
    assert_eq!(world.get(&token, "/api/me/").await.body["is_verified"], false);
    let person = world.people.authenticate(&token).await.unwrap().unwrap();
    assert!(!person.facts().verified && !person.can_sell);
    world.post_as(&token, "/api/become-seller/", Value::Null).await.is(403, not_verified());
    world.verify(ANN, &code).await.is(200, verified());
    // The session goes on, and the address counts at once.
    assert_eq!(world.get(&token, "/api/me/").await.body["is_verified"], true);
    assert!(world.people.authenticate(&token).await.unwrap().unwrap().facts().verified);
}

#[tokio::test]
async fn the_account_of_a_stranger_does_not_survive_the_owners_verification() {
    let world = early().await;
    world.register(ANN, OTHER_PASSWORD).await.is(201, code_sent());
    let strangers_code = world.code();
    let stranger = signed_in(&world, OTHER_PASSWORD).await;
    let told = json!({"phone": "+1 555", "username": "ann"});
    assert_eq!(world.signed_in(&stranger, Method::PATCH, "/api/me/", told).await.status, 200);
    world.register(ANN, PASSWORD).await.is(201, code_sent());
    let owners_code = world.code();
    // Until then both wait: the account is the first one's, the code the last one's.
    world.login(ANN, PASSWORD).await.is(403, not_verified());
    let invalid = json!({"detail": "Invalid OTP.", "code": "invalid_otp"});
    world.verify(ANN, &strangers_code).await.is(400, invalid);
    world.verify(ANN, &owners_code).await.is(200, verified());
    world.clock.advance(auction_core::Span::from_secs(1));
    let invalid = json!({"detail": "Invalid token.", "code": "invalid_token"});
    world.get(&stranger, "/api/me/").await.is(401, invalid);
    let wrong = json!({"detail": "Invalid credentials.", "code": "invalid_credentials"});
    world.login(ANN, OTHER_PASSWORD).await.is(401, wrong);
    let owner = signed_in(&world, PASSWORD).await;
    let me = world.get(&owner, "/api/me/").await.body;
    assert_eq!((&me["phone"], &me["username"], &me["is_verified"]), (&json!(""), &Value::Null, &json!(true)));
}

#[tokio::test]
async fn nothing_about_signing_in_is_settled_before_the_address_is_verified() {
    let world = early().await;
    world.register(ANN, PASSWORD).await.is(201, code_sent());
    world.mailer.take();
    let token = signed_in(&world, PASSWORD).await;
    let change = json!({"password": PASSWORD, "new_password": OTHER_PASSWORD});
    world.post_as(&token, "/api/change-password/", change).await.is(403, not_verified());
    let change = json!({"password": PASSWORD, "email": "eve@example.com"});
    world.post_as(&token, "/api/change-email/", change).await.is(403, not_verified());
    world.post_as(&token, "/api/2fa/setup/", Value::Null).await.is(403, not_verified());
    // To the address goes nothing but codes of registrations: it is nobody's yet.
    let email = json!({"email": ANN});
    assert_eq!(world.post("/api/forgot-password/", email.clone()).await.status, 200);
    assert_eq!(world.post("/api/otp/request/", email).await.status, 200);
    world.people.errands().finish().await;
    assert_eq!(world.mailer.take().len(), 0);
}

#[tokio::test]
async fn an_address_with_an_owner_is_registered_with_the_same_answer() {
    let world = early().await;
    world.account(ANN).await;
    world.register(ANN, OTHER_PASSWORD).await.is(201, code_sent());
    assert_eq!(world.mail().subject, "You already have an account");
    let owner = signed_in(&world, PASSWORD).await;
    assert_eq!(world.get(&owner, "/api/me/").await.body["id"], 1);
    world.login(ANN, OTHER_PASSWORD).await.is(403, not_verified());
}

#[tokio::test]
async fn an_address_that_a_stranger_registered_can_still_become_somebodys() {
    let world = early().await;
    world.register(ANN, OTHER_PASSWORD).await.is(201, code_sent());
    world.mailer.take();
    let stranger = signed_in(&world, OTHER_PASSWORD).await;
    let bob = world.token("bob@example.com").await;
    let change = json!({"password": PASSWORD, "email": ANN});
    let sent = json!({"detail": "OTP sent to your new email."});
    world.post_as(&bob, "/api/change-email/", change).await.is(200, sent);
    let mails = world.mailer.take();
    let mail = mails.iter().find(|mail| mail.to.typed() == ANN).expect("a code");
    let otp = json!({"otp": code_in(&mail.text)});
    assert_eq!(world.post_as(&bob, "/api/change-email/verify/", otp).await.status, 200);
    assert_eq!(world.get(&bob, "/api/me/").await.body["email"], ANN);
    world.clock.advance(auction_core::Span::from_secs(1));
    assert_eq!(world.get(&stranger, "/api/me/").await.status, 401);
}

#[tokio::test]
async fn without_proof_an_account_is_there_at_once_and_a_known_address_is_answered_alike() {
    let world = World::verifying(EmailVerification::Off);
    let created = json!({"detail": "Account created. You can sign in now."});
    let before = world.hasher.hashes();
    world.register(ANN, PASSWORD).await.is(201, created.clone());
    let first = world.hasher.hashes() - before;
    world.people.errands().finish().await;
    assert_eq!(world.mailer.take().len(), 0);
    let token = signed_in(&world, PASSWORD).await;
    assert!(world.people.authenticate(&token).await.unwrap().unwrap().facts().verified);
    world.register(ANN, OTHER_PASSWORD).await.is(201, created);
    assert_eq!(
        world.hasher.hashes() - before - 2 * first,
        1,
        "a sign-in hashes once, both registrations once"
    );
    world.people.errands().finish().await;
    assert_eq!(world.mail().subject, "You already have an account");
    assert_eq!(world.get(&token, "/api/me/").await.body["id"], 1);
    let wrong = json!({"detail": "Invalid credentials.", "code": "invalid_credentials"});
    world.login(ANN, OTHER_PASSWORD).await.is(401, wrong);
}
