//! What the values of fields are read as. What is wrong with one is a sentence for people.

use super::BLANK;
use crate::wire::money::read_decimal;
use auction_core::Timestamp;
use auction_core::money::{Amount, Currency};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A string as `parse` reads it. One that is blank is told so, where it is refused.
///
/// # Errors
/// A sentence.
pub fn parsed<T, E: ToString>(
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> impl FnOnce(&RawValue) -> Result<T, String> {
    move |raw| {
        let text = text(raw)?;
        let is_blank = text.trim().is_empty();
        parse(&text).map_err(|error| if is_blank { BLANK.to_owned() } else { error.to_string() })
    }
}

/// A string.
///
/// # Errors
/// A sentence.
pub fn text(raw: &RawValue) -> Result<Cow<'_, str>, String> {
    let text = raw.get();
    if !text.starts_with('"') {
        return Err("Not a valid string.".to_owned());
    }
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => {
            serde_json::from_str::<String>(text).map(Cow::Owned).map_err(|_| "Not a valid string.".to_owned())
        }
    }
}

/// `true` or `false`.
///
/// # Errors
/// A sentence.
pub fn boolean(raw: &RawValue) -> Result<bool, String> {
    match raw.get() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("Must be a valid boolean.".to_owned()),
    }
}

/// A whole number that is not negative.
///
/// # Errors
/// A sentence.
pub fn whole(raw: &RawValue) -> Result<u64, String> {
    raw.get().parse().map_err(|_| "A valid integer is required.".to_owned())
}

/// A time.
///
/// # Errors
/// A sentence.
pub fn time(raw: &RawValue) -> Result<Timestamp, String> {
    let text = text(raw)?;
    text.parse().map_err(|error| format!("{}.", capitalised(&error)))
}

/// A decimal.
///
/// # Errors
/// A sentence.
pub fn decimal(raw: &RawValue) -> Result<Decimal, String> {
    read_decimal(raw).map_err(|error| format!("A valid number is required: {error}."))
}

/// A positive amount of a currency.
///
/// # Errors
/// A sentence.
pub fn amount(currency: Currency) -> impl FnOnce(&RawValue) -> Result<Amount, String> {
    move |raw| match Amount::from_decimal(decimal(raw)?, currency) {
        Ok(Amount::ZERO) => Err("Must be positive.".to_owned()),
        Ok(amount) => Ok(amount),
        Err(error) => Err(format!("A valid number is required: {error}.")),
    }
}

/// A text with a capital at its beginning.
pub fn capitalised(text: &impl fmt::Display) -> String {
    let text = text.to_string();
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => text,
    }
}
