//! Leaves a server alone for a moment after a failure.

use super::CALL_DURATION_MAX;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long nothing is tried after the first failure; after each further one twice as long, ...
const REST_MIN: Duration = Duration::from_millis(100);

/// ... up to this.
const REST_MAX: Duration = Duration::from_secs(1);

/// Lets calls through until one fails; then none for a while, and one at a time to find out whether it works again.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How many calls failed in a row.
    failures: u32,
    /// Until when none is let through.
    rests_until: Option<Instant>,
    /// Counts changes for the worse, so that of all calls that were under way only the first says so.
    period: u64,
}

/// Says that a call was let through, and in which period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass(u64);

impl Breaker {
    /// Lets a call through.
    ///
    /// # Errors
    /// After how long it may be tried again.
    pub(super) fn admit(&self, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.state();
        match state.rests_until {
            Some(until) if now < until => return Err(until - now),
            // This one finds out. Should nobody hear of its outcome, another one does.
            Some(_) => state.rests_until = Some(now + CALL_DURATION_MAX),
            None => {}
        }
        Ok(Pass(state.period))
    }

    /// A call was answered.
    pub(super) fn succeeded(&self, pass: Pass) {
        let mut state = self.state();
        if state.period == pass.0 && state.failures > 0 {
            *state = State { period: state.period, ..State::default() };
        }
    }

    /// A call failed. Answers whether that was news: calls that began before an earlier failure change nothing.
    pub(super) fn failed(&self, pass: Pass, now: Instant) -> bool {
        let mut state = self.state();
        if state.period != pass.0 {
            return false;
        }
        let doubled = REST_MIN.saturating_mul(1_u32.checked_shl(state.failures).unwrap_or(u32::MAX));
        state.rests_until = Some(now + doubled.min(REST_MAX));
        state.failures = state.failures.saturating_add(1);
        state.period += 1;
        true
    }

    /// After how long a call may be tried.
    pub(super) fn rest(&self, now: Instant) -> Duration {
        self.state().rests_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// Nothing in here is left half done by a panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_a_failure_nothing_is_let_through_for_longer_and_longer() {
        let breaker = Breaker::default();
        let mut now = Instant::now();
        for millis in [100, 200, 400, 800, 1_000, 1_000] {
            let pass = breaker.admit(now).unwrap();
            assert!(breaker.failed(pass, now));
            let rest = Duration::from_millis(millis);
            assert_eq!(breaker.admit(now), Err(rest));
            assert_eq!(breaker.admit(now + rest / 2), Err(rest / 2));
            now += rest;
        }
        let pass = breaker.admit(now).unwrap();
        breaker.succeeded(pass);
        assert_eq!(breaker.rest(now), Duration::ZERO);
        let pass = breaker.admit(now).unwrap();
        assert!(breaker.failed(pass, now));
        assert_eq!(breaker.admit(now), Err(REST_MIN));
    }

    #[tokio::test(start_paused = true)]
    async fn of_many_calls_that_fail_together_one_counts() {
        let breaker = Breaker::default();
        let now = Instant::now();
        let passes: Vec<_> = (0..20).map(|_| breaker.admit(now).unwrap()).collect();
        let news = passes.iter().filter(|pass| breaker.failed(**pass, now)).count();
        assert_eq!((news, breaker.rest(now)), (1, REST_MIN));
        // And one that was answered before it failed is no sign that it works again.
        breaker.succeeded(passes[0]);
        assert_eq!(breaker.rest(now), REST_MIN);
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_finds_out_whether_it_works_again() {
        let breaker = Breaker::default();
        let now = Instant::now();
        assert!(breaker.failed(breaker.admit(now).unwrap(), now));
        let later = now + REST_MIN;
        let given_up = breaker.admit(later).unwrap();
        assert!(breaker.admit(later).is_err());
        // Nobody heard what became of the first.
        let second = breaker.admit(later + CALL_DURATION_MAX).unwrap();
        breaker.succeeded(second);
        assert!(breaker.admit(later + CALL_DURATION_MAX).is_ok());
        assert_eq!(given_up, second);
    }

    #[test]
    fn many_failures_do_not_overflow() {
        let breaker = Breaker(Mutex::new(State { failures: u32::MAX, ..State::default() }));
        let now = Instant::now();
        assert!(breaker.failed(breaker.admit(now).unwrap(), now));
        assert_eq!(breaker.rest(now), REST_MAX);
    }
}
