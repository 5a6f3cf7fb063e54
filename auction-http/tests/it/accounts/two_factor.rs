use super::world::{PASSWORD, World, other_code};
use auction_core::Span;
use auction_core::identity::{TotpSecret, TotpStep};
use auction_core::ports::{Clock, SecondFactorStore};
use axum::http::Method;
use data_encoding::BASE32_NOPAD;
use futures_util::future::join_all;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

/// What shows codes: it knows the secret that its owner typed in, and the time.
struct Authenticator(TotpSecret);

impl Authenticator {
    fn typed(secret: &str) -> Self {
        Self(TotpSecret::from_bytes(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap())
    }

    fn code(&self, world: &World) -> String {
        self.0.code(TotpStep::at(world.clock.now())).reveal().to_owned()
    }
}

/// Somebody with an authenticator.
struct Holder {
    token: String,
    authenticator: Authenticator,
    recovery_codes: Vec<String>,
}

fn invalid_code() -> Value {
    json!({"detail": "Invalid verification code.", "code": "invalid_code"})
}

fn invalid_session() -> Value {
    json!({"detail": "Invalid or expired session. Please login again.", "code": "invalid_session"})
}

fn missing() -> Value {
    json!({"detail": "2FA is not set up.", "code": "two_factor_missing"})
}

fn throttled() -> Value {
    json!({"detail": "Too many failed tries. Try again later.", "code": "throttled"})
}

async fn set_up(world: &World, token: &str) -> Authenticator {
    let answer = world.post_as(token, "/api/2fa/setup/", Value::Null).await;
    assert_eq!(answer.status, 200);
    Authenticator::typed(answer.body["secret"].as_str().unwrap())
}

/// Registers somebody, who enables an authenticator, and waits for its next code.
async fn holder(world: &World, email: &str) -> Holder {
    let token = world.token(email).await;
    let authenticator = set_up(world, &token).await;
    let code = json!({"code": authenticator.code(world)});
    let answer = world.post_as(&token, "/api/2fa/enable/", code).await;
    assert_eq!(answer.status, 200);
    let recovery_codes: Vec<String> = serde_json::from_value(answer.body["recovery_codes"].clone()).unwrap();
    let detail = "2FA has been enabled successfully.";
    answer.is(200, json!({"detail": detail, "recovery_codes": recovery_codes}));
    wait(world);
    Holder { token, authenticator, recovery_codes }
}

/// Enables an authenticator for somebody who is signed in, and answers the recovery codes.
pub(super) async fn enable(world: &World, token: &str) -> Vec<String> {
    let authenticator = set_up(world, token).await;
    let code = json!({"code": authenticator.code(world)});
    let answer = world.post_as(token, "/api/2fa/enable/", code).await;
    serde_json::from_value(answer.body["recovery_codes"].clone()).unwrap()
}

/// Until the next code is shown.
fn wait(world: &World) {
    world.clock.advance(Span::from_secs(30));
}

async fn challenge(world: &World, email: &str) -> String {
    let answer = world.login(email, PASSWORD).await;
    let temp_token = answer.body["temp_token"].as_str().expect("a temp_token").to_owned();
    answer.is(200, json!({"requires_2fa": true, "temp_token": temp_token}));
    temp_token
}

async fn verify(world: &World, temp_token: &str, code: &str) -> super::world::Answer {
    world.post("/api/2fa/verify/", json!({"temp_token": temp_token, "code": code})).await
}

async fn status(world: &World, token: &str) -> Value {
    world.get(token, "/api/2fa/status/").await.body
}

#[tokio::test]
async fn an_authenticator_is_set_up_enabled_and_asked_for() {
    let world = World::new();
    let token = world.token(ANN).await;
    world.get(&token, "/api/2fa/status/").await.is(200, json!({"enabled": false, "recovery_codes_left": 0}));
    let answer = world.post_as(&token, "/api/2fa/setup/", Value::Null).await;
    let secret = answer.body["secret"].as_str().unwrap().to_owned();
    let uri = format!(
        "otpauth://totp/Auction:ann%40example.com?secret={secret}&issuer=Auction&algorithm=SHA1&digits=6&period=30"
    );
    let png = answer.body["qr_png"].clone();
    answer.is(200, json!({"secret": secret, "qr_uri": uri, "qr_png": png}));
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(secret.len(), 32);
    world.login_token(ANN).await;
    let authenticator = Authenticator::typed(&secret);
    let code = authenticator.code(&world);
    world
        .post_as(&token, "/api/2fa/enable/", json!({"code": other_code(&code)}))
        .await
        .is(400, invalid_code());
    assert_eq!(world.post_as(&token, "/api/2fa/enable/", json!({"code": code})).await.status, 200);
    let expected = json!({"enabled": true, "recovery_codes_left": 10});
    world.get(&token, "/api/2fa/status/").await.is(200, expected);
    assert_eq!(world.get(&token, "/api/me/").await.body["two_factor_enabled"], true);
    wait(&world);
    let temp_token = challenge(&world, ANN).await;
    let answer = verify(&world, &temp_token, &authenticator.code(&world)).await;
    let token = answer.body["token"].as_str().unwrap().to_owned();
    answer.is(200, json!({"token": token}));
    assert_eq!(world.get(&token, "/api/me/").await.status, 200);
}

#[tokio::test]
async fn the_qr_code_is_a_picture_of_the_address() {
    let world = World::new();
    let token = world.token(ANN).await;
    let answer = world.post_as(&token, "/api/2fa/setup/", Value::Null).await;
    let png = answer.body["qr_png"].as_str().unwrap().strip_prefix("data:image/png;base64,").unwrap();
    let png = data_encoding::BASE64.decode(png.as_bytes()).unwrap();
    let picture = image::load_from_memory(&png).unwrap().into_luma8();
    let code = qrcode::QrCode::new(answer.body["qr_uri"].as_str().unwrap()).unwrap();
    let (squares, width) = (code.width(), picture.width() as usize);
    assert_eq!((width, picture.height() as usize), ((squares + 8) * 6, (squares + 8) * 6));
    for (x, y, pixel) in picture.enumerate_pixels() {
        let (x, y) = (x as usize / 6, y as usize / 6);
        let inside = (4..squares + 4).contains(&x) && (4..squares + 4).contains(&y);
        let is_dark = inside && code[(x - 4, y - 4)] == qrcode::Color::Dark;
        assert_eq!(pixel.0[0], if is_dark { 0 } else { 255 }, "{x} {y}");
    }
}

#[tokio::test]
async fn the_secret_is_encrypted_at_rest_and_never_answered_again() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let id = world.people.authenticate(&holder.token).await.unwrap().unwrap().id;
    let stored = world.store.second_factor(id).await.unwrap().unwrap();
    let secret = holder.authenticator.0.as_bytes();
    assert!(!stored.secret.as_bytes().windows(20).any(|bytes| bytes == secret));
    let detail = "2FA is already enabled. Disable it first to set up again.";
    let answer = world.post_as(&holder.token, "/api/2fa/setup/", Value::Null).await;
    answer.is(400, json!({"detail": detail, "code": "two_factor_enabled"}));
    let code = json!({"code": holder.authenticator.code(&world)});
    let answer = world.post_as(&holder.token, "/api/2fa/enable/", code).await;
    answer.is(400, json!({"detail": detail, "code": "two_factor_enabled"}));
    let secret = holder.authenticator.0.reveal();
    for path in ["/api/2fa/status/", "/api/me/", "/api/sessions/"] {
        assert!(!world.get(&holder.token, path).await.body.to_string().contains(&secret), "{path}");
    }
}

