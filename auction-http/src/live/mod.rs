//! Live updates: who watches an auction sees each change once, and the newest one first.
//!
//! ```text
//! desk -> Hub::publish -> pending (newest state, rows since) -> painter -> watch channel -> sockets
//! ```
//!
//! The state after a commit is serialised once, whatever the number of watchers; a watcher that is slow skips to
//! the newest one and asks for what it missed. Nothing here slows a bid down: publishing only notes what is new.

mod beat;
mod bell;
mod farewell;
mod feed;
mod frame;
mod host;
mod hub;
mod message;
mod notices;
mod own;
mod painter;
mod pending;
mod places;
mod ranks;
mod route;
mod socket;
mod tally;
mod watcher;

pub use beat::{RENEW_BEATS, RENEW_EVERY};
pub use bell::{Bell, RINGS_MAX, Rings};
pub use farewell::LINGER_MAX;
pub use feed::FEED_AUCTIONS_MAX;
pub use frame::{Acted, Frame};
pub use host::{Host, Token, Unwelcome, Viewer};
pub use hub::{Hub, HubFull, HubOptions, WatchError};
pub use message::MESSAGE_BYTES_MAX;
pub use painter::Painter;
pub use places::{Owner, Place, Places, SocketLimits};
pub use ranks::Ranks;
pub use route::{LiveParts, PROTOCOL, TOKEN_WITHIN, router};
pub use socket::{
    BIDS_IN_FLIGHT_MAX, CHATTER_MAX, CHATTER_WITHIN, JUNK_MAX, JUNK_WITHIN, PING_EVERY, SEND_WITHIN,
};
pub use watcher::{Over, Watcher};

#[cfg(test)]
mod socket_tests;
#[cfg(test)]
mod store_tests;
