//! Where listings and categories are kept, and auctions are found.

use crate::auction::{Event, Recorded, Standing, Units};
use crate::catalog::{AuctionQuery, Category, CategoryId, Found, ListedAuction, Listing, NewCategory};
use crate::id::{AuctionId, UserId};
use crate::money::Amount;
use crate::ports::Failure;
use crate::time::Timestamp;
use async_trait::async_trait;

/// How many versions of an auction are looked at for bids of one bidder.
pub const BIDS_WALK_MAX: u64 = 10_000;
/// The most auctions that [`CatalogStore::bid_on`] answers at once.
pub const BID_ON_MAX: usize = 1_000;
/// The most bidders that [`CatalogStore::ranking`] answers.
pub const RANKED_MAX: usize = 10_000;

/// Where listings and categories are kept, and auctions are found.
///
/// # Contract
/// - The listing of an auction is written with its creation, by [`AuctionStore::create`](super::AuctionStore::create).
/// - Every list shows all that was committed before it was asked for.
/// - Rows have the order that was asked for, equal ones that of their numbers; windows that follow each other miss
///   nothing and repeat nothing as long as nothing changes.
/// - What [`hidden_bids`](Self::hidden_bids) and [`ranking`](Self::ranking) answer is never shown to others: a bidder
///   learns the own bids, and the own rank, and nothing else of it.
#[async_trait]
pub trait CatalogStore: Send + Sync {
    /// Auctions with their listings, in the order of the question; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn listed(&self, auctions: &[AuctionId]) -> Result<Vec<Option<ListedAuction>>, Failure>;

    /// Auctions that a query finds.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn find(&self, query: &AuctionQuery) -> Result<Found, Failure>;

    /// A number that is another one after every change that [`listed`](Self::listed) or [`find`](Self::find) show,
    /// from before anybody is told that the change was made. Whoever reads it, then something else, and finds the
    /// same number later, would find the same again. `None` where others may write, so that nobody knows.
    fn edition(&self) -> Option<u64> {
        None
    }

    /// Replaces the listing of an auction where it still is `before`, so that of two who change it at once neither
    /// undoes what the other did.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn relist(
        &self,
        auction: AuctionId,
        before: &Listing,
        after: &Listing,
    ) -> Result<Relisted, Failure>;

    /// Removes a draft whole; `false` where there is no such auction or it is no draft.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn discard(&self, auction: AuctionId) -> Result<bool, Failure>;

    /// Public events of an auction, by version, at most `events_max` and
    /// [`HISTORY_PAGE_MAX`](super::HISTORY_PAGE_MAX).
    ///
    /// # Errors
    /// A [`Failure`].
    async fn public_events(
        &self,
        auction: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure>;

    /// Auctions in which somebody has accepted bids, with the standing of that bidder: those with the highest
    /// numbers first, below `before` where that is given, at most `auctions_max` and [`BID_ON_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn bid_on(
        &self,
        bidder: UserId,
        before: Option<AuctionId>,
        auctions_max: usize,
    ) -> Result<Vec<(AuctionId, Standing)>, Failure>;

    /// The hidden bids of one bidder, newest first: those that came in as [`Event::SealedBid`], which are private.
    /// Those with numbers below `before` where that is given, at most `bids_max` and
    /// [`HISTORY_PAGE_MAX`](super::HISTORY_PAGE_MAX). For that bidder alone, also when the auction is over.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn hidden_bids(
        &self,
        auction: AuctionId,
        bidder: UserId,
        before: Option<u32>,
        bids_max: usize,
    ) -> Result<Vec<HiddenBid>, Failure>;

    /// The units that somebody has bought or was awarded in each of these auctions, in the order of the question: as
    /// they were bought, and as they were awarded, the best bid first. Nothing of a lot that was sold as a whole to the
    /// winner that its [outcome](crate::auction::Outcome) names, unless it was bought as a unit.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn awards(&self, auctions: &[AuctionId], bidder: UserId) -> Result<Vec<Vec<Share>>, Failure>;

    /// The bidders of an auction with their own amounts, which are the maxima of their standings: the lowest amount
    /// first, equal ones by the number of the bidder, at most `bidders_max` and [`RANKED_MAX`]. It looks at all
    /// standings of the auction.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn ranking(&self, auction: AuctionId, bidders_max: usize)
    -> Result<Vec<(UserId, Amount)>, Failure>;

    /// All categories, by name.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn categories(&self) -> Result<Vec<Category>, Failure>;

    /// Adds a category; `None` where its slug is taken.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn add_category(&self, category: &NewCategory) -> Result<Option<Category>, Failure>;

    /// Gives a category another name, slug and description.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn change_category(&self, category: &Category) -> Result<Recategorised, Failure>;

    /// Removes a category; its auctions then have none. `false` where there is no such category.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn remove_category(&self, category: CategoryId) -> Result<bool, Failure>;
}

/// Which public events of an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventPage {
    /// Those after a version, oldest first.
    After(u64),
    /// Rows of the bid history after a version, oldest first.
    BidsAfter(u64),
    /// Rows of the bid history before a version, newest first.
    BidsBefore(u64),
    /// Bids and purchases of one bidder before a version, newest first, without what a maximum answered by itself. Only
    /// the last [`BIDS_WALK_MAX`] versions before it are looked at, whoever made them.
    BidsOf {
        /// Whose.
        bidder: UserId,
        /// Before which version.
        before: u64,
    },
    /// Those that say that rows of the bid history are gone, or who leads without bids that nobody saw; oldest first.
    Withdrawals,
}

impl EventPage {
    /// Whether a public event belongs to the page, its length aside.
    pub fn holds(self, recorded: &Recorded) -> bool {
        let version = recorded.version;
        match self {
            Self::After(after) => version > after,
            Self::BidsAfter(after) => version > after && recorded.event.is_bid(),
            Self::BidsBefore(before) => version < before && recorded.event.is_bid(),
            Self::BidsOf { bidder: wanted, before } => {
                let is_near = version < before && version >= before.saturating_sub(BIDS_WALK_MAX);
                let is_own = match recorded.event {
                    Event::Bid { bidder, .. } | Event::Bought { bidder, .. } => bidder == wanted,
                    _ => false,
                };
                is_near && is_own
            }
            Self::Withdrawals => matches!(&recorded.event, Event::Withdrawn(gone) if gone.is_public),
        }
    }

    /// Whether the newest come first.
    pub const fn is_backwards(self) -> bool {
        matches!(self, Self::BidsBefore(_) | Self::BidsOf { .. })
    }
}

/// An own bid that nobody else sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenBid {
    /// The how-manieth of that bidder in that auction, from 1, bids that are gone included. It says nothing of others.
    pub number: u32,
    /// When it came in.
    pub at: Timestamp,
    /// What is offered for one unit.
    pub amount: Amount,
    /// For how many.
    pub units: Units,
    /// It was taken back or struck.
    pub withdrawn: bool,
}

/// Units that somebody has bought or was awarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub units: Units,
    /// What is paid for one.
    pub price: Amount,
}

/// What became of another listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relisted {
    /// It is written.
    Done,
    /// Somebody else has changed the listing meanwhile; nothing is written.
    Changed,
    /// There is no such auction.
    Unknown,
}

/// What became of another name of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recategorised {
    /// It is written.
    Done,
    /// Another category has the slug; nothing is written.
    SlugTaken,
    /// There is no such category.
    Unknown,
}
