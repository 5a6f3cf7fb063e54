//! Increment policies: how far above the current price the next bid has to lie.

mod grid;
mod percent;
mod table;
mod warning;

use std::sync::Arc;

use super::{Amount, Currency, MoneyError};

pub use grid::GridIncrement;
pub use percent::{BASIS_POINTS_MAX, PercentIncrement};
pub use table::{BRACKETS_MAX, Bracket, BracketTable};
pub use warning::IncrementWarning;

/// How far above the current price the next bid has to lie, in the minor units of the auction's currency.
///
/// An increment is always at least one minor unit, so that prices rise. Cloning is cheap.
///
/// ```
/// use auction_core::money::{Amount, IncrementPolicy};
///
/// let minor = |minor| Amount::from_minor(minor);
/// let policy = IncrementPolicy::fixed(minor(10)?)?;
/// assert_eq!(policy.next(minor(100)?), Some(minor(110)?));
/// // A bidding war from 100 past a maximum of 145.
/// assert_eq!(policy.first_above(minor(100)?, minor(145)?), Some(minor(150)?));
/// # Ok::<(), auction_core::money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IncrementPolicy {
    /// Any higher price will do: one minor unit.
    SmallestUnit,
    /// The same step at every price. Made by [`IncrementPolicy::fixed`], which checks that it is positive; a step of
    /// zero put here by hand counts as one minor unit.
    Fixed(Amount),
    /// A step for each price bracket.
    Table(Arc<BracketTable>),
    /// A percentage of the price.
    Percent(PercentIncrement),
    /// To the next round number.
    Grid(GridIncrement),
}

/// Prices from the one asked about up to `end` (exclusive, and above that price) that all have the same `step`.
struct ConstantStep {
    step: i64,
    end: i64,
}

impl IncrementPolicy {
    /// The same step at every price.
    ///
    /// # Errors
    ///
    /// [`MoneyError::IncrementNotPositive`] for zero.
    pub const fn fixed(step: Amount) -> Result<Self, MoneyError> {
        if step.minor() == 0 { Err(MoneyError::IncrementNotPositive) } else { Ok(Self::Fixed(step)) }
    }

    /// A step for each price bracket. For a published table use `IncrementPolicy::from(BracketTable::ebay_us(..)?)`.
    ///
    /// # Errors
    ///
    /// Those of [`BracketTable::new`].
    pub fn table(brackets: &[Bracket]) -> Result<Self, MoneyError> {
        BracketTable::new(brackets).map(Self::from)
    }

    /// A percentage of the price in basis points, at least `floor`.
    ///
    /// # Errors
    ///
    /// Those of [`PercentIncrement::new`].
    pub fn percent(basis_points: u32, floor: Amount) -> Result<Self, MoneyError> {
        PercentIncrement::new(basis_points, floor).map(Self::Percent)
    }

    /// The round numbers of auction houses, in major units of `currency`.
    #[must_use]
    pub const fn grid(currency: Currency) -> Self {
        Self::Grid(GridIncrement::new(currency))
    }

    /// The increment at the current price `price`: at least one minor unit, at most [`Amount::MAX`].
    #[inline]
    #[must_use]
    pub fn increment_at(&self, price: Amount) -> Amount {
        match self {
            Self::SmallestUnit => Amount::ONE_MINOR,
            Self::Fixed(step) => (*step).max(Amount::ONE_MINOR),
            Self::Table(table) => table.increment_at(price),
            Self::Percent(percent) => percent.increment_at(price),
            Self::Grid(grid) => grid.increment_at(price),
        }
    }

    /// The lowest bid above the current price `price`, or `None` if that lies above [`Amount::MAX`].
    #[inline]
    #[must_use]
    pub fn next(&self, price: Amount) -> Option<Amount> {
        price.checked_add(self.increment_at(price))
    }

