//! Reading the fields of a request body one by one, so that all that is wrong is said at once.

use super::values::text;
use crate::error::{ApiError, ApiResult};
use auction_core::auction::TermsErrors;
use axum::http::StatusCode;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The most members of a body that are looked at.
pub const MEMBERS_MAX: usize = 64;

/// What a field that is needed and not there is told.
pub const REQUIRED: &str = "This field is required.";
/// What a field is told that is null and may not be.
pub const NOT_NULL: &str = "This field may not be null.";

/// A request body: a JSON object, its members as text, and what was found to be wrong with them. Members that
/// nobody asks for are ignored.
#[derive(Debug)]
pub struct Fields<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    errors: Vec<(String, String)>,
}

/// What a body says about a field.
#[derive(Clone, Copy, Debug)]
pub enum Given<T> {
    /// Nothing.
    Absent,
    /// That there is none.
    Null,
    /// This.
    Value(T),
}

impl<T> Given<T> {
    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<'a> Fields<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 for anything but one JSON object with at most [`MEMBERS_MAX`] members, none of them twice.
    pub fn parse(body: &'a [u8]) -> ApiResult<Self> {
        let Members(members) = serde_json::from_slice(body).map_err(|_| malformed())?;
        Ok(Self { members, errors: Vec::new() })
    }

    /// The text of a member.
    pub fn raw(&self, field: &str) -> Given<&'a RawValue> {
        match self.members.iter().find(|(name, _)| name == field) {
            None => Given::Absent,
            Some((_, value)) if value.get() == "null" => Given::Null,
            Some((_, value)) => Given::Value(value),
        }
    }

    /// Whether a field is there, be it null.
    pub fn has(&self, field: &str) -> bool {
        !matches!(self.raw(field), Given::Absent)
    }

    /// Whether nothing is said: the field is missing, null, or a blank text.
    pub fn is_silent(&self, field: &str) -> bool {
        match self.raw(field) {
            Given::Absent | Given::Null => true,
            Given::Value(raw) => text(raw).is_ok_and(|text| text.trim().is_empty()),
        }
    }

    /// Notes that something is wrong with a field.
    pub fn wrong(&mut self, field: &str, sentence: impl Into<String>) {
        self.errors.push((field.to_owned(), sentence.into()));
    }

    /// Notes what is wrong with terms.
    pub fn wrong_terms(&mut self, errors: TermsErrors) {
        self.errors.extend(field_errors(errors));
    }

    /// A member that has to be there, as `read` understands it.
    pub fn required<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&'a RawValue) -> Result<T, String>,
    ) -> Option<T> {
        match self.raw(field) {
            Given::Absent => {
                self.wrong(field, REQUIRED);
                None
            }
            Given::Null => {
                self.wrong(field, NOT_NULL);
                None
            }
            Given::Value(raw) => self.read(field, raw, read),
        }
    }

    /// A member that may be left out, but not be null.
    pub fn optional<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&'a RawValue) -> Result<T, String>,
    ) -> Option<T> {
        match self.raw(field) {
            Given::Absent => None,
            Given::Null => {
                self.wrong(field, NOT_NULL);
                None
            }
            Given::Value(raw) => self.read(field, raw, read),
        }
    }

    /// A member that may be left out or null.
    pub fn nullable<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&'a RawValue) -> Result<T, String>,
    ) -> Given<T> {
        match self.raw(field) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(raw) => self.read(field, raw, read).map_or(Given::Absent, Given::Value),
        }
    }

    fn read<T>(
        &mut self,
        field: &str,
        raw: &'a RawValue,
        read: impl FnOnce(&'a RawValue) -> Result<T, String>,
    ) -> Option<T> {
        read(raw).map_err(|sentence| self.wrong(field, sentence)).ok()
    }

    /// Nothing was wrong.
    ///
    /// # Errors
    /// 400 with everything that was.
    pub fn finish(self) -> ApiResult<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::fields(self.errors)) }
    }

    /// What was read, where it is all there and nothing was wrong.
    ///
    /// # Errors
    /// 400 with everything that was.
    pub fn complete<T>(self, read: Option<T>) -> ApiResult<T> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(ApiError::fields(self.errors)),
        }
    }
}

/// What is wrong with terms, under the names of the fields of a body.
pub fn field_errors(errors: TermsErrors) -> impl Iterator<Item = (String, String)> {
    errors.0.into_iter().map(|error| {
        let field = match error.field.as_str() {
            "" => "terms".to_owned(),
            "ends_at" => "end_date_time".to_owned(),
            field => format!("terms.{field}"),
        };
        (field, error.message)
    })
}

/// What is no object that is read. It does not say more, since the text may hold a password.
fn malformed() -> ApiError {
    let detail =
        format!("The body has to be one JSON object of at most {MEMBERS_MAX} fields, none of them twice.");
    ApiError::new(StatusCode::BAD_REQUEST, "parse_error", detail)
}

/// The members of a JSON object in the order in which they stand.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A key that is borrowed from the body where it can be.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
                use serde::de::Error;
                let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
                while let Some((Key(name), value)) = map.next_entry()? {
                    if members.len() >= MEMBERS_MAX {
                        return Err(M::Error::custom("too many members"));
                    }
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(M::Error::custom("a member is given twice"));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
