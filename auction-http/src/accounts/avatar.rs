//! The picture of oneself.

use super::wire;
use crate::audit::to_the_end;
use crate::error::{ApiError, ApiResult};
use crate::extract::{REQUIRED, Upload};
use crate::people::{People, SignedIn};
use crate::pictures::{PICTURE_BYTES_MAX, PictureError, Pictures, Shape};
use crate::wire::problem::WriteProblems;
use auction_core::UserId;
use auction_core::identity::{MediaPath, ProfileChange};
use auction_core::ports::{AccountChange, Updated};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use utoipa::ToSchema;

/// The largest body of an upload, in bytes.
const UPLOAD_BYTES_MAX: usize = PICTURE_BYTES_MAX + 64 * 1_024;

/// The field in which the picture comes.
const FIELD: &str = "image";

/// The picture.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = NewAvatar)]
#[expect(dead_code, reason = "it describes the body; fields are read one by one")]
pub(super) struct AvatarBody {
    /// JPEG, PNG, WebP or GIF, which is found by the content.
    #[schema(value_type = String, format = Binary)]
    image: Vec<u8>,
}

/// Shows a picture of oneself, in the place of the one before. It is made anew, without metadata: the square in its
/// middle, at most 512 pixels wide.
#[utoipa::path(
    post,
    path = "/api/me/avatar/",
    tag = "accounts",
    request_body(content = inline(AvatarBody), content_type = "multipart/form-data"),
    responses(WriteProblems, (status = 200, body = wire::Me)),
    security(("token" = []))
)]
pub(super) async fn change(
    State(people): State<Arc<People>>,
    State(pictures): State<Arc<Pictures>>,
    SignedIn(person): SignedIn,
    mut upload: Upload<UPLOAD_BYTES_MAX>,
) -> ApiResult<Json<wire::Me>> {
    let _place = pictures.enter(person.id).ok_or_else(ApiError::busy)?;
    let file = upload.next_file(FIELD, PICTURE_BYTES_MAX).await?;
    let file = file.ok_or_else(|| ApiError::field(FIELD, REQUIRED))?;
    let path = match pictures.keep("avatars", file, Shape::Square).await {
        Ok(path) => path,
        Err(PictureError::Invalid(error)) => return Err(ApiError::field(FIELD, error.to_string())),
        Err(PictureError::Failed(failure)) => return Err(failure.into()),
    };
    to_the_end(async move { show(&people, &pictures, person.id, Some(path)).await.map(Json) }).await
}

/// Takes the picture of oneself away.
#[utoipa::path(
    delete,
    path = "/api/me/avatar/",
    tag = "accounts",
    responses(WriteProblems, (status = 204, description = "There is none any more.")),
    security(("token" = []))
)]
pub(super) async fn remove(
    State(people): State<Arc<People>>,
    State(pictures): State<Arc<Pictures>>,
    SignedIn(person): SignedIn,
) -> ApiResult<StatusCode> {
    to_the_end(async move { show(&people, &pictures, person.id, None).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names another picture, or none, and removes the one before: a crash in between leaves a file that nobody names.
async fn show(
    people: &People,
    pictures: &Pictures,
    user: UserId,
    path: Option<String>,
) -> ApiResult<wire::Me> {
    let gone = ApiError::invalid_token;
    let before = people.accounts().profile(user).await?.ok_or_else(gone)?.avatar;
    let named = path.as_deref().and_then(|path| MediaPath::parse(path).ok());
    let profile = ProfileChange { avatar: Some(named), ..ProfileChange::default() };
    let change = AccountChange { profile, ..AccountChange::default() };
    let Some(Updated::Account(account, profile)) = people.accounts().update(user, &change).await? else {
        return Err(gone());
    };
    if let Some(before) = before.filter(|before| profile.avatar.as_ref() != Some(before)) {
        pictures.remove(before.as_str()).await;
    }
    Ok(wire::Me::new(&account, &profile, people.accounts().site_url(), people.now()))
}
