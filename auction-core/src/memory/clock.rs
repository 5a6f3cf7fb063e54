//! A clock that stands still.

use crate::ports::Clock;
use crate::time::{Span, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that shows what it was set to, and only moves when it is told to.
///
/// ```
/// use auction_core::memory::ManualClock;
/// use auction_core::ports::Clock;
/// use auction_core::{Span, Timestamp};
///
/// let clock = ManualClock::new(Timestamp::EPOCH);
/// clock.advance(Span::from_secs(3));
/// assert_eq!(clock.now(), Timestamp::EPOCH.after(Span::from_secs(3)));
/// ```
#[derive(Debug)]
pub struct ManualClock {
    micros: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub const fn new(now: Timestamp) -> Self {
        Self { micros: AtomicI64::new(now.micros()) }
    }

    /// Sets it, forwards or back.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.micros(), Ordering::SeqCst);
    }

    /// Moves it on; never past [`Timestamp::MAX`].
    pub fn advance(&self, by: Span) {
        let later = |micros| Some(time(micros).after(by).micros());
        // The closure always answers, so that there is no error to look at.
        let _ = self.micros.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        time(self.micros.load(Ordering::SeqCst))
    }
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("invariant: only valid times are stored")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_what_it_was_set_to_and_stops_at_the_last_time() {
        let clock = ManualClock::new(Timestamp::MAX);
        clock.advance(Span::from_secs(1));
        assert_eq!(clock.now(), Timestamp::MAX);
        clock.set(Timestamp::EPOCH);
        assert_eq!(clock.now(), Timestamp::EPOCH);
    }
}
