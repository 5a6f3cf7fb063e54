//! When sockets look whether their tokens still live.

use auction_core::UserId;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// How often it is looked whether the token of a socket still lives.
pub const RENEW_EVERY: Duration = Duration::from_secs(1);

/// At how many moments of that time sockets look: all of one moment are asked for together, in few questions that are full, and
/// not all of the node at once.
pub const RENEW_BEATS: u32 = 10;

/// What all sockets of this process count from.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Ticks at the moments of somebody. All their sockets have the same ones.
pub(super) fn beats_of(user: UserId) -> Interval {
    // A beat is a small number.
    let beat = u32::try_from(user.number() % u64::from(RENEW_BEATS)).unwrap_or_default();
    let mut beats = interval_at(next(*BEGAN, beat, Instant::now()), RENEW_EVERY);
    // Who was late is back in step afterwards.
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    beats
}

/// The next moment of a beat.
fn next(began: Instant, beat: u32, now: Instant) -> Instant {
    let first = began + RENEW_EVERY / RENEW_BEATS * beat;
    if now < first {
        return first;
    }
    let micros = now.duration_since(first).as_micros() % RENEW_EVERY.as_micros();
    // What is left of a second fits.
    let since_last = Duration::from_micros(u64::try_from(micros).unwrap_or_default());
    now + (RENEW_EVERY - since_last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sockets_of_one_person_look_at_the_same_moments_whenever_they_were_opened() {
        let began = Instant::now();
        let at = |millis| began + Duration::from_millis(millis);
        for (beat, now, expected) in [
            (0, 0, 1_000),
            (0, 1, 1_000),
            (0, 999, 1_000),
            (0, 1_000, 2_000),
            (3, 5_250, 5_300),
            (3, 5_301, 6_300),
            (7, 0, 700),
        ] {
            assert_eq!(next(began, beat, at(now)), at(expected), "{beat} {now}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_socket_looks_within_a_second_and_then_each_second() {
        let began = Instant::now();
        let mut beats = beats_of(UserId::new(7).unwrap());
        let first = beats.tick().await;
        assert!(first - began <= RENEW_EVERY);
        assert_eq!(beats.tick().await - first, RENEW_EVERY);
        // It was busy for longer than a second.
        tokio::time::advance(Duration::from_millis(2_500)).await;
        beats.tick().await;
        assert_eq!(beats.tick().await - first, RENEW_EVERY * 4);
    }
}
