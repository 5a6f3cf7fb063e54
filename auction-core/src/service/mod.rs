//! The few functions that join rules and ports. They know no runtime: whoever calls them brings the loop.
//!
//! - [`accounts`]: registration, signing in and out, and what people say about themselves;
//! - [`desk`]: takes commands in batches, decides them in order and commits what was accepted;
//! - [`closing`]: opens and closes auctions when it is time.

pub mod accounts;
pub mod closing;
pub mod desk;
mod directory;
#[cfg(test)]
#[cfg(feature = "memory")]
mod scene;

pub use directory::AccountDirectory;

use crate::time::Timestamp;

/// When a worker wants its `tick` to be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At once: there is more to do.
    Now,
    /// At this time, or when something changes.
    At(Timestamp),
    /// When something changes.
    Idle,
}
