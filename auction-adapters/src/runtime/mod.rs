//! The desk and the workers on tokio: the only place that spawns tasks and sleeps.
//!
//! - [`DeskRuntime`] runs the shards of the desk, each in a task that owns its work: bounded queues in which
//!   auctions take turns, group commit that clocks itself, answers before publication, and an orderly end;
//! - [`DeskHandle`] is where commands are handed in, and where the [`Stamp`] of a command is taken;
//! - [`Worker`] calls a [`Work`] whenever it wants to be called: one closes auctions, one tells the other lots of a group
//!   that their end has moved.
//!
//! It decides nothing: rules and the order of writes are those of `auction_core`.

mod closing;
mod desk;
mod following;
mod handle;
mod hooks;
mod meters;
mod options;
mod queue;
mod shard;
mod stamps;
mod unwind;
mod worker;

pub use closing::ClosingOptions;
pub use desk::{DeskRuntime, Unfinished};
pub use handle::DeskHandle;
pub use options::DeskOptions;
pub use stamps::Stamp;
pub use worker::{BACKOFF_MAX, BACKOFF_MIN, BACKSTOP, Work, Worker, WorkerHandle};
