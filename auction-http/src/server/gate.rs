//! How much is worked on at once.

use axum::http::Method;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many bids, purchases and joins are worked on at once. More than that may wait in the desk's own queues, which
/// refuse more cheaply; this is only the last bound.
pub const BIDS_MAX: usize = 16_384;

/// How many other writing requests are worked on at once.
pub const WRITES_MAX: usize = 512;

/// How many reading requests are worked on at once.
pub const READS_MAX: usize = 512;

/// Bounds what is worked on at once, by kind: a crowd that looks at lists never keeps out somebody who bids.
/// Nobody waits here: who is too much learns it at once, which costs next to nothing.
pub(super) struct Gate {
    bids: Semaphore,
    writes: Semaphore,
    reads: Semaphore,
}

impl Gate {
    pub(super) const fn new() -> Self {
        Self {
            bids: Semaphore::const_new(BIDS_MAX),
            writes: Semaphore::const_new(WRITES_MAX),
            reads: Semaphore::const_new(READS_MAX),
        }
    }

    /// Lets a request in until the answer is dropped; `None` where there are too many of its kind.
    pub(super) fn enter(&self, method: &Method, path: &str) -> Option<SemaphorePermit<'_>> {
        let kind = match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => &self.reads,
            Method::POST if is_bid(path) => &self.bids,
            _ => &self.writes,
        };
        kind.try_acquire().ok()
    }
}

/// Whether a path is that of a bid, a purchase, or joining.
pub(super) fn is_bid(path: &str) -> bool {
    path.starts_with("/api/auctions/")
        && ["/bids/", "/buy/", "/join_auction/"].iter().any(|end| path.ends_with(end))
}
