//! How the store works.

use super::writer::Faults;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

/// How a [`SqliteStore`](super::SqliteStore) works.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    pub(super) readers_max: NonZeroU32,
    pub(super) lag_events_max: usize,
    pub(super) queue_jobs_max: NonZeroUsize,
    pub(super) versions_max: NonZeroUsize,
    pub(super) projection: Projection,
    pub(super) faults: Option<Arc<dyn Faults>>,
}

/// When the tables follow the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Projection {
    /// As soon as there is time for it, and at the latest when somebody asks for a list.
    Eager,
    /// Only when somebody asks for a list: a store that is dropped then leaves a journal behind.
    OnDemand,
}

impl SqliteOptions {
    /// With this many connections that read.
    #[must_use]
    pub fn with_readers_max(self, readers_max: NonZeroU32) -> Self {
        Self { readers_max, ..self }
    }

    /// With at most about this many events in the journal that are not yet in the tables; what comes beyond is
    /// refused as [`Busy`](auction_core::ports::FailureKind::Busy). About a kilobyte of memory each.
    #[must_use]
    pub fn with_lag_events_max(self, lag_events_max: usize) -> Self {
        Self { lag_events_max, ..self }
    }

    /// With at most this many writes that wait; who comes later waits to get in.
    #[must_use]
    pub fn with_queue_jobs_max(self, queue_jobs_max: NonZeroUsize) -> Self {
        Self { queue_jobs_max, ..self }
    }

    /// Remembers the revisions of this many auctions, which then need not be looked up to be checked.
    #[must_use]
    pub fn with_versions_max(self, versions_max: NonZeroUsize) -> Self {
        Self { versions_max, ..self }
    }

    /// Brings the journal into the tables only when somebody asks for a list, so that a store which is dropped
    /// leaves a journal to the one that opens the database next. For tests of that.
    #[must_use]
    pub fn with_projection_on_demand(self) -> Self {
        Self { projection: Projection::OnDemand, ..self }
    }

    /// Lets go wrong what `faults` order.
    #[cfg(test)]
    pub(super) fn with_faults(self, faults: Arc<dyn Faults>) -> Self {
        Self { faults: Some(faults), ..self }
    }
}

impl Default for SqliteOptions {
    /// 4 readers, 65,536 events of lag, 1,024 jobs, 65,536 revisions.
    fn default() -> Self {
        Self {
            readers_max: const { NonZeroU32::new(4).expect("invariant: not zero") },
            lag_events_max: 1 << 16,
            queue_jobs_max: const { NonZeroUsize::new(1 << 10).expect("invariant: not zero") },
            versions_max: const { NonZeroUsize::new(1 << 16).expect("invariant: not zero") },
            projection: Projection::Eager,
            faults: None,
        }
    }
}
