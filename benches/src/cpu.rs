//! The CPU time of this thread: what neighbours take from us does not count.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The CPU time that this thread has used so far.
pub fn used() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let secs = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(secs, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The CPU time that `work` takes.
pub fn time(work: impl FnOnce()) -> Duration {
    let before = used();
    work();
    used().saturating_sub(before)
}
