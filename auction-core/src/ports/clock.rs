//! Time.

use crate::time::Timestamp;

/// The time of the house. Only the edge reads it: the engine takes time as an argument.
///
/// # Contract
/// It never goes back by more than the machine's clock was set back, and has the precision of a microsecond.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}
