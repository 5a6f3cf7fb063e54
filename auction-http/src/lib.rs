//! The reference auction server as a library: one router per room, each mountable alone, and their sum.

pub mod accounts;
pub mod error;
pub mod people;
