//! The clock of the machine.

use auction_core::Timestamp;
use auction_core::ports::Clock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of the machine, in whole microseconds, rounded down.
///
/// It follows the machine when its clock is set; a time before 1970 is shown as 1970, one after the year 9999 as
/// the last of that year.
///
/// ```
/// use auction_adapters::system::SystemClock;
/// use auction_core::{Timestamp, ports::Clock};
/// assert!(SystemClock.now() > Timestamp::EPOCH);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    fn now(&self) -> Timestamp {
        time(SystemTime::now())
    }
}

fn time(time: SystemTime) -> Timestamp {
    match time.duration_since(UNIX_EPOCH) {
        Ok(elapsed) => i64::try_from(elapsed.as_micros())
            .ok()
            .and_then(|micros| Timestamp::from_micros(micros).ok())
            .unwrap_or(Timestamp::MAX),
        Err(_) => Timestamp::EPOCH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_cut_to_microseconds_and_to_the_years_that_exist() {
        let after = |nanos| time(UNIX_EPOCH + Duration::from_nanos(nanos)).micros();
        assert_eq!([after(0), after(999), after(1_000), after(1_999)], [0, 0, 1, 1]);
        assert_eq!(time(UNIX_EPOCH - Duration::from_secs(1)), Timestamp::EPOCH);
        assert_eq!(time(UNIX_EPOCH + Duration::from_secs(300_000_000_000)), Timestamp::MAX);
    }
}
