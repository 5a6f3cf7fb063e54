//! Live updates: who watches an auction sees each change once, and the newest one first.
//!
//! ```text
//! desk -> Hub::publish -> pending (newest state, rows since) -> painter -> watch channel -> sockets
//! ```
//!
//! The state after a commit is serialised once, whatever the number of watchers; a watcher that is slow skips to
//! the newest one and asks for what it missed. Nothing here slows a bid down: publishing only notes what is new.

mod frame;
mod hub;
mod message;
mod painter;

pub use frame::Frame;
pub use hub::{Hub, HubFull, HubOptions, WatchError, Watcher};
pub use message::MESSAGE_BYTES_MAX;
pub use painter::Painter;
