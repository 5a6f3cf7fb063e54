//! What is due when.

use crate::id::AuctionId;
use crate::ports::Failure;
use crate::time::{Span, Timestamp};
use async_trait::async_trait;

/// The deadlines of auctions: when each has to be opened or closed.
///
/// # Contract
/// - A deadline is written by the commit that sets it, and by nothing else.
/// - Of several nodes that claim at the same time, each due auction goes to one.
/// - A claim holds until its lease is over or the auction's deadline changes, whichever is first. At the instant
///   at which the lease ends the auction is free.
#[async_trait]
pub trait Timetable: Send + Sync {
    /// Claims auctions whose deadline is at `claim.due_by` or earlier and that nobody holds, earliest first.
    ///
    /// # Errors
    /// A [`Failure`]; what was claimed then becomes free when its lease is over.
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure>;

    /// The earliest time at which there may be something to claim: a deadline that nobody holds, or of a held one
    /// the end of the lease, where that is later. `None` where nothing is due, ever.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn next_due(&self) -> Result<Option<Timestamp>, Failure>;
}

/// Which due auctions somebody wants to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The time now: leases that were over by then do not count.
    pub now: Timestamp,
    /// Deadlines up to this time, itself included.
    pub due_by: Timestamp,
    /// For how long the claim holds.
    pub lease: Span,
    /// How many at most.
    pub auctions_max: usize,
}
