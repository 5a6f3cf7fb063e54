//! Amounts: whole minor units, checked and bounded; and amounts together with their currency.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Currency, MoneyError, parse_decimal};

/// A non-negative number of whole minor units (cents, fils, yen) of a currency that the context fixes.
///
/// Between [`Amount::ZERO`] and [`Amount::MAX`], always. An auction has one currency, so the amounts of an auction
/// are compared and added as they are; an amount is turned into text or a decimal only together with its
/// [`Currency`]. Serialised alone it is its number of minor units, which is for stores and never for the public.
/// Use [`Money`] where currencies could be mixed up.
///
/// ```
/// use auction_core::money::{Amount, Currency};
///
/// let price = Amount::parse("5000.00", Currency::USD)?;
/// assert_eq!(price.minor(), 500_000);
/// let next = price.checked_add(Amount::from_minor(10_000)?).expect("far below the largest amount");
/// assert_eq!(next.display(Currency::USD).to_string(), "5100.00");
/// # Ok::<(), auction_core::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Amount(i64);

impl TryFrom<i64> for Amount {
    type Error = MoneyError;
    fn try_from(minor: i64) -> Result<Self, MoneyError> {
        Self::from_minor(minor)
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

/// 10^0 to 10^3: from a decimal's scale up to a currency's exponent.
const POWERS_OF_TEN: [i64; 4] = [1, 10, 100, 1000];

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One minor unit: the smallest difference between two amounts.
    pub const ONE_MINOR: Self = Self(1);
    /// The largest number of minor units: 15 digits, below 2^53, so that every amount is exact as a JSON number.
    pub const MINOR_MAX: i64 = 999_999_999_999_999;
    /// The largest amount, [`Amount::MINOR_MAX`] minor units.
    pub const MAX: Self = Self(Self::MINOR_MAX);

    /// The amount of `minor` minor units.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Negative`] below zero, [`MoneyError::OutOfRange`] above [`Amount::MINOR_MAX`].
    #[inline]
    pub const fn from_minor(minor: i64) -> Result<Self, MoneyError> {
        if minor < 0 {
            return Err(MoneyError::Negative);
        }
        if minor > Self::MINOR_MAX {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self(minor))
    }

    /// The nearest amount to `minor` minor units.
    #[inline]
    pub(super) const fn saturating(minor: i64) -> Self {
        if minor < 0 {
            Self::ZERO
        } else if minor > Self::MINOR_MAX {
            Self::MAX
        } else {
            Self(minor)
        }
    }

    /// The number of minor units, from 0 to [`Amount::MINOR_MAX`].
    #[inline]
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, or `None` above [`Amount::MAX`].
    #[inline]
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        // Two amounts are far below the end of i64.
        let sum = self.0 + other.0;
        if sum > Self::MINOR_MAX { None } else { Some(Self(sum)) }
    }

    /// The difference, or `None` below zero.
    #[inline]
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        if other.0 > self.0 { None } else { Some(Self(self.0 - other.0)) }
    }

    /// This amount `count` times, or `None` above [`Amount::MAX`].
    #[inline]
    #[must_use]
    pub const fn checked_mul(self, count: u32) -> Option<Self> {
        match self.0.checked_mul(count as i64) {
            Some(product) if product <= Self::MINOR_MAX => Some(Self(product)),
            Some(_) | None => None,
        }
    }

    /// The amount of `value` major units of `currency`, exactly. Zero is an amount; nothing is rounded.
    ///
    /// # Errors
    ///
    /// In this order: [`MoneyError::Negative`] for a value with a minus sign; [`MoneyError::TooManyDecimals`] if the value
    /// is written with more decimals than the currency has, even if they are zeros (`100.100` USD);
    /// [`MoneyError::OutOfRange`] above [`Amount::MAX`].
    #[inline]
    pub fn from_decimal(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        if value.is_sign_negative() {
            return Err(MoneyError::Negative);
        }
        let allowed = currency.exponent();
        let Some(missing) = allowed.checked_sub(value.scale()) else {
            return Err(MoneyError::TooManyDecimals { allowed });
        };
        let mantissa = value.mantissa();
        if mantissa > i128::from(Self::MINOR_MAX) {
            return Err(MoneyError::OutOfRange);
        }
        // Below 10^15, times at most 10^3: no overflow. An exponent is at most 3, so that the mask changes nothing
        // but spares the bounds check.
        let minor = mantissa as i64 * POWERS_OF_TEN[(missing & 3) as usize];
        if minor > Self::MINOR_MAX {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self(minor))
    }

    /// The amount in major units of `currency`, at the currency's scale: 500000 minor units are `5000.00` USD.
    #[inline]
    #[must_use]
    pub fn to_decimal(self, currency: Currency) -> Decimal {
        Decimal::new(self.0, currency.exponent())
    }

    /// Reads an amount in major units of `currency`, in the grammar of [`parse_decimal`].
    ///
    /// # Errors
    ///
    /// Those of [`parse_decimal`], then those of [`Amount::from_decimal`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_decimal(parse_decimal(text)?, currency)
    }

    /// The amount as text in major units, always at the currency's scale: `5000.00` USD, `5000` JPY, `5.000` KWD.
    ///
    /// Neither separators nor a currency sign; nothing is allocated. Width and fill of the format are honoured.
    ///
    /// ```
    /// use auction_core::money::{Amount, Currency};
    ///
    /// let amount = Amount::from_minor(5000)?;
    /// assert_eq!(amount.display(Currency::USD).to_string(), "50.00");
    /// assert_eq!(amount.display(Currency::JPY).to_string(), "5000");
    /// assert_eq!(amount.display(Currency::KWD).to_string(), "5.000");
    /// # Ok::<(), auction_core::money::MoneyError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn display(self, currency: Currency) -> impl fmt::Display {
        Shown { amount: self, currency }
    }
}

