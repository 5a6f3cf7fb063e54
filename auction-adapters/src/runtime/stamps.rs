//! Which commands have come in and are not decided yet.

use auction_core::Timestamp;
use auction_core::ports::Clock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Over how many locks open stamps are spread, so that threads seldom meet at one.
const DRAWERS: usize = 8;

/// The time at which a command came in. The desk knows of it from the moment it is made: no auction is closed
/// past it until its command was answered, or it is dropped.
///
/// Who holds one holds up closing: take it once the request has been read, and hand it in at once.
#[must_use = "a stamp that is dropped says that its command never comes"]
pub struct Stamp {
    at: Timestamp,
    drawer: usize,
    stamps: Arc<Stamps>,
}

impl Stamp {
    /// When the command came in.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stamp({:?})", self.at)
    }
}

impl Drop for Stamp {
    fn drop(&mut self) {
        self.stamps.forget(self.drawer, self.at);
    }
}

/// All open stamps.
///
/// They lie in a few drawers, each an ordered count behind a lock of its own: taking and dropping one touches one
/// drawer, and only the closer, who seldom asks, looks into all of them. What is held grows with what is open,
/// not with how long the oldest one stays so.
pub(super) struct Stamps {
    clock: Arc<dyn Clock>,
    drawers: [Drawer; DRAWERS],
    next: AtomicUsize,
    /// No stamp is made before this time any more, even if the clock is set back.
    promised: AtomicI64,
}

/// How many stamps are open for each time. Drawers do not share a cache line.
#[derive(Default)]
#[repr(align(128))]
struct Drawer(Mutex<BTreeMap<Timestamp, u32>>);

impl Stamps {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let drawers = std::array::from_fn(|_| Drawer::default());
        Self { clock, drawers, next: AtomicUsize::new(0), promised: AtomicI64::new(0) }
    }

    /// Reads the clock and holds that time open. The two are one step under the drawer's lock: whoever looks into
    /// the drawer afterwards finds the stamp, and a stamp that is made after the look is not before its promise.
    pub(super) fn take(self: &Arc<Self>) -> Stamp {
        self.open(|| self.clock.now().max(self.promised()))
    }

    /// Holds a time open that somebody else read.
    pub(super) fn hold(self: &Arc<Self>, at: Timestamp) -> Stamp {
        self.open(|| at)
    }

    fn open(self: &Arc<Self>, at: impl FnOnce() -> Timestamp) -> Stamp {
        let drawer = self.next.fetch_add(1, Ordering::Relaxed) % DRAWERS;
        let mut open = self.drawers[drawer].lock();
        let at = at();
        *open.entry(at).or_default() += 1;
        drop(open);
        Stamp { at, drawer, stamps: Arc::clone(self) }
    }

    fn forget(&self, drawer: usize, at: Timestamp) {
        let mut open = self.drawers[drawer].lock();
        if let Some(count) = open.get_mut(&at) {
            *count -= 1;
            if *count == 0 {
                open.remove(&at);
            }
        }
    }

    /// The time before which nothing is open and nothing will be: the oldest open stamp, or `now`.
    pub(super) fn settled(&self, now: Timestamp) -> Timestamp {
        let now = now.min(self.clock.now().max(self.promised()));
        self.promised.fetch_max(now.micros(), Ordering::SeqCst);
        let oldest = |drawer: &Drawer| drawer.lock().first_key_value().map(|(at, _)| *at);
        self.drawers.iter().filter_map(oldest).fold(now, Timestamp::min)
    }

    fn promised(&self) -> Timestamp {
        Timestamp::from_micros(self.promised.load(Ordering::SeqCst)).unwrap_or(Timestamp::EPOCH)
    }
}

impl Drawer {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Timestamp, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::Span;
    use auction_core::memory::ManualClock;
    use std::sync::atomic::AtomicBool;

    fn stamps() -> (Arc<ManualClock>, Arc<Stamps>) {
        let clock = Arc::new(ManualClock::new(time(10)));
        (Arc::clone(&clock), Arc::new(Stamps::new(clock)))
    }

    fn time(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    #[test]
    fn the_oldest_open_stamp_holds_back_what_is_settled() {
        let (clock, stamps) = stamps();
        assert_eq!(stamps.settled(time(10)), time(10));
        let first = stamps.take();
        clock.set(time(20));
        let second = stamps.take();
        let equal = stamps.take();
        clock.set(time(30));
        assert_eq!(stamps.settled(time(30)), first.at());
        drop(first);
        assert_eq!(stamps.settled(time(30)), time(20));
        drop(second);
        assert_eq!(stamps.settled(time(30)), time(20));
        drop(equal);
        assert_eq!(stamps.settled(time(30)), time(30));
        assert!(stamps.drawers.iter().all(|drawer| drawer.lock().is_empty()));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_stamp_before_what_was_settled() {
        let (clock, stamps) = stamps();
        assert_eq!(stamps.settled(time(10)), time(10));
        clock.set(time(3));
        assert_eq!(stamps.take().at(), time(10));
    }

    #[test]
    fn nothing_is_settled_that_lies_in_the_future() {
        let (_, stamps) = stamps();
        assert_eq!(stamps.settled(Timestamp::MAX), time(10));
    }

    #[test]
    fn what_is_settled_never_passes_a_stamp_that_is_taken_at_the_same_time() {
        let (clock, stamps) = stamps();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        let stamp = stamps.take();
                        assert!(stamps.settled(Timestamp::MAX) <= stamp.at());
                        drop(stamp);
                    }
                });
            }
            let _guard = Over(&over);
            let mut before = Timestamp::EPOCH;
            for _ in 0..20_000 {
                clock.advance(Span::from_micros(1));
                let settled = stamps.settled(Timestamp::MAX);
                assert!(settled >= before, "{before:?} was settled, and now only {settled:?}");
                before = settled;
            }
        });
    }

    /// Lets the other threads end, also when this one panics.
    struct Over<'a>(&'a AtomicBool);

    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
