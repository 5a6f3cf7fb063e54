//! Adapters behind the ports of `auction-core`, each behind a feature; none is on by default.
//!
//! | room | feature | holds |
//! |---|---|---|
//! | `system` | `system` | the clock and the chance of the machine |
//! | `runtime` | `runtime` | the desk and the workers on tokio: queues, group commit, loops, graceful shutdown |

#[cfg(feature = "runtime")]
pub mod runtime;
#[cfg(feature = "system")]
pub mod system;
