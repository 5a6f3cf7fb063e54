//! Counts what a client says besides its bids.

use std::time::Duration;
use tokio::time::Instant;

/// Counts within windows of time.
#[derive(Debug)]
pub(super) struct Tally {
    max: u32,
    within: Duration,
    count: u32,
    since: Instant,
}

impl Tally {
    pub(super) fn new(max: u32, within: Duration) -> Self {
        Self { max, within, count: 0, since: Instant::now() }
    }

    /// Counts one more; whether that is too much.
    pub(super) fn is_exceeded(&mut self, now: Instant) -> bool {
        if now.duration_since(self.since) > self.within {
            self.count = 0;
            self.since = now;
        }
        self.count = self.count.saturating_add(1);
        self.count > self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_forgets_the_one_before() {
        let now = Instant::now();
        let mut tally = Tally::new(2, Duration::from_secs(10));
        assert_eq!([(); 3].map(|()| tally.is_exceeded(now)), [false, false, true]);
        let later = now + Duration::from_secs(11);
        assert_eq!([(); 3].map(|()| tally.is_exceeded(later)), [false, false, true]);
    }
}
