//! Who is told at once of what was written.

use crate::notify::Notice;

/// Is told of notices that stand in an inbox since just now, new or changed.
///
/// # Contract
/// Best effort: what it misses stands in the inbox nevertheless. It must not wait.
pub trait NoticeListener: Send + Sync {
    /// These were written.
    fn noticed(&self, notices: &[Notice]);
}
