//! What nodes tell each other.

use crate::id::{AuctionId, UserId};
use serde::{Deserialize, Serialize};

/// What one node tells the others, so that they need not find out by themselves a little later. What it is about
/// stands in the store: news says what has changed and never how, so that nothing hidden travels with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum News {
    /// An auction has this public version, or a later one.
    Auction {
        /// Which.
        auction: AuctionId,
        /// The version.
        version: u64,
    },
    /// Somebody's inbox has something new, or something in it changed.
    Inbox(UserId),
    /// What somebody may do has changed, or how they sign in.
    Person(UserId),
}

/// Tells all other nodes.
///
/// # Contract
/// Best effort, and it never waits: where the way to the others is slow or gone, news is dropped. Nodes compare what
/// they know with the store each second, so that nothing depends on it. A node does not hear what it told itself.
pub trait NewsSender: Send + Sync {
    /// Tells of these.
    fn tell(&self, news: &[News]);
}

/// Hears what other nodes tell.
///
/// # Contract
/// It must not wait.
pub trait NewsListener: Send + Sync {
    /// Another node told of this.
    fn heard(&self, news: News);

    /// Something may have been missed: the way to the other nodes was gone for a while.
    fn missed(&self);
}
