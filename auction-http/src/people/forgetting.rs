//! What has ended is forgotten, now and then.

use super::People;
use async_trait::async_trait;
use auction_adapters::runtime::Work;
use auction_core::ports::{Clock, Failure, OutboxStore};
use auction_core::service::Wake;
use auction_core::{Span, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How often what has ended is forgotten.
pub const FORGET_EVERY: Span = Span::from_secs(60 * 60);

/// For how long it is kept what became of mails, and notices that were read.
pub const MAILS_KEPT: Span = Span::from_secs(30 * 24 * 60 * 60);

/// Removes sessions that have ended, registrations that nobody confirmed, old audit entries, and mails that were sent, at
/// the start and then every [`FORGET_EVERY`].
pub struct Forgetting {
    people: Arc<People>,
    outbox: Arc<dyn OutboxStore>,
    clock: Arc<dyn Clock>,
    /// When it is time again.
    next: AtomicI64,
}

impl Forgetting {
    /// For these people, and the mails to them.
    pub const fn new(people: Arc<People>, outbox: Arc<dyn OutboxStore>, clock: Arc<dyn Clock>) -> Self {
        Self { people, outbox, clock, next: AtomicI64::new(Timestamp::EPOCH.micros()) }
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
        self.outbox.forget_mails(now, now.before(MAILS_KEPT)).await?;
        let next = now.after(FORGET_EVERY);
        self.next.store(next.micros(), Ordering::Relaxed);
        Ok(Wake::At(next))
    }
}
