//! One auction.

use crate::auctions::answers;
use crate::auctions::body::Id;
use crate::auctions::room::AuctionRoom;
use crate::error::{ApiError, ApiResult};
use crate::visitors::{Anyone, Visitor};
use crate::wire::auction::AuctionView;
use crate::wire::problem::ReadProblems;
use auction_core::AuctionId;
use auction_core::catalog::ListedAuction;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// An auction.
#[utoipa::path(
    get,
    operation_id = "read_auction",
    path = "/auctions/{id}/",
    tag = "auctions",
    security((), ("token" = [])),
    params(("id" = u64, Path, description = "The auction")),
    responses((status = 200, description = "The auction.", body = AuctionView<'_>), ReadProblems)
)]
pub(super) async fn detail(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    Id(auction): Id,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    answer(&room, visitor.as_ref(), auction, &uri).await
}

/// Answers an auction as the visitor may see it.
pub(super) async fn answer(
    room: &AuctionRoom,
    visitor: Option<&Visitor>,
    auction: Option<AuctionId>,
    uri: &Uri,
) -> ApiResult<Response> {
    room.may_browse(visitor)?;
    let draft = match answers::kept(room, uri, visitor) {
        Ok(answer) => return Ok(answer),
        Err(draft) => draft,
    };
    let listed = room.listed(auction, visitor).await?;
    let Some(draft) = draft else { return one(room, listed, visitor, StatusCode::OK).await };
    let shown = room.show(vec![listed], None).await?;
    let view = shown.views(None).pop().ok_or_else(ApiError::not_found)?;
    draft.keep(shown.auctions(), None, &view)
}

/// Answers one auction.
pub(super) async fn one(
    room: &AuctionRoom,
    listed: ListedAuction,
    visitor: Option<&Visitor>,
    status: StatusCode,
) -> ApiResult<Response> {
    let shown = room.show(vec![listed], visitor).await?;
    let view = shown.views(visitor).pop().ok_or_else(ApiError::not_found)?;
    Ok((status, Json(view)).into_response())
}
