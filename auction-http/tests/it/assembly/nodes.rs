//! A node of several, as whoever watches it sees it.

use super::process::Running;
use crate::services::{PostgresServer, RedisServer};
use std::time::Duration;

/// How often the page is asked for: for a minute and a half.
const TRIES: usize = 900;

/// One line of each metric that only nodes of several have.
const LINES: [&str; 8] = [
    "auction_clock_uncertainty_seconds 0.0",
    "auction_postgres_commits_total 0",
    "auction_postgres_conflicts_total 0",
    r#"auction_postgres_connections{purpose="rest",state="idle"} "#,
    r#"auction_redis_up{purpose="hear"} 1"#,
    r#"auction_redis_up{purpose="tell"} NaN"#,
    r#"auction_news_total{direction="told",outcome="sent"} 0"#,
    r#"auction_news_total{direction="heard",outcome="passed_on"} 0"#,
];

#[test]
fn a_node_shows_how_its_postgres_and_its_redis_are() {
    let (postgres, redis) = (PostgresServer::start(&[]), RedisServer::start());
    let node = Running::start(&[], &[("DATABASE_URL", &postgres.url), ("REDIS_URL", redis.url())]);
    let mut page = String::new();
    for _ in 0..TRIES {
        page = node.get("/metrics");
        if LINES.iter().all(|line| page.lines().any(|found| found.starts_with(line))) {
            return;
        }
        // It asks for the time each second.
        std::thread::park_timeout(Duration::from_millis(100));
    }
    panic!("one of {LINES:?} is missing in:\n{page}");
}
