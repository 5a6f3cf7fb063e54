//! What the process knows of the database: the unprojected tail, and what is due.

use super::tail::Tail;
use super::timetable::Deadlines;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What the process knows beside the tables. Held for moments only, never across an await.
#[derive(Debug, Default)]
pub(super) struct Live {
    known: RwLock<Known>,
    edition: AtomicU64,
}

/// What is behind the lock of [`Live`].
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) tail: Tail,
    pub(super) deadlines: Deadlines,
}

impl Live {
    pub(super) const fn new(known: Known) -> Self {
        Self { known: RwLock::new(known), edition: AtomicU64::new(0) }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the last change that anybody can see.
    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::SeqCst)
    }

    /// Counts a change. It can be seen already, and nobody has been told of it: who reads between the two keeps
    /// what is new under the number of what was old, which is only thrown away too early.
    pub(super) fn changed(&self) {
        self.edition.fetch_add(1, Ordering::SeqCst);
    }
}
