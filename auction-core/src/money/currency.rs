//! Currencies: an ISO 4217 code and its number of decimals, in four bytes.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MoneyError;

/// A currency in which one can bid: an ISO 4217 code with 0, 2 or 3 decimals.
///
/// Codes are read strictly: three capital letters. Precious metals, units of account and codes with another number
/// of decimals are refused, so every `Currency` that exists can be used for prices. Ordered by code; written, and
/// serialised, as the code.
///
/// ```
/// use auction_core::money::{Currency, MoneyError};
///
/// let dinar: Currency = "KWD".parse()?;
/// assert_eq!((dinar.code(), dinar.exponent()), ("KWD", 3));
/// assert_eq!(Currency::from_code("usd"), Err(MoneyError::UnknownCurrency));
/// assert_eq!(Currency::from_code("XAU"), Err(MoneyError::UnsupportedCurrency));
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

const _: () = assert!(size_of::<Currency>() == 4, "a currency is handed around with every amount");

impl Currency {
    /// United States dollar, 2 decimals.
    pub const USD: Self = Self { code: *b"USD", exponent: 2 };
    /// Euro, 2 decimals.
    pub const EUR: Self = Self { code: *b"EUR", exponent: 2 };
    /// Pound sterling, 2 decimals.
    pub const GBP: Self = Self { code: *b"GBP", exponent: 2 };
    /// Japanese yen, no decimals.
    pub const JPY: Self = Self { code: *b"JPY", exponent: 0 };
    /// Kuwaiti dinar, 3 decimals.
    pub const KWD: Self = Self { code: *b"KWD", exponent: 3 };

    /// The currency with this ISO 4217 code, which must be three capital letters.
    ///
    /// # Errors
    ///
    /// [`MoneyError::UnknownCurrency`] for a text that is no such code, [`MoneyError::UnsupportedCurrency`] for a
    /// code that has no decimals of its own (metals, units of account, test codes) or another number than 0, 2 or 3.
    pub fn from_code(code: &str) -> Result<Self, MoneyError> {
        let known = iso_currency::Currency::from_code(code).ok_or(MoneyError::UnknownCurrency)?;
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| MoneyError::UnknownCurrency)?;
        if !bytes.iter().all(u8::is_ascii_uppercase) {
            return Err(MoneyError::UnknownCurrency);
        }
        if known.is_special() {
            return Err(MoneyError::UnsupportedCurrency);
        }
        let exponent = match known.exponent() {
            Some(0) => 0,
            Some(2) => 2,
            Some(3) => 3,
            Some(_) | None => return Err(MoneyError::UnsupportedCurrency),
        };
        Ok(Self { code: bytes, exponent })
    }

    /// The ISO 4217 code: three ASCII capitals.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only ASCII capitals get past `from_code`, and the constants are written in them.
        std::str::from_utf8(&self.code).expect("invariant: a currency code is ASCII")
    }

    /// How many digits amounts have after the decimal point: 0, 2 or 3. One major unit is 10^exponent minor units.
    #[inline]
    #[must_use]
    pub const fn exponent(&self) -> u32 {
        self.exponent as u32
    }

    /// One major unit (a dollar, a yen) in minor units: 1, 100 or 1000.
    #[inline]
    pub(super) const fn minor_per_major(self) -> i64 {
        match self.exponent {
            0 => 1,
            2 => 100,
            _ => 1000,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::from_code(code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({})", self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;

        impl Visitor<'_> for Code {
            type Value = Currency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 4217 currency code")
            }

            fn visit_str<E: serde::de::Error>(self, code: &str) -> Result<Currency, E> {
                Currency::from_code(code).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_what_their_codes_say() {
        for constant in [Currency::USD, Currency::EUR, Currency::GBP, Currency::JPY, Currency::KWD] {
            assert_eq!(Currency::from_code(constant.code()), Ok(constant));
            assert_eq!(constant.minor_per_major(), 10_i64.pow(constant.exponent()));
        }
    }

    #[test]
    fn only_codes_in_capitals_are_known() {
        for text in ["", "US", "usd", "Usd", "USDX", " USD", "USD ", "U\u{ff33}D", "ABC", "840", "\u{20ac}"] {
            assert_eq!(Currency::from_code(text), Err(MoneyError::UnknownCurrency), "{text:?}");
        }
    }

    #[test]
    fn metals_units_of_account_and_odd_exponents_are_refused() {
        for code in ["XAU", "XAG", "XPT", "XPD", "XDR", "XXX", "XTS", "XAD", "CLF", "UYW"] {
            assert_eq!(Currency::from_code(code), Err(MoneyError::UnsupportedCurrency), "{code}");
        }
    }

    #[test]
    fn a_currency_is_serialised_as_its_code() {
        assert_eq!(serde_json::to_string(&Currency::EUR).unwrap(), "\"EUR\"");
        assert_eq!(serde_json::from_str::<Currency>("\"JPY\"").unwrap(), Currency::JPY);
        assert_eq!(serde_json::from_str::<Currency>("\"\\u004aPY\"").unwrap(), Currency::JPY);
        assert!(serde_json::from_str::<Currency>("\"XAU\"").is_err());
        assert!(serde_json::from_str::<Currency>("840").is_err());
    }

    #[test]
    fn text_forms_show_the_code() {
        assert_eq!(Currency::GBP.to_string(), "GBP");
        assert_eq!(format!("{:?}", Currency::GBP), "Currency(GBP)");
        assert_eq!("CHF".parse::<Currency>().map(|currency| currency.exponent()), Ok(2));
    }
}
