//! The parameters of a query.

use super::{BLANK, too_long};
use crate::error::{ApiError, ApiResult};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The longest value, in characters.
const CHARS_MAX: usize = 1_024;

/// The parameters of a query, and what turned out to be wrong with them, like [`Fields`](super::Fields).
///
/// A parameter that is empty counts as not given; one that stands twice is refused.
#[derive(Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, String>,
    errors: Vec<(String, String)>,
}

impl Parameters {
    /// These pairs.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut parameters = Self::default();
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if value.chars().nth(CHARS_MAX).is_some() {
                parameters.refuse(&name, too_long(CHARS_MAX));
            } else if given.insert(name.clone(), value).is_some() {
                parameters.refuse(&name, "Is given twice.");
            }
        }
        parameters.values = given.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        parameters
    }

    /// A parameter is given.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A text; `None` where it is not given.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// A value of any form; `None` where it is not given. `wrong` is what is said of one that has not this form.
    pub fn optional<T: FromStr>(&mut self, name: &str, wrong: &str) -> Option<T> {
        let value = self.values.remove(name)?.parse().ok();
        if value.is_none() {
            self.refuse(name, wrong);
        }
        value
    }

    /// One word out of a few; `None` where it is not given.
    pub fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.values.remove(name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let sentence = if text.trim().is_empty() {
                BLANK.to_owned()
            } else {
                format!("Is one of {}.", names.join(", "))
            };
            self.refuse(name, sentence);
        }
        found
    }

    /// Remembers that something is wrong with a parameter.
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

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        match Query::<Vec<(String, String)>>::from_request_parts(parts, state).await {
            Ok(Query(pairs)) => Ok(Self::new(pairs)),
            Err(rejection) => Err(ApiError::new(rejection.status(), "invalid", "The query makes no sense.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_once_and_means_something() {
        let pairs = [("a", "1"), ("a", "2"), ("b", "x"), ("c", ""), ("d", "up")];
        let mut parameters = Parameters::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(parameters.optional::<u32>("b", "A number is required."), None);
        assert!(!parameters.has("c"));
        assert_eq!(parameters.word("d", &[("up", 1), ("down", 2)]), Some(1));
        let error = parameters.finish().expect_err("two are wrong");
        let expected = serde_json::json!({
            "a": ["Is given twice."], "b": ["A number is required."], "code": "invalid"
        });
        assert_eq!(serde_json::Value::Object(error.body().clone()), expected);
    }
}
