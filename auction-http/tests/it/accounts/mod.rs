//! The accounts router over stores in memory, with a clock that stands still and chance that repeats itself.

#![allow(clippy::unwrap_used, reason = "these are tests, also where a function is shared by them")]

mod audit;
mod credentials;
mod dodging;
mod fields;
mod forgetting;
mod people;
mod profile;
mod registering;
mod secrets;
mod signing_in;
mod standing;
mod steps;
mod tokens;
mod two_factor;
mod verification;
mod world;
