//! The auctions of the reference backend, and who takes part in them.

use super::store::MemoryStore;
use crate::id::{AuctionId, UserId};
use crate::notify::Audience;
use crate::ports::{Failure, ROLL_PAGE_MAX, Roll};
use async_trait::async_trait;

#[async_trait]
impl Roll for MemoryStore {
    async fn revisions(
        &self,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Vec<(AuctionId, u64)>, Failure> {
        let state = self.state.lock().await;
        let auctions = state.rows().map(|row| (row.auction().id(), row.auction().revision()));
        let wanted = auctions.filter(|(id, _)| after.is_none_or(|after| *id > after));
        Ok(wanted.take(rows_max.min(ROLL_PAGE_MAX)).collect())
    }

    async fn audience(
        &self,
        auction: AuctionId,
        audience: Audience,
        after: Option<UserId>,
        rows_max: usize,
    ) -> Result<Vec<UserId>, Failure> {
        let state = self.state.lock().await;
        let Some(row) = state.row(auction) else { return Ok(Vec::new()) };
        let mut users: Vec<_> = row
            .standings()
            .filter(|(_, standing)| match audience {
                Audience::Participants => standing.has_joined(),
                Audience::Bidders => standing.has_joined() && standing.bids > 0,
                Audience::Onlookers => standing.has_joined() && standing.bids == 0,
            })
            .map(|(user, _)| user)
            .filter(|user| after.is_none_or(|after| *user > after))
            .collect();
        users.sort_unstable();
        users.truncate(rows_max.min(ROLL_PAGE_MAX));
        Ok(users)
    }
}
