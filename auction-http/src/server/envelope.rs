//! Errors in the form of the contract, whoever made them.

use super::request_id::RequestId;
use crate::error::ApiError;
use crate::site::Page;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// The largest error of ours, in bytes.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// Turns errors that are no JSON (those of libraries) into errors of ours, save for pages, and tells the request's id to whom met
/// a fault of the server.
pub(super) async fn json_errors(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    let is_page = response.extensions().get::<Page>().is_some();
    if is_page || (!status.is_client_error() && !status.is_server_error()) {
        return response;
    }
    let response = if is_json(&response) { response } else { translated(response) };
    match id {
        Some(id) if status.is_server_error() => with_id(response, &id).await,
        _ => response,
    }
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_some_and(|text| text.starts_with(b"application/json"))
}

/// The same refusal in our words. Headers such as `Allow` stay.
fn translated(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    let (of_error, body) = in_our_words(parts.status).into_response().into_parts();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
        parts.headers.remove(name);
    }
    for (name, value) in &of_error.headers {
        parts.headers.entry(name).or_insert_with(|| value.clone());
    }
    Response::from_parts(parts, body)
}

/// What a status means.
fn in_our_words(status: StatusCode) -> ApiError {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => return ApiError::not_found(),
        StatusCode::UNAUTHORIZED => return ApiError::not_authenticated(),
        StatusCode::FORBIDDEN => return ApiError::forbidden(),
        StatusCode::METHOD_NOT_ALLOWED => return super::method_not_allowed(),
        StatusCode::PAYLOAD_TOO_LARGE => return ApiError::too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => return ApiError::not_json(),
        StatusCode::REQUEST_TIMEOUT => ("request_timeout", "The request took too long."),
        StatusCode::UPGRADE_REQUIRED => ("upgrade_required", "This address is for WebSockets."),
        StatusCode::TOO_MANY_REQUESTS => ("throttled", "Too many requests."),
        status if status.is_server_error() => ("internal", "Something went wrong on our side."),
        _ => ("invalid", "The request makes no sense."),
    };
    ApiError::new(status, code, detail)
}

/// Adds the id of the request to an error with a sentence.
async fn with_id(response: Response, id: &RequestId) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ERROR_BYTES_MAX).await.unwrap_or_default();
    let body = match serde_json::from_slice::<Map<String, Value>>(&bytes) {
        Ok(mut fields) if fields.contains_key("detail") => {
            fields.insert("request_id".to_owned(), id.as_str().into());
            parts.headers.remove(header::CONTENT_LENGTH);
            Body::from(Value::Object(fields).to_string())
        }
        _ => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}
