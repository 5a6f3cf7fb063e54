//! News that travel nowhere, or only into a list.

use crate::ports::{Change, Transport};
use std::mem;
use std::sync::{Mutex, PoisonError};

/// Tells nobody: for hosts without live updates.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTransport;

impl Transport for NoTransport {
    fn publish(&self, _: Change) {}
}

/// Keeps every change until it is taken: for tests that ask what was published. It grows without bound.
#[derive(Debug, Default)]
pub struct RecordingTransport {
    changes: Mutex<Vec<Change>>,
}

impl RecordingTransport {
    /// An empty list.
    pub const fn new() -> Self {
        Self { changes: Mutex::new(Vec::new()) }
    }

    /// Everything that was published since it was last asked, in order.
    pub fn take(&self) -> Vec<Change> {
        mem::take(&mut self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for RecordingTransport {
    fn publish(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }
}
