//! Increments by price bracket, and the well-known published tables.

use crate::money::{Amount, Currency, MoneyError};

use super::ConstantStep;

/// The most brackets of a table. Published tables have ten or so.
pub const BRACKETS_MAX: usize = 64;

/// One row of a table: the step for prices at `from` and above, up to the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// The lowest current price to which the bracket applies.
    pub from: Amount,
    /// How far the next bid lies above the current price, at least.
    pub step: Amount,
}

/// A table of half-open price brackets `[from, next from)`, each with one step.
///
/// The bracket is chosen by the current price, not by the price that results. The first bracket begins at zero, each
/// begins above the one before it, and every step is positive.
///
/// ```
/// use auction_core::money::{Amount, Bracket, BracketTable, Currency, IncrementPolicy};
///
/// let minor = Amount::from_minor;
/// let table = BracketTable::new(&[
///     Bracket { from: Amount::ZERO, step: minor(100)? },
///     Bracket { from: minor(3000)?, step: minor(500)? },
/// ])?;
/// assert_eq!(table.name(), None);
/// assert_eq!(BracketTable::ebay_uk(Currency::GBP)?.name(), Some("ebay_uk"));
/// let policy = IncrementPolicy::from(table);
/// assert_eq!(policy.increment_at(minor(2999)?), minor(100)?);
/// assert_eq!(policy.increment_at(minor(3000)?), minor(500)?);
/// # Ok::<(), auction_core::money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BracketTable {
    brackets: Box<[Bracket]>,
    name: Option<&'static str>,
}

/// (from, step) in hundredths of a major unit.
const EBAY_US: [(i64, i64); 10] = [
    (0, 5),
    (100, 25),
    (500, 50),
    (2_500, 100),
    (10_000, 2_50),
    (25_000, 500),
    (50_000, 1_000),
    (100_000, 2_500),
    (250_000, 5_000),
    (500_000, 10_000),
];

/// (from, step) in hundredths of a major unit.
const EBAY_UK: [(i64, i64); 10] = [
    (0, 5),
    (100, 20),
    (500, 50),
    (1_500, 100),
    (6_000, 200),
    (15_000, 500),
    (30_000, 1_000),
    (60_000, 2_000),
    (150_000, 5_000),
    (300_000, 10_000),
];

/// (from, step) in yen.
const YAHOO_JAPAN: [(i64, i64); 5] = [(0, 10), (1_000, 100), (5_000, 250), (10_000, 500), (50_000, 1_000)];

impl BracketTable {
    /// A table of 1 to [`BRACKETS_MAX`] brackets, lowest first.
    ///
    /// A valid table may still be odd: see [`IncrementPolicy::warnings`](super::IncrementPolicy::warnings).
    ///
    /// # Errors
    ///
    /// [`MoneyError::NoBrackets`], [`MoneyError::TooManyBrackets`], [`MoneyError::FirstBracketNotZero`],
    /// [`MoneyError::BracketsNotRising`] or [`MoneyError::BracketStepNotPositive`].
    pub fn new(brackets: &[Bracket]) -> Result<Self, MoneyError> {
        let first = brackets.first().ok_or(MoneyError::NoBrackets)?;
        if brackets.len() > BRACKETS_MAX {
            return Err(MoneyError::TooManyBrackets);
        }
        if first.from != Amount::ZERO {
            return Err(MoneyError::FirstBracketNotZero);
        }
        if let Some(lower) = brackets.windows(2).position(|pair| pair[0].from >= pair[1].from) {
            return Err(MoneyError::BracketsNotRising { bracket: lower + 1 });
        }
        if let Some(bracket) = brackets.iter().position(|bracket| bracket.step == Amount::ZERO) {
            return Err(MoneyError::BracketStepNotPositive { bracket });
        }
        Ok(Self { brackets: brackets.into(), name: None })
    }

