//! Where auctions are kept.

use crate::auction::{Auction, Charter, Recorded, Standing};
use crate::catalog::Listing;
use crate::id::{AuctionId, UserId};
use crate::ports::batch::{Batch, CommitId};
use crate::ports::failure::Failure;
use crate::ports::members::MembersQuery;
use crate::ports::receipt::{Receipt, ReceiptKey};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;

/// The most events that [`AuctionStore::history`] answers at once.
pub const HISTORY_PAGE_MAX: usize = 1_000;

/// Where auctions, standings, receipts and events are kept.
///
/// # Contract
/// - What a commit answered as written is durable: it survives the death of the process and of the machine.
/// - A commit is atomic for each auction: its state, events, standings, receipts and deadline are all there or
///   none is. A conflict on one auction fails only that auction.
/// - An entry is written only if the auction still has the revision that the entry names; else nothing of the
///   entry is, and the answer is [`CommitResult::Conflict`].
///   So it is for an auction that does not exist. An empty batch writes nothing and is no failure.
/// - A read sees everything that was committed before it began, and of each commit all or nothing. What is asked
///   for twice is answered twice; the history of an unknown auction is empty.
/// - A failed [`commit`](AuctionStore::commit) leaves open whether it was written; [`Locked::committed`] tells.
/// - While somebody holds the [`lock`](AuctionStore::lock) of an auction nobody else commits to that auction:
///   who tries waits, or fails as unavailable.
/// - An auction is a [member](AuctionStore::members) of the group that its terms name, from its creation on, and after
///   a revision of the one that they name then.
/// - A receipt key is committed once; whoever commits has looked for it under the same revision.
/// - The private parts of events never reach a reader other than through this trait.
#[async_trait]
pub trait AuctionStore: Send + Sync {
    /// Whether this process is the only one that writes, so that what it remembers is the truth. Where it is
    /// not, nothing is refused from memory.
    fn is_exclusive(&self) -> bool;

    /// Writes a new auction and issues its number.
    ///
    /// # Errors
    /// A [`Failure`]; the auction may exist nevertheless.
    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure>;

    /// Reads, in the order in which it is asked for, and in one consistent view.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure>;

    /// The public versions of auctions, in the order in which they are asked for; `None` where there is no such auction.
    /// It is asked for again and again by nodes that compare what they show with what is stored.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn versions(&self, auctions: &[AuctionId]) -> Result<Vec<Option<u64>>, Failure> {
        let wanted = Wanted { auctions: auctions.to_vec(), ..Wanted::NOTHING };
        let found = self.load(&wanted).await?.auctions;
        Ok(found.into_iter().map(|auction| auction.map(|auction| auction.version())).collect())
    }

    /// The lots of a group that are asked for, by number, at most
    /// [`MEMBERS_PAGE_MAX`](crate::ports::MEMBERS_PAGE_MAX).
    ///
    /// # Errors
    /// A [`Failure`].
    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure>;

    /// Writes a batch in one transaction and answers for each entry, in order.
    ///
    /// # Errors
    /// A [`Failure`]; the outcome is unknown then.
    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure>;

    /// Locks one auction until the answer is dropped or has committed.
    ///
    /// # Errors
    /// A [`Failure`]; the auction is not locked then.
    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure>;

    /// The events of an auction after a revision, in order, at most `events_max` and [`HISTORY_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure>;
}

/// An auction that nobody else can change.
#[async_trait]
pub trait Locked: Send {
    /// Reads, as [`AuctionStore::load`] does.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure>;

    /// Whether a commit with this id wrote events to the auction after this revision: the one on which it rested, or an
    /// earlier one. What was written up to it is not looked at.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure>;

    /// Its events after a revision, as [`AuctionStore::history`] answers them.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure>;

    /// Writes a batch that holds this auction alone, and gives the lock back.
    ///
    /// # Errors
    /// A [`Failure`]; the outcome is unknown then.
    async fn commit(self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure>;
}

/// A new auction.
#[derive(Clone, Debug)]
pub struct NewAuction {
    /// The id of the commit that creates it.
    pub commit: CommitId,
    /// What was agreed on.
    pub charter: Arc<Charter>,
    /// What is sold.
    pub listing: Listing,
    /// It is a draft and not yet scheduled.
    pub draft: bool,
    /// When it is created.
    pub at: Timestamp,
}

/// What is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// States of auctions.
    pub auctions: Vec<AuctionId>,
    /// Standings of bidders.
    pub standings: Vec<(AuctionId, UserId)>,
    /// Receipts.
    pub receipts: Vec<ReceiptKey>,
}

/// What was read: each list is as long as, and in the order of, the one that asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// States; `None` where there is no such auction.
    pub auctions: Vec<Option<Auction>>,
    /// Standings; that of somebody new where there is none.
    pub standings: Vec<Standing>,
    /// Receipts; `None` where there is none.
    pub receipts: Vec<Option<Receipt>>,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitResult {
    /// It is written.
    Committed,
    /// The auction has another revision by now; nothing of the entry is written.
    Conflict,
}

impl Wanted {
    /// Nothing.
    pub const NOTHING: Self = Self { auctions: Vec::new(), standings: Vec::new(), receipts: Vec::new() };

    /// There is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.auctions.is_empty() && self.standings.is_empty() && self.receipts.is_empty()
    }
}
