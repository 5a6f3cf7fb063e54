//! Money: currencies, exact amounts, and the increments by which a price rises.
//!
//! Inside the engine an [`Amount`] is a whole number of minor units (cents, pence, fils, yen); `rust_decimal` appears
//! only at the edge, where amounts are read and written. There are no floating-point numbers anywhere. An amount
//! does not carry its currency, because an auction has exactly one: the two travel together as [`Money`] only
//! where currencies could be mixed up.
//!
//! - [`Currency`]: an ISO 4217 code with its number of decimals;
//! - [`Amount`], [`Money`]: checked, bounded, non-negative;
//! - [`parse_decimal`]: the only grammar in which a number is accepted as text;
//! - [`IncrementPolicy`]: how far the next bid has to lie above the price;
//! - [`MoneyError`]: why a value was refused.
//!
//! This module does not convert between currencies, does not round taxes or fees, and knows nothing of auctions.
//!
//! ```
//! use auction_core::money::{Amount, BracketTable, Currency, IncrementPolicy};
//!
//! let policy = IncrementPolicy::from(BracketTable::ebay_us(Currency::USD)?);
//! let price = Amount::parse("24.99", Currency::USD)?;
//! let next = policy.next(price).expect("far below the largest amount");
//! assert_eq!(next.display(Currency::USD).to_string(), "25.49");
//! # Ok::<(), auction_core::money::MoneyError>(())
//! ```

#![deny(clippy::float_arithmetic, clippy::float_cmp, clippy::cast_precision_loss)]

mod amount;
mod currency;
mod error;
mod increments;
mod parse;

pub use amount::{Amount, Money};
pub use currency::Currency;
pub use error::MoneyError;
pub use increments::{
    BASIS_POINTS_MAX, BRACKETS_MAX, Bracket, BracketTable, GridIncrement, IncrementPolicy, IncrementWarning,
    PercentIncrement,
};
pub use parse::{DECIMAL_TEXT_BYTES_MAX, DIGITS_AFTER_POINT_MAX, DIGITS_BEFORE_POINT_MAX, parse_decimal};
