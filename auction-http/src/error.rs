//! What a client is told when something was not done.

use auction_core::auction::TermsErrors;
use auction_core::ports::{Failure, FailureKind};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// What a client is told when something was not done: a status, a sentence, a stable code, and data.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Map<String, Value>,
    retry_after_secs: Option<u32>,
}

/// The result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// After how long a client should come back when the server is busy, in seconds.
pub const RETRY_AFTER_SECS: u32 = 1;

impl ApiError {
    /// An error with a sentence for people and a code for programs.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let mut body = Map::new();
        body.insert("detail".to_owned(), detail.into().into());
        body.insert("code".to_owned(), code.into());
        Self { status, body, retry_after_secs: None }
    }

    /// Adds data that the client needs.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.body.insert(field.to_owned(), value.into());
        self
    }

    /// What is wrong with each field, all fields at once. A field that is called `code` would be hidden by the code
    /// for programs: what is wrong with it stands in `detail`.
    pub fn fields(errors: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut body: Map<String, Value> = Map::new();
        for (field, sentence) in errors {
            if field == "code" {
                body.insert("detail".to_owned(), format!("code: {sentence}").into());
                continue;
            }
            match body.entry(field).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(sentences) => sentences.push(sentence.into()),
                _ => continue,
            }
        }
        body.insert("code".to_owned(), "invalid".into());
        Self { status: StatusCode::BAD_REQUEST, body, retry_after_secs: None }
    }

    /// What is wrong with one field.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::fields([(field.to_owned(), sentence.into())])
    }

    /// What is wrong with the first of its fields; `None` where it names none.
    pub fn first_sentence(&self) -> Option<&str> {
        self.body.values().find_map(|of_field| of_field.as_array()?.first()?.as_str())
    }

    /// Nobody has said who they are.
    pub fn not_authenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_authenticated",
            "Authentication credentials were not provided.",
        )
    }

    /// A token that is none, or none any more.
    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", "Invalid token.")
    }

    /// There is no such thing, or not for this person.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found.")
    }

    /// Not for this person.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "permission_denied",
            "You do not have permission to perform this action.",
        )
    }

    /// More than is read.
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "The request is too large.")
    }

    /// A body of another kind than is read.
    pub fn not_json() -> Self {
        let detail = "The body has to be JSON, with the content type application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    /// A body that is no form with files.
    pub fn not_a_form() -> Self {
        let detail = "The body has to be a form, with the content type multipart/form-data.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    /// Too much is waiting.
    pub fn busy() -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy. Try again.");
        error.retry_after_secs = Some(RETRY_AFTER_SECS);
        error
    }

    /// After how long the client should come back.
    #[must_use]
    pub const fn retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }

    /// The status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The body.
    pub const fn body(&self) -> &Map<String, Value> {
        &self.body
    }
}

/// Failures are logged here, once, and answered without a word about the inside.
impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        let cause = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
        tracing::error!(kind = %failure.kind, operation = failure.operation, cause, "a failure was answered");
        failure.kind.into()
    }
}

impl From<FailureKind> for ApiError {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Unavailable => {
                let detail = "The service is unavailable. Try again with the same key.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
                    .retry_after(RETRY_AFTER_SECS)
            }
            FailureKind::Busy => Self::busy(),
            _ => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side.")
            }
        }
    }
}

impl From<TermsErrors> for ApiError {
    fn from(errors: TermsErrors) -> Self {
        Self::fields(crate::extract::field_errors(errors))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Value::Object(self.body))).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Token, Bearer"));
        }
        if let Some(secs) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
