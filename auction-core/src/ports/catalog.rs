//! Where listings and categories are kept, and auctions are found.

use crate::auction::Recorded;
use crate::catalog::{AuctionQuery, Category, CategoryId, Found, ListedAuction, Listing, NewCategory};
use crate::id::AuctionId;
use crate::ports::Failure;
use async_trait::async_trait;

/// Where listings and categories are kept, and auctions are found.
///
/// # Contract
/// - The listing of an auction is written with its creation, by [`AuctionStore::create`](super::AuctionStore::create).
/// - Every list shows all that was committed before it was asked for.
/// - Rows have the order that was asked for, equal ones that of their numbers; windows that follow each other miss
///   nothing and repeat nothing as long as nothing changes.
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

    /// Replaces the listing of an auction; `false` where there is no such auction.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn relist(&self, auction: AuctionId, listing: &Listing) -> Result<bool, Failure>;

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
}
