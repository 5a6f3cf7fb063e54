//! How people want to be told.

use super::NoticeRoom;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, boolean};
use crate::visitors::Member;
use crate::wire::notice::PreferencesView;
use crate::wire::problem::{ReadProblems, WriteProblems};
use auction_core::UserId;
use auction_core::notify::{Channels, NoticeKind, Preferences};
use axum::Json;
use axum::extract::State;
use serde_json::value::RawValue;

/// The largest body, in bytes.
const BODY_BYTES_MAX: usize = 4 * 1_024;

/// How you want to be told, by kind.
#[utoipa::path(
    get,
    operation_id = "read_notification_preferences",
    path = "/notification-preferences/",
    tag = "notifications",
    security(("token" = [])),
    responses((status = 200, description = "All kinds.", body = PreferencesView), ReadProblems)
)]
pub(super) async fn preferences(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
) -> ApiResult<Json<PreferencesView>> {
    Ok(Json(PreferencesView::from(&of(&room, visitor.user).await?)))
}

/// Changes how you want to be told. Kinds and ways that are left out stay as they are.
#[utoipa::path(
    put,
    operation_id = "change_notification_preferences",
    path = "/notification-preferences/",
    tag = "notifications",
    security(("token" = [])),
    request_body = PreferencesView,
    responses((status = 200, description = "All kinds.", body = PreferencesView), WriteProblems)
)]
pub(super) async fn prefer(
    State(room): State<NoticeRoom>,
    Member(visitor): Member,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<PreferencesView>> {
    let mut fields = Fields::parse(&body)?;
    let before = of(&room, visitor.user).await?;
    let mut after = before.clone();
    for kind in NoticeKind::ALL {
        let stands = before.channels(kind);
        if let Given::Value(channels) = fields.nullable(kind.name(), |raw| read(raw, stands)) {
            after = after.with(kind, channels);
        }
    }
    let after = fields.complete(Some(after))?;
    room.store.prefer(visitor.user, &after).await?;
    Ok(Json(PreferencesView::from(&after)))
}

async fn of(room: &NoticeRoom, user: UserId) -> ApiResult<Preferences> {
    Ok(room.store.preferences(&[user]).await?.pop().unwrap_or_default())
}

/// The ways that are named, laid over those that stand.
fn read(raw: &RawValue, stands: Channels) -> Result<Channels, String> {
    let wrong = |_: ApiError| "Must be an object with mail and in_app.".to_owned();
    let mut fields = Fields::parse(raw.get().as_bytes()).map_err(wrong)?;
    let mail = fields.optional("mail", boolean).unwrap_or(stands.mail);
    let in_app = fields.optional("in_app", boolean).unwrap_or(stands.in_app);
    fields.finish().map_err(|_| "mail and in_app must be true or false.".to_owned())?;
    Ok(Channels { mail, in_app })
}
