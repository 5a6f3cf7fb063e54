//! Which auctions there are, and who takes part in them.

use crate::id::{AuctionId, UserId};
use crate::notify::Audience;
use crate::ports::Failure;
use crate::time::Timestamp;
use async_trait::async_trait;

/// The most rows that a [`Roll`] answers at once.
pub const ROLL_PAGE_MAX: usize = 1_000;

/// Which auctions there are, and who takes part in them.
///
/// # Contract
/// Every answer shows all that was committed before it was asked for; what comes while pages are read may be on a later
/// page or on none.
#[async_trait]
pub trait Roll: Send + Sync {
    /// Auctions with numbers above `after`, all where it is `None`, in the order of their numbers, each with its
    /// revision: at most `rows_max` and [`ROLL_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn revisions(
        &self,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Vec<(AuctionId, u64)>, Failure>;

    /// Auctions with numbers above `after` in which something happened, by its stamp, from `since` until just before
    /// `until`, in the order of their numbers, each with its revision: at most `rows_max` and [`ROLL_PAGE_MAX`].
    ///
    /// `None` where nobody but this process writes auctions: then it knows of them anyway.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn recent(
        &self,
        _since: Timestamp,
        _until: Timestamp,
        _after: Option<AuctionId>,
        _rows_max: usize,
    ) -> Result<Option<Vec<(AuctionId, u64)>>, Failure> {
        Ok(None)
    }

    /// People of this audience with numbers above `after`, all where it is `None`, in the order of their numbers: at
    /// most `rows_max` and [`ROLL_PAGE_MAX`]. Nobody for an unknown auction.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn audience(
        &self,
        auction: AuctionId,
        audience: Audience,
        after: Option<UserId>,
        rows_max: usize,
    ) -> Result<Vec<UserId>, Failure>;
}
