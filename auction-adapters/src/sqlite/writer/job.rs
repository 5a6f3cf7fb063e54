//! What the writer is asked to do.

use crate::sqlite::locks::Held;
use auction_core::AuctionId;
use auction_core::auction::Auction;
use auction_core::catalog::{Category, CategoryId, Listing, NewCategory};
use auction_core::ports::{Batch, CommitId, CommitResult, Failure, NewAuction};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Where an answer goes. Whoever waited for it may be gone; what they asked for is done all the same.
pub(in crate::sqlite) type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// What the writer is asked to do.
#[derive(Debug)]
pub(in crate::sqlite) enum Job {
    /// Commits something.
    Write(Write),
    /// Says whether a commit wrote to an auction after a revision, when all that came before is settled.
    Committed { auction: AuctionId, commit: CommitId, after_revision: u64, reply: Reply<bool> },
    /// Answers when all that came before is settled.
    Pass(Reply<()>),
    /// Brings into the tables all that was committed.
    Project(Reply<()>),
    /// Changes the catalog.
    Change(Change, Reply<Changed>),
    /// Brings everything into the tables and ends.
    Close(Reply<()>),
}

/// Something that goes into the journal.
#[derive(Debug)]
pub(in crate::sqlite) enum Write {
    Commit { batch: Arc<Batch>, held: Option<Held>, reply: Reply<Vec<CommitResult>> },
    Create { new: NewAuction, reply: Reply<Auction> },
}

/// A change of the catalog, which goes into the tables at once.
#[derive(Debug)]
pub(in crate::sqlite) enum Change {
    /// Replaces the first listing, where it still is that, by the second.
    Relist(AuctionId, Listing, Listing),
    Discard(AuctionId),
    AddCategory(NewCategory),
    Recategorise(Category),
    RemoveCategory(CategoryId),
}

/// What became of a change.
#[derive(Debug)]
pub(in crate::sqlite) enum Changed {
    /// There is nothing that could be changed, or it must not be.
    Nothing,
    /// It is there, and something else stands in the way.
    Refused,
    /// It is done.
    Done,
    /// A category was added.
    Added(Category),
}
