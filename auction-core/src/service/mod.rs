//! The few functions that join rules and ports. They know no runtime: whoever calls them brings the loop.
//!
//! - [`accounts`]: registration, signing in and out, and what people say about themselves;
//! - [`desk`]: takes commands in batches, decides them in order and commits what was accepted;
//! - [`closing`]: opens and closes auctions when it is time;
//! - [`following`]: lets lots that close together follow when the end of one of them has moved;
//! - [`relay`]: turns committed events into notices;
//! - [`courier`]: sends mails that wait, and [`post`] writes them down.

pub mod accounts;
pub mod closing;
pub mod courier;
pub mod desk;
mod directory;
pub mod following;
#[cfg(test)]
#[cfg(feature = "memory")]
mod notice_scene;
#[cfg(test)]
#[cfg(feature = "memory")]
mod notice_simulation;
pub mod post;
pub mod relay;
#[cfg(test)]
#[cfg(feature = "memory")]
mod scene;
mod side_by_side;

pub use directory::AccountDirectory;

use crate::ports::Entropy;
use crate::time::{Span, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Says to a worker that there is something to do. It must not wait.
pub type Nudge = Arc<dyn Fn() + Send + Sync>;

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

/// What is guarded this way makes sense after each statement, so that a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that nobody can guess.
fn random(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A span doubled so often, up to a bound.
fn doubled(span: Span, times: u32, most: Span) -> Span {
    let mut doubled = span.min(most);
    for _ in 0..times {
        if doubled == most {
            break;
        }
        doubled = Timestamp::EPOCH.after(doubled).after(doubled).since(Timestamp::EPOCH).min(most);
    }
    doubled
}
