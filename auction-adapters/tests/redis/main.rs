//! News and limits over a Redis that is started for each test, and stopped, killed and started again on the way.

#![allow(clippy::unwrap_used, reason = "a test that finds something missing has failed")]

mod encryption;
mod examining;
mod limits;
mod meters;
mod mishaps;
mod news;
mod node;
mod secrets;
mod server;
mod support;
