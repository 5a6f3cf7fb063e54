//! What all auctions of a log have in common: the terms, from a document and from what overrides it.

use auction_core::auction::{
    FirstBid, LeaderRaise, Terms, TermsDocument, TermsErrors, WINDOW_SECS_MAX, WINDOW_SECS_MIN,
};
use auction_core::money::{Amount, BASIS_POINTS_MAX, Currency, parse_decimal};
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// How many decimals a percentage has: hundredths of a per cent are basis points.
const PERCENT_DECIMALS_MAX: u32 = 2;

/// Terms that count in place of those of a document.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// By how much a bid must beat the price.
    pub increments: Option<Increments>,
    /// What the first bid must reach.
    pub first_bid: Option<FirstBid>,
    /// What a raise of the leader's own maximum does to the price. Other settings of `proxy` stay.
    pub leader_raise: Option<LeaderRaise>,
    /// When an auction ends.
    pub closing: Option<Closing>,
}

/// Increments as they are written on a command line.
///
/// ```
/// use auction_http::replay::Increments;
/// for right in ["ebay-us", "ebay-uk", "fixed:1.00", "percent:10", "percent:2.5"] {
///     assert!(right.parse::<Increments>().is_ok());
/// }
/// assert!("percent:0.001".parse::<Increments>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Increments(Value);

/// A closing policy as it is written on a command line: `hard`, `reset:600` or `add:120/120`, in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing(Value);

/// What is wrong with a choice on a command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidChoice(String);

/// The terms of all auctions of a log, but for what the log itself says.
#[derive(Clone, Debug)]
pub struct Options {
    document: TermsDocument,
    leader_raise: Option<LeaderRaise>,
    currency: Currency,
}

impl Options {
    /// The terms of a document, where there is one, with `overrides`.
    ///
    /// # Errors
    /// Whatever is wrong with the terms at any starting price.
    pub fn new(
        document: Option<&str>,
        overrides: Overrides,
        currency: Currency,
    ) -> Result<Self, TermsErrors> {
        let document = match document {
            Some(text) => TermsDocument::parse(text)?,
            None => TermsDocument::default(),
        };
        let options = Self {
            document: overrides.document()?.or(&document),
            leader_raise: overrides.leader_raise,
            currency,
        };
        // Of the formats some contradict a low starting price, and some a high one.
        options.terms(Amount::ZERO, None).or_else(|errors| {
            // Far above every amount of the terms, with room for increments.
            let high = Amount::from_minor(Amount::MAX.minor() / 2).unwrap_or(Amount::MAX);
            options.terms(high, None).map_err(|_| errors)
        })?;
        Ok(options)
    }

    /// The terms of an auction that starts at `start_price`; a `reserve` counts in place of the document's.
    ///
    /// # Errors
    /// Terms that contradict the starting price or the reserve.
    pub fn terms(&self, start_price: Amount, reserve: Option<Amount>) -> Result<Terms, TermsErrors> {
        let mut terms = match reserve {
            None => self.document.terms(self.currency, start_price)?,
            Some(reserve) => {
                let field = json!({ "reserve": reserve.display(self.currency).to_string() });
                TermsDocument::parse(&field.to_string())?
                    .or(&self.document)
                    .terms(self.currency, start_price)?
            }
        };
        // Not a field of the document but of its `proxy`, whose other settings stay.
        if let Some(leader_raise) = self.leader_raise {
            terms.proxy.leader_raise = leader_raise;
        }
        Ok(terms)
    }

    /// The currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

impl Overrides {
    fn document(&self) -> Result<TermsDocument, TermsErrors> {
        let mut fields = Map::new();
        if let Some(Increments(value)) = &self.increments {
            fields.insert("increments".into(), value.clone());
        }
        if let Some(first_bid) = self.first_bid {
            fields.insert("first_bid".into(), first_bid.name().into());
        }
        if let Some(Closing(value)) = &self.closing {
            fields.insert("closing".into(), value.clone());
        }
        TermsDocument::parse(&Value::from(fields).to_string())
    }
}

impl FromStr for Increments {
    type Err = InvalidChoice;

