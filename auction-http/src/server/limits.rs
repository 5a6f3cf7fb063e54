//! The limiter of the house, whose failures are logged.

use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::ports::{Failure, LimitKey, LimitRule, Limiter, Taken};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A limiter that logs when it begins to fail, and when it works again: one line each, however many ask.
pub(super) struct LoggedLimiter {
    limiter: Arc<dyn Limiter>,
    is_failing: AtomicBool,
}

impl LoggedLimiter {
    pub(super) fn new(limiter: Arc<dyn Limiter>) -> Self {
        Self { limiter, is_failing: AtomicBool::new(false) }
    }

    fn logged<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        // Read first: where all is well, callers share this line of memory and write nothing to it.
        if self.is_failing.load(Ordering::Relaxed) != result.is_err() {
            let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
            match &result {
                Err(failure) if !was_failing => {
                    tracing::error!(%failure, source = ?failure.source, "calls are not counted; tries to sign in are counted by this process alone");
                }
                Ok(_) if was_failing => tracing::info!("calls are counted again"),
                Ok(_) | Err(_) => {}
            }
        }
        result
    }
}

#[async_trait]
impl Limiter for LoggedLimiter {
    async fn take(&self, key: &LimitKey, rule: LimitRule, at: Timestamp) -> Result<Taken, Failure> {
        self.logged(self.limiter.take(key, rule, at).await)
    }

    async fn give_back(&self, key: &LimitKey, rule: LimitRule) -> Result<(), Failure> {
        self.logged(self.limiter.give_back(key, rule).await)
    }

    async fn clear(&self, key: &LimitKey) -> Result<(), Failure> {
        self.logged(self.limiter.clear(key).await)
    }
}
