//! The body of a request, as text.

use crate::error::{ApiError, ApiResult};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;

/// A body that says that it is JSON, at most so many bytes long. When there is one, the whole request has been read.
#[derive(Debug)]
pub struct JsonText<const BYTES_MAX: usize>(pub Bytes);

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for JsonText<BYTES_MAX> {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> ApiResult<Self> {
        if !is_json(request.headers()) {
            return Err(ApiError::not_json());
        }
        DefaultBodyLimit::max(BYTES_MAX).apply(&mut request);
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::too_large())
            }
            Err(_) => Err(unreadable()),
        }
    }
}

/// What is said of a body that ended before its time.
pub fn unreadable() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "parse_error", "The request could not be read.")
}

/// Whether a body is plain JSON, with whatever parameters. Compressed ones are not taken, since they may be a thousand
/// times as large.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_kind_of_json = essence.starts_with("application/") && essence.ends_with("+json");
    (essence == "application/json" || is_kind_of_json) && !headers.contains_key(header::CONTENT_ENCODING)
}