    fn from_str(text: &str) -> Result<Self, InvalidChoice> {
        let value = match text.split_once(':') {
            None if matches!(text, "ebay-us" | "ebay_us") => json!({ "kind": "table", "name": "ebay_us" }),
            None if matches!(text, "ebay-uk" | "ebay_uk") => json!({ "kind": "table", "name": "ebay_uk" }),
            Some(("fixed", step)) => {
                parse_decimal(step).map_err(|error| InvalidChoice(error.to_string()))?;
                json!({ "kind": "fixed", "step": step })
            }
            Some(("percent", percent)) => {
                json!({ "kind": "percent", "basis_points": basis_points(percent)? })
            }
            _ => {
                let forms = "increments are ebay-us, ebay-uk, fixed:AMOUNT like fixed:1.00, or percent:OF_THE_PRICE like percent:10";
                return Err(InvalidChoice(forms.into()));
            }
        };
        Ok(Self(value))
    }
}

fn basis_points(percent: &str) -> Result<u32, InvalidChoice> {
    let number = parse_decimal(percent).map_err(|error| InvalidChoice(error.to_string()))?;
    PERCENT_DECIMALS_MAX
        .checked_sub(number.scale())
        .and_then(|missing| u32::try_from(number.mantissa()).ok()?.checked_mul(10_u32.pow(missing)))
        .filter(|basis_points| (1..=BASIS_POINTS_MAX).contains(basis_points))
        .ok_or_else(|| InvalidChoice(format!("a percentage is from 0.01 to {}", BASIS_POINTS_MAX / 100)))
}

impl FromStr for Closing {
    type Err = InvalidChoice;

    fn from_str(text: &str) -> Result<Self, InvalidChoice> {
        let value = match text.split_once(':') {
            None if text == "hard" => json!({ "kind": "hard" }),
            Some(("reset", window)) => json!({ "kind": "reset", "window_s": seconds(window)? }),
            Some(("add", spans)) => match spans.split_once('/') {
                Some((window, extension)) => {
                    json!({ "kind": "add", "window_s": seconds(window)?, "extend_s": seconds(extension)? })
                }
                None => return Err(InvalidChoice("add needs two spans, like add:120/60".into())),
            },
            _ => {
                let forms =
                    "closing is hard, reset:WINDOW like reset:600, or add:WINDOW/EXTENSION like add:120/60";
                return Err(InvalidChoice(forms.into()));
            }
        };
        Ok(Self(value))
    }
}

fn seconds(text: &str) -> Result<u32, InvalidChoice> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if is_number && (WINDOW_SECS_MIN..=WINDOW_SECS_MAX).contains(&seconds) => Ok(seconds),
        _ => {
            let bounds = format!("a span is from {WINDOW_SECS_MIN} to {WINDOW_SECS_MAX} seconds");
            Err(InvalidChoice(bounds))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::auction::Anchor;

    #[test]
    fn percentages_become_basis_points_exactly() {
        let read =
            |text: &str| text.parse::<Increments>().map(|Increments(value)| value["basis_points"].as_u64());
        assert_eq!(read("percent:10"), Ok(Some(1_000)));
        assert_eq!(read("percent:2.5"), Ok(Some(250)));
        assert_eq!(read("percent:0.01"), Ok(Some(1)));
        assert_eq!(read("percent:1000"), Ok(Some(100_000)));
        for wrong in [
            "percent:",
            "percent:0",
            "percent:0.001",
            "percent:1000.01",
            "percent:-1",
            "percent:10%",
            "percent",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_are_bounded_and_plain() {
        for right in ["hard", "reset:1", "reset:604800", "add:60/180"] {
            assert!(right.parse::<Closing>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "soft",
            "hard:1",
            "reset",
            "reset:",
            "reset:0",
            "reset:604801",
            "reset:+5",
            "add:60",
            "add:60/",
            "add:1/2/3",
        ] {
            assert!(wrong.parse::<Closing>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_override_of_the_leaders_raise_leaves_the_other_settings_of_proxy() {
        let document = r#"{"proxy":{"anchor":"ladder_walk","leader_raise":"completes_increment"}}"#;
        let overrides = Overrides { leader_raise: Some(LeaderRaise::NeverMoves), ..Overrides::default() };
        let options = Options::new(Some(document), overrides, Currency::USD).unwrap();
        let proxy = options.terms(Amount::ZERO, None).unwrap().proxy;
        assert_eq!((proxy.anchor, proxy.leader_raise), (Anchor::LadderWalk, LeaderRaise::NeverMoves));
    }

    #[test]
    fn a_step_must_be_one_of_the_currency() {
        let overrides = || Overrides { increments: "fixed:0.50".parse().ok(), ..Overrides::default() };
        assert!(Options::new(None, overrides(), Currency::USD).is_ok());
        let refused = Options::new(None, overrides(), Currency::JPY).unwrap_err();
        assert_eq!(refused.0[0].field, "increments.step");
    }
}
