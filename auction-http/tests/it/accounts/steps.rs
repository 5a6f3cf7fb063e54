//! Nobody learns from the answer, nor from the work behind it, whether an address has an account.

use super::world::{PASSWORD, World, other_code};
use async_trait::async_trait;
use auction_core::memory::RecordingMailer;
use auction_core::ports::{Mail, Mailer, Unsent};
use serde_json::{Value, json};
use std::sync::Arc;

const OWNER: &str = "owner@example.com";
const WAITING: &str = "waiting@example.com";
const NOBODY: &str = "nobody@example.com";
const WRONG: &str = "wrongpassword123";

/// What one call cost: hashes, calls of the store, and mails that were waited for.
type Steps = (usize, usize, usize);

/// A world with an owner, somebody who waits for a code, and nobody else.
async fn world() -> World {
    let world = World::new();
    world.account(OWNER).await;
    world.register(WAITING, PASSWORD).await;
    world.mailer.take();
    world
}

/// Sends the same to each address, each time in a new world, and compares answers and steps.
async fn are_alike(path: &str, addresses: &[&str], body: impl Fn(&str) -> Value) {
    let mut first: Option<(Steps, u16, String)> = None;
    for address in addresses {
        let world = world().await;
        let (hashes, calls) = (world.hasher.hashes(), world.store.calls());
        let answer = world.post(path, body(address)).await;
        let steps = (world.hasher.hashes() - hashes, world.store.calls() - calls, world.mailer.take().len());
        let told = answer.body.to_string().replace(address, "");
        let seen = (steps, answer.status.as_u16(), told);
        match &first {
            None => first = Some(seen),
            Some(first) => assert_eq!(&seen, first, "{path} for {address}"),
        }
    }
}

#[tokio::test]
async fn a_wrong_password_costs_the_same_for_every_address() {
    for path in ["/api/login/", "/api/token/"] {
        are_alike(path, &[OWNER, WAITING, NOBODY], |email| json!({"email": email, "password": WRONG})).await;
    }
}

#[tokio::test]
async fn registering_costs_the_same_for_every_address() {
    let body = |email: &str| json!({"email": email, "password": PASSWORD, "first_name": "Ann", "last_name": "Li", "username": "ann"});
    are_alike("/api/register/", &[OWNER, WAITING, NOBODY], body).await;
}

#[tokio::test]
async fn a_wrong_code_costs_the_same_for_every_address() {
    let world = world().await;
    world.resend(WAITING).await;
    let verify = |email: &str| json!({"email": email, "otp": other_code("000000")});
    are_alike("/api/verify-otp/", &[OWNER, WAITING, NOBODY], verify).await;
}

/// Sends codes at once, and the mail to an owner never.
struct Stuck(Arc<RecordingMailer>);

#[async_trait]
impl Mailer for Stuck {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        if mail.subject == "You already have an account" {
            std::future::pending::<()>().await;
        }
        self.0.send(mail).await
    }
}

#[tokio::test]
async fn nobody_waits_for_the_mail_to_an_owner_when_another_code_is_asked_for() {
    let recorded = Arc::new(RecordingMailer::default());
    let world = World::mailing(Arc::new(Stuck(recorded.clone())), recorded);
    world.account(OWNER).await;
    let sent = json!({"detail": "A new OTP has been sent to your email."});
    for email in [OWNER, NOBODY] {
        // Were it waited for, there would be no answer.
        world.post("/api/resend-otp/", json!({"email": email})).await.is(200, sent.clone());
    }
    assert_eq!(world.mailer.take().len(), 0);
}
