use super::two_factor::enable;
use super::world::{AUDIT_KEPT, Answer, PASSWORD, World, code_in, other_code};
use auction_core::admin::{AuditAction, AuditActor, AuditEntry};
use auction_core::memory::MemoryNotices;
use auction_core::ports::{AuditQuery, AuditStore};
use auction_core::{Span, UserId};
use auction_http::audit::{
    AUDIT_WAITING_MAX, AuditTrail, BOUNDED_ENTRIES_MAX, BOUNDED_ENTRIES_OF_SOURCE_MAX, BOUNDED_WITHIN,
    Writing,
};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::Arc;

const ANN: &str = "ann@example.com";
const OTHER_PASSWORD: &str = "another-password-77";

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

/// What was written down, the oldest first: by whom, what, to whom, and the detail.
async fn written(world: &World) -> Vec<(String, &'static str, String, String)> {
    world.people.audit().flush().await.unwrap();
    let wanted = AuditQuery { user: None, action: None, before: None, max: 500 };
    let mut entries = world.audit.entries(&wanted).await.unwrap();
    entries.reverse();
    let row = |entry: AuditEntry| {
        let subject = entry.subject.map(|subject| subject.to_string()).unwrap_or_default();
        (entry.actor.to_string(), entry.action.name(), subject, entry.detail().to_owned())
    };
    entries.into_iter().map(|(_, entry)| row(entry)).collect()
}

