//! Reading a decimal number from text that comes from outside.

use rust_decimal::Decimal;

use super::MoneyError;

/// The longest text that is looked at, in bytes; anything longer is refused unread.
pub const DECIMAL_TEXT_BYTES_MAX: usize = 32;
/// The most digits before the decimal point: as many as the largest amount has.
pub const DIGITS_BEFORE_POINT_MAX: u32 = 15;
/// The most digits after the decimal point. One more than any currency has, so that a currency can refuse the
/// number with the count that it allows.
pub const DIGITS_AFTER_POINT_MAX: u32 = 4;

/// Reads a decimal number, exactly, from the only form in which one is accepted.
///
/// The form is `0`, or a digit from 1 to 9 followed by up to 14 digits; then, if wanted, a point and 1 to 4 digits.
/// Digits are ASCII. Signs, exponents, `NaN`, `Infinity`, separators, spaces, hexadecimal and superfluous leading zeros
/// are refused. The result keeps the scale as written (`100.100` has three decimals) and is never rounded.
///
/// # Errors
///
/// A [`MoneyError`] that says what is wrong with the text; the first fault from the left decides.
///
/// ```
/// use auction_core::money::{MoneyError, parse_decimal};
///
/// assert_eq!(parse_decimal("1234.50")?.to_string(), "1234.50");
/// assert_eq!(parse_decimal("1e309"), Err(MoneyError::UnexpectedCharacter { character: 'e' }));
/// assert_eq!(parse_decimal("-1"), Err(MoneyError::Signed));
/// assert_eq!(parse_decimal("5."), Err(MoneyError::MissingDigit));
/// # Ok::<(), MoneyError>(())
/// ```
pub fn parse_decimal(text: &str) -> Result<Decimal, MoneyError> {
    if text.is_empty() {
        return Err(MoneyError::Empty);
    }
    if text.len() > DECIMAL_TEXT_BYTES_MAX {
        return Err(MoneyError::TooLong);
    }
    // At most 15 + 4 digits: below 10^19, which a u64 holds.
    let mut mantissa: u64 = 0;
    let mut before: u32 = 0;
    let mut after: u32 = 0;
    let mut point = false;
    for (position, character) in text.char_indices() {
        match character {
            '0'..='9' => {
                let digits = if point { &mut after } else { &mut before };
                *digits += 1;
                if before > DIGITS_BEFORE_POINT_MAX {
                    return Err(MoneyError::TooManyDigits);
                }
                if after > DIGITS_AFTER_POINT_MAX {
                    return Err(MoneyError::TooManyDecimals { allowed: DIGITS_AFTER_POINT_MAX });
                }
                mantissa = mantissa * 10 + u64::from(u32::from(character) - u32::from('0'));
            }
            '.' if !point && before > 0 => point = true,
            '.' if !point => return Err(MoneyError::MissingDigit),
            '+' | '-' if position == 0 => return Err(MoneyError::Signed),
            _ => return Err(MoneyError::UnexpectedCharacter { character }),
        }
    }
    if point && after == 0 {
        return Err(MoneyError::MissingDigit);
    }
    if before > 1 && text.starts_with('0') {
        return Err(MoneyError::LeadingZero);
    }
    // The halves of the mantissa, as Decimal holds them.
    Ok(Decimal::from_parts(mantissa as u32, (mantissa >> 32) as u32, 0, false, after))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_numbers_are_read_exactly_and_keep_their_scale() {
        for text in ["0", "0.0", "0.05", "5", "5.0", "5000.00", "999999999999999", "999999999999999.9999"] {
            let read = parse_decimal(text).unwrap();
            assert_eq!(read, Decimal::from_str(text).unwrap());
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let unexpected = |character| MoneyError::UnexpectedCharacter { character };
        let refused = [
            ("", MoneyError::Empty),
            ("-1", MoneyError::Signed),
            ("-0", MoneyError::Signed),
            ("+5", MoneyError::Signed),
            ("-Infinity", MoneyError::Signed),
            ("1-", unexpected('-')),
            ("1e3", unexpected('e')),
            ("1E3", unexpected('E')),
            ("1e309", unexpected('e')),
            ("NaN", unexpected('N')),
            ("Infinity", unexpected('I')),
            ("inf", unexpected('i')),
            ("0x1F", unexpected('x')),
            ("1_000", unexpected('_')),
            ("1,000", unexpected(',')),
            ("1,50", unexpected(',')),
            ("1'000", unexpected('\'')),
            (" 5", unexpected(' ')),
            ("5 ", unexpected(' ')),
            ("5\n", unexpected('\n')),
            ("5\0", unexpected('\0')),
            ("1\u{a0}000", unexpected('\u{a0}')),
            ("\u{ff15}", unexpected('\u{ff15}')),
            ("\u{665}", unexpected('\u{665}')),
            ("\u{2212}5", unexpected('\u{2212}')),
            ("1.2.3", unexpected('.')),
            (".5", MoneyError::MissingDigit),
            (".", MoneyError::MissingDigit),
            ("5.", MoneyError::MissingDigit),
            ("00", MoneyError::LeadingZero),
            ("007", MoneyError::LeadingZero),
            ("01", MoneyError::LeadingZero),
            ("00.5", MoneyError::LeadingZero),
            ("9007199254740993", MoneyError::TooManyDigits),
            ("9223372036854775807", MoneyError::TooManyDigits),
            ("9223372036854775808", MoneyError::TooManyDigits),
            ("1.00001", MoneyError::TooManyDecimals { allowed: 4 }),
            ("000000000000000000000000000000000", MoneyError::TooLong),
        ];
        for (text, reason) in refused {
            assert_eq!(parse_decimal(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn messages_escape_what_they_quote() {
        let message = parse_decimal("5\n").unwrap_err().to_string();
        assert_eq!(message, "the character '\\n' is not allowed in a number");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_reads_back_as_itself(text in "[0-9.+eE,_ x-]{0,34}|\\PC{0,12}") {
            if let Ok(read) = parse_decimal(&text) {
                prop_assert_eq!(read.to_string(), text);
            }
        }

        #[test]
        fn every_number_of_the_grammar_is_read(text in "(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?") {
            prop_assert_eq!(parse_decimal(&text), Ok(Decimal::from_str(&text).unwrap()));
        }
    }
}
