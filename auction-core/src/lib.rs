//! A pure auction engine.

pub mod money;
