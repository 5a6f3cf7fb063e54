//! What has to work for the server to be ready.

use crate::parts::Stop;
use async_trait::async_trait;
use auction_adapters::postgres::PostgresClock;
use auction_core::Timestamp;
use auction_core::ports::{Clock, Failure, Timetable};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// How long a check takes at most before it counts as failed.
const CHECK_DURATION_MAX: Duration = Duration::from_secs(1);

/// No machine whose clock is right shows an earlier time: 2025-01-01.
const EARLIEST: i64 = 1_735_689_600_000;

/// No machine whose clock is right shows a later time: 2100-01-01.
const LATEST: i64 = 4_102_444_800_000;

/// Something that has to work.
#[async_trait]
pub trait Check: Send + Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Tries whether it works.
    ///
    /// # Errors
    /// Why it does not, for the log.
    async fn check(&self) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// Everything that has to work for the server to be ready.
#[derive(Clone, Default)]
pub struct Checks(Arc<Vec<Arc<dyn Check>>>);

impl Checks {
    /// All of these.
    pub fn new(checks: Vec<Arc<dyn Check>>) -> Self {
        Self(Arc::new(checks))
    }

    /// Asks all at once, and answers for each whether it works.
    pub async fn run(&self) -> BTreeMap<&'static str, bool> {
        let asked = self.0.iter().map(|check| async {
            let works = match tokio::time::timeout(CHECK_DURATION_MAX, check.check()).await {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::warn!(check = check.name(), error = %error, "a check of readiness failed");
                    false
                }
                Err(_) => {
                    tracing::warn!(check = check.name(), "a check of readiness took too long");
                    false
                }
            };
            (check.name(), works)
        });
        join_all(asked).await.into_iter().collect()
    }
}

/// The store answers.
pub struct StoreCheck(pub Arc<dyn Timetable>);

/// The clock shows a time at which this server can run, and where several nodes share one it is known well enough.
pub(crate) struct ClockCheck {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shared: Option<Arc<PostgresClock>>,
}

/// The server does not stop.
pub(crate) struct StopCheck(pub(crate) Stop);

/// Whether a clock that shows this can be right.
pub fn within_reason(now: Timestamp) -> bool {
    (EARLIEST..LATEST).contains(&now.millis())
}

#[async_trait]
impl Check for StoreCheck {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0.next_due().await.map(|_| ()).map_err(|failure: Failure| failure.into())
    }
}

#[async_trait]
impl Check for ClockCheck {
    fn name(&self) -> &'static str {
        "clock"
    }

    async fn check(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(shared) = &self.shared {
            shared.check()?;
        }
        if within_reason(self.clock.now()) { Ok(()) } else { Err("it shows an impossible time".into()) }
    }
}

#[async_trait]
impl Check for StopCheck {
    fn name(&self) -> &'static str {
        "accepting"
    }

    async fn check(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        if self.0.0.is_cancelled() { Err("the server stops".into()) } else { Ok(()) }
    }
}
