//! The reference backend: everything in memory, behind one mutex, in the most obvious way.
//!
//! [`MemoryStore`] says what a correct store does, and every other one is compared with it; it also carries
//! tests, simulations and hosts that can afford to lose everything when they stop. [`ManualClock`],
//! [`SeededEntropy`], [`RecordingTransport`] and [`NoTransport`] stand behind the other ports where a run has to
//! be repeatable.
//!
//! Nothing here is durable, reads a clock, or is random.

mod catalog;
mod categories;
mod clock;
mod entropy;
mod row;
mod state;
mod store;
mod transport;

pub use clock::ManualClock;
pub use entropy::SeededEntropy;
pub use store::MemoryStore;
pub use transport::{NoTransport, RecordingTransport};
