//! Pictures, as they are kept.
//!
//! Only names of plain characters and types that are known are served, whatever else is kept beside them. A picture
//! never changes under its name, so that it may be kept for ever.

use crate::error::{ApiError, ApiResult};
use auction_core::ports::{BlobName, BlobStore};
use axum::extract::{FromRef, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, body::Body};
use std::sync::Arc;

/// Pictures: `/media/...`.
pub fn router<S>() -> Router<S>
where
    Arc<dyn BlobStore>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/media/{*path}", get(picture))
}

async fn picture(State(blobs): State<Arc<dyn BlobStore>>, Path(path): Path<String>) -> ApiResult<Response> {
    let (name, kind) = named(&path).ok_or_else(ApiError::not_found)?;
    let bytes = blobs.read(&name).await?.ok_or_else(ApiError::not_found)?;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// A name of a picture, and its type; `None` for everything else.
fn named(path: &str) -> Option<(BlobName, &'static str)> {
    let name = BlobName::parse(path).ok()?;
    let kind = match name.extension() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => return None,
    };
    Some((name, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_pictures_are_served() {
        let found = named("samples/a-1.png").map(|(name, kind)| (name.to_string(), kind));
        assert_eq!(found, Some(("samples/a-1.png".to_owned(), "image/png")));
        for bad in ["../secret.png", "samples/../../x.png", ".a.png", "a/b.svg", "auction.db", "a.PNG", ""] {
            assert_eq!(named(bad), None, "{bad}");
        }
    }
}
