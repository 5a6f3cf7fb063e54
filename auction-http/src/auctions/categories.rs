//! Categories.

use crate::auctions::body::CATEGORY_BYTES_MAX;
use crate::auctions::room::AuctionRoom;
use crate::audit::{Origin, to_the_end};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, capitalised, text};
use crate::visitors::{Anyone, Member, Visitor};
use crate::wire::category::CategoryView;
use crate::wire::problem::{ReadProblems, WriteProblems};
use auction_core::admin::{AuditAction, AuditSubject};
use auction_core::catalog::{
    CATEGORIES_MAX, Category, InvalidCategory, NewCategory, category_description, category_name,
    category_slug, slug_of,
};
use auction_core::ports::Recategorised;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What is told where another category has the slug.
const SLUG_TAKEN: &str = "Another category has this slug.";

/// A category that is to be, or what is to change of one.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = NewCategory)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct CategoryBody {
    #[schema(max_length = 100)]
    name: Option<String>,
    /// What stands in addresses; made from the name where a new category names none.
    #[schema(max_length = 100)]
    slug: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
}

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
    Ok(Json(CategoryView::from(&known(&room, &id).await?)).into_response())
}

/// Adds a category.
#[utoipa::path(
    post,
    operation_id = "add_category",
    path = "/categories/",
    tag = "categories",
    security(("token" = [])),
    request_body = inline(CategoryBody),
    responses((status = 201, description = "The category.", body = CategoryView<'_>), WriteProblems)
)]
pub(super) async fn add(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    origin: Origin,
    JsonText(body): JsonText<CATEGORY_BYTES_MAX>,
) -> ApiResult<Response> {
    for_admins(&visitor)?;
    let mut fields = Fields::parse(&body)?;
    let name = fields.required("name", checked(category_name));
    let slug = match fields.optional("slug", checked(category_slug)) {
        None if !fields.has("slug") => name.as_deref().and_then(|name| {
            let slug = slug_of(name);
            if slug.is_none() {
                fields.wrong("slug", "No slug can be made of this name. Give one.");
            }
            slug
        }),
        slug => slug,
    };
    let description = fields.nullable("description", checked(category_description)).value();
    let (name, slug) = fields.complete(name.zip(slug))?;
    if room.catalog().categories().await?.len() >= CATEGORIES_MAX {
        let detail = format!("There may be at most {CATEGORIES_MAX} categories.");
        return Err(ApiError::new(StatusCode::CONFLICT, "too_many_categories", detail));
    }
    let new = NewCategory { name, slug, description: description.unwrap_or_default() };
    to_the_end(async move {
        let added = room.catalog().add_category(&new).await?;
        let added = added.ok_or_else(|| ApiError::field("slug", SLUG_TAKEN))?;
        let subject = Some(AuditSubject::Category(added.id));
        room.account_for(&origin, &visitor, AuditAction::CategoryCreated, subject).await?;
        Ok((StatusCode::CREATED, Json(CategoryView::from(&added))).into_response())
    })
    .await
}

/// Changes a category.
#[utoipa::path(
    patch,
    operation_id = "change_category",
    path = "/categories/{id}/",
    tag = "categories",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The category")),
    request_body = inline(CategoryBody),
    responses((status = 200, description = "The category.", body = CategoryView<'_>), WriteProblems)
)]
pub(super) async fn change(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Path(id): Path<String>,
    origin: Origin,
    JsonText(body): JsonText<CATEGORY_BYTES_MAX>,
) -> ApiResult<Response> {
    for_admins(&visitor)?;
    let before = known(&room, &id).await?;
    let mut fields = Fields::parse(&body)?;
    let name = fields.optional("name", checked(category_name)).unwrap_or(before.name);
    let slug = fields.optional("slug", checked(category_slug)).unwrap_or(before.slug);
    let description = match fields.nullable("description", checked(category_description)) {
        Given::Absent => before.description,
        Given::Null => String::new(),
        Given::Value(description) => description,
    };
    fields.finish()?;
    let after = Category { id: before.id, name, slug, description };
    to_the_end(async move {
        match room.catalog().change_category(&after).await? {
            Recategorised::Done => {}
            Recategorised::SlugTaken => return Err(ApiError::field("slug", SLUG_TAKEN)),
            Recategorised::Unknown => return Err(ApiError::not_found()),
        }
        let subject = Some(AuditSubject::Category(after.id));
        room.account_for(&origin, &visitor, AuditAction::CategoryChanged, subject).await?;
        Ok(Json(CategoryView::from(&after)).into_response())
    })
    .await
}

/// Removes a category. Its auctions have none then.
#[utoipa::path(
    delete,
    operation_id = "remove_category",
    path = "/categories/{id}/",
    tag = "categories",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The category")),
    responses((status = 204, description = "It is gone."), WriteProblems)
)]
pub(super) async fn remove(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Path(id): Path<String>,
    origin: Origin,
) -> ApiResult<StatusCode> {
    for_admins(&visitor)?;
    let category = known(&room, &id).await?;
    to_the_end(async move {
        if !room.catalog().remove_category(category.id).await? {
            return Err(ApiError::not_found());
        }
        let subject = Some(AuditSubject::Category(category.id));
        room.account_for(&origin, &visitor, AuditAction::CategoryDeleted, subject).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn for_admins(visitor: &Visitor) -> ApiResult<()> {
    if visitor.is_staff() { Ok(()) } else { Err(ApiError::forbidden()) }
}

/// The category with the number in a path.
async fn known(room: &AuctionRoom, id: &str) -> ApiResult<Category> {
    let categories = room.catalog().categories().await?;
    let found = categories.into_iter().find(|category| category.id.number().to_string() == id);
    found.ok_or_else(ApiError::not_found)
}

/// A text as `check` reads it.
fn checked(
    check: fn(&str) -> Result<String, InvalidCategory>,
) -> impl FnOnce(&RawValue) -> Result<String, String> {
    move |raw| {
        check(&text(raw)?).map_err(|error| match error {
            InvalidCategory::BlankName => crate::extract::BLANK.to_owned(),
            error => format!("{}.", capitalised(&error)),
        })
    }
}
