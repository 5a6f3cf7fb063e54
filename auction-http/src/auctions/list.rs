//! Lists of auctions.

use crate::auctions::answers::{self, Draft};
use crate::auctions::query::{Defaults, LIST_PARAMS, ListQuery};
use crate::auctions::room::AuctionRoom;
use crate::auctions::shown::Shown;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, Params, next_link};
use crate::visitors::{Anyone, Member, Visitor};
use crate::wire::auction::AuctionView;
use crate::wire::page::{Listed, Page};
use crate::wire::problem::ReadProblems;
use crate::wire::won::WonAuctionView;
use auction_core::auction::Phase;
use auction_core::catalog::{
    AuctionQuery, Drafts, Found, ListedAuction, Ordering, OrderingField, Scope, Window,
};
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// How many auctions are featured.
const FEATURED_MAX: u32 = 3;

/// The newest first.
const NEWEST_FIRST: Ordering = Ordering { field: OrderingField::CreatedAt, descending: true };
/// What is open now, then what comes, then what is over.
const LIVELIEST_FIRST: Ordering = Ordering { field: OrderingField::Liveliness, descending: false };

/// Auctions.
///
/// People who are signed in see those that they have not joined, unless they ask for another `scope`. Without `page`
/// and `page_size` the answer is a bare array of at most 500 rows; a `Link` header names the next ones.
#[utoipa::path(
    get,
    operation_id = "list_auctions",
    path = "/auctions/",
    tag = "auctions",
    security((), ("token" = [])),
    params(
        ("search" = Option<String>, Query, description = "Words in title or description", max_length = 200),
        ("status" = Option<String>, Query, description = "draft, scheduled, started, paused, ended or cancelled"),
        ("category" = Option<String>, Query, description = "The number or the slug of a category"),
        ("seller" = Option<u64>, Query, description = "The number of a seller"),
        ("min_price" = Option<String>, Query, description = "The least starting price"),
        ("max_price" = Option<String>, Query, description = "The highest starting price"),
        ("ends_before" = Option<String>, Query, description = "RFC 3339"),
        ("ends_after" = Option<String>, Query, description = "RFC 3339"),
        ("format" = Option<String>, Query, description = "The name of a format"),
        ("ordering" = Option<String>, Query, description = "title, starting_price, current_price, start_date_time, end_date_time, bid_count or created_at; with - in front the highest first"),
        ("scope" = Option<String>, Query, description = "available, all, joined, selling or won"),
        ("page" = Option<u32>, Query, description = "From 1", minimum = 1),
        ("page_size" = Option<u32>, Query, description = "From 1 to 100", minimum = 1, maximum = 100),
        ("after" = Option<u64>, Query, description = "The rows after this auction"),
    ),
    responses((status = 200, description = "Auctions.", body = Listed<AuctionView<'_>>), ReadProblems)
)]
pub(super) async fn list(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    room.may_browse(visitor.as_ref())?;
    let defaults = Defaults { scope: Scope::Available, ordering: NEWEST_FIRST };
    answer(&room, &uri, &LIST_PARAMS, defaults, visitor.as_ref(), plain).await
}

/// The auctions that you have joined: started, then scheduled, then ended.
#[utoipa::path(
    get,
    operation_id = "list_my_auctions",
    path = "/auctions/my_auctions/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "From 1", minimum = 1),
        ("page_size" = Option<u32>, Query, description = "From 1 to 100", minimum = 1, maximum = 100),
        ("after" = Option<u64>, Query, description = "The rows after this auction"),
    ),
    responses((status = 200, description = "Auctions.", body = Listed<AuctionView<'_>>), ReadProblems)
)]
pub(super) async fn my_auctions(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let defaults = Defaults { scope: Scope::Joined, ordering: LIVELIEST_FIRST };
    answer(&room, &uri, &without_scope(), defaults, Some(&visitor), plain).await
}

/// The auctions that you have won.
#[utoipa::path(
    get,
    operation_id = "list_won_auctions",
    path = "/auctions/won_auctions/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "From 1", minimum = 1),
        ("page_size" = Option<u32>, Query, description = "From 1 to 100", minimum = 1, maximum = 100),
        ("after" = Option<u64>, Query, description = "The rows after this auction"),
    ),
    responses((status = 200, description = "Auctions.", body = Listed<WonAuctionView<'_>>), ReadProblems)
)]
pub(super) async fn won_auctions(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let ordering = Ordering { field: OrderingField::EndsAt, descending: true };
    let defaults = Defaults { scope: Scope::Won, ordering };
    answer(&room, &uri, &without_scope(), defaults, Some(&visitor), sales).await
}

/// The three auctions with the highest starting prices among those that are open or will be.
#[utoipa::path(
    get,
    operation_id = "list_featured_auctions",
    path = "/auctions/featured/",
    tag = "auctions",
    security((), ("token" = [])),
    responses((status = 200, description = "At most three auctions.", body = Vec<AuctionView<'_>>), ReadProblems)
)]
pub(super) async fn featured(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    answer_featured(&room, visitor.as_ref(), &uri).await
}

