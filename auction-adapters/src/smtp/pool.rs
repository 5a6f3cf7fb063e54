//! Connections that wait for the next mail.

use super::link::Link;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Connections that wait for the next mail, and turns for those that want one.
pub(super) struct Pool {
    /// As many as there may be connections.
    pub(super) turns: Semaphore,
    idle: Mutex<Vec<(Link, Instant)>>,
    idle_max: Duration,
}

impl Pool {
    pub(super) fn new(connections_max: usize, idle_max: Duration) -> Self {
        let turns = Semaphore::new(connections_max.clamp(1, Semaphore::MAX_PERMITS));
        Self { turns, idle: Mutex::new(Vec::new()), idle_max }
    }

    /// The connection that was used last, unless all have waited too long. It may be broken by now. Whoever calls this
    /// has a turn, so that there are never more than there are turns.
    pub(super) fn take(&self) -> Option<Link> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < self.idle_max);
        idle.pop().map(|(link, _)| link)
    }

    /// Keeps a connection for the next mail.
    pub(super) fn keep(&self, link: Link) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((link, Instant::now()));
    }
}
