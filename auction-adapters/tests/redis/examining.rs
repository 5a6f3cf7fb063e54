//! What is told about a Redis.

use super::server::Server;
use super::support::block_on;
use auction_adapters::redis::{RedisOptions, examine};
use auction_core::ports::FailureKind;
use std::time::Duration;

#[test]
fn a_redis_tells_its_version_and_how_long_a_call_takes() {
    block_on(async {
        let server = Server::start();
        let found = examine(server.url(), &RedisOptions::default()).await.unwrap();
        let version = found.version.clone().unwrap();
        assert!(version.split('.').count() == 3 && version.starts_with(|first: char| first.is_ascii_digit()));
        assert!(!found.is_replica && found.call_duration < Duration::from_millis(250), "{found:?}");
        // Nothing was written.
        let keys: usize = redis::cmd("DBSIZE").query_async(&mut server.stranger().await).await.unwrap();
        assert_eq!(keys, 0);
    });
}

#[test]
fn who_may_call_but_not_ask_what_it_is_finds_a_redis_without_a_version() {
    block_on(async {
        let server = Server::start_with(&["--user", "node", "on", ">sesame", "+@all", "-info", "~*", "&*"]);
        let url = format!("redis://node:sesame@127.0.0.1:{}/", server.port());
        let found = examine(&url, &RedisOptions::default()).await.unwrap();
        assert_eq!((found.version, found.is_replica), (None, false));
    });
}

#[test]
fn a_redis_that_is_gone_hangs_or_does_not_let_us_in_is_unavailable_within_the_time_of_a_call() {
    block_on(async {
        let server = Server::start_with(&["--requirepass", "sesame"]);
        let url = format!("redis://:hunter2@127.0.0.1:{}/", server.port());
        let refused = examine(&url, &RedisOptions::default()).await.unwrap_err();
        server.hang();
        let hung = examine(&url, &RedisOptions::default()).await.unwrap_err();
        server.go_on();
        server.kill();
        let gone = examine(&url, &RedisOptions::default()).await.unwrap_err();
        for failure in [refused, hung, gone] {
            assert_eq!(failure.kind, FailureKind::Unavailable);
            assert!(!format!("{failure:?}").contains("hunter2"));
        }
    });
}