/// An amount of one currency together with that currency.
///
/// Sums are refused rather than mixed. There is no order: amounts of different currencies cannot be compared.
///
/// ```
/// use auction_core::money::{Amount, Currency, Money, MoneyError};
///
/// let price = Money::new(Amount::from_minor(500_000)?, Currency::USD);
/// assert_eq!(price.to_string(), "5000.00 USD");
/// let other = Money::new(Amount::ONE_MINOR, Currency::EUR);
/// let mixed = MoneyError::CurrencyMismatch { left: Currency::USD, right: Currency::EUR };
/// assert_eq!(price.checked_add(other), Err(mixed));
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Amount,
    currency: Currency,
}

impl Money {
    /// `amount` minor units of `currency`.
    #[inline]
    #[must_use]
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The amount, in minor units of [`Money::currency`].
    #[inline]
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.amount
    }

    /// The currency.
    #[inline]
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`], or [`MoneyError::OutOfRange`] above [`Amount::MAX`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { amount, ..self })
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`], or [`MoneyError::OutOfRange`] below zero.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_sub(other.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { amount, ..self })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.display(self.currency), self.currency.code())
    }
}

struct Shown {
    amount: Amount,
    currency: Currency,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 15 digits and a point; filled from the end.
        let mut text = [b'0'; 20];
        let mut start = text.len();
        let mut rest = self.amount.0;
        let mut digits = 0;
        while rest > 0 || digits <= self.currency.exponent() {
            if digits > 0 && digits == self.currency.exponent() {
                start -= 1;
                text[start] = b'.';
            }
            start -= 1;
            text[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            digits += 1;
        }
        let text =
            std::str::from_utf8(&text[start..]).expect("invariant: only digits and a point were written");
        // Right-aligned, and deaf to a precision, as for integers.
        f.pad_integral(true, "", text)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    fn any_currency() -> impl Strategy<Value = Currency> {
        prop_oneof![Just(Currency::USD), Just(Currency::JPY), Just(Currency::KWD)]
    }

    fn any_amount() -> impl Strategy<Value = Amount> {
        prop_oneof![0..=100_000_i64, 0..=Amount::MINOR_MAX, (Amount::MINOR_MAX - 9)..=Amount::MINOR_MAX]
            .prop_map(|minor| Amount::from_minor(minor).unwrap())
    }

    #[test]
    fn amounts_are_shown_at_the_scale_of_their_currency() {
        let shown = [
            (0, "0.00", "0", "0.000"),
            (5, "0.05", "5", "0.005"),
            (50, "0.50", "50", "0.050"),
            (5000, "50.00", "5000", "5.000"),
            (Amount::MINOR_MAX, "9999999999999.99", "999999999999999", "999999999999.999"),
        ];
        for (minor, usd, jpy, kwd) in shown {
            let amount = Amount::from_minor(minor).unwrap();
            for (currency, text) in [(Currency::USD, usd), (Currency::JPY, jpy), (Currency::KWD, kwd)] {
                assert_eq!(amount.display(currency).to_string(), text);
                assert_eq!(amount.to_decimal(currency).to_string(), text);
                assert_eq!(Amount::parse(text, currency), Ok(amount));
            }
        }
        assert_eq!(format!("{:>8.1}|", Amount::ONE_MINOR.display(Currency::USD)), "    0.01|");
    }

    #[test]
    fn decimals_are_counted_as_written() {
        let too_many = |allowed| Err(MoneyError::TooManyDecimals { allowed });
        assert_eq!(Amount::from_decimal(decimal("100.100"), Currency::USD), too_many(2));
        assert_eq!(Amount::from_decimal(decimal("100.001"), Currency::USD), too_many(2));
        assert_eq!(Amount::from_decimal(decimal("100.0"), Currency::JPY), too_many(0));
        assert_eq!(Amount::from_decimal(decimal("0.0001"), Currency::KWD), too_many(3));
        assert_eq!(Amount::from_decimal(decimal("100.1"), Currency::USD).map(Amount::minor), Ok(10_010));
        assert_eq!(Amount::from_decimal(decimal("100.100"), Currency::KWD).map(Amount::minor), Ok(100_100));
        assert_eq!(Amount::from_decimal(decimal("100"), Currency::JPY).map(Amount::minor), Ok(100));
    }

    #[test]
    fn decimals_outside_the_range_are_refused() {
        assert_eq!(Amount::from_decimal(decimal("-0.01"), Currency::USD), Err(MoneyError::Negative));
        assert_eq!(Amount::from_decimal(Decimal::MIN, Currency::USD), Err(MoneyError::Negative));
        for text in ["10000000000000.00", "10000000000000", "999999999999999", "9223372036854775808"] {
            assert_eq!(
                Amount::from_decimal(decimal(text), Currency::USD),
                Err(MoneyError::OutOfRange),
                "{text}"
            );
        }
        assert_eq!(Amount::from_decimal(Decimal::MAX, Currency::JPY), Err(MoneyError::OutOfRange));
        assert_eq!(Amount::from_decimal(Decimal::ZERO, Currency::USD), Ok(Amount::ZERO));
    }

    #[test]
    fn minor_units_are_checked_at_both_ends() {
        assert_eq!(Amount::from_minor(-1), Err(MoneyError::Negative));
        assert_eq!(Amount::from_minor(i64::MIN), Err(MoneyError::Negative));
        assert_eq!(Amount::from_minor(Amount::MINOR_MAX), Ok(Amount::MAX));
        assert_eq!(Amount::from_minor(Amount::MINOR_MAX + 1), Err(MoneyError::OutOfRange));
        assert_eq!(Amount::from_minor(i64::MAX), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn arithmetic_stays_in_range() {
        assert_eq!(Amount::MAX.checked_add(Amount::ONE_MINOR), None);
        assert_eq!(Amount::MAX.checked_add(Amount::ZERO), Some(Amount::MAX));
        assert_eq!(Amount::ZERO.checked_sub(Amount::ONE_MINOR), None);
        assert_eq!(Amount::MAX.checked_sub(Amount::MAX), Some(Amount::ZERO));
        assert_eq!(Amount::MAX.checked_mul(1), Some(Amount::MAX));
        assert_eq!(Amount::MAX.checked_mul(2), None);
        assert_eq!(Amount::MAX.checked_mul(u32::MAX), None);
        assert_eq!(Amount(7).checked_mul(3), Some(Amount(21)));
    }

    #[test]
    fn money_of_two_currencies_is_never_combined() {
        let dollars = Money::new(Amount(500_000), Currency::USD);
        let yen = Money::new(Amount(500_000), Currency::JPY);
        let mixed = MoneyError::CurrencyMismatch { left: Currency::USD, right: Currency::JPY };
        assert_eq!(dollars.checked_add(yen), Err(mixed));
        assert_eq!(dollars.checked_sub(yen), Err(mixed));
        assert_eq!(mixed.to_string(), "amounts in USD and JPY cannot be combined");
        assert_eq!(dollars.checked_sub(dollars), Ok(Money::new(Amount::ZERO, Currency::USD)));
        assert_eq!(Money::new(Amount::ZERO, Currency::USD).checked_sub(dollars), Err(MoneyError::OutOfRange));
        assert_eq!(Money::new(Amount::MAX, Currency::USD).checked_add(dollars), Err(MoneyError::OutOfRange));
        assert_eq!((dollars.to_string(), yen.to_string()), ("5000.00 USD".into(), "500000 JPY".into()));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(amount in any_amount(), currency in any_currency()) {
            prop_assert_eq!(Amount::parse(&amount.display(currency).to_string(), currency), Ok(amount));
        }

        #[test]
        fn decimals_convert_back(amount in any_amount(), currency in any_currency()) {
            prop_assert_eq!(Amount::from_decimal(amount.to_decimal(currency), currency), Ok(amount));
        }
    }
}
