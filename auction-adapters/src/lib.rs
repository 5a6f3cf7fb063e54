//! Adapters behind the ports of `auction-core`, each behind a feature; none is on by default.
//!
//! | room | feature | holds |
//! |---|---|---|
//! | `runtime` | `runtime` | the desk and the workers on tokio: queues, group commit, loops, graceful shutdown |
//! | `sqlite` | `sqlite` | everything in one SQLite file |
//! | `system` | `system` | the clock and the chance of the machine |

#[cfg(feature = "runtime")]
pub mod runtime;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "system")]
pub mod system;
