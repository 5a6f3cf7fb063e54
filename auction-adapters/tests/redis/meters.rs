//! Reads what is measured.

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, with_local_recorder,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// The instruments of whatever was made under it, by the values of their labels, like `told sent`.
#[derive(Default)]
pub(crate) struct Meters(Mutex<HashMap<String, Arc<AtomicU64>>>);

impl Meters {
    /// Makes something whose instruments are these.
    pub(crate) fn under<T>(&self, make: impl FnOnce() -> T) -> T {
        with_local_recorder(self, make)
    }

    pub(crate) fn count(&self, labels: &str) -> u64 {
        self.0.lock().unwrap()[labels].load(Ordering::Relaxed)
    }

    /// Whether Redis answers, as far as is known.
    pub(crate) fn is_up(&self, purpose: &str) -> bool {
        f64::from_bits(self.count(purpose)) == 1.0
    }

    fn instrument(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<_> = key.labels().map(metrics::Label::value).collect();
        Arc::clone(self.0.lock().unwrap().entry(labels.join(" ")).or_default())
    }
}

impl Recorder for Meters {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.instrument(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.instrument(key))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
