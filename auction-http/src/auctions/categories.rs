//! Categories.

use crate::auctions::room::AuctionRoom;
use crate::error::{ApiError, ApiResult};
use crate::visitors::Anyone;
use crate::wire::category::CategoryView;
use crate::wire::problem::ReadProblems;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

/// All categories, by name.
#[utoipa::path(
    get,
    operation_id = "list_categories",
    path = "/categories/",
    tag = "categories",
    security((), ("token" = [])),
    responses((status = 200, description = "All categories.", body = Vec<CategoryView<'_>>), ReadProblems)
)]
pub(super) async fn categories(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
) -> ApiResult<Response> {
    room.may_browse(visitor.as_ref())?;
    let categories = room.catalog().categories().await?;
    let views: Vec<_> = categories.iter().map(CategoryView::from).collect();
    Ok(Json(views).into_response())
}

/// A category.
#[utoipa::path(
    get,
    operation_id = "read_category",
    path = "/categories/{id}/",
    tag = "categories",
    security((), ("token" = [])),
    params(("id" = u64, Path, description = "The category")),
    responses((status = 200, description = "The category.", body = CategoryView<'_>), ReadProblems)
)]
pub(super) async fn category(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    room.may_browse(visitor.as_ref())?;
    let categories = room.catalog().categories().await?;
    let found = categories.iter().find(|category| category.id.number().to_string() == id);
    found.map(|category| Json(CategoryView::from(category)).into_response()).ok_or_else(ApiError::not_found)
}
