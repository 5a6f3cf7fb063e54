//! Limits on guessing are not dodged by writing the same thing in another way.

use super::world::{PASSWORD, World};
use serde_json::json;

const ANN: &str = "ann@example.com";

#[tokio::test]
async fn neither_case_nor_white_space_nor_another_address_of_the_network_gives_more_guesses() {
    let world = World::new();
    world.account(ANN).await;
    let written = ["ann@example.com", "ANN@example.com", " Ann@Example.Com ", "aNN@EXAMPLE.COM\t"];
    let before = world.hasher.hashes();
    let mut checked = 0;
    for number in 0..40 {
        let body = json!({"email": written[number % written.len()], "password": "wrongpassword123"});
        let source = format!("2001:db8:0:7:{number:x}::{number:x}");
        let answer = world.post_from(&source, "/api/login/", body).await;
        let expected = if number < 10 { 401 } else { 429 };
        assert_eq!(answer.status, expected, "{number}");
        checked += usize::from(answer.status == 401);
    }
    assert_eq!((checked, world.hasher.hashes() - before), (10, 20));
    // The next network is another source.
    let right = json!({"email": ANN, "password": PASSWORD});
    assert_eq!(world.post_from("2001:db8:0:8::1", "/api/login/", right).await.status, 200);
}

#[tokio::test]
async fn other_forms_of_unicode_are_other_addresses_and_count_for_the_source() {
    let world = World::new();
    world.account(ANN).await;
    let forms = [
        "\u{ff41}nn@example.com",
        "ann\u{ff20}example.com",
        "ann@ex\u{430}mple.com",
        "an\u{200b}n@example.com",
        "a\u{301}nn@example.com",
        "ann@example\u{3002}com",
        "ann@example.com\u{0}",
    ];
    let mut refused = 0;
    for number in 0..15 {
        let body = json!({"email": forms[number % forms.len()], "password": PASSWORD});
        let answer = world.post_from("192.0.2.1", "/api/login/", body).await;
        assert!(answer.status == 401 || answer.status == 429, "{}", answer.status);
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, 5, "what nobody can have shares one count");
}

#[tokio::test]
async fn mails_to_one_address_are_counted_whatever_its_case_and_whatever_the_call() {
    let world = World::new();
    let mut mails = 0;
    for number in 0..20 {
        let email = if number % 2 == 0 { "ann@example.com" } else { "Ann@EXAMPLE.com" };
        let answer = world.register(email, PASSWORD).await;
        assert_eq!(answer.status, if number < 10 { 201 } else { 429 });
        mails += world.mailer.take().len();
        world.post("/api/otp/request/", json!({"email": email.to_uppercase()})).await;
        world.people.errands().finish().await;
        mails += world.mailer.take().len();
        if number == 4 {
            assert_eq!(mails, 5, "an address without an account gets no code to sign in, and it counts");
            break;
        }
    }
    assert_eq!(world.register("ANN@example.com", PASSWORD).await.status, 429);
}
