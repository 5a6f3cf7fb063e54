//! Mails, for the staff: where they stand, and never what is in them.

use super::NoticeRoom;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, Params, next_link};
use crate::visitors::{Member, Visitor};
use crate::wire::notice::MailView;
use crate::wire::problem::{ReadProblems, WriteProblems};
use auction_core::notify::{MailId, MailState};
use auction_core::ports::MAILS_PAGE_MAX;
use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;

/// Mails in one state, the newest first. For the staff.
#[utoipa::path(
    get,
    operation_id = "list_mails",
    path = "/mails/",
    tag = "mails",
    security(("token" = [])),
    params(
        ("state" = Option<String>, Query, description = "waiting, sent, dropped or dead; dead where it is left out"),
        ("before" = Option<u64>, Query, description = "The rows before this mail"),
    ),
    responses(
        (status = 200, description = "At most 500 rows; a Link header names the next ones.", body = Vec<MailView>),
        (status = 403, description = "Not for this person.", body = crate::wire::problem::Problem),
        ReadProblems
    )
)]
pub(super) async fn mails(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<(Link, Json<Vec<MailView>>)> {
    staff_only(&visitor)?;
    let params = Params::parse(uri.query(), &["state", "before"])?;
    let state = match params.text("state") {
        Some(name) => MailState::named(name)
            .ok_or_else(|| ApiError::field("state", "Must be waiting, sent, dropped or dead."))?,
        None => MailState::Dead,
    };
    let before = params.whole("before")?.map(MailId);
    let rows = room.store.mails(state, before, MAILS_PAGE_MAX).await?;
    let next = rows
        .last()
        .filter(|_| rows.len() == MAILS_PAGE_MAX)
        .map(|last| next_link(&room.public_url, &uri, &params, "before", last.id.0));
    Ok((Link(next), Json(rows.into_iter().map(MailView::from).collect())))
}

/// Has a mail tried again that was given up. For the staff.
#[utoipa::path(
    post,
    operation_id = "retry_mail",
    path = "/mails/{id}/retry/",
    tag = "mails",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The mail")),
    responses((status = 204, description = "It waits again."), WriteProblems)
)]
pub(super) async fn retry(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    staff_only(&visitor)?;
    let id = id.parse().map(MailId).map_err(|_| ApiError::not_found())?;
    if !room.store.revive(id, room.clock.now()).await? {
        return Err(ApiError::not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}

fn staff_only(visitor: &Visitor) -> ApiResult<()> {
    if visitor.is_staff() { Ok(()) } else { Err(ApiError::forbidden()) }
}
