//! What has ended is forgotten, now and then.

use super::People;
use async_trait::async_trait;
use auction_adapters::runtime::Work;
use auction_core::ports::{Clock, Failure};
use auction_core::service::Wake;
use auction_core::{Span, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How often what has ended is forgotten.
pub const FORGET_EVERY: Span = Span::from_secs(60 * 60);

/// Removes sessions that have ended, registrations that nobody confirmed, and old audit entries, at the start and then every
/// [`FORGET_EVERY`].
pub struct Forgetting {
    people: Arc<People>,
    clock: Arc<dyn Clock>,
    /// When it is time again.
    next: AtomicI64,
}

impl Forgetting {
    /// For these people.
    pub const fn new(people: Arc<People>, clock: Arc<dyn Clock>) -> Self {
        Self { people, clock, next: AtomicI64::new(Timestamp::EPOCH.micros()) }
    }
}

#[async_trait]
impl Work for Forgetting {
    fn name(&self) -> &'static str {
        "forgetting"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        let now = self.clock.now();
        let next = Timestamp::from_micros(self.next.load(Ordering::Relaxed)).unwrap_or(now);
        // A worker looks again more often than it was asked to.
        if now < next {
            return Ok(Wake::At(next));
        }
        self.people.accounts().forget(now).await?;
        self.people.audit().forget(now).await?;
        let next = now.after(FORGET_EVERY);
        self.next.store(next.micros(), Ordering::Relaxed);
        Ok(Wake::At(next))
    }
}
