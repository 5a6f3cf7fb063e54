//! The fields of a JSON body.

use super::{BLANK, REQUIRED, bounds, too_long};
use crate::error::{ApiError, ApiResult};
use auction_core::Timestamp;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The fields of a JSON object, and what turned out to be wrong with them.
///
/// Each method takes a field out and remembers what is wrong with it; [`Fields::finish`] says everything at once. A
/// field that is `null` counts as not given. Fields that nobody takes are ignored, unless
/// [`Fields::refuse_others`] is called.
///
/// ```
/// use auction_http::extract::Fields;
///
/// let mut fields = Fields::parse(br#"{"title":" A lamp ","price":1e3}"#)?;
/// let title = fields.text("title", 200);
/// let email = fields.text("email", 254);
/// assert_eq!((title.as_deref(), email), (Some("A lamp"), None));
/// let error = fields.finish().expect_err("a field is missing");
/// assert_eq!(error.body()["email"][0], "This field is required.");
/// # Ok::<(), auction_http::error::ApiError>(())
/// ```
#[derive(Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, Box<RawValue>>,
    errors: Vec<(String, String)>,
}

impl Fields {
    /// Reads a body. An empty one has no fields.
    ///
    /// # Errors
    /// 400 for what is no JSON object, is too deep or too large, or has a name twice.
    pub fn parse(body: &[u8]) -> ApiResult<Self> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let text = std::str::from_utf8(body).map_err(|_| bounds::invalid())?;
        let whole: &RawValue = serde_json::from_str(text).map_err(|_| bounds::invalid())?;
        bounds::check(whole.get())?;
        let values: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(whole.get()).map_err(|_| bounds::invalid())?;
        let values = values.into_iter().filter(|(_, value)| value.get() != "null").collect();
        Ok(Self { values, errors: Vec::new() })
    }

    /// A field is given and not null.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A text that has to be there and not blank, without spaces around it, and at most `chars_max` characters.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        self.required(name)?;
        let text = self.exact_text(name, chars_max)?;
        match text.trim() {
            "" => self.refuse(name, BLANK),
            trimmed => return Some(trimmed.to_owned()),
        }
        None
    }

    /// A text that may be left out or blank, without spaces around it, and at most `chars_max` characters.
    pub fn optional_text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        self.exact_text(name, chars_max).map(|text| text.trim().to_owned())
    }

    /// A text exactly as it was sent, such as a password, at most `chars_max` characters; `None` where it is left
    /// out.
    pub fn exact_text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let text: String = self.optional(name, "Not a valid string.")?;
        if text.chars().nth(chars_max).is_some() {
            self.refuse(name, too_long(chars_max));
        } else if text.contains('\0') {
            self.refuse(name, "Null characters are not allowed.");
        } else {
            return Some(text);
        }
        None
    }

    /// A decimal as it is written, be it a text or a number; `None` where it is left out. Whether it is one is for
    /// the parser of money to say.
    pub fn decimal(&mut self, name: &str) -> Option<String> {
        let value = self.values.remove(name)?;
        let is_number = value.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if is_number {
            return Some(value.get().to_owned());
        }
        let text = serde_json::from_str(value.get()).ok();
        if text.is_none() {
            self.refuse(name, "A valid number is required.");
        }
        text
    }

    /// A time; `None` where it is left out. Without a zone it is UTC.
    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let text: String = self.optional(name, "A time is written like 2026-01-31T15:00:00Z.")?;
        match text.parse() {
            Ok(time) => Some(time),
            Err(error) => {
                self.refuse(name, sentence(&error.to_string()));
                None
            }
        }
    }

    /// A value of any other form; `None` where it is left out. `wrong` is what is said of one that has not this
    /// form.
    pub fn optional<T: DeserializeOwned>(&mut self, name: &str, wrong: &str) -> Option<T> {
        let value = self.values.remove(name)?;
        let read = serde_json::from_str(value.get()).ok();
        if read.is_none() {
            self.refuse(name, wrong);
        }
        read
    }

    /// The JSON text of a field, as it was sent; `None` where it is left out.
    pub fn json(&mut self, name: &str) -> Option<String> {
        self.values.remove(name).map(|value| value.get().to_owned())
    }

    /// Says that a field has to be there, where it is not; `Some` where it is.
    pub fn required(&mut self, name: &str) -> Option<()> {
        if self.has(name) {
            return Some(());
        }
        self.refuse(name, REQUIRED);
        None
    }

    /// Refuses what was not taken.
    pub fn refuse_others(&mut self) {
        for (name, _) in std::mem::take(&mut self.values) {
            self.refuse(&name, "There is no such field.");
        }
    }

    /// Remembers that something is wrong with a field.
    pub fn refuse(&mut self, name: &str, sentence: impl Into<String>) {
        self.errors.push((name.to_owned(), sentence.into()));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 with everything that is wrong.
    pub fn finish(self) -> ApiResult<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::fields(self.errors)) }
    }
}

/// The words of an error as a sentence.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let is_json = is_json(request.headers());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let (code, detail) = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => ("payload_too_large", "The request is too large."),
                _ => ("invalid", "The body could not be read."),
            };
            ApiError::new(rejection.status(), code, detail)
        })?;
        if !is_json && !body.is_empty() {
            let detail = "The body has to be JSON, with the content type application/json.";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        Self::parse(&body)
    }
}

/// Whether a body is plain JSON: compressed ones are not taken, since they may be a thousand times as large.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") && !headers.contains_key(header::CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_they_are_written() {
        let mut fields =
            Fields::parse(br#"{"a":1e309,"b":"0.10","c":100000000000000000000.01,"d":[]}"#).expect("JSON");
        let taken = ["a", "b", "c", "d", "e"].map(|name| fields.decimal(name));
        let seen = taken.each_ref().map(Option::as_deref);
        assert_eq!(seen, [Some("1e309"), Some("0.10"), Some("100000000000000000000.01"), None, None]);
        let error = fields.finish().expect_err("a list is no number");
        assert_eq!(error.body()["d"][0], "A valid number is required.");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let mut fields = Fields::parse(r#"{"a":"  ","b":{"$ne":null},"c":"ääää","e":null,"x":1}"#.as_bytes())
            .expect("JSON");
        let taken = ["a", "b", "c", "d", "e"].map(|name| fields.text(name, 3));
        assert_eq!(taken, [None, None, None, None, None]);
        fields.refuse_others();
        let error = fields.finish().expect_err("fields are wrong");
        let expected = serde_json::json!({
            "a": ["This field may not be blank."], "b": ["Not a valid string."],
            "c": ["Ensure this field has no more than 3 characters."],
            "d": ["This field is required."], "e": ["This field is required."],
            "x": ["There is no such field."], "code": "invalid",
        });
        assert_eq!(serde_json::Value::Object(error.body().clone()), expected);
    }
}
