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
use auction_core::ports::{AccountChange, Failure, FailureKind, Updated};
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
    let failed = |error| Failure::new(FailureKind::Other, "name a picture", error);
    let path = MediaPath::parse(&path).map_err(failed)?;
    to_the_end(async move { show(&people, &pictures, person.id, path).await.map(Json) }).await
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
    to_the_end(async move { name(&people, &pictures, person.id, None).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names a new picture, or removes it where nobody is there any more to be seen on it.
async fn show(people: &People, pictures: &Pictures, user: UserId, path: MediaPath) -> ApiResult<wire::Me> {
    let named = name(people, pictures, user, Some(path.clone())).await;
    // Of a failure nobody knows whether the profile names it by now.
    if named.as_ref().is_err_and(|error| !error.status().is_server_error()) {
        pictures.remove(path.as_str()).await;
    }
    named
}

/// Names another picture, or none, and removes the one before: a crash in between leaves a file that nobody names.
async fn name(
    people: &People,
    pictures: &Pictures,
    user: UserId,
    path: Option<MediaPath>,
) -> ApiResult<wire::Me> {
    let gone = ApiError::invalid_token;
    let before = people.accounts().profile(user).await?.ok_or_else(gone)?.avatar;
    let profile = ProfileChange { avatar: Some(path), ..ProfileChange::default() };
    let change = AccountChange { profile, ..AccountChange::default() };
    let Some(Updated::Account(account, profile)) = people.accounts().update(user, &change).await? else {
        return Err(gone());
    };
    if let Some(before) = before.filter(|before| profile.avatar.as_ref() != Some(before)) {
        pictures.remove(before.as_str()).await;
    }
    Ok(wire::Me::new(&account, &profile, people.accounts().site_url(), people.now()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::House;
    use crate::settings::{Settings, Sources};
    use auction_core::Timestamp;
    use auction_core::memory::{ManualClock, SeededEntropy};
    use auction_core::ports::BlobName;
    use image::{ImageFormat, RgbImage};
    use std::io::Cursor;

    #[tokio::test]
    async fn a_picture_of_somebody_who_is_gone_by_then_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let sources = Sources::new(folder.path()).with_flag("DATABASE_URL", "memory:");
        let settings = Settings::parse(&sources).expect("valid settings");
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let house = House::open(settings, clock, Arc::new(SeededEntropy::new(1))).await.expect("it opens");
        let parts = house.parts();
        let mut file = Cursor::new(Vec::new());
        RgbImage::new(8, 8).write_to(&mut file, ImageFormat::Png).expect("a picture");
        let path = parts.pictures.keep("avatars", file.into_inner(), Shape::Square).await.expect("kept");

        let nobody = UserId::new(9).expect("a number");
        let named = MediaPath::parse(&path).expect("a path");
        let shown = show(&parts.people, &parts.pictures, nobody, named).await;
        assert_eq!(shown.map(|_| ()).map_err(|error| error.status()), Err(StatusCode::UNAUTHORIZED));
        for name in [path.as_str(), &crate::pictures::small(&path)] {
            let blob = BlobName::parse(name).expect("a name");
            assert_eq!(parts.blobs.read(&blob).await.expect("it can be read"), None, "{name}");
        }
    }
}
