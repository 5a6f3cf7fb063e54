//! The house grid: auction-house prices that sit on round numbers.

use crate::money::{Amount, Currency};

use super::ConstantStep;

/// The ladder of round numbers that auction houses call, the same in every decade.
///
/// In major units, from the leading digit of the price:
///
/// | leading digit | prices |
/// |---|---|
/// | 1 | 100, 110, 120 .. 200 |
/// | 2 | 200, 220, 240 .. 300 |
/// | 3 and 4 | 300, 320, 350, 380, 400 .. 500 |
/// | 5 to 9 | 500, 550, 600 .. 1000 |
///
/// and by 10 below 100. A price that is off the grid steps to the first price of the grid above it.
///
/// ```
/// use auction_core::money::{Amount, Currency, IncrementPolicy};
///
/// let policy = IncrementPolicy::grid(Currency::GBP);
/// let after = |text| policy.next(Amount::parse(text, Currency::GBP).ok()?);
/// assert_eq!(after("2800.00"), Amount::parse("3000.00", Currency::GBP).ok());
/// assert_eq!(after("321.50"), Amount::parse("350.00", Currency::GBP).ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridIncrement {
    minor_per_major: i64,
}

impl GridIncrement {
    /// The grid in major units of `currency`.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self { minor_per_major: currency.minor_per_major() }
    }

    /// From `price` to the next price of the grid; positive.
    #[inline]
    pub(super) fn increment_at(&self, price: Amount) -> Amount {
        Amount::saturating(self.constant_step(price.minor()).step)
    }

    /// From a price on the grid: the step, and the price at which the grid changes its step. From a price off the
    /// grid: the way to the grid.
    #[inline]
    pub(super) fn constant_step(&self, price: i64) -> ConstantStep {
        // Every decade is looked at as if it went from 100 to 1000 `units`.
        let major = price / self.minor_per_major;
        let unit = match major.checked_ilog10() {
            Some(decade @ 2..) => 10_i64.pow(decade - 2) * self.minor_per_major,
            Some(_) | None => self.minor_per_major,
        };
        let (from, step, end) = segment(price / unit);
        let past_the_grid = (price - from * unit) % (step * unit);
        if past_the_grid == 0 {
            ConstantStep { step: step * unit, end: end * unit }
        } else {
            ConstantStep { step: step * unit - past_the_grid, end: price + 1 }
        }
    }
}

/// The part of the grid around `price` (0 to 999) in which the step is the same: where it begins, the step, where
/// it ends.
fn segment(price: i64) -> (i64, i64, i64) {
    let hundred = price / 100 * 100;
    match (price / 100, price % 100) {
        (0, _) => (0, 10, 100),
        (1, _) => (100, 10, 200),
        (2, _) => (200, 20, 300),
        (3 | 4, 0..20) => (hundred, 20, hundred + 20),
        (3 | 4, 20..80) => (hundred + 20, 30, hundred + 80),
        (3 | 4, _) => (hundred + 80, 20, hundred + 100),
        _ => (500, 50, 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(price: i64) -> i64 {
        price + GridIncrement::new(Currency::JPY).increment_at(Amount::from_minor(price).unwrap()).minor()
    }

    #[test]
    fn the_grid_steps_as_houses_call() {
        let steps = [
            (0, 10),
            (90, 100),
            (100, 110),
            (190, 200),
            (200, 220),
            (280, 300),
            (300, 320),
            (320, 350),
            (350, 380),
            (380, 400),
            (400, 420),
            (480, 500),
            (500, 550),
            (950, 1000),
            (1000, 1100),
            (1900, 2000),
            (2800, 3000),
            (3000, 3200),
            (4800, 5000),
            (950_000_000_000, 1_000_000_000_000),
        ];
        for (price, after) in steps {
            assert_eq!(next(price), after, "after {price}");
            for exponent_of in [Currency::USD, Currency::KWD] {
                let scale = 10_i64.pow(exponent_of.exponent());
                if let Ok(scaled) = Amount::from_minor(price * scale) {
                    let step = GridIncrement::new(exponent_of).increment_at(scaled).minor();
                    assert_eq!(price * scale + step, after * scale, "after {price} {exponent_of}");
                }
            }
        }
    }

    #[test]
    fn a_price_off_the_grid_steps_to_the_first_grid_price_above_it() {
        for (price, after) in [(1, 10), (99, 100), (101, 110), (301, 320), (321, 350), (379, 380), (381, 400)]
        {
            assert_eq!(next(price), after, "after {price}");
        }
        for (price, after) in [(499, 500), (501, 550), (999, 1000), (1001, 1100), (3799, 3800), (3801, 4000)]
        {
            assert_eq!(next(price), after, "after {price}");
        }
        let cents = GridIncrement::new(Currency::USD);
        assert_eq!(cents.increment_at(Amount::ONE_MINOR).minor(), 999);
        assert_eq!(cents.increment_at(Amount::from_minor(99_999).unwrap()).minor(), 1);
        assert_eq!(cents.increment_at(Amount::from_minor(32_001).unwrap()).minor(), 2_999);
    }
}
