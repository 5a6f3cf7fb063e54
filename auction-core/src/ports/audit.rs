//! Where audit entries are kept.

use crate::admin::{AuditAction, AuditEntry, AuditId};
use crate::id::UserId;
use crate::ports::Failure;
use crate::time::Timestamp;
use async_trait::async_trait;

/// The longest page of entries.
pub const AUDIT_PAGE_MAX: usize = 500;

/// Where audit entries are kept. They are added and forgotten, never changed.
///
/// # Contract
/// - Entries are durable when [`append`](Self::append) answers: all of the call, or none.
/// - Numbers rise in the order in which entries are appended, and none is given twice.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Adds entries, in their order.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), Failure>;

    /// Entries that are wanted, the newest first: at most as many as are wanted, and never more than
    /// [`AUDIT_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn entries(&self, wanted: &AuditQuery) -> Result<Vec<(AuditId, AuditEntry)>, Failure>;

    /// Removes all entries from before a time.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn forget_before(&self, at: Timestamp) -> Result<(), Failure>;
}

/// Which entries are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditQuery {
    /// Those that were done by or to somebody.
    pub user: Option<UserId>,
    /// Those of one action.
    pub action: Option<AuditAction>,
    /// Those with lower numbers.
    pub before: Option<AuditId>,
    /// How many at most.
    pub max: usize,
}
