//! Changing what people read about an auction, also where several do so at once.

use crate::auctions::edit::changeable;
use crate::auctions::room::AuctionRoom;
use crate::error::{ApiError, ApiResult};
use crate::visitors::Visitor;
use auction_core::catalog::{ListedAuction, Listing};
use auction_core::ports::Relisted;

/// How often a change is made anew because somebody else was faster.
const CHANGES_MAX: usize = 16;

/// Makes a change of the listing of an auction, on top of what others changed meanwhile, and answers the auction as it
/// is then.
pub(super) async fn relist(
    room: &AuctionRoom,
    mut before: ListedAuction,
    visitor: &Visitor,
    change: impl Fn(&Listing) -> ApiResult<Listing> + Send + Sync,
) -> ApiResult<ListedAuction> {
    let id = before.auction.id();
    for _ in 0..CHANGES_MAX {
        let after = change(&before.listing)?;
        if after == before.listing {
            return Ok(before);
        }
        match room.catalog().relist(id, &before.listing, &after).await? {
            Relisted::Done => return room.listed(Some(id), Some(visitor)).await,
            Relisted::Changed => before = changeable(room, Some(id), visitor).await?,
            Relisted::Unknown => return Err(ApiError::not_found()),
        }
    }
    Err(ApiError::busy())
}
