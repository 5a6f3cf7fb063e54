//! What waits is written, again and again.

use super::AuditTrail;
use async_trait::async_trait;
use auction_adapters::runtime::Work;
use auction_core::Span;
use auction_core::ports::{Clock, Failure};
use auction_core::service::Wake;
use std::sync::Arc;

/// How long an entry waits at most for others.
pub const AUDIT_WRITTEN_WITHIN: Span = Span::from_secs(1);

/// Writes what waits, every [`AUDIT_WRITTEN_WITHIN`].
pub struct Writing {
    trail: Arc<AuditTrail>,
    clock: Arc<dyn Clock>,
}

impl Writing {
    /// For this trail.
    pub const fn new(trail: Arc<AuditTrail>, clock: Arc<dyn Clock>) -> Self {
        Self { trail, clock }
    }
}

#[async_trait]
impl Work for Writing {
    fn name(&self) -> &'static str {
        "audit"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        self.trail.flush().await?;
        Ok(Wake::At(self.clock.now().after(AUDIT_WRITTEN_WITHIN)))
    }
}