    /// The table of eBay in the United States, `ebay_us`: from 0.05 below 1 to 100 from 5000, in major units.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TableNotInMinorUnits`] for a currency without decimals, which has no 0.05.
    pub fn ebay_us(currency: Currency) -> Result<Self, MoneyError> {
        Self::from_hundredths("ebay_us", &EBAY_US, currency)
    }

    /// The table of eBay in the United Kingdom, `ebay_uk`: from 0.05 below 1 to 100 from 3000, in major units.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TableNotInMinorUnits`] for a currency without decimals, which has no 0.05.
    pub fn ebay_uk(currency: Currency) -> Result<Self, MoneyError> {
        Self::from_hundredths("ebay_uk", &EBAY_UK, currency)
    }

    /// The table of Yahoo! Auctions Japan, `yahoo_japan`: from 10 yen below 1000 to 1000 yen from 50000.
    #[must_use]
    pub fn yahoo_japan() -> Self {
        let brackets = YAHOO_JAPAN
            .map(|(from, step)| Bracket { from: Amount::saturating(from), step: Amount::saturating(step) });
        Self { brackets: Box::new(brackets), name: Some("yahoo_japan") }
    }

    /// The name of a published table: `ebay_us`, `ebay_uk` or `yahoo_japan`; `None` for any other.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// The brackets, lowest first; at least one.
    #[must_use]
    pub const fn brackets(&self) -> &[Bracket] {
        &self.brackets
    }

    /// The step of the bracket in which `price` lies; positive.
    #[inline]
    pub(super) fn increment_at(&self, price: Amount) -> Amount {
        self.brackets[self.bracket_at(price)].step
    }

    /// The bracket in which `price` lies, as a range of prices with one step.
    pub(super) fn constant_step(&self, price: Amount) -> ConstantStep {
        let bracket = self.bracket_at(price);
        let end = self.brackets.get(bracket + 1).map_or(i64::MAX, |next| next.from.minor());
        ConstantStep { step: self.brackets[bracket].step.minor(), end }
    }

    /// The first bracket begins at zero, so that at least one begins at or below any price.
    #[inline]
    fn bracket_at(&self, price: Amount) -> usize {
        self.brackets.partition_point(|bracket| bracket.from <= price).saturating_sub(1)
    }

