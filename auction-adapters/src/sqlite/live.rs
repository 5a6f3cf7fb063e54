//! What the process knows of the database: the unprojected tail, and what is due.

use super::tail::Tail;
use super::timetable::Deadlines;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What the process knows beside the tables. Held for moments only, never across an await.
#[derive(Debug, Default)]
pub(super) struct Live(RwLock<Known>);

/// What is behind the lock of [`Live`].
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) tail: Tail,
    pub(super) deadlines: Deadlines,
}

impl Live {
    pub(super) const fn new(known: Known) -> Self {
        Self(RwLock::new(known))
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
