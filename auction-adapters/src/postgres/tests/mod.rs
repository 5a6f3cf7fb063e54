//! What others see, in a real Postgres.

mod accounts;
mod auctions;
mod examining;
mod notices;
mod opening;
mod pausing;
pub(in crate::postgres) mod place;
#[path = "../../sqlite/tests/scene.rs"]
#[expect(dead_code, reason = "what SQLite is asked besides is asked of Postgres elsewhere")]
mod scene;
#[expect(dead_code, reason = "the tests of the server ask more of it")]
mod server;
mod silence;
mod soundness;
mod wire;