#[tokio::test]
async fn a_code_is_taken_once_also_after_a_restart_and_with_the_clock_set_back() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let code = holder.authenticator.code(&world);
    let first = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &first, &code).await.status, 200);
    let second = challenge(&world, ANN).await;
    verify(&world, &second, &code).await.is(400, invalid_code());
    let world = world.restarted();
    verify(&world, &second, &code).await.is(400, invalid_code());
    let before = world.clock.now();
    world.clock.set(before.before(Span::from_secs(30)));
    let older = holder.authenticator.code(&world);
    for dead in [&code, &older] {
        let temp_token = challenge(&world, ANN).await;
        verify(&world, &temp_token, dead).await.is(400, invalid_code());
    }
    world.clock.set(before.after(Span::from_secs(30)));
    let temp_token = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &temp_token, &holder.authenticator.code(&world)).await.status, 200);
}

#[tokio::test]
async fn fifty_right_answers_at_once_are_one_success() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let temp_token = challenge(&world, ANN).await;
    let code = holder.authenticator.code(&world);
    let answers = join_all((0..50).map(|_| verify(&world, &temp_token, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 400).count(), 49);
}

#[tokio::test]
async fn a_sign_in_waits_for_five_tries_also_across_a_restart() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let temp_token = challenge(&world, ANN).await;
    let code = holder.authenticator.code(&world);
    for _ in 0..3 {
        verify(&world, &temp_token, &other_code(&code)).await.is(400, invalid_code());
    }
    let world = world.restarted();
    verify(&world, &temp_token, "no code").await.is(400, invalid_code());
    verify(&world, &temp_token, &other_code(&code)).await.is(400, invalid_code());
    verify(&world, &temp_token, &code).await.is(400, invalid_session());
    let temp_token = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &temp_token, &code).await.status, 200);
}

#[tokio::test]
async fn ten_codes_of_one_person_are_looked_at_in_fifteen_minutes_whatever_the_sign_in() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let other = self::holder(&world, "bob@example.com").await;
    let code = holder.authenticator.code(&world);
    for _ in 0..2 {
        let temp_token = challenge(&world, ANN).await;
        for _ in 0..5 {
            verify(&world, &temp_token, &other_code(&code)).await.is(400, invalid_code());
        }
    }
    let temp_token = challenge(&world, ANN).await;
    let answer = verify(&world, &temp_token, &code).await;
    answer.is(429, throttled());
    assert_eq!(answer.headers["retry-after"], "900");
    let of_other = challenge(&world, "bob@example.com").await;
    assert_eq!(verify(&world, &of_other, &other.authenticator.code(&world)).await.status, 200);
    assert_eq!(world.get(&holder.token, "/api/me/").await.status, 200);
    world.clock.advance(Span::from_secs(900));
    let temp_token = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &temp_token, &holder.authenticator.code(&world)).await.status, 200);
}

