//! `auction-server doctor` on what several nodes share.

use crate::assembly::process::run;
use crate::services::{PostgresServer, RedisServer};

const KEY: &str = "0f9c1b7d5e3a48628c04e6a1d2b3f5970f9c1b7d5e3a48628c04e6a1d2b3f597";

/// What the doctor says with these settings, and whether everything is in order.
#[track_caller]
fn doctor(settings: &[(&str, &str)], expected: &[&str]) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, stderr) = run(folder.path(), &["doctor"], settings);
    assert_eq!(stderr, "");
    assert!(!stdout.contains("hunter2"), "{stdout}");
    for line in expected {
        assert!(stdout.lines().any(|found| found.starts_with(line)), "{line} is missing in:\n{stdout}");
    }
    code == Some(0)
}

#[test]
fn the_doctor_tells_what_a_postgres_is_and_whether_it_takes_writes() {
    let server = PostgresServer::start(&["fsync=on"]);
    let url = server.url.replace("auction@", "auction:hunter2@");
    let shown = url.replace("hunter2", "********");
    let opens = format!("ok    database: {shown} opens and is up to date");
    let good = [
        "ok    postgres: version 1",
        "note  durability: there is no synchronous standby",
        "ok    connections: up to 20 of this node; the server has 297 for all",
        "ok    clocks: that of the database is ",
        "note  redis: REDIS_URL is not set",
        &opens,
    ];
    assert!(doctor(&[("DATABASE_URL", &url)], &good));
    let connections = |count, expected: &str| {
        doctor(&[("DATABASE_URL", &url), ("DATABASE_CONNECTIONS", count)], &[expected])
    };
    assert!(!connections("298", "FAIL  connections: DATABASE_CONNECTIONS is 298, and the server has 297"));
    assert!(connections("200", "note  connections: DATABASE_CONNECTIONS is 200"));
    let pooled =
        [("DATABASE_URL", &*url), ("DATABASE_POOLER", "transaction"), ("DATABASE_CONNECTIONS", "400")];
    assert!(doctor(&pooled, &["ok    connections: up to 400 to the pooler", &opens]));

    server.becomes_a_standby();
    server.start_again(&[]);
    assert!(!doctor(&[("DATABASE_URL", &url)], &["FAIL  postgres: version 1"]));
    server.stop();
    assert!(!doctor(&[("DATABASE_URL", &url)], &["FAIL  database: "]));
    server.is_no_standby_any_more();
}

#[test]
fn the_doctor_tells_what_a_postgres_can_lose() {
    let server = PostgresServer::start(&["full_page_writes=off", "synchronous_commit=off"]);
    let notes = [
        "note  durability: fsync is off",
        "note  durability: full_page_writes is off",
        "note  durability: synchronous_commit is off",
        "note  durability: there is no synchronous standby",
    ];
    assert!(doctor(&[("DATABASE_URL", &server.url)], &notes));
    let production = [("DATABASE_URL", &*server.url), ("AUCTION_ENV", "production"), ("SECRET_KEY", KEY)];
    let fails = ["FAIL  durability: fsync is off", "FAIL  durability: full_page_writes is off"];
    assert!(!doctor(&production, &fails));

    let safe =
        ["fsync=on", "full_page_writes=on", "synchronous_standby_names=other", "synchronous_commit=local"];
    server.start_again(&safe);
    assert!(doctor(&[("DATABASE_URL", &server.url)], &["note  durability: synchronous_commit is local"]));
}

#[test]
fn the_doctor_calls_redis() {
    let server = RedisServer::start_with(&["--requirepass", "hunter2"]);
    let url = server.url().replace("redis://", "redis://:hunter2@");
    let answers = format!("ok    redis: {} answers within ", url.replace("hunter2", "********"));
    assert!(doctor(&[("REDIS_URL", &url)], &[&answers]));
    assert!(!doctor(&[("REDIS_URL", server.url())], &["FAIL  redis: redis://127.0.0.1:"]));
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", "1"]);
    assert!(!doctor(&[("REDIS_URL", replica.url())], &["FAIL  redis: redis://127.0.0.1:"]));
    server.kill();
    assert!(!doctor(&[("REDIS_URL", &url)], &["FAIL  redis: redis://:********@127.0.0.1:"]));
}
