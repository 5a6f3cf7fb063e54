//! The reference backend: everything in memory, behind one mutex, in the most obvious way.
//!
//! [`MemoryStore`] says what a correct store does, and every other one is compared with it; it also carries
//! tests, simulations and hosts that can afford to lose everything when they stop. [`MemoryAccounts`] does the
//! same for people, [`MemoryNotices`] for what they are told, [`MemoryBlobs`] for files, and
//! [`MemoryAudit`] for what they did. [`ManualClock`], [`SeededEntropy`], [`RecordingTransport`], [`NoTransport`],
//! [`RecordingMailer`] and [`QuickHasher`] stand behind the other ports where a run has to be repeatable.
//!
//! [`MemoryLimiter`] is the limiter of a house that is one process; it is bounded, and spread over several mutexes.
//!
//! Nothing here is durable, reads a clock, or is random.

mod accounts;
mod audit;
mod blobs;
mod catalog;
mod categories;
mod chain;
mod clock;
mod credentials;
mod entropy;
mod hasher;
mod inbox;
mod limiter;
mod mailer;
mod notices;
mod outbox;
mod receipts;
mod refreshing;
mod roll;
mod row;
mod second_factors;
mod standing;
mod state;
mod store;
mod tickets;
mod transport;

pub use accounts::MemoryAccounts;
pub use audit::MemoryAudit;
pub use blobs::MemoryBlobs;
pub use clock::ManualClock;
pub use entropy::SeededEntropy;
pub use hasher::QuickHasher;
pub use limiter::MemoryLimiter;
pub use mailer::RecordingMailer;
pub use notices::MemoryNotices;
pub use store::MemoryStore;
pub use transport::{NoTransport, RecordingTransport};