    fn from_hundredths(
        name: &'static str,
        rows: &[(i64, i64)],
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let scaled = |hundredths: i64| {
            let minor = hundredths * currency.minor_per_major();
            if minor % 100 == 0 {
                Amount::from_minor(minor / 100)
            } else {
                Err(MoneyError::TableNotInMinorUnits { currency })
            }
        };
        let brackets = rows
            .iter()
            .map(|&(from, step)| Ok(Bracket { from: scaled(from)?, step: scaled(step)? }))
            .collect::<Result<Vec<_>, MoneyError>>()?;
        Ok(Self { name: Some(name), ..Self::new(&brackets)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bracket(from: i64, step: i64) -> Bracket {
        Bracket { from: Amount::from_minor(from).unwrap(), step: Amount::from_minor(step).unwrap() }
    }

    fn next(table: &BracketTable, price: &str, currency: Currency) -> String {
        let price = Amount::parse(price, currency).unwrap();
        price.checked_add(table.increment_at(price)).unwrap().display(currency).to_string()
    }

    #[test]
    fn ebay_us_steps_at_its_edges() {
        let table = BracketTable::ebay_us(Currency::USD).unwrap();
        let edges = [
            ("0.00", "0.05"),
            ("0.99", "1.04"),
            ("1.00", "1.25"),
            ("4.99", "5.24"),
            ("5.00", "5.50"),
            ("24.99", "25.49"),
            ("25.00", "26.00"),
            ("99.99", "100.99"),
            ("100.00", "102.50"),
            ("249.99", "252.49"),
            ("250.00", "255.00"),
            ("499.99", "504.99"),
            ("500.00", "510.00"),
            ("999.99", "1009.99"),
            ("1000.00", "1025.00"),
            ("2499.99", "2524.99"),
            ("2500.00", "2550.00"),
            ("4999.99", "5049.99"),
            ("5000.00", "5100.00"),
            ("1000000.00", "1000100.00"),
        ];
        for (price, after) in edges {
            assert_eq!(next(&table, price, Currency::USD), after, "after {price}");
        }
    }

    #[test]
    fn ebay_uk_steps_at_its_edges() {
        let table = BracketTable::ebay_uk(Currency::GBP).unwrap();
        let edges = [
            ("0.99", "1.04"),
            ("1.00", "1.20"),
            ("4.99", "5.19"),
            ("5.00", "5.50"),
            ("9.50", "10.00"),
            ("14.99", "15.49"),
            ("15.00", "16.00"),
            ("59.99", "60.99"),
            ("60.00", "62.00"),
            ("100.00", "102.00"),
            ("150.00", "155.00"),
            ("300.00", "310.00"),
            ("600.00", "620.00"),
            ("1500.00", "1550.00"),
            ("2999.99", "3049.99"),
            ("3000.00", "3100.00"),
        ];
        for (price, after) in edges {
            assert_eq!(next(&table, price, Currency::GBP), after, "after {price}");
        }
    }

    #[test]
    fn yahoo_japan_steps_at_its_edges() {
        let table = BracketTable::yahoo_japan();
        let edges = [("1", "11"), ("999", "1009"), ("1000", "1100"), ("4999", "5099"), ("5000", "5250")];
        let higher = [("9999", "10249"), ("10000", "10500"), ("49999", "50499"), ("50000", "51000")];
        for (price, after) in edges.into_iter().chain(higher) {
            assert_eq!(next(&table, price, Currency::JPY), after, "after {price}");
        }
        assert_eq!(BracketTable::new(table.brackets()).unwrap().brackets(), table.brackets());
    }

    #[test]
    fn named_tables_are_scaled_to_the_currency_or_refused() {
        let dinars = BracketTable::ebay_us(Currency::KWD).unwrap();
        assert_eq!(next(&dinars, "0.990", Currency::KWD), "1.040");
        assert_eq!(next(&dinars, "1.000", Currency::KWD), "1.250");
        let refused = Err(MoneyError::TableNotInMinorUnits { currency: Currency::JPY });
        assert_eq!(BracketTable::ebay_us(Currency::JPY), refused);
        assert_eq!(BracketTable::ebay_uk(Currency::JPY), refused);
        assert_eq!(dinars.name(), Some("ebay_us"));
        assert_eq!(BracketTable::yahoo_japan().name(), Some("yahoo_japan"));
    }

    #[test]
    fn tables_are_validated() {
        assert_eq!(BracketTable::new(&[]), Err(MoneyError::NoBrackets));
        assert_eq!(BracketTable::new(&[bracket(1, 5)]), Err(MoneyError::FirstBracketNotZero));
        let level = [bracket(0, 5), bracket(100, 10), bracket(100, 20)];
        assert_eq!(BracketTable::new(&level), Err(MoneyError::BracketsNotRising { bracket: 2 }));
        let falling = [bracket(0, 5), bracket(0, 10)];
        assert_eq!(BracketTable::new(&falling), Err(MoneyError::BracketsNotRising { bracket: 1 }));
        let still = [bracket(0, 5), bracket(100, 0)];
        assert_eq!(BracketTable::new(&still), Err(MoneyError::BracketStepNotPositive { bracket: 1 }));
        let many: Vec<_> = (0..=BRACKETS_MAX as i64).map(|from| bracket(from, 1)).collect();
        assert_eq!(BracketTable::new(&many), Err(MoneyError::TooManyBrackets));
        assert!(BracketTable::new(&many[..BRACKETS_MAX]).is_ok());
    }
}
