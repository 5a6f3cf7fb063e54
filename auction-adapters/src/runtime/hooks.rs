//! Who is woken by commits.

use super::worker::WorkerHandle;
use auction_core::Timestamp;
use auction_core::ports::Change;
use auction_core::service::following::Following;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Who is woken by commits.
#[derive(Default)]
pub(super) struct Hooks {
    /// Wants to know of deadlines.
    pub(super) closing: OnceLock<WorkerHandle>,
    /// Tells other lots that the end of their group has moved.
    pub(super) following: OnceLock<(Arc<Following>, WorkerHandle)>,
    /// Want to know of every commit.
    pub(super) followers: RwLock<Vec<WorkerHandle>>,
    /// How often the shards were to forget what they remember.
    forgotten: AtomicU64,
}

impl Hooks {
    /// A batch is durable, and has changed this.
    pub(super) fn committed(&self, changes: &[Change]) {
        if let Some(deadline) = changes.iter().filter_map(|change| change.entry().deadline()).min() {
            self.expect(deadline);
        }
        if let Some((following, worker)) = self.following.get() {
            for change in changes {
                if following.note(change) {
                    worker.wake();
                }
            }
        }
        for follower in self.followers.read().unwrap_or_else(PoisonError::into_inner).iter() {
            follower.wake();
        }
    }

    /// Something is due at `deadline`.
    pub(super) fn expect(&self, deadline: Timestamp) {
        if let Some(closing) = self.closing.get() {
            closing.wake_at(deadline);
        }
    }

    /// What is remembered may be of a state that is not stored any more.
    pub(super) fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    pub(super) fn follow(&self, worker: WorkerHandle) {
        self.followers.write().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}