    /// Where a bidding war from `from` arrives once it is past `past`: the first price above `past` that is reached
    /// from `from` step by step. It is `from` itself if that lies above `past`, and `None` if the war would pass
    /// [`Amount::MAX`].
    ///
    /// The same as `p = from; while p <= past { p += increment_at(p) }`, but computed for each range of prices with
    /// one step at once: at most one round for each bracket of a table, a dozen for each decade of the grid. A
    /// percentage has as many ranges as the rounded increment has values, until the increment outgrows the
    /// ranges; from there each round raises the price by that percentage, so that even a hundredth of a per cent
    /// ends after fewer than 200,000 rounds, and five per cent after fewer than a thousand.
    #[must_use]
    pub fn first_above(&self, from: Amount, past: Amount) -> Option<Amount> {
        let mut price = from.minor();
        while price <= past.minor() {
            let ConstantStep { step, end } = self.constant_step(price);
            let distance = end.min(past.minor() + 1) - price;
            // Most percentages leave their range at once: a division less.
            let steps = if distance <= step { 1 } else { (distance - 1) / step + 1 };
            // Less than one step past `past`, and a step is at most 10^16: far below the end of i64.
            price += steps * step;
            if price > Amount::MINOR_MAX {
                return None;
            }
        }
        Some(Amount::saturating(price))
    }

    /// What is odd about the policy in auctions where prices rise: the brackets at whose beginning the next bid
    /// `p + increment_at(p)` falls although the price `p` rises. Such policies work, but surprise bidders.
    ///
    /// Only tables can be odd, and only where a step is smaller than the one before.
    #[must_use]
    pub fn warnings(&self) -> Vec<IncrementWarning> {
        self.odd_brackets(
            |before, step| step < before - 1,
            |bracket, from| IncrementWarning::NextBidFalls { bracket, from },
        )
    }

    /// What is odd about the policy in reverse auctions, where prices fall: the brackets at whose beginning the next
    /// lower bid `p - increment_at(p)` falls although the price `p` rises.
    ///
    /// Every step of a table that is larger than the one before does this: published samples allow 930 after 1000,
    /// but only 801 after 1001.
    #[must_use]
    pub fn warnings_in_reverse(&self) -> Vec<IncrementWarning> {
        self.odd_brackets(
            |before, step| step > before + 1,
            |bracket, from| IncrementWarning::NextReverseBidFalls { bracket, from },
        )
    }

    fn constant_step(&self, price: i64) -> ConstantStep {
        match self {
            Self::SmallestUnit => ConstantStep { step: 1, end: i64::MAX },
            Self::Fixed(step) => ConstantStep { step: step.minor().max(1), end: i64::MAX },
            Self::Table(table) => table.constant_step(Amount::saturating(price)),
            Self::Percent(percent) => percent.constant_step(price),
            Self::Grid(grid) => grid.constant_step(price),
        }
    }

    /// The brackets that are odd by the step before them and their own. The prices compared are `from - 1` and
    /// `from`.
    fn odd_brackets(
        &self,
        odd: impl Fn(i64, i64) -> bool,
        warning: impl Fn(usize, Amount) -> IncrementWarning,
    ) -> Vec<IncrementWarning> {
        let brackets = match self {
            Self::Table(table) => table.brackets(),
            Self::SmallestUnit | Self::Fixed(_) | Self::Percent(_) | Self::Grid(_) => &[],
        };
        let pairs = brackets.windows(2).enumerate();
        pairs
            .filter(|(_, pair)| odd(pair[0].step.minor(), pair[1].step.minor()))
            .map(|(lower, pair)| warning(lower + 1, pair[1].from))
            .collect()
    }
}

