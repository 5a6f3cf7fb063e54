//! Increments that are a percentage of the price.

use crate::money::{Amount, MoneyError};

use super::ConstantStep;

/// The largest percentage: ten times the price.
pub const BASIS_POINTS_MAX: u32 = 100_000;

const BASIS_POINTS_PER_WHOLE: i64 = 10_000;

/// A percentage of the current price, rounded up to the minor unit, and at least a floor.
///
/// `increment = max(floor, ceil(price * basis_points / 10000))`, computed exactly.
///
/// ```
/// use auction_core::money::{Amount, IncrementPolicy};
///
/// // Five per cent, at least 1.00 dollar.
/// let policy = IncrementPolicy::percent(500, Amount::from_minor(100)?)?;
/// assert_eq!(policy.increment_at(Amount::from_minor(1_000)?).minor(), 100);
/// assert_eq!(policy.increment_at(Amount::from_minor(10_001)?).minor(), 501);
/// # Ok::<(), auction_core::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PercentIncrement {
    basis_points: u32,
    floor: Amount,
}

impl PercentIncrement {
    /// `basis_points` hundredths of a per cent of the price, but never less than `floor`.
    ///
    /// # Errors
    ///
    /// [`MoneyError::BasisPointsOutOfRange`] outside 1 to [`BASIS_POINTS_MAX`];
    /// [`MoneyError::IncrementNotPositive`] for a floor of zero.
    pub const fn new(basis_points: u32, floor: Amount) -> Result<Self, MoneyError> {
        if basis_points == 0 || basis_points > BASIS_POINTS_MAX {
            return Err(MoneyError::BasisPointsOutOfRange);
        }
        if floor.minor() == 0 {
            return Err(MoneyError::IncrementNotPositive);
        }
        Ok(Self { basis_points, floor })
    }

    /// Hundredths of a per cent, from 1 to [`BASIS_POINTS_MAX`].
    #[must_use]
    pub const fn basis_points(&self) -> u32 {
        self.basis_points
    }

    /// The smallest increment; positive.
    #[must_use]
    pub const fn floor(&self) -> Amount {
        self.floor
    }

    /// The increment at `price`, at most [`Amount::MAX`].
    #[inline]
    pub(super) fn increment_at(&self, price: Amount) -> Amount {
        Amount::saturating(self.exact_increment_at(price.minor()))
    }

    /// At most 10^16. Splitting the price at 10^4 is multiplying before dividing, without leaving 64 bits:
    /// `(a * 10^4 + b) * bp / 10^4 = a * bp + b * bp / 10^4`, and only the second term is rounded.
    #[inline]
    fn exact_increment_at(&self, price: i64) -> i64 {
        let basis_points = i64::from(self.basis_points);
        let whole = price / BASIS_POINTS_PER_WHOLE * basis_points;
        let rest = price % BASIS_POINTS_PER_WHOLE * basis_points;
        let rounded_up = (rest + BASIS_POINTS_PER_WHOLE - 1) / BASIS_POINTS_PER_WHOLE;
        (whole + rounded_up).max(self.floor.minor())
    }

    /// The range of prices from `price` on in which the rounded increment stays the same.
    pub(super) fn constant_step(&self, price: i64) -> ConstantStep {
        let step = self.exact_increment_at(price);
        // The increment is at most `step` up to floor(step * 10^4 / bp). The product does not fit an i64.
        let last = i128::from(step) * i128::from(BASIS_POINTS_PER_WHOLE) / i128::from(self.basis_points);
        ConstantStep { step, end: i64::try_from(last).unwrap_or(i64::MAX - 1) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    #[test]
    fn percentages_are_multiplied_before_they_are_divided() {
        // Dividing first would lose the 99 cents below the whole ten thousand.
        let tenth = PercentIncrement::new(1000, Amount::ONE_MINOR).unwrap();
        assert_eq!(tenth.increment_at(amount(9_999)).minor(), 1000);
        assert_eq!(tenth.increment_at(amount(19_990)).minor(), 1999);
        let third = PercentIncrement::new(3333, Amount::ONE_MINOR).unwrap();
        assert_eq!(third.increment_at(amount(3)).minor(), 1);
        assert_eq!(third.increment_at(amount(10_000)).minor(), 3333);
        assert_eq!(third.increment_at(amount(10_001)).minor(), 3334);
    }

    #[test]
    fn the_floor_holds_for_low_prices() {
        let policy = PercentIncrement::new(500, amount(100)).unwrap();
        for (price, step) in [(0, 100), (2_000, 100), (2_001, 101), (2_020, 101), (2_021, 102)] {
            assert_eq!(policy.increment_at(amount(price)).minor(), step, "at {price}");
        }
    }

    #[test]
    fn huge_percentages_stop_at_the_largest_amount() {
        let policy = PercentIncrement::new(BASIS_POINTS_MAX, Amount::ONE_MINOR).unwrap();
        assert_eq!(policy.increment_at(Amount::MAX), Amount::MAX);
        assert_eq!(policy.increment_at(amount(7)).minor(), 70);
    }

    #[test]
    fn payloads_are_validated() {
        assert_eq!(PercentIncrement::new(0, Amount::ONE_MINOR), Err(MoneyError::BasisPointsOutOfRange));
        assert_eq!(PercentIncrement::new(100_001, Amount::ONE_MINOR), Err(MoneyError::BasisPointsOutOfRange));
        assert_eq!(PercentIncrement::new(500, Amount::ZERO), Err(MoneyError::IncrementNotPositive));
    }

    proptest! {
        #[test]
        fn the_increment_is_the_exact_quotient_rounded_up(
            price in prop_oneof![0..200_000_i64, 0..=Amount::MINOR_MAX],
            basis_points in 1..=BASIS_POINTS_MAX,
            floor in 1..10_000_i64,
        ) {
            let policy = PercentIncrement::new(basis_points, amount(floor)).unwrap();
            let product = i128::from(price) * i128::from(basis_points);
            let quotient = (product + 9_999) / 10_000;
            let expected = quotient.clamp(i128::from(floor), i128::from(Amount::MINOR_MAX));
            prop_assert_eq!(i128::from(policy.increment_at(amount(price)).minor()), expected);
        }

        #[test]
        fn the_increment_changes_exactly_at_the_end_of_its_range(
            price in prop_oneof![0..200_000_i64, 0..=Amount::MINOR_MAX],
            basis_points in 1..=BASIS_POINTS_MAX,
            floor in 1..10_000_i64,
        ) {
            let policy = PercentIncrement::new(basis_points, amount(floor)).unwrap();
            let range = policy.constant_step(price);
            prop_assert!(range.end > price);
            prop_assert_eq!(policy.exact_increment_at(range.end - 1), range.step);
            prop_assert!(policy.exact_increment_at(range.end) > range.step);
        }
    }
}
