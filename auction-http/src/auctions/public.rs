//! What everybody may read, for rooms that show it in another form.

use crate::auctions::room::AuctionRoom;
use crate::auctions::{detail, list};
use crate::error::{ApiError, ApiResult};
use auction_core::AuctionId;
use axum::body::{Bytes, to_bytes};
use axum::http::Uri;
use axum::response::Response;

/// The longest answer, in bytes: more than any description and terms that are taken in.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

impl AuctionRoom {
    /// What `GET auctions/{id}/` answers to somebody who is not signed in: JSON.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn public_auction(&self, auction: AuctionId) -> ApiResult<Bytes> {
        let uri = format!("/api/auctions/{}/", auction.number());
        let uri: Uri = uri.parse().map_err(|_| ApiError::not_found())?;
        read(detail::answer(self, None, Some(auction), &uri).await?).await
    }

    /// What `GET auctions/featured/` answers to somebody who is not signed in: JSON.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn public_featured(&self) -> ApiResult<Bytes> {
        let uri = Uri::from_static("/api/auctions/featured/");
        read(list::answer_featured(self, None, &uri).await?).await
    }
}

async fn read(answer: Response) -> ApiResult<Bytes> {
    to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await.map_err(|_| ApiError::busy())
}
