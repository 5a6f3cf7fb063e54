use super::world::{PASSWORD, World, code_in};
use auction_adapters::maildir::Maildir;
use auction_core::Timestamp;
use auction_core::memory::{ManualClock, RecordingMailer};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn secrets_reach_no_log_and_no_debug_output() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let maildir = Maildir::open(folder.path(), "house@example.com", clock).unwrap();
    let world = World::mailing(Arc::new(maildir), Arc::new(RecordingMailer::default()));
    let email = "ann@example.com";
    world.register(email, PASSWORD).await.is(201, json!({"detail": "OTP sent to your email."}));
    let mail = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let (_, text) = std::fs::read_to_string(mail)
        .unwrap()
        .split_once("text/plain")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let code = code_in(text.split_once("text/html").unwrap().0);
    world.verify(email, &code).await.is(200, json!({"detail": "Account verified successfully."}));
    world.login(email, "wrongpassword123").await;
    let token = world.login_token(email).await;
    world.get(&token, "/api/me/").await;
    world.signed_in(&token, axum::http::Method::POST, "/api/logout/", Value::Null).await;
    world.get(&token, "/api/me/").await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a mail was written"), "{log}");
    let shown = format!("{log}{:?}{:?}", world.people, world.people.accounts());
    for secret in [PASSWORD, "wrongpassword123", &code, &token] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
