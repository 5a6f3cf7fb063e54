//! The desk: where commands become facts.
//!
//! Auctions are shared out over a few [`Shard`]s. A shard is the single writer of its auctions in this process:
//! it takes a batch of requests, looks up what it does not remember, decides every command in order, and commits
//! everything that was accepted at once. Whoever runs it (see the crate `auction-adapters`) owns the queue, the
//! loop and the order of shards; the shard itself never waits for anything but its ports.
//!
//! What it keeps to:
//! 1. Nothing is answered as accepted before it is durable.
//! 2. Receipts come first: a command that was accepted before is answered with what was answered then.
//! 3. It accepts from memory, since the version check proves it right, but refuses from memory only where nobody
//!    else writes.
//! 4. A conflict is decided again under the auction's lock; an outcome that nobody knows is found out.
//! 5. Where others write to an auction as well it reads before it decides.
//! 6. A lot follows the end of its group before its own end is looked at.

mod company;
mod group;
mod recording;
#[cfg(test)]
#[cfg(feature = "memory")]
mod recording_tests;
mod recovery;
mod request;
mod shard;
mod sharing;
mod slot;
#[cfg(test)]
#[cfg(feature = "memory")]
mod tests;
mod together;
#[cfg(test)]
#[cfg(feature = "memory")]
mod together_tests;

pub use recovery::ATTEMPTS_MAX;
pub use request::{Desk, Processed, Refusal, Reply, Request};
pub use shard::{Limits, REQUESTS_MAX, Shard};
