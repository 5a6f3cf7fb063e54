//! Reading entries.

use super::wire::AuditRow;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, Params, next_link};
use crate::people::{People, SignedIn};
use crate::wire::problem::ReadProblems;
use auction_core::UserId;
use auction_core::admin::{AuditAction, AuditId};
use auction_core::ports::AuditQuery;
use axum::Json;
use axum::extract::{FromRef, OriginalUri, State};
use axum::http::{HeaderValue, header};
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many entries one answer has at most.
const ROWS_MAX: usize = 100;

/// The routes, with `/api/` before them and a slash at the end. No answer may be kept by anybody on its way.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<People>: FromRef<S>,
{
    let no_store = HeaderValue::from_static("no-store");
    OpenApiRouter::default()
        .routes(routes!(entries))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, no_store))
}

/// What was done, the newest first. For admins.
#[utoipa::path(
    get,
    operation_id = "list_audit",
    path = "/api/audit/",
    tag = "audit",
    security(("token" = [])),
    params(
        ("user" = Option<u64>, Query, description = "What was done by or to this user"),
        ("action" = Option<String>, Query, description = "Actions of this name"),
        ("before" = Option<u64>, Query, description = "Entries with lower numbers"),
    ),
    responses(
        (status = 200, description = "At most 100 entries; a Link header names the next ones.", body = Vec<AuditRow>),
        ReadProblems
    )
)]
pub(super) async fn entries(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<(Link, Json<Vec<AuditRow>>)> {
    if !person.is_admin {
        return Err(ApiError::forbidden());
    }
    let params = Params::parse(uri.query(), &["user", "action", "before"])?;
    let wanted = AuditQuery {
        user: params.whole("user")?.map(user).transpose()?,
        action: params.text("action").map(action).transpose()?,
        before: params.whole("before")?.and_then(AuditId::new),
        max: ROWS_MAX + 1,
    };
    let mut rows = match people.audit().store() {
        Some(store) => store.entries(&wanted).await?,
        None => Vec::new(),
    };
    let more = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    let link = rows.last().filter(|_| more).map(|(last, _)| {
        next_link(people.accounts().site_url().trim_end_matches('/'), &uri, &params, "before", last.number())
    });
    Ok((Link(link), Json(rows.iter().map(|(id, entry)| AuditRow::new(*id, entry)).collect())))
}

fn user(number: u64) -> ApiResult<UserId> {
    UserId::new(number).map_err(|_| ApiError::field("user", "There is no such user."))
}

fn action(name: &str) -> ApiResult<AuditAction> {
    AuditAction::named(name).ok_or_else(|| ApiError::field("action", "There is no such action."))
}
