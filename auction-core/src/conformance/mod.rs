//! The cases that every backend must pass, in one list for each port.

pub mod accounts;
