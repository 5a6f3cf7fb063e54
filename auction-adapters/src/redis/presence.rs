//! Whether Redis answers, for the log and the metrics.

use super::fault::Fault;
use metrics::{Gauge, Unit};
use std::sync::atomic::{AtomicU8, Ordering};

const UP: &str = "auction_redis_up";

/// Nothing was tried yet, the last call failed, or it was answered.
const UNKNOWN: u8 = 0;
const AWAY: u8 = 1;
const THERE: u8 = 2;

/// Whether Redis answers: one line in the log each time that this changes. Before anything was tried nobody knows, which
/// is no number: a node that nobody calls is not one whose Redis is away.
pub(super) struct Presence {
    purpose: &'static str,
    state: AtomicU8,
    gauge: Gauge,
}

impl Presence {
    pub(super) fn new(purpose: &'static str) -> Self {
        metrics::describe_gauge!(
            UP,
            Unit::Count,
            "Whether Redis answered when it was last asked; no number before that."
        );
        let gauge = metrics::gauge!(UP, "purpose" => purpose);
        gauge.set(f64::NAN);
        Self { purpose, state: AtomicU8::new(UNKNOWN), gauge }
    }

    /// It answered.
    pub(super) fn there(&self) {
        // Read first: where all is well, callers share this line of memory and write nothing to it.
        if self.state.load(Ordering::Relaxed) != THERE && self.state.swap(THERE, Ordering::Relaxed) != THERE {
            self.gauge.set(1.0);
            tracing::info!(purpose = self.purpose, "Redis answers");
        }
    }

    /// It did not.
    pub(super) fn away(&self, fault: &Fault) {
        if self.state.swap(AWAY, Ordering::Relaxed) != AWAY {
            self.gauge.set(0.0);
            tracing::warn!(purpose = self.purpose, %fault, "Redis does not answer");
        }
    }
}
