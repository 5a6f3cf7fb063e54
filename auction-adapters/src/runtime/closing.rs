//! Closing, on the clock and the desk of this process.

use super::handle::DeskHandle;
use super::worker::Work;
use async_trait::async_trait;
use auction_core::Span;
use auction_core::ports::{Clock, Failure, Timetable};
use auction_core::service::Wake;
use auction_core::service::closing::{Closing, Settings};
use std::sync::Arc;

/// How auctions are opened and closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosingOptions {
    /// How many at once, and for how long they are claimed.
    pub settings: Settings,
    /// How long after a deadline it is carried out. Zero where one process takes all bids, since it knows which
    /// are undecided; several nodes wait until none of them can hold a bid that came in before.
    pub grace: Span,
}

/// The tick of closing: what is due and settled is handed to the desk.
pub(super) struct ClosingWork {
    closing: Closing,
    grace: Span,
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
        let ClosingOptions { settings, grace } = options;
        Self { closing: Closing::new(timetable, settings), grace, desk, clock }
    }
}

#[async_trait]
impl Work for ClosingWork {
    fn name(&self) -> &'static str {
        "closing"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        let now = self.clock.now();
        let settled = self.desk.settled(now).min(now.before(self.grace));
        Ok(match self.closing.tick(now, settled, &self.desk).await? {
            Wake::At(time) => Wake::At(time.after(self.grace)),
            wake @ (Wake::Now | Wake::Idle) => wake,
        })
    }
}
