//! Live updates: who watches an auction sees each change once, and the newest one first.
//!
//! ```text
//! desk -> Hub::publish -> pending (newest state, rows since) -> painter -> watch channel -> sockets
//! ```
//!
//! The state after a commit is serialised once, whatever the number of watchers; a watcher that is slow skips to
//! the newest one and asks for what it missed. Nothing here slows a bid down: publishing only notes what is new.

mod feed;
mod frame;
mod hub;
mod painter;
mod socket;

pub use frame::Frame;
pub use hub::{Hub, HubOptions, Watcher};
pub use painter::Painter;
