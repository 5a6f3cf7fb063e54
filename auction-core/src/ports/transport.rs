//! How news reaches those who watch.

use crate::ports::batch::{Batch, Entry};
use std::sync::Arc;

/// What one commit changed about one auction.
#[derive(Clone, Debug)]
pub struct Change {
    batch: Arc<Batch>,
    entry: usize,
}

impl Change {
    /// What the entry with this index changed; `None` where the batch has no such entry.
    pub fn new(batch: &Arc<Batch>, entry: usize) -> Option<Self> {
        (entry < batch.entries().len()).then(|| Self { batch: Arc::clone(batch), entry })
    }

    /// The batch with which it was committed.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The auction after the change, and where its events are.
    pub fn entry(&self) -> &Entry {
        &self.batch.entries()[self.entry]
    }
}

/// Hands committed changes to all who watch, on every node.
///
/// # Contract
/// It is told only of what is durable. Delivery is best effort: watchers compare versions and ask for what they
/// missed. It must not wait: a slow watcher never slows a bid.
pub trait Transport: Send + Sync {
    /// Passes a change on.
    fn publish(&self, change: Change);
}
