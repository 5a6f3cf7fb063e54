//! Pictures, as files below the media folder.
//!
//! Only what the server itself put there is served: names of plain characters, types that are known. A picture
//! never changes under its name, so that it may be kept for ever.

use crate::error::{ApiError, ApiResult};
use axum::extract::{FromRef, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, body::Body};
use std::path::PathBuf;
use std::sync::Arc;

/// How many folders deep a picture may be.
const SEGMENTS_MAX: usize = 4;

/// Where pictures are.
#[derive(Clone, Debug)]
pub struct MediaFolder(pub Arc<std::path::Path>);

/// Pictures: `/media/...`.
pub fn router<S>() -> Router<S>
where
    MediaFolder: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/media/{*path}", get(picture))
}

async fn picture(
    State(MediaFolder(folder)): State<MediaFolder>,
    Path(path): Path<String>,
) -> ApiResult<Response> {
    let (below, kind) = plain(&path).ok_or_else(ApiError::not_found)?;
    let bytes = tokio::fs::read(folder.join(below)).await.map_err(|_| ApiError::not_found())?;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// A path of plain names below the folder, and the type of the picture; `None` for everything else.
fn plain(path: &str) -> Option<(PathBuf, &'static str)> {
    let kind = match path.rsplit_once('.')?.1 {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => return None,
    };
    let segments: Vec<&str> = path.split('/').collect();
    let is_plain = |segment: &&str| {
        let visible = segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        visible && !segment.is_empty() && !segment.starts_with('.')
    };
    (segments.len() <= SEGMENTS_MAX && segments.iter().all(is_plain))
        .then(|| (segments.iter().collect(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_pictures_are_paths() {
        assert_eq!(plain("samples/a-1.png"), Some((PathBuf::from("samples/a-1.png"), "image/png")));
        for bad in [
            "../secret.png",
            "samples/../../x.png",
            "/etc/x.png",
            ".hidden.png",
            "a//b.png",
            "a/b.svg",
            "a.png/",
            "a\\b.png",
            "a%2fb.png",
            "a b.png",
            "auction.db",
            "a/b/c/d/e.png",
            "",
            "png",
            "\u{fc}.png",
        ] {
            assert_eq!(plain(bad), None, "{bad}");
        }
    }
}