fn is(written: &[(String, &'static str, String, String)], expected: &[(&str, &str, &str, &str)]) {
    let written: Vec<_> =
        written.iter().map(|(a, b, c, d)| (a.as_str(), *b, c.as_str(), d.as_str())).collect();
    assert_eq!(written, expected);
}

#[tokio::test]
async fn every_step_of_a_sign_in_is_written_down() {
    let world = World::new();
    world.register(ANN, PASSWORD).await;
    let code = world.code();
    world.verify(ANN, &other_code(&code)).await;
    world.verify(ANN, &code).await;
    world.login(ANN, OTHER_PASSWORD).await;
    world.login("nobody@example.com", PASSWORD).await;
    let token = world.login_token(ANN).await;
    world.signed_in(&token, Method::POST, "/api/logout/", Value::Null).await;
    for _ in 0..10 {
        world.login(ANN, OTHER_PASSWORD).await;
    }
    let failures = vec![("nobody", "sign_in_refused", "user 1", "wrong credentials"); 10];
    let expected = [
        &[
            ("nobody", "registered", "", ANN),
            ("nobody", "verification_refused", "", ""),
            ("user 1", "verified", "", ""),
            ("nobody", "sign_in_refused", "user 1", "wrong credentials"),
            ("nobody", "sign_in_refused", "", "wrong credentials"),
            ("user 1", "signed_in", "", "password"),
            ("user 1", "signed_out", "", ""),
        ],
        failures.as_slice(),
    ];
    is(&written(&world).await, &expected.concat());
    world.login(ANN, OTHER_PASSWORD).await;
    assert_eq!(written(&world).await.last().map(|entry| entry.1), Some("throttled"));
}

#[tokio::test]
async fn every_change_of_how_somebody_signs_in_is_written_down() {
    let world = World::new();
    let token = world.token(ANN).await;
    let before = written(&world).await.len();
    let wrong = json!({"password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD});
    world.post_as(&token, "/api/change-password/", wrong).await;
    let right = json!({"password": PASSWORD, "new_password": OTHER_PASSWORD});
    assert_eq!(world.post_as(&token, "/api/change-password/", right).await.status, 200);
    world.mailer.take();
    let change = json!({"password": OTHER_PASSWORD, "email": "anne@example.com"});
    assert_eq!(world.post_as(&token, "/api/change-email/", change).await.status, 200);
    let mails = world.mailer.take();
    let mail = mails.iter().find(|mail| mail.to.typed() == "anne@example.com").unwrap();
    let otp = json!({"otp": code_in(&mail.text)});
    assert_eq!(world.post_as(&token, "/api/change-email/verify/", otp).await.status, 200);
    world.post("/api/forgot-password/", json!({"email": "anne@example.com"})).await;
    world.people.errands().finish().await;
    let mails = world.mailer.take();
    let link = mails.iter().find_map(|mail| mail.text.split("token=").nth(1)).unwrap();
    let reset = json!({"token": &link[..64], "password": PASSWORD});
    assert_eq!(world.post("/api/reset-password/", reset.clone()).await.status, 200);
    world.post("/api/reset-password/", reset).await;
    world.post_as(&world.login_token("anne@example.com").await, "/api/become-seller/", Value::Null).await;
    let written = written(&world).await;
    is(
        &written[before..],
        &[
            ("user 1", "change_refused", "", "wrong password"),
            ("user 1", "password_changed", "", ""),
            ("user 1", "email_change_asked", "", ""),
            ("user 1", "email_changed", "", ""),
            ("nobody", "password_reset_asked", "user 1", ""),
            ("user 1", "password_reset", "", ""),
            ("nobody", "password_reset_refused", "", ""),
            ("user 1", "signed_in", "", "password"),
            ("user 1", "became_seller", "", ""),
        ],
    );
}

#[tokio::test]
async fn second_factors_recovery_codes_and_tokens_used_twice_are_written_down() {
    let world = World::new();
    let token = world.token(ANN).await;
    let before = written(&world).await.len();
    let codes = enable(&world, &token).await;
    let login = world.login(ANN, PASSWORD).await;
    let challenge = &login.body["temp_token"];
    world.post("/api/2fa/verify/", json!({"temp_token": challenge, "code": "000000"})).await;
    let recovery = json!({"temp_token": challenge, "code": codes[0]});
    assert_eq!(world.post("/api/2fa/verify/", recovery.clone()).await.status, 200);
    world.post("/api/2fa/verify/", recovery).await;
    let disable = json!({"password": PASSWORD, "code": codes[1]});
    assert_eq!(world.post_as(&token, "/api/2fa/disable/", disable).await.status, 200);
    let tokens = world.post("/api/token/", json!({"email": ANN, "password": PASSWORD})).await.body;
    for status in [200, 401] {
        let refreshed = world.post("/api/token/refresh/", json!({"refresh": tokens["refresh"]})).await;
        assert_eq!(refreshed.status, status);
    }
    let written = written(&world).await;
    let names = written[before..].iter().map(|entry| (entry.1, entry.3.as_str())).collect::<Vec<_>>();
    let expected = [
        ("second_factor_enabled", ""),
        ("second_factor_asked", ""),
        ("second_factor_refused", ""),
        ("recovery_code_used", ""),
        ("signed_in", "password and second factor"),
        ("second_factor_refused", "too late"),
        ("recovery_code_used", ""),
        ("second_factor_disabled", ""),
        ("signed_in", "password, for tokens"),
        ("refresh_reused", ""),
    ];
    assert_eq!(names, expected);
    for (actor, action, subject, _) in &written[before..] {
        let by_nobody = actor == "nobody" && (subject == "user 1" || *action == "second_factor_refused");
        assert!(actor == "user 1" || by_nobody, "{action}: {actor}, {subject}");
    }
}

#[tokio::test]
async fn the_source_and_the_time_are_written_down_and_an_ipv6_network_is_one_source() {
    let world = World::new();
    let body = json!({"email": ANN, "password": PASSWORD});
    world.post_from("192.0.2.7", "/api/login/", body.clone()).await;
    world.post_from("2001:db8::dead:beef", "/api/login/", body).await;
    world.people.audit().flush().await.unwrap();
    let wanted = AuditQuery { user: None, action: None, before: None, max: 9 };
    let entries = world.audit.entries(&wanted).await.unwrap();
    let rows: Vec<_> =
        entries.iter().map(|(_, entry)| (entry.at, entry.source.unwrap().to_string())).collect();
    assert_eq!(rows, [(world.now(), "2001:db8::".to_owned()), (world.now(), "192.0.2.7".to_owned())]);
}

#[tokio::test]
async fn strangers_do_not_fill_the_disk() {
    let world = World::new();
    let trail = AuditTrail::new(world.audit.clone(), AUDIT_KEPT);
    let refused = |source: [u8; 4], secs: u32| {
        let at = world.now().after(Span::from_secs(secs));
        AuditEntry::new(at, AuditActor::Nobody, AuditAction::SignInRefused).from(Some(source.into()))
    };
    let count = async || {
        trail.flush().await.unwrap();
        let (mut count, mut before) = (0, None);
        loop {
            let wanted = AuditQuery { user: None, action: None, before, max: 500 };
            let page = world.audit.entries(&wanted).await.unwrap();
            let Some((last, _)) = page.last() else { return count };
            (count, before) = (count + page.len(), Some(*last));
        }
    };
    for _ in 0..2 * BOUNDED_ENTRIES_OF_SOURCE_MAX {
        trail.record(refused([192, 0, 2, 1], 0)).await.unwrap();
    }
    assert_eq!(count().await, BOUNDED_ENTRIES_OF_SOURCE_MAX);
    trail.record(refused([192, 0, 2, 2], 0)).await.unwrap();
    assert_eq!(count().await, BOUNDED_ENTRIES_OF_SOURCE_MAX + 1);
    // However many sources there are.
    for number in 0..2 * AUDIT_WAITING_MAX {
        let [_, _, high, low] = (number as u32).to_be_bytes();
        trail.record(refused([198, 51, high, low], 0)).await.unwrap();
    }
    assert_eq!(count().await, BOUNDED_ENTRIES_OF_SOURCE_MAX + 1 + AUDIT_WAITING_MAX);
    for number in 0..2 * BOUNDED_ENTRIES_MAX {
        let [_, b, c, d] = (number as u32).to_be_bytes();
        trail.record(refused([10, b, c, d], 0)).await.unwrap();
        if number % 1_000 == 0 {
            trail.flush().await.unwrap();
        }
    }
    assert_eq!(count().await, BOUNDED_ENTRIES_MAX);
    trail.record(refused([192, 0, 2, 1], u32::try_from(BOUNDED_WITHIN.secs()).unwrap())).await.unwrap();
    assert_eq!(count().await, BOUNDED_ENTRIES_MAX + 1);
    // What the house does is written down all the same.
    let banned = AuditEntry::new(world.now(), AuditActor::CommandLine, AuditAction::Banned);
    trail.record(banned).await.unwrap();
    assert_eq!(count().await, BOUNDED_ENTRIES_MAX + 2);
}

#[tokio::test]
async fn what_the_house_does_is_durable_at_once_and_the_rest_within_a_second() {
    use auction_adapters::runtime::Work;
    let world = World::new();
    let trail = Arc::new(AuditTrail::new(world.audit.clone(), AUDIT_KEPT));
    let wanted = AuditQuery { user: None, action: None, before: None, max: 9 };
    let actions = async || {
        let entries = world.audit.entries(&wanted).await.unwrap();
        entries.into_iter().map(|(_, entry)| entry.action).collect::<Vec<_>>()
    };
    let entry = |action| AuditEntry::new(world.now(), AuditActor::User(user(1)), action);
    trail.record(entry(AuditAction::AuctionClosed)).await.unwrap();
    trail.record(entry(AuditAction::SignedIn)).await.unwrap();
    assert_eq!(actions().await, [AuditAction::AuctionClosed]);
    let writing = Writing::new(trail, world.clock.clone());
    let next = auction_core::service::Wake::At(world.now().after(Span::from_secs(1)));
    assert_eq!(writing.tick().await.unwrap(), next);
    assert_eq!(actions().await, [AuditAction::SignedIn, AuditAction::AuctionClosed]);
}

#[tokio::test]
async fn old_entries_are_forgotten() {
    use auction_adapters::runtime::Work;
    let world = World::new();
    world.login(ANN, PASSWORD).await;
    assert_eq!(written(&world).await.len(), 1);
    let forgetting = auction_http::people::Forgetting::new(
        world.people.clone(),
        Arc::new(MemoryNotices::new()),
        world.clock.clone(),
    );
    world.clock.advance(AUDIT_KEPT);
    forgetting.tick().await.unwrap();
    assert_eq!(written(&world).await.len(), 1);
    world.clock.advance(Span::from_secs(60 * 60));
    forgetting.tick().await.unwrap();
    assert_eq!(written(&world).await.len(), 0);
}

async fn listed(world: &World, token: &str, query: &str) -> Answer {
    world.get(token, &format!("/api/audit/{query}")).await
}

#[tokio::test]
async fn admins_read_what_was_done_in_pages_and_nobody_else_does() {
    let world = World::new();
    let ann = world.token(ANN).await;
    world.admin("ada@example.com").await;
    let ada = world.login_token("ada@example.com").await;
    world.people.audit().flush().await.unwrap();
    let forbidden = json!({
        "detail": "You do not have permission to perform this action.", "code": "permission_denied",
    });
    listed(&world, &ann, "").await.is(403, forbidden);
    let request = axum::http::Request::get("/api/audit/").body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(request).await.status, 401);
    let at = "2026-01-01T12:00:00Z";
    let row = |id: u64, actor: Option<u64>, action: &str, detail: &str| {
        let kind = if actor.is_some() { "user" } else { "nobody" };
        json!({
            "id": id, "at": at, "actor": {"kind": kind, "id": actor}, "action": action, "subject": null,
            "source": null, "request": "", "detail": detail,
        })
    };
    let signed_in = row(3, Some(1), "signed_in", "password");
    let (adas, verified) = (row(4, Some(2), "signed_in", "password"), row(2, Some(1), "verified", ""));
    let all = json!([adas, signed_in, verified, row(1, None, "registered", ANN)]);
    listed(&world, &ada, "").await.is(200, all);
    listed(&world, &ada, "?user=1&action=signed_in").await.is(200, json!([signed_in]));
    listed(&world, &ada, "?user=1&before=3").await.is(200, json!([verified]));
    let wrong = json!({"action": ["There is no such action."], "code": "invalid"});
    listed(&world, &ada, "?action=king").await.is(400, wrong);
    let wrong = json!({"user": ["There is no such user."], "code": "invalid"});
    listed(&world, &ada, "?user=0").await.is(400, wrong);
    let wrong = json!({"detail": ["There is no such parameter."], "code": "invalid"});
    listed(&world, &ada, "?detail=x").await.is(400, wrong);

    for number in 0..150 {
        let entry = AuditEntry::new(world.now(), AuditActor::User(user(7)), AuditAction::SignedOut);
        world.people.audit().record(entry.with_detail(&number.to_string())).await.unwrap();
    }
    world.people.audit().flush().await.unwrap();
    let page = listed(&world, &ada, "?user=7").await;
    assert_eq!(page.body.as_array().unwrap().len(), 100);
    let link = page.headers["link"].to_str().unwrap();
    assert_eq!(link, "<https://auctions.example.com/api/audit/?user=7&before=55>; rel=\"next\"");
    let page = listed(&world, &ada, "?user=7&before=55").await;
    assert_eq!(page.body.as_array().unwrap().len(), 50);
    assert!(!page.headers.contains_key("link"));
}

#[tokio::test]
async fn whoever_hangs_up_is_written_down_all_the_same() {
    let world = World::new();
    let token = world.token(ANN).await;
    let before = written(&world).await.len();
    let mut request = Box::pin(world.post_as(&token, "/api/become-seller/", Value::Null));
    // It is begun, and nobody waits for it any more.
    let _ = futures_util::poll!(request.as_mut());
    drop(request);
    while written(&world).await.len() == before {
        tokio::task::yield_now().await;
    }
    is(&written(&world).await[before..], &[("user 1", "became_seller", "", "")]);
}
