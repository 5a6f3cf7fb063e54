//! Money: decimal strings at the scale of the currency going out; strings or numbers, read exactly, coming in.

use auction_core::money::{Amount, Currency, MoneyError, parse_decimal};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// An amount as the public sees it: `"5000.00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    amount: Amount,
    currency: Currency,
}

/// An amount as it may be written in a request: `"5000.00"`, or a number, which is read from its text.
#[derive(Clone, Copy, Debug)]
pub struct PriceInput;

impl Price {
    /// An amount in its currency.
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.amount.display(self.currency).fmt(f)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for Price {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("decimal".to_owned())))
            .pattern(Some(r"^(0|[1-9][0-9]{0,14})(\.[0-9]{2,3})?$"))
            .examples([serde_json::json!("5000.00")])
            .into()
    }
}

impl ToSchema for Price {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Price")
    }
}

impl PartialSchema for PriceInput {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$"))
            .examples([serde_json::json!("6000.00")]);
        let number = ObjectBuilder::new().schema_type(Type::Number);
        let one_of = utoipa::openapi::schema::OneOfBuilder::new().item(text).item(number);
        RefOr::T(Schema::OneOf(one_of.build()))
    }
}

impl ToSchema for PriceInput {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("PriceInput")
    }
}

/// Reads a decimal from a JSON string or number, exactly from its text; nothing ever becomes a float. Anything
/// else than a string or a number is [`MoneyError::Empty`].
///
/// # Errors
/// What [`parse_decimal`] refuses: signs, exponents, `NaN`, separators, superfluous zeros, too many digits.
pub fn read_decimal(value: &RawValue) -> Result<Decimal, MoneyError> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => {
            let inside: Cow<'_, str> = match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
                _ => serde_json::from_str::<String>(text).map_err(|_| MoneyError::Empty)?.into(),
            };
            parse_decimal(&inside)
        }
        Some(b'-' | b'0'..=b'9') => parse_decimal(text),
        _ => Err(MoneyError::Empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<String, MoneyError> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        read_decimal(raw).map(|decimal| decimal.to_string())
    }

    #[test]
    fn strings_and_numbers_are_read_from_their_text() {
        for (json, text) in [
            ("100.10", "100.10"),
            ("\"100.10\"", "100.10"),
            ("6000", "6000"),
            ("0.05", "0.05"),
            (r#""\u0035.00""#, "5.00"),
            ("999999999999999", "999999999999999"),
        ] {
            assert_eq!(read(json).as_deref(), Ok(text), "{json}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for json in [
            "-1",
            "-0",
            "1e3",
            "1E3",
            "1e309",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "100.00001",
            "true",
            "false",
            "[]",
            "{}",
            "[1]",
            "\"\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"-1\"",
            "\"+5\"",
            "\"1,000\"",
            "\"0x10\"",
            "\" 5\"",
            "\"1e3\"",
            "\"\u{ff15}\"",
            "\"5\\n\"",
            "\"null\"",
            "\"007\"",
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
