//! The inbox.

use super::NoticeRoom;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, PageNumber, Params, next_link};
use crate::visitors::Member;
use crate::wire::notice::{NoticeView, ReadCount, UnreadCount};
use crate::wire::page::{Listed, Page};
use crate::wire::problem::ReadProblems;
use auction_core::notify::{Notice, NoticeId};
use auction_core::ports::{INBOX_PAGE_MAX, InboxPage};
use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;

/// Your notices, the newest first.
#[utoipa::path(
    get,
    operation_id = "list_notifications",
    path = "/notifications/",
    tag = "notifications",
    security(("token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "From 1", minimum = 1),
        ("page_size" = Option<u32>, Query, description = "From 1 to 100", minimum = 1, maximum = 100),
        ("before" = Option<u64>, Query, description = "The rows before this notice"),
    ),
    responses(
        (status = 200, description = "At most 500 rows; a Link header names the next ones.", body = Listed<NoticeView>),
        ReadProblems
    )
)]
pub(super) async fn list(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<(Link, Json<Listed<NoticeView>>)> {
    let params = Params::parse(uri.query(), &["page", "page_size", "before"])?;
    let link = |cursor, value: u64| next_link(&room.public_url, &uri, &params, cursor, value);
    let Some(PageNumber { number, size }) = params.page()? else {
        let before = params.whole("before")?.map(NoticeId);
        let rows = room.store.inbox(visitor.user, InboxPage::Before(before), INBOX_PAGE_MAX).await?;
        // A whole page may be the last one: then the next is empty.
        let next = rows.last().filter(|_| rows.len() == INBOX_PAGE_MAX).map(|last| link("before", last.id.0));
        return Ok((Link(next), Json(Listed::Rows(views(&rows)))));
    };
    if params.whole("before")?.is_some() {
        return Err(ApiError::field("before", "Does not go with pages."));
    }
    let count = room.store.count_notices(visitor.user).await?.all;
    let skipped = u64::from(number - 1) * u64::from(size);
    if number > 1 && skipped >= count {
        return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", "Invalid page."));
    }
    let page = InboxPage::Skipping(skipped);
    let rows = room.store.inbox(visitor.user, page, usize::try_from(size).unwrap_or(usize::MAX)).await?;
    let has_more = skipped + u64::from(size) < count;
    let next = has_more.then(|| link("page", u64::from(number) + 1));
    let previous = (number > 1).then(|| link("page", u64::from(number) - 1));
    Ok((Link(None), Json(Listed::Page(Page { count, next, previous, results: views(&rows) }))))
}

fn views(rows: &[Notice]) -> Vec<NoticeView> {
    rows.iter().map(NoticeView::from).collect()
}

/// How many of your notices you have not read.
#[utoipa::path(
    get,
    operation_id = "count_unread_notifications",
    path = "/notifications/unread_count/",
    tag = "notifications",
    security(("token" = [])),
    responses((status = 200, description = "How many.", body = UnreadCount), ReadProblems)
)]
pub(super) async fn unread_count(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
) -> ApiResult<Json<UnreadCount>> {
    let unread_count = room.store.count_notices(visitor.user).await?.unread;
    Ok(Json(UnreadCount { unread_count }))
}

/// Marks one of your notices as read.
#[utoipa::path(
    post,
    operation_id = "read_notification",
    path = "/notifications/{id}/read/",
    tag = "notifications",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The notice")),
    responses((status = 200, description = "The notice, read.", body = NoticeView), ReadProblems)
)]
pub(super) async fn read(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
    Path(id): Path<String>,
) -> ApiResult<Json<NoticeView>> {
    let id = id.parse().map(NoticeId).map_err(|_| ApiError::not_found())?;
    let read = room.store.read_notice(visitor.user, id).await?;
    read.map(|notice| Json(NoticeView::from(&notice))).ok_or_else(ApiError::not_found)
}

/// Marks all of your notices as read.
#[utoipa::path(
    post,
    operation_id = "read_all_notifications",
    path = "/notifications/read_all/",
    tag = "notifications",
    security(("token" = [])),
    responses((status = 200, description = "How many were not.", body = ReadCount), ReadProblems)
)]
pub(super) async fn read_all(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
) -> ApiResult<Json<ReadCount>> {
    let read_count = room.store.read_all_notices(visitor.user).await?;
    Ok(Json(ReadCount { read_count }))
}
