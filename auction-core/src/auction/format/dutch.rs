//! The Dutch clock: a price that falls until somebody takes it.
//!
//! `P(t) = max(floor, S - step * floor((t - t0) / interval))` (rules: other formats). From 100, by 5 each minute,
//! not below 60: 100 in the first minute, 95 in the second, 60 from the ninth on.

use crate::auction::units::Units;
use crate::money::Amount;
use crate::time::Span;

/// The longest time between two steps of a clock, in seconds: seven days.
pub const INTERVAL_SECS_MAX: u32 = 7 * 24 * 60 * 60;

/// How the price of a Dutch auction falls. It starts at the starting price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dutch {
    /// By how much it falls at once.
    pub step: Amount,
    /// How long it stands before it falls: whole seconds, from 1 to [`INTERVAL_SECS_MAX`].
    pub interval: Span,
    /// Below which it does not fall.
    pub floor: Amount,
    /// How many units are for sale.
    pub units: Units,
}

impl Dutch {
    /// The price after the clock has run for so long.
    ///
    /// ```
    /// use auction_core::auction::{Units, format::dutch::Dutch};
    /// use auction_core::{Span, money::Amount};
    /// let money = |units: i64| Amount::from_minor(units * 100).expect("an amount");
    /// let clock = Dutch {
    ///     step: money(5),
    ///     interval: Span::from_secs(60),
    ///     floor: money(60),
    ///     units: Units::ONE,
    /// };
    /// let after = |seconds| clock.price(money(100), Span::from_secs(seconds));
    /// assert_eq!((after(59), after(60), after(480)), (money(100), money(95), money(60)));
    /// ```
    pub fn price(&self, start: Amount, run: Span) -> Amount {
        let steps = run.micros().max(0) / self.interval.micros().max(1);
        let fallen = self.step.minor().checked_mul(steps);
        let price = fallen.and_then(|fallen| start.minor().checked_sub(fallen));
        price.and_then(|minor| Amount::from_minor(minor).ok()).unwrap_or(Amount::ZERO).max(self.floor)
    }

    /// How long the clock has to run until the price falls for the next time; `None` at the floor.
    pub fn next_step(&self, start: Amount, run: Span) -> Option<Span> {
        if self.price(start, run) <= self.floor {
            return None;
        }
        let interval = self.interval.micros().max(1);
        let passed = run.micros().max(0) / interval;
        let seconds = u32::try_from((passed + 1).checked_mul(interval)? / 1_000_000).ok()?;
        Some(Span::from_secs(seconds))
    }
}