impl From<BracketTable> for IncrementPolicy {
    fn from(table: BracketTable) -> Self {
        Self::Table(Arc::new(table))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEPS_MAX: u32 = 5_000;

    fn amount(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    fn table(rows: &[(i64, i64)]) -> IncrementPolicy {
        let rows: Vec<_> =
            rows.iter().map(|&(from, step)| Bracket { from: amount(from), step: amount(step) }).collect();
        IncrementPolicy::table(&rows).unwrap()
    }

    /// The war, step by step: `Err` when it takes too long to be a test.
    fn naive_first_above(policy: &IncrementPolicy, from: Amount, past: Amount) -> Result<Option<Amount>, ()> {
        let mut price = from;
        for _ in 0..STEPS_MAX {
            if price > past {
                return Ok(Some(price));
            }
            match policy.next(price) {
                Some(next) => price = next,
                None => return Ok(None),
            }
        }
        Err(())
    }

    fn any_table() -> impl Strategy<Value = IncrementPolicy> {
        let rows = prop::collection::vec((1..3_000_i64, 1..2_000_i64), 0..12);
        (1..500_i64, rows).prop_map(|(first, rows)| {
            let mut from = 0;
            let rest = rows.into_iter().map(|(width, step)| {
                from += width;
                (from, step)
            });
            let rows: Vec<_> = std::iter::once((0, first)).chain(rest).collect();
            table(&rows)
        })
    }

    fn any_policy() -> impl Strategy<Value = IncrementPolicy> {
        let percent = (prop_oneof![1..200_u32, 1..=BASIS_POINTS_MAX], 1..500_i64)
            .prop_map(|(points, floor)| IncrementPolicy::percent(points, amount(floor)).unwrap());
        let grid = prop::sample::select(vec![Currency::JPY, Currency::USD, Currency::KWD])
            .prop_map(IncrementPolicy::grid);
        prop_oneof![
            Just(IncrementPolicy::SmallestUnit),
            (1..10_000_i64).prop_map(|step| IncrementPolicy::fixed(amount(step)).unwrap()),
            any_table(),
            Just(IncrementPolicy::from(BracketTable::ebay_us(Currency::USD).unwrap())),
            Just(IncrementPolicy::from(BracketTable::ebay_uk(Currency::GBP).unwrap())),
            Just(IncrementPolicy::from(BracketTable::yahoo_japan())),
            percent,
            grid,
        ]
    }

    #[test]
    fn a_war_on_a_ladder_arrives_where_the_worked_example_says() {
        let ladder = table(&[(0, 100), (3000, 500), (5000, 1000)]);
        // From 2599 the ladder climbs to 2999, 3099, 3599, 4099: the first step past 3990.
        assert_eq!(ladder.first_above(amount(2599), amount(3990)), Some(amount(4099)));
        assert_eq!(ladder.next(amount(4099)), Some(amount(4599)));
        let flat = IncrementPolicy::fixed(amount(2)).unwrap();
        assert_eq!(flat.first_above(amount(10), amount(98)), Some(amount(100)));
    }

    #[test]
    fn a_war_that_is_already_past_does_not_move() {
        let flat = IncrementPolicy::fixed(amount(10)).unwrap();
        assert_eq!(flat.first_above(amount(100), amount(99)), Some(amount(100)));
        assert_eq!(flat.first_above(amount(100), amount(100)), Some(amount(110)));
    }

    #[test]
    fn nothing_passes_the_largest_amount() {
        for policy in [
            IncrementPolicy::SmallestUnit,
            IncrementPolicy::fixed(Amount::MAX).unwrap(),
            IncrementPolicy::from(BracketTable::ebay_us(Currency::USD).unwrap()),
            IncrementPolicy::percent(BASIS_POINTS_MAX, Amount::ONE_MINOR).unwrap(),
            IncrementPolicy::percent(1, Amount::MAX).unwrap(),
            IncrementPolicy::grid(Currency::JPY),
            IncrementPolicy::grid(Currency::KWD),
        ] {
            assert_eq!(policy.next(Amount::MAX), None, "{policy:?}");
            assert_eq!(policy.first_above(Amount::MAX, Amount::MAX), None, "{policy:?}");
            assert_eq!(policy.first_above(Amount::ZERO, Amount::MAX), None, "{policy:?}");
        }
        let last = amount(Amount::MINOR_MAX - 1);
        assert_eq!(IncrementPolicy::SmallestUnit.first_above(Amount::ZERO, last), Some(Amount::MAX));
    }

    #[test]
    fn the_finest_percentage_walks_the_whole_range() {
        let policy = IncrementPolicy::percent(1, Amount::ONE_MINOR).unwrap();
        assert_eq!(policy.first_above(Amount::ZERO, Amount::MAX), None);
    }

    #[test]
    fn steps_are_positive() {
        assert_eq!(IncrementPolicy::fixed(Amount::ZERO), Err(MoneyError::IncrementNotPositive));
        let by_hand = IncrementPolicy::Fixed(Amount::ZERO);
        assert_eq!(by_hand.increment_at(Amount::ZERO), Amount::ONE_MINOR);
        assert_eq!(by_hand.first_above(Amount::ZERO, amount(5)), Some(amount(6)));
    }

    #[test]
    fn a_shrinking_last_bracket_is_reported() {
        let shrinks = table(&[(0, 10), (1000, 100), (50_000, 25)]);
        let falls = IncrementWarning::NextBidFalls { bracket: 2, from: amount(50_000) };
        assert_eq!(shrinks.warnings(), [falls]);
        // One minor unit less is no fall: the price itself has risen by one.
        assert_eq!(table(&[(0, 10), (100, 9)]).warnings(), []);
        for policy in [
            IncrementPolicy::from(BracketTable::ebay_us(Currency::USD).unwrap()),
            IncrementPolicy::from(BracketTable::yahoo_japan()),
            IncrementPolicy::percent(500, amount(100)).unwrap(),
            IncrementPolicy::grid(Currency::USD),
        ] {
            assert_eq!(policy.warnings(), []);
        }
    }

    #[test]
    fn a_rising_step_is_reported_for_reverse_auctions() {
        let sample = table(&[(0, 70), (1001, 200)]);
        assert_eq!(sample.warnings(), []);
        let falls = IncrementWarning::NextReverseBidFalls { bracket: 1, from: amount(1001) };
        assert_eq!(sample.warnings_in_reverse(), [falls]);
        assert_eq!(table(&[(0, 10), (100, 11)]).warnings_in_reverse(), []);
    }

    proptest! {
        #[test]
        fn a_war_ends_where_the_loop_ends(
            policy in any_policy(),
            from in prop_oneof![0..5_000_i64, 0..1_000_000_i64, 0..=Amount::MINOR_MAX],
            distance in prop_oneof![-10..5_000_i64, 0..2_000_000_i64],
        ) {
            let (from, past) = (amount(from), Amount::saturating(from + distance));
            if let Ok(expected) = naive_first_above(&policy, from, past) {
                prop_assert_eq!(policy.first_above(from, past), expected);
            }
        }

        #[test]
        fn a_war_near_the_largest_amount_ends_where_the_loop_ends(
            policy in any_policy(),
            below in 0..20_000_i64,
            distance in 0..25_000_i64,
        ) {
            let from = amount(Amount::MINOR_MAX - below);
            let past = Amount::saturating(from.minor() + distance);
            if let Ok(expected) = naive_first_above(&policy, from, past) {
                prop_assert_eq!(policy.first_above(from, past), expected);
            }
        }

        #[test]
        fn increments_are_at_least_one_minor_unit(policy in any_policy(), price in 0..=Amount::MINOR_MAX) {
            prop_assert!(policy.increment_at(amount(price)) >= Amount::ONE_MINOR);
        }

        #[test]
        fn warnings_are_exactly_the_falls_at_the_edges(policy in any_table()) {
            let IncrementPolicy::Table(brackets) = &policy else { unreachable!() };
            let next = |price: i64| price + policy.increment_at(amount(price)).minor();
            let falls: Vec<_> = brackets.brackets().iter().enumerate().skip(1)
                .filter(|(_, bracket)| next(bracket.from.minor()) < next(bracket.from.minor() - 1))
                .map(|(bracket, row)| IncrementWarning::NextBidFalls { bracket, from: row.from })
                .collect();
            prop_assert_eq!(policy.warnings(), falls);
        }
    }
}
