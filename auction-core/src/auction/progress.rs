//! The state of an auction without its charter: what a bid changes, and what stores write with each commit.

use crate::auction::event::Charter;
use crate::auction::format::Book;
use crate::auction::state::Auction;
use crate::auction::status::Status;
use crate::id::AuctionId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The state of an auction without its charter.
///
/// The charter is most of an auction and hardly ever changes, so that stores keep it beside the state instead of
/// writing it with each bid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    id: AuctionId,
    revision: u64,
    version: u64,
    status: Status,
    ends_at: Timestamp,
    hard_end: Option<Timestamp>,
    last_at: Timestamp,
    book: Book,
    bid_count: u64,
    extensions: u32,
    participants: u32,
}

impl Progress {
    /// The auction that has come so far under this charter.
    pub fn under(self, charter: Arc<Charter>) -> Auction {
        let Self {
            id,
            revision,
            version,
            status,
            ends_at,
            hard_end,
            last_at,
            book,
            bid_count,
            extensions,
            participants,
        } = self;
        Auction {
            id,
            revision,
            version,
            charter,
            status,
            ends_at,
            hard_end,
            last_at,
            book,
            bid_count,
            extensions,
            participants,
        }
    }

    /// Which auction.
    pub const fn id(&self) -> AuctionId {
        self.id
    }

    /// How many events of any kind it has had.
    pub const fn revision(&self) -> u64 {
        self.revision
    }
}

impl Auction {
    /// Its state without the charter; [`Progress::under`] puts the two together again.
    pub fn progress(&self) -> Progress {
        Progress {
            id: self.id,
            revision: self.revision,
            version: self.version,
            status: self.status,
            ends_at: self.ends_at,
            hard_end: self.hard_end,
            last_at: self.last_at,
            book: self.book,
            bid_count: self.bid_count,
            extensions: self.extensions,
            participants: self.participants,
        }
    }
}
