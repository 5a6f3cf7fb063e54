//! What the two processes say to each other: lines of JSON.

use super::Commission;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The longest request, in bytes.
#[cfg(unix)]
pub(super) const REQUEST_BYTES_MAX: u64 = 4 * 1024;

/// The longest answer, in bytes: a short line for each auction.
#[cfg(unix)]
pub(super) const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ask {
    /// Make sample auctions.
    Generate(Commission),
}

/// What came of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// How many auctions were made.
    pub made: usize,
    /// Where whoever made them answers HTTP, if it does.
    pub listen: Option<SocketAddr>,
}

/// What is answered.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// So many are made so far.
    Made(usize),
    /// So many were made, and no more will be.
    Finished(Delivery),
    /// It cannot be done, for this reason.
    Failed(String),
}
