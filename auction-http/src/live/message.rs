//! What clients say over the socket.

use auction_core::auction::{Bid, Units};
use auction_core::money::parse_decimal;
use auction_core::ports::IdempotencyKey;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The longest message of a client, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// What is said of a quantity that is none.
const INVALID_QUANTITY: &str = "A quantity is a whole number from 1 to 10000.";

/// What a client said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// A bid, and the name that its sender gave it.
    Bid { bid: Bid, key: Option<IdempotencyKey> },
    /// Are you there?
    Ping,
    /// A token, as the first message.
    Token(String),
}

/// Why a message was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misunderstood {
    /// A sentence; the seed document's where it has one.
    pub(super) error: &'static str,
    /// A stable code.
    pub(super) code: &'static str,
    /// The name that the sender gave the message.
    pub(super) key: Option<IdempotencyKey>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(default)]
    action: Option<String>,
    #[serde(borrow, default)]
    price: Option<&'a RawValue>,
    #[serde(borrow, default)]
    max: Option<&'a RawValue>,
    #[serde(borrow, default)]
    quantity: Option<&'a RawValue>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(default)]
    token: Option<String>,
}

impl Message {
    /// Reads a message.
    pub(super) fn read(text: &str) -> Result<Self, Misunderstood> {
        let wrong = |error, code, key| Err(Misunderstood { error, code, key });
        // A list would be read as the fields of an object, one after the other.
        let is_object = text.trim_start().starts_with('{');
        let wire = if is_object { serde_json::from_str(text).ok() } else { None };
        let Some(Wire { action, price, max, quantity, id, token }) = wire else {
            return wrong("Invalid JSON format", "invalid_json", None);
        };
        let key = match id.map(key) {
            Some(None) => return wrong("An id has 1 to 64 visible ASCII characters.", "invalid_id", None),
            Some(key) => key,
            None => None,
        };
        match action.as_deref() {
            Some("ping") => Ok(Self::Ping),
            Some("place_bid") => match (given(price), given(max), units(quantity)) {
                (_, _, None) => wrong(INVALID_QUANTITY, "invalid_quantity", key),
                (None, None, _) => wrong("Price is required.", "price_required", key),
                (Some(_), Some(_), _) => wrong("Give either a price or a maximum.", "invalid_price", key),
                (Some(price), None, Some(units)) => read_bid(price, Bid::straight, units, key),
                (None, Some(max), Some(units)) => read_bid(max, Bid::maximum, units, key),
            },
            Some(_) => wrong("Unknown action.", "unknown_action", key),
            None => match token {
                Some(token) => Ok(Self::Token(token)),
                None => wrong("An action is required.", "unknown_action", key),
            },
        }
    }
}

/// A value that is there and not null or empty.
fn given(value: Option<&RawValue>) -> Option<&str> {
    value.map(RawValue::get).filter(|text| !matches!(*text, "null" | "\"\""))
}

/// How many units are wanted, one where nothing is said; `None` where that is no number of units.
fn units(quantity: Option<&RawValue>) -> Option<Units> {
    match given(quantity) {
        None => Some(Units::ONE),
        Some(text) => text.parse().ok().and_then(Units::new),
    }
}

/// A key is a string, or the digits of a number.
fn key(id: &RawValue) -> Option<IdempotencyKey> {
    let text = id.get();
    let inside = match serde_json::from_str::<String>(text) {
        Ok(inside) => inside,
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.to_owned(),
        Err(_) => return None,
    };
    IdempotencyKey::new(&inside).ok()
}

/// An amount is a string or a number, and is read exactly from its text.
fn read_bid(
    text: &str,
    bid: fn(rust_decimal::Decimal) -> Bid,
    units: Units,
    key: Option<IdempotencyKey>,
) -> Result<Message, Misunderstood> {
    let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    match parse_decimal(digits) {
        Ok(amount) => Ok(Message::Bid { bid: bid(amount).for_units(units), key }),
        Err(_) => Err(Misunderstood { error: "Invalid price format.", code: "invalid_price", key }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::auction::UNITS_MAX;

    fn error(text: &str) -> &'static str {
        Message::read(text).unwrap_err().error
    }

    #[test]
    fn bids_are_read_exactly() {
        let read = |text: &str| match Message::read(text) {
            Ok(Message::Bid { bid, .. }) => bid.amount.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(read(r#"{"action":"place_bid","price":"6000.00"}"#), "6000.00");
        assert_eq!(read(r#"{"action":"place_bid","price":6000.10}"#), "6000.10");
        assert_eq!(read(r#"{"action":"place_bid","max":9007199254740.993}"#), "9007199254740.993");
    }

    #[test]
    fn the_sentences_are_those_of_the_document() {
        assert_eq!(error(r#"{"action":"place_bid"}"#), "Price is required.");
        assert_eq!(error(r#"{"action":"place_bid","price":null}"#), "Price is required.");
        assert_eq!(error("{"), "Invalid JSON format");
        assert_eq!(error("[]"), "Invalid JSON format");
        assert_eq!(error(r#"{"action":"dance"}"#), "Unknown action.");
        for price in ["\"abc\"", "-1", "1e3", "\"NaN\"", "[]", "{}", "true", "\"1,000\"", "\"+5\"", "\" 5\""]
        {
            let text = format!(r#"{{"action":"place_bid","price":{price}}}"#);
            assert_eq!(error(&text), "Invalid price format.", "{price}");
        }
    }

    #[test]
    fn a_quantity_is_a_whole_number_of_units() {
        let read = |quantity: &str| {
            Message::read(&format!(r#"{{"action":"place_bid","price":"1","quantity":{quantity}}}"#))
        };
        for (text, units) in [("1", 1), ("7", 7), ("10000", UNITS_MAX), ("null", 1)] {
            assert!(
                matches!(read(text), Ok(Message::Bid { bid, .. }) if bid.units.count() == units),
                "{text}"
            );
        }
        assert!(INVALID_QUANTITY.ends_with(&format!("{UNITS_MAX}.")));
        for bad in ["0", "-1", "1.5", "10001", "\"2\"", "{}", "99999999999999999999", "true"] {
            assert_eq!(read(bad).unwrap_err().code, "invalid_quantity", "{bad}");
        }
    }

    #[test]
    fn an_id_is_a_key() {
        let read = |id: &str| Message::read(&format!(r#"{{"action":"place_bid","price":"1","id":{id}}}"#));
        assert!(matches!(read("\"a-1\""), Ok(Message::Bid { key: Some(key), .. }) if key.as_str() == "a-1"));
        assert!(matches!(read("17"), Ok(Message::Bid { key: Some(key), .. }) if key.as_str() == "17"));
        for bad in ["\"\"", "\"two words\"", "{}", "-1", "1.5"] {
            assert_eq!(read(bad).unwrap_err().code, "invalid_id", "{bad}");
        }
    }
}
