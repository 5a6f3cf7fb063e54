//! The fields of a body, read one by one, so that everything that is wrong with them can be told at once.

use crate::error::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroize;

/// What is told where a text is missing.
pub(super) const BLANK: &str = "This field may not be blank.";

/// The fields of a body: one JSON object in which no name stands twice. What nobody asks for is ignored.
///
/// Texts are wiped when it is dropped: one of them may be a password.
pub(super) struct Fields {
    values: BTreeMap<String, Value>,
    errors: Vec<(String, String)>,
}

impl Fields {
    /// A text that must be there and not be blank, as `parse` reads it.
    pub(super) fn required<T, E: ToString>(
        &mut self,
        field: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.values.contains_key(field) {
            self.refuse(field, "This field is required.");
            return None;
        }
        self.given(field, parse)
    }

    /// A text that may be missing, and is not blank where it is there.
    pub(super) fn optional<T, E: ToString>(
        &mut self,
        field: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.values.contains_key(field) { self.given(field, parse) } else { None }
    }

    fn given<T, E: ToString>(&mut self, field: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let parsed = match self.values.get(field) {
            Some(Value::String(text)) if text.trim().is_empty() => parse(text).map_err(|_| BLANK.to_owned()),
            Some(Value::String(text)) => parse(text).map_err(|error| error.to_string()),
            Some(Value::Null) => Err("This field may not be null.".to_owned()),
            Some(_) | None => Err("Not a valid string.".to_owned()),
        };
        parsed.map_err(|sentence| self.refuse(field, sentence)).ok()
    }

    /// A code, which may also be written as a number.
    pub(super) fn code_as_text(&mut self, field: &str) {
        if let Some(value) = self.values.get_mut(field)
            && let Some(number) = value.as_u64()
        {
            *value = Value::String(format!("{number:06}"));
        }
    }

    /// Whether a field is there, be it blank or null.
    pub(super) fn has(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// Whether nothing is said: the field is missing, null or blank.
    pub(super) fn is_silent(&self, field: &str) -> bool {
        match self.values.get(field) {
            None | Some(Value::Null) => true,
            Some(value) => value.as_str().is_some_and(|text| text.trim().is_empty()),
        }
    }

    /// Says what is wrong with a field.
    pub(super) fn refuse(&mut self, field: &str, sentence: impl Into<String>) {
        self.errors.push((field.to_owned(), sentence.into()));
    }

    /// Everything that is wrong.
    pub(super) fn refusal(&mut self) -> ApiError {
        ApiError::fields(std::mem::take(&mut self.errors))
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        for value in self.values.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let detail = "Unsupported media type. Send application/json.";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
                status @ StatusCode::PAYLOAD_TOO_LARGE => {
                    ApiError::new(status, "too_large", "The request body is too large.")
                }
                _ => unreadable(),
            })?;
        let Unique(values) = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        Ok(Self { values, errors: Vec::new() })
    }
}

fn unreadable() -> ApiError {
    let detail = "The request body is not one JSON object in which every name stands once.";
    ApiError::new(StatusCode::BAD_REQUEST, "parse_error", detail)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// An object in which no name stands twice.
struct Unique(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Unique;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
                let mut values = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if values.insert(name, value).is_some() {
                        return Err(de::Error::custom("a name stands twice"));
                    }
                }
                Ok(Unique(values))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
