//! Which lots close together.

use crate::auction::{Auction, Group};
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;

/// The most lots of a group that [`AuctionStore::members`](crate::ports::AuctionStore::members) answers at once.
pub const MEMBERS_PAGE_MAX: usize = 500;

/// A question for lots of a group: those whose end lies between two times, whatever their status, drafts included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersQuery {
    /// Who sells them.
    pub seller: UserId,
    /// What their terms name.
    pub group: Group,
    /// They end after this time,
    pub ends_after: Timestamp,
    /// and before this one.
    pub ends_before: Timestamp,
    /// Only those with numbers above this one.
    pub after: Option<AuctionId>,
}

impl MembersQuery {
    /// Whether it asks for this auction.
    pub fn holds(&self, auction: &Auction) -> bool {
        auction.terms().group.as_ref() == Some(&self.group)
            && auction.seller() == self.seller
            && auction.ends_at() > self.ends_after
            && auction.ends_at() < self.ends_before
            && self.after.is_none_or(|after| auction.id() > after)
    }
}
