//! How a state becomes the text that is sent.

use super::ranks::Ranks;
use async_trait::async_trait;
use auction_core::AuctionId;
use auction_core::auction::{Auction, Recorded};
use auction_core::ports::Failure;

/// Makes the public text of a state. It is asked once for each commit, or less.
#[async_trait]
pub trait Painter: Send + Sync {
    /// The JSON object that everybody may see: the state after `rows`, which are the public events since
    /// `previous_version`.
    ///
    /// # Errors
    /// Where what it needs besides the state cannot be read.
    async fn paint(
        &self,
        auction: &Auction,
        previous_version: u64,
        rows: &[Recorded],
    ) -> Result<String, Failure>;

    /// The ranks of the bidders where they see nothing else of each other; `None` in all other auctions.
    ///
    /// # Errors
    /// Where they cannot be read.
    async fn ranks(&self, _auction: &Auction) -> Result<Option<Ranks>, Failure> {
        Ok(None)
    }

    /// The state that is stored now; `None` where there is no such auction.
    ///
    /// # Errors
    /// Where it cannot be read.
    async fn load(&self, auction: AuctionId) -> Result<Option<Auction>, Failure>;

    /// The newest rows of the bid history up to a version, and what took rows away, oldest first, at most so many.
    ///
    /// # Errors
    /// Where they cannot be read.
    async fn rows(&self, auction: AuctionId, up_to: u64, rows_max: usize) -> Result<Vec<Recorded>, Failure>;

    /// The versions that are stored now, in the order of the question; `None` where there is no such auction.
    ///
    /// # Errors
    /// Where they cannot be read.
    async fn versions(&self, auctions: &[AuctionId]) -> Result<Vec<Option<u64>>, Failure>;

    /// The store has lost what an auction showed. What else is remembered of auctions may be lost as well, and should be
    /// forgotten.
    fn lost(&self, auction: AuctionId);
}
