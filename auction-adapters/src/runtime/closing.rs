//! Closing, on the clock and the desk of this process.

use super::handle::DeskHandle;
use super::worker::Work;
use async_trait::async_trait;
use auction_core::ports::{Clock, Failure, Timetable};
use auction_core::service::Wake;
use auction_core::service::closing::Closing;
use std::sync::Arc;

pub use auction_core::service::closing::Settings as ClosingOptions;

/// The tick of closing: what is due and settled is handed to the desk.
pub(super) struct ClosingWork {
    closing: Closing,
    desk: DeskHandle,
    clock: Arc<dyn Clock>,
}

impl ClosingWork {
    pub(super) fn new(
        timetable: Arc<dyn Timetable>,
        options: ClosingOptions,
        desk: DeskHandle,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { closing: Closing::new(timetable, options), desk, clock }
    }
}

#[async_trait]
impl Work for ClosingWork {
    fn name(&self) -> &'static str {
        "closing"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        let now = self.clock.now();
        self.closing.tick(now, self.desk.settled(now), &self.desk).await
    }
}
