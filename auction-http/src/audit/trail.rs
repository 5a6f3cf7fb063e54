//! On their way to the store.

use auction_core::Span;
use auction_core::Timestamp;
use auction_core::admin::{AuditCare, AuditEntry};
use auction_core::identity::{Throttle, ThrottleRule};
use auction_core::ports::{AuditStore, Failure};
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many entries wait at most to be written together.
pub const AUDIT_WAITING_MAX: usize = 4_096;

/// How many entries that strangers can cause are written for one source ...
pub const BOUNDED_ENTRIES_OF_SOURCE_MAX: usize = 200;

/// ... and for all sources together ...
pub const BOUNDED_ENTRIES_MAX: usize = 20_000;

/// ... in any stretch of this length.
pub const BOUNDED_WITHIN: Span = Span::from_secs(60 * 60);

/// Of how many sources entries are counted; the one that was longest quiet is forgotten first.
const SOURCES_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("invariant: not zero");

/// Takes entries, and brings them to the store and into the log.
///
/// What its action wants written with the greatest [care](AuditCare) is durable when [`record`](Self::record) answers.
/// The rest waits up to [`AUDIT_WRITTEN_WITHIN`](super::AUDIT_WRITTEN_WITHIN) for others: what waits is lost where the process is killed.
pub struct AuditTrail {
    store: Option<Arc<dyn AuditStore>>,
    kept: Span,
    waiting: Mutex<Waiting>,
}

struct Waiting {
    entries: Vec<AuditEntry>,
    by_source: Throttle<Option<IpAddr>>,
    of_all: Throttle<()>,
    /// How many were left out since the last look.
    left_out: u64,
}

impl AuditTrail {
    /// Keeps entries in a store for so long.
    pub fn new(store: Arc<dyn AuditStore>, kept: Span) -> Self {
        Self { store: Some(store), kept, waiting: Mutex::new(Waiting::new()) }
    }

    /// Writes entries into the log only.
    pub fn of_log() -> Self {
        Self { store: None, kept: Span::from_secs(0), waiting: Mutex::new(Waiting::new()) }
    }

    /// Where entries are kept; `None` where they are in the log only.
    pub fn store(&self) -> Option<&dyn AuditStore> {
        self.store.as_deref()
    }

    /// Takes an entry.
    ///
    /// # Errors
    /// A [`Failure`]: what had to be durable is not.
    pub async fn record(&self, entry: AuditEntry) -> Result<(), Failure> {
        let care = entry.action.care();
        if care == AuditCare::Bounded && !self.waiting().admits(&entry) {
            return Ok(());
        }
        log(&entry);
        if self.store.is_none() {
            return Ok(());
        }
        let entry = match care {
            AuditCare::Durable => Some(entry),
            AuditCare::Soon | AuditCare::Bounded => self.waiting().put(entry),
        };
        match entry {
            Some(entry) => self.append(Some(entry)).await,
            None => Ok(()),
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// A [`Failure`]; what was not written waits again.
    pub async fn flush(&self) -> Result<(), Failure> {
        let left_out = std::mem::take(&mut self.waiting().left_out);
        if left_out > 0 {
            tracing::warn!(target: "audit", left_out, "entries that strangers caused were left out");
        }
        self.append(None).await
    }

    /// Writes what waits, and after it an entry that does not, so that they stand in their order.
    async fn append(&self, last: Option<AuditEntry>) -> Result<(), Failure> {
        let Some(store) = &self.store else { return Ok(()) };
        let mut entries = std::mem::take(&mut self.waiting().entries);
        let waited = entries.len();
        entries.extend(last);
        if entries.is_empty() {
            return Ok(());
        }
        let written = store.append(&entries).await;
        if written.is_err() {
            // Whoever brought the last one is told.
            entries.truncate(waited);
            self.waiting().put_back(entries);
        }
        written
    }

    /// Removes what has been kept for long enough.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn forget(&self, at: Timestamp) -> Result<(), Failure> {
        match &self.store {
            Some(store) => store.forget_before(at.before(self.kept)).await,
            None => Ok(()),
        }
    }

    /// Nothing in it is left half done, so that a panic elsewhere does not matter.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuditTrail").finish_non_exhaustive()
    }
}

impl Waiting {
    fn new() -> Self {
        let rule = |tries_max, keys_max| ThrottleRule { tries_max, window: BOUNDED_WITHIN, keys_max };
        Self {
            entries: Vec::new(),
            by_source: Throttle::new(rule(BOUNDED_ENTRIES_OF_SOURCE_MAX, SOURCES_MAX)),
            of_all: Throttle::new(rule(BOUNDED_ENTRIES_MAX, NonZeroUsize::MIN)),
            left_out: 0,
        }
    }

    /// Counts an entry that is bounded.
    fn admits(&mut self, entry: &AuditEntry) -> bool {
        let is_admitted = self.entries.len() < AUDIT_WAITING_MAX
            && self.by_source.begin(entry.source, entry.at).is_ok()
            && self.of_all.begin((), entry.at).is_ok();
        self.left_out += u64::from(!is_admitted);
        is_admitted
    }

    /// Lets an entry wait; it is given back where too many do.
    fn put(&mut self, entry: AuditEntry) -> Option<AuditEntry> {
        if self.entries.len() >= AUDIT_WAITING_MAX {
            return Some(entry);
        }
        self.entries.push(entry);
        None
    }

    fn put_back(&mut self, mut entries: Vec<AuditEntry>) {
        entries.append(&mut self.entries);
        entries.truncate(AUDIT_WAITING_MAX);
        self.entries = entries;
    }
}

/// One line. What strangers wrote stands escaped in it.
fn log(entry: &AuditEntry) {
    let subject = entry.subject.map(|subject| subject.to_string()).unwrap_or_default();
    let source = entry.source.map(|source| source.to_string()).unwrap_or_default();
    tracing::info!(
        target: "audit",
        action = entry.action.name(),
        actor = %entry.actor,
        subject,
        source,
        detail = entry.detail(),
        "recorded"
    );
}
