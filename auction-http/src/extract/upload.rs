//! The body of a request that brings files.

use crate::error::{ApiError, ApiResult};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

/// A body that says that it is a form with files, at most so many bytes long. It is read as files are asked for.
#[derive(Debug)]
pub struct Upload<const BYTES_MAX: usize>(Multipart);

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for Upload<BYTES_MAX> {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> ApiResult<Self> {
        if request.headers().contains_key(header::CONTENT_ENCODING) {
            return Err(ApiError::not_a_form());
        }
        DefaultBodyLimit::max(BYTES_MAX).apply(&mut request);
        let form = Multipart::from_request(request, state).await;
        form.map(Self).map_err(|_| ApiError::not_a_form())
    }
}

impl<const BYTES_MAX: usize> Upload<BYTES_MAX> {
    /// The next file in a field of this name; `None` after the last. Other fields are passed over. What the form says
    /// of a file, its name and its type, is not looked at.
    ///
    /// # Errors
    /// 413 where the file has more than `file_bytes_max`, or the body too many; 400 where it is no form.
    pub async fn next_file(&mut self, name: &str, file_bytes_max: usize) -> ApiResult<Option<Vec<u8>>> {
        while let Some(field) = self.0.next_field().await.map_err(|error| unread(&error))? {
            if field.name() == Some(name) {
                return read(field, file_bytes_max).await.map(Some);
            }
        }
        Ok(None)
    }
}

async fn read(mut field: Field<'_>, bytes_max: usize) -> ApiResult<Vec<u8>> {
    let mut file = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| unread(&error))? {
        if file.len() + chunk.len() > bytes_max {
            return Err(ApiError::too_large());
        }
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}

fn unread(error: &MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "parse_error", "The request could not be read."),
    }
}
