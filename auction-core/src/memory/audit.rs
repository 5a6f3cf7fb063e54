//! Audit entries in memory.

use crate::admin::{AuditEntry, AuditId};
use crate::ports::{AUDIT_PAGE_MAX, AuditQuery, AuditStore, Failure};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Audit entries in memory, behind one mutex. All are kept until they are forgotten.
#[derive(Default)]
pub struct MemoryAudit {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many there ever were.
    ever: u64,
    /// Oldest first.
    entries: Vec<(AuditId, AuditEntry)>,
}

impl MemoryAudit {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryAudit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryAudit").finish_non_exhaustive()
    }
}

#[async_trait]
impl AuditStore for MemoryAudit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), Failure> {
        let mut state = self.state();
        for entry in entries {
            state.ever += 1;
            if let Some(id) = AuditId::new(state.ever) {
                state.entries.push((id, entry.clone()));
            }
        }
        Ok(())
    }

    async fn entries(&self, wanted: &AuditQuery) -> Result<Vec<(AuditId, AuditEntry)>, Failure> {
        let is_wanted = |(id, entry): &&(AuditId, AuditEntry)| {
            wanted.before.is_none_or(|before| *id < before)
                && wanted.user.is_none_or(|user| entry.concerns(user))
                && wanted.action.is_none_or(|action| entry.action == action)
        };
        let max = wanted.max.min(AUDIT_PAGE_MAX);
        Ok(self.state().entries.iter().rev().filter(is_wanted).take(max).cloned().collect())
    }

    async fn forget_before(&self, at: Timestamp) -> Result<(), Failure> {
        self.state().entries.retain(|(_, entry)| entry.at >= at);
        Ok(())
    }
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use super::*;
    use pollster::block_on;

    crate::audit_cases!(block_on, Box::new(MemoryAudit::new()));
}
