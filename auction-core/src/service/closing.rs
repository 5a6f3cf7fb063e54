//! Opens and closes auctions when it is time.

use crate::auction::{BidderFacts, Command};
use crate::ports::{Claim, Failure, Timetable};
use crate::service::Wake;
use crate::service::desk::{Desk, Request};
use crate::time::{Span, Timestamp};
use std::sync::Arc;

/// Opens and closes auctions when it is time. There is no leader: every node may run one.
pub struct Closing {
    timetable: Arc<dyn Timetable>,
    settings: Settings,
}

/// How a [`Closing`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// For how long it holds what it works on; a node that dies gives it back after this time.
    pub lease: Span,
    /// How many auctions it takes at once.
    pub auctions_max: usize,
    /// How long after a deadline it is carried out. Zero where one process takes all bids, since it knows which are
    /// undecided; several nodes wait until none of them can hold a bid that came in before.
    pub grace: Span,
}

/// How long a tick waits for commands that came in before a deadline and are not decided yet.
const SETTLING: Span = Span::from_millis(1);

impl Default for Settings {
    /// Five seconds, 512 auctions, and no grace.
    fn default() -> Self {
        Self { lease: Span::from_secs(5), auctions_max: 512, grace: Span::default() }
    }
}

impl Closing {
    /// Works off this timetable.
    pub const fn new(timetable: Arc<dyn Timetable>, settings: Settings) -> Self {
        Self { timetable, settings }
    }

    /// Opens and closes what is due, and answers when it wants to be called again.
    ///
    /// `settled` is the time up to which every command that came in has been decided (`now` where none waits): an
    /// auction is closed only when no bid that was made in time can still arrive. After a downtime it catches up,
    /// a portion a call.
    ///
    /// # Errors
    /// A [`Failure`] of the timetable. What the desk did not take is tried again when the lease is over.
    pub async fn tick(&self, now: Timestamp, settled: Timestamp, desk: &dyn Desk) -> Result<Wake, Failure> {
        let Settings { lease, auctions_max, grace } = self.settings;
        let ripe = now.before(grace);
        let due_by = ripe.min(settled);
        let due = self.timetable.claim(&Claim { now, due_by, lease, auctions_max }).await?;
        let is_full = due.len() >= auctions_max;
        if !due.is_empty() {
            let requests = due.into_iter().map(|auction| Request {
                auction,
                command: Command::advance(now),
                facts: BidderFacts::VERIFIED,
                key: None,
            });
            desk.submit(requests.collect()).await;
        }
        if is_full {
            return Ok(Wake::Now);
        }
        Ok(match self.timetable.next_due().await? {
            Some(next) if next > ripe => Wake::At(next.after(grace)),
            // Due, but somebody may still have bid in time.
            Some(_) => Wake::At(now.after(SETTLING)),
            None => Wake::Idle,
        })
    }
}

#[cfg(test)]
#[cfg(feature = "memory")]
#[path = "closing_tests.rs"]
mod tests;
