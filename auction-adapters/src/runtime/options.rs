//! How a desk works.

use auction_core::service::desk::Limits;
use std::num::NonZeroUsize;
use std::time::Duration;

/// How a desk works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskOptions {
    /// Over how many shards the auctions are spread; each decides on one core.
    pub shards: NonZeroUsize,
    /// How many requests may wait for one shard. One auction has at most half of the places.
    pub queue_requests_max: NonZeroUsize,
    /// How much each shard remembers.
    pub limits: Limits,
    /// How long a shutdown takes at most: what is not done by then is given up.
    pub shutdown_max: Duration,
}

impl Default for DeskOptions {
    /// Two shards, 8,192 requests (eight full batches, so that whoever is let in waits for no more than nine
    /// commits), the default [`Limits`], and 20 seconds, which is less than the 30 after which most supervisors
    /// kill a process.
    fn default() -> Self {
        Self {
            shards: NonZeroUsize::MIN.saturating_add(1),
            queue_requests_max: NonZeroUsize::MIN.saturating_add(8_191),
            limits: Limits::default(),
            shutdown_max: Duration::from_secs(20),
        }
    }
}
