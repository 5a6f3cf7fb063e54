//! The body of a request, as text.

use crate::error::{ApiError, ApiResult};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A body that says that it is JSON, at most so many bytes long. When there is one, the whole request has been read.
#[derive(Debug)]
pub struct JsonText<const BYTES_MAX: usize>(pub Bytes);

/// Whether the body of a request has been read to its end. Whoever puts it among the extensions of a request can tell
/// a client that was too slow from a server that was.
#[derive(Clone, Debug, Default)]
pub struct WhollyRead(Arc<AtomicBool>);

impl WhollyRead {
    /// Whether it has.
    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for JsonText<BYTES_MAX> {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> ApiResult<Self> {
        if !is_json(request.headers()) {
            return Err(ApiError::not_json());
        }
        DefaultBodyLimit::max(BYTES_MAX).apply(&mut request);
        let is_read = request.extensions_mut().remove::<WhollyRead>();
        match Bytes::from_request(request, state).await {
            Ok(bytes) => {
                if let Some(WhollyRead(is_read)) = is_read {
                    is_read.store(true, Ordering::Relaxed);
                }
                Ok(Self(bytes))
            }
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