/// Answers the featured auctions as the visitor may see them.
pub(super) async fn answer_featured(
    room: &AuctionRoom,
    visitor: Option<&Visitor>,
    uri: &Uri,
) -> ApiResult<Response> {
    room.may_browse(visitor)?;
    let draft = match answers::kept(room, uri, visitor) {
        Ok(answer) => return Ok(answer),
        Err(draft) => draft,
    };
    Params::parse(uri.query(), &[])?;
    let shown = room.show(find_featured(room).await?, visitor).await?;
    give(draft, &shown, Link(None), &shown.views(visitor))
}

/// Looks at what has not ended, the dearest first, until enough is open or will be: the rest of it was called off or
/// is paused, which is seldom.
async fn find_featured(room: &AuctionRoom) -> ApiResult<Vec<ListedAuction>> {
    let now = room.now();
    let (mut featured, mut after) = (Vec::new(), None);
    loop {
        let query = AuctionQuery {
            now,
            viewer: None,
            drafts: Drafts::Own,
            scope: Scope::All,
            search: None,
            status: None,
            category: None,
            seller: None,
            min_price: None,
            max_price: None,
            ends_before: None,
            ends_after: Some(now),
            format: None,
            ordering: Ordering { field: OrderingField::StartingPrice, descending: true },
            window: Window::Rows { after, rows_max: 2 * FEATURED_MAX },
        };
        let Found { rows, more, .. } = room.catalog().find(&query).await?;
        after = rows.last().map(|last| last.auction.id());
        let is_meant = |listed: &ListedAuction| {
            matches!(listed.auction.phase_at(now), Phase::Scheduled | Phase::Started)
        };
        featured.extend(rows.into_iter().filter(is_meant));
        if featured.len() >= FEATURED_MAX as usize || !more {
            featured.truncate(FEATURED_MAX as usize);
            return Ok(featured);
        }
    }
}

/// The parameters of lists that are of one scope.
fn without_scope() -> Vec<&'static str> {
    LIST_PARAMS.into_iter().filter(|name| *name != "scope").collect()
}

fn plain<'a>(shown: &'a Shown, visitor: Option<&Visitor>) -> Vec<AuctionView<'a>> {
    shown.views(visitor)
}

fn sales<'a>(shown: &'a Shown, visitor: Option<&Visitor>) -> Vec<WonAuctionView<'a>> {
    visitor.map(|visitor| shown.sales(visitor)).unwrap_or_default()
}

/// A form in which rows are shown to a visitor.
trait Form<'a>: FnOnce(&'a Shown, Option<&Visitor>) -> Vec<Self::Row> {
    type Row: Serialize;
}

impl<'a, F, R: Serialize> Form<'a> for F
where
    F: FnOnce(&'a Shown, Option<&Visitor>) -> Vec<R>,
{
    type Row = R;
}

/// Finds what is asked for and answers it in the form that is asked for.
async fn answer(
    room: &AuctionRoom,
    uri: &Uri,
    known: &[&str],
    defaults: Defaults,
    visitor: Option<&Visitor>,
    form: impl for<'a> Form<'a>,
) -> ApiResult<Response> {
    let draft = match answers::kept(room, uri, visitor) {
        Ok(answer) => return Ok(answer),
        Err(draft) => draft,
    };
    let shows_sales = defaults.scope == Scope::Won;
    let ListQuery { mut query, slug, params } = ListQuery::parse(uri, known, defaults, visitor, room.now())?;
    if let Some(slug) = slug {
        let categories = room.catalog().categories().await?;
        let category = categories.iter().find(|category| category.slug == slug).map(|category| category.id);
        query.category =
            Some(category.ok_or_else(|| ApiError::field("category", "There is no such category."))?);
    }
    let Found { rows, count, more } = room.catalog().find(&query).await?;
    let public_url = &room.settings().public_url;
    match query.window {
        Window::Rows { .. } => {
            let link = rows
                .last()
                .filter(|_| more)
                .map(|last| next_link(public_url, uri, &params, "after", last.auction.id()));
            let shown = show(room, rows, visitor, shows_sales).await?;
            give(draft, &shown, Link(link), &form(&shown, visitor))
        }
        Window::Page { number, .. } => {
            if number > 1 && rows.is_empty() {
                return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", "Invalid page."));
            }
            let page = |number: u32| next_link(public_url, uri, &params, "page", number);
            let (next, previous) =
                (more.then(|| page(number.saturating_add(1))), (number > 1).then(|| page(number - 1)));
            let shown = show(room, rows, visitor, shows_sales).await?;
            let results = form(&shown, visitor);
            let page = Page { count: count.unwrap_or(0), next, previous, results };
            give(draft, &shown, Link(None), &page)
        }
    }
}

/// What is needed to show auctions, or what somebody has of them.
async fn show(
    room: &AuctionRoom,
    rows: Vec<ListedAuction>,
    visitor: Option<&Visitor>,
    shows_sales: bool,
) -> ApiResult<Shown> {
    match visitor.filter(|_| shows_sales) {
        Some(visitor) => room.show_sales(rows, visitor).await,
        None => room.show(rows, visitor).await,
    }
}

/// Gives an answer that shows these auctions, and keeps it where it may be kept.
fn give(draft: Option<Draft<'_>>, shown: &Shown, link: Link, body: &impl Serialize) -> ApiResult<Response> {
    match draft {
        Some(draft) => draft.keep(shown.auctions(), link.value(), body),
        None => Ok((link, Json(body)).into_response()),
    }
}