#[tokio::test]
async fn a_temp_token_is_used_once_within_five_minutes_and_nowhere_else() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let temp_token = challenge(&world, ANN).await;
    let invalid_token = json!({"detail": "Invalid token.", "code": "invalid_token"});
    for (method, path) in [
        (Method::GET, "/api/me/"),
        (Method::GET, "/api/sessions/"),
        (Method::POST, "/api/2fa/setup/"),
        (Method::POST, "/api/logout/"),
    ] {
        world.signed_in(&temp_token, method, path, Value::Null).await.is(401, invalid_token.clone());
    }
    let reset = json!({"token": temp_token, "password": "anotherpassword456"});
    let invalid = json!({"detail": "Invalid or expired reset token.", "code": "invalid_reset_token"});
    world.post("/api/reset-password/", reset).await.is(400, invalid);
    world.clock.advance(Span::from_secs(300));
    let late = holder.authenticator.code(&world);
    verify(&world, &temp_token, &late).await.is(400, invalid_session());
    let temp_token = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &temp_token, &late).await.status, 200);
    wait(&world);
    let next = holder.authenticator.code(&world);
    for wrong in [temp_token.as_str(), &holder.token, "x", &"0".repeat(64)] {
        verify(&world, wrong, &next).await.is(400, invalid_session());
    }
}

#[tokio::test]
async fn a_recovery_code_is_taken_once() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    assert_eq!(holder.recovery_codes.len(), 10);
    let code = &holder.recovery_codes[3];
    let temp_token = challenge(&world, ANN).await;
    assert_eq!(verify(&world, &temp_token, &code.to_uppercase().replace('-', " ")).await.status, 200);
    assert_eq!(status(&world, &holder.token).await, json!({"enabled": true, "recovery_codes_left": 9}));
    let world = world.restarted();
    let temp_token = challenge(&world, ANN).await;
    verify(&world, &temp_token, code).await.is(400, invalid_code());
    let other = self::holder(&world, "bob@example.com").await;
    let of_bob = challenge(&world, "bob@example.com").await;
    verify(&world, &of_bob, &holder.recovery_codes[4]).await.is(400, invalid_code());
    assert_eq!(verify(&world, &of_bob, &other.recovery_codes[4]).await.status, 200);
}

#[tokio::test]
async fn disabling_wants_the_password_and_a_code_and_is_told() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let disable = async |password: &str, code: &str| {
        world.post_as(&holder.token, "/api/2fa/disable/", json!({"password": password, "code": code})).await
    };
    let code = holder.authenticator.code(&world);
    let wrong_password = json!({"detail": "Invalid password.", "code": "invalid_password"});
    disable("wrongpassword123", &code).await.is(400, wrong_password);
    disable(PASSWORD, &other_code(&code)).await.is(400, invalid_code());
    let missing_fields = json!({
        "password": ["This field is required."], "detail": "code: This field may not be blank.",
        "code": "invalid",
    });
    let answer = world.post_as(&holder.token, "/api/2fa/disable/", json!({"code": ""})).await;
    answer.is(400, missing_fields);
    assert_eq!(status(&world, &holder.token).await["enabled"], true);
    assert!(world.mailer.take().is_empty());
    disable(PASSWORD, &code).await.is(200, json!({"detail": "2FA has been disabled successfully."}));
    let mail = world.mail();
    assert_eq!((mail.to.typed(), mail.subject.as_str()), (ANN, "Two-factor authentication is off"));
    assert_eq!(status(&world, &holder.token).await, json!({"enabled": false, "recovery_codes_left": 0}));
    assert_eq!(world.get(&holder.token, "/api/me/").await.body["two_factor_enabled"], false);
    disable(PASSWORD, &code).await.is(400, missing());
    world.login_token(ANN).await;
}

#[tokio::test]
async fn what_was_not_set_up_is_not_enabled() {
    let world = World::new();
    let token = world.token(ANN).await;
    let enable = async |code: Value| world.post_as(&token, "/api/2fa/enable/", code).await;
    enable(json!({"code": "123456"})).await.is(400, missing());
    let required = json!({"detail": "code: This field is required.", "code": "invalid"});
    enable(json!({})).await.is(400, required);
}

#[tokio::test]
async fn a_sign_in_that_waits_dies_when_the_password_is_changed() {
    let world = World::new();
    let holder = holder(&world, ANN).await;
    let temp_token = challenge(&world, ANN).await;
    let change = json!({
        "password": PASSWORD, "new_password": "anotherpassword456", "code": holder.authenticator.code(&world),
    });
    let answer = world.post_as(&holder.token, "/api/change-password/", change).await;
    answer.is(200, json!({"detail": "Password has been changed successfully."}));
    wait(&world);
    let code = holder.authenticator.code(&world);
    verify(&world, &temp_token, &code).await.is(400, invalid_session());
}
