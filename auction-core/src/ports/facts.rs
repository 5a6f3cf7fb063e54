//! What is known of people.

use crate::auction::BidderFacts;
use crate::id::{AuctionId, UserId};
use crate::ports::Failure;
use async_trait::async_trait;

/// Answers what the host knows of a bidder.
///
/// Commands bring facts that may be a second old. A refusal that rests on a fact is only given after this port
/// was asked, so that somebody who has just been verified can bid at once.
#[async_trait]
pub trait FactsSource: Send + Sync {
    /// What is known of `user` now, as far as `auction` cares.
    ///
    /// # Errors
    /// Where it could not be found out.
    async fn facts(&self, user: UserId, auction: AuctionId) -> Result<BidderFacts, Failure>;
}
