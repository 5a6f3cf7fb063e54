//! Servers beside ours that tests start: a Postgres and a Redis.

#[path = "../../../auction-adapters/src/postgres/tests/server.rs"]
#[allow(dead_code, reason = "the tests of the adapter ask more of it")]
mod postgres;
#[path = "../../../auction-adapters/tests/redis/server.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "the tests of the adapter ask more of it")]
mod redis;

pub(crate) use postgres::{Database, PostgresServer};
pub(crate) use redis::Server as RedisServer;
