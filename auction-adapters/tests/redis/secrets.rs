//! Passwords.

use super::limits::{START, caller, ready, three_a_minute};
use super::node::Ears;
use super::server::Server;
use super::support::{block_on, until};
use auction_adapters::redis::{RedisLimiter, RedisNews, RedisOptions};
use auction_adapters::system::SystemEntropy;
use auction_core::ports::{FailureKind, Limiter, NewsListener};
use std::error::Error;
use std::sync::Arc;

fn start(url: &str, ears: &Arc<Ears>) -> Result<RedisNews, auction_core::ports::Failure> {
    let listener = Arc::clone(ears) as Arc<dyn NewsListener>;
    RedisNews::start(url, &RedisOptions::default(), listener, Arc::new(SystemEntropy))
}

/// A failure as whoever logs it may write it.
fn shown(failure: &(dyn Error + 'static)) -> String {
    let source = failure.source().map(shown).unwrap_or_default();
    format!("{failure} {failure:?} {source}")
}

#[test]
fn a_password_opens_the_door_and_is_never_shown() {
    block_on(async {
        let server = Server::start_with(&["--requirepass", "sesame"]);
        let url = |password: &str| format!("redis://:{password}@127.0.0.1:{}/", server.port());
        let limiter = RedisLimiter::new(&url("sesame"), &RedisOptions::default()).unwrap();
        ready(&limiter).await;
        let ears = Arc::<Ears>::default();
        let news = start(&url("sesame"), &ears).unwrap();
        until("the node hears", async || ears.missed() == 1).await;
        let debug = format!("{limiter:?} {news:?}");
        assert!(!debug.contains("sesame") && debug.contains("auction"), "{debug}");
        for wrong in [url("hunter2"), url("hunter2").replace(":hunter2@", "")] {
            let locked_out = RedisLimiter::new(&wrong, &RedisOptions::default()).unwrap();
            let failure = locked_out.take(&caller(1), three_a_minute(), START).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Unavailable);
            let text = shown(&failure);
            assert!(!text.contains("hunter2") && !text.contains("sesame"), "{text}");
        }
    });
}

#[test]
fn a_url_that_makes_no_sense_is_refused_and_not_repeated() {
    block_on(async {
        let ears = Arc::<Ears>::default();
        for url in ["redis://:hunter2@host:port/", "hunter2", "redis://:hunter2@host/one"] {
            let failures = [
                RedisLimiter::new(url, &RedisOptions::default()).unwrap_err(),
                start(url, &ears).unwrap_err(),
            ];
            for failure in &failures {
                let text = shown(failure);
                assert!(failure.kind == FailureKind::Other && !text.contains("hunter2"), "{text}");
            }
        }
        let options = RedisOptions { prefix: "a".repeat(65), ..RedisOptions::default() };
        assert!(RedisLimiter::new("redis://127.0.0.1", &options).is_err());
    });
}
