//! A pure auction engine.

pub mod auction;
mod id;
pub mod money;
pub mod ports;
mod time;

pub use id::{AUCTION_ID_MAX, AuctionId, BidId, ID_MAX, InvalidId, UserId, VERSION_MAX};
pub use time::{InvalidTime, Span, Timestamp};
