//! The query string of a call, and the addresses of the rows that follow.

mod link;

pub use link::{Link, next_link};

use crate::error::{ApiError, ApiResult};
use auction_core::catalog::PAGE_SIZE_MAX;
use axum::extract::Query;
use axum::http::Uri;

/// The rows of a page where the request does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 20;
/// The most parameters of a query string.
const PARAMS_MAX: usize = 32;

/// The parameters of a query string, those without a value left out.
#[derive(Debug)]
pub struct Params(Vec<(String, String)>);

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1.
    pub number: u32,
    /// How many rows it has: 1 to [`PAGE_SIZE_MAX`].
    pub size: u32,
}

impl Params {
    /// Reads a query string that may have the parameters in `known`.
    ///
    /// # Errors
    /// 400 for others, among them what is hidden, for parameters that are given twice, and for too many.
    pub fn parse(query: Option<&str>, known: &[&str]) -> ApiResult<Self> {
        let pairs = read_pairs(query.unwrap_or_default())?;
        if pairs.len() > PARAMS_MAX {
            return Err(ApiError::new(
                axum::http::StatusCode::BAD_REQUEST,
                "too_many_parameters",
                format!("There may be at most {PARAMS_MAX} parameters."),
            ));
        }
        let mut errors = Vec::new();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                errors.push((name.clone(), "There is no such parameter.".to_owned()));
            } else if pairs[..place].iter().any(|(earlier, _)| earlier == name) {
                errors.push((name.clone(), "Is given twice.".to_owned()));
            }
        }
        if !errors.is_empty() {
            return Err(ApiError::fields(errors));
        }
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A parameter as it was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A whole number.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn whole(&self, name: &str) -> ApiResult<Option<u64>> {
        self.text(name)
            .map(|text| whole(text).map_err(|sentence| ApiError::field(name, sentence)))
            .transpose()
    }

    /// Which page is asked for, where one is.
    ///
    /// # Errors
    /// 400 for what is none.
    pub fn page(&self) -> ApiResult<Option<PageNumber>> {
        let mut errors = Vec::new();
        let mut read = |name: &str, max: u32| {
            let number = self.text(name).map(number(1, u64::from(max)))?;
            number.map_err(|sentence| errors.push((name.to_owned(), sentence))).ok()
        };
        let (number, size) = (read("page", u32::MAX), read("page_size", PAGE_SIZE_MAX));
        if !errors.is_empty() {
            return Err(ApiError::fields(errors));
        }
        let narrow =
            |number: Option<u64>, default| number.and_then(|it| it.try_into().ok()).unwrap_or(default);
        let is_paged = number.is_some() || size.is_some();
        Ok(is_paged.then(|| PageNumber { number: narrow(number, 1), size: narrow(size, PAGE_SIZE_DEFAULT) }))
    }
}

fn read_pairs(query: &str) -> ApiResult<Vec<(String, String)>> {
    let uri = Uri::builder().path_and_query(format!("/?{query}")).build();
    let malformed = || {
        let sentence = "The query string could not be read.";
        ApiError::new(axum::http::StatusCode::BAD_REQUEST, "parse_error", sentence)
    };
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri.map_err(|_| malformed())?)
        .map_err(|_| malformed())?;
    Ok(pairs)
}

/// Reads a whole number.
pub(crate) fn whole(text: &str) -> Result<u64, String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or_else(|| "A valid integer is required.".to_owned())
}

/// Reads a whole number from `min` to `max`.
pub(crate) fn number(min: u64, max: u64) -> impl Fn(&str) -> Result<u64, String> {
    move |text| {
        whole(text)
            .ok()
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| format!("Must be an integer from {min} to {max}."))
    }
}
