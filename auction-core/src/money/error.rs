//! Why a currency, an amount or an increment policy was refused.

use super::{BASIS_POINTS_MAX, BRACKETS_MAX, Currency, DECIMAL_TEXT_BYTES_MAX, DIGITS_BEFORE_POINT_MAX};

/// Why a value is no valid currency, amount or increment policy.
///
/// Each variant is one reason, and its text is a sentence that may be shown to the person who typed the value: text
/// from outside appears in it at most as one escaped character.
///
/// ```
/// use auction_core::money::{Amount, Currency, MoneyError};
///
/// let refused = Amount::parse("100.001", Currency::USD).unwrap_err();
/// assert_eq!(refused, MoneyError::TooManyDecimals { allowed: 2 });
/// assert_eq!(refused.to_string(), "at most 2 digits are allowed after the decimal point");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The code is not an ISO 4217 code in capitals.
    #[error("the currency is not a known ISO 4217 code of three capital letters")]
    UnknownCurrency,
    /// The code exists, but one cannot bid in it: a precious metal, a unit of account, or one whose number of
    /// decimals is neither 0, 2 nor 3.
    #[error("the currency exists, but amounts in it are not supported")]
    UnsupportedCurrency,
    /// Two amounts of different currencies met.
    #[error("amounts in {left} and {right} cannot be combined")]
    CurrencyMismatch {
        /// The currency of the value on which the method was called.
        left: Currency,
        /// The currency of the argument.
        right: Currency,
    },
    /// The value is below zero.
    #[error("an amount cannot be negative")]
    Negative,
    /// The value lies above [`Amount::MAX`](super::Amount::MAX), or a difference lies below zero.
    #[error("the amount is out of range")]
    OutOfRange,
    /// The value is written with more digits after the point than allowed.
    #[error("at most {allowed} digits are allowed after the decimal point")]
    TooManyDecimals {
        /// The number of digits that would have been accepted.
        allowed: u32,
    },
    /// The text is empty.
    #[error("the number is empty")]
    Empty,
    /// The text is longer than any number can be; it was not looked at.
    #[error("the number is longer than {DECIMAL_TEXT_BYTES_MAX} bytes")]
    TooLong,
    /// The number has more digits before the point than any amount.
    #[error("at most {DIGITS_BEFORE_POINT_MAX} digits are allowed before the decimal point")]
    TooManyDigits,
    /// The text begins with a plus or minus sign.
    #[error("the number must not have a sign")]
    Signed,
    /// Something other than the digits 0 to 9 and one decimal point stands in the text.
    #[error("the character {character:?} is not allowed in a number")]
    UnexpectedCharacter {
        /// The first character that does not belong there.
        character: char,
    },
    /// No digit stands before or after the decimal point.
    #[error("a digit is missing before or after the decimal point")]
    MissingDigit,
    /// A zero stands before another digit, as in `007`.
    #[error("the number must not begin with superfluous zeros")]
    LeadingZero,
    /// A table of increments without a single bracket.
    #[error("an increment table needs at least one bracket")]
    NoBrackets,
    /// A table of increments with more than [`BRACKETS_MAX`] brackets.
    #[error("an increment table has at most {BRACKETS_MAX} brackets")]
    TooManyBrackets,
    /// The first bracket of a table does not begin at zero, so that low prices would have no increment.
    #[error("the first bracket of an increment table must begin at zero")]
    FirstBracketNotZero,
    /// A bracket does not begin above the one before it.
    #[error("bracket {bracket} does not begin above the bracket before it")]
    BracketsNotRising {
        /// The bracket's place in the table, counted from 0.
        bracket: usize,
    },
    /// A bracket's step is zero.
    #[error("the step of bracket {bracket} must be positive")]
    BracketStepNotPositive {
        /// The bracket's place in the table, counted from 0.
        bracket: usize,
    },
    /// A fixed step, or the floor of a percentage, is zero.
    #[error("an increment must be positive")]
    IncrementNotPositive,
    /// A percentage outside 1 to [`BASIS_POINTS_MAX`] basis points.
    #[error("the basis points of an increment must be from 1 to {BASIS_POINTS_MAX}")]
    BasisPointsOutOfRange,
    /// A named table has a value that is no whole number of the currency's minor units.
    #[error("the increment table has steps that are not whole minor units of {currency}")]
    TableNotInMinorUnits {
        /// The currency in which the table was asked for.
        currency: Currency,
    },
}
