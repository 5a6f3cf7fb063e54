//! What has changed since the last frame of an auction.

use super::frame::Acted;
use crate::wire::event::gone;
use auction_core::auction::{Auction, Event, Recorded};
use auction_core::ports::Change;

/// What has changed since the last frame of an auction.
pub(super) struct Pending {
    pub(super) auction: Auction,
    pub(super) previous_version: u64,
    pub(super) rows: Vec<Recorded>,
    pub(super) acted: Option<Acted>,
}

impl Pending {
    /// What was read from the store: who has acted does not stand there.
    pub(super) const fn read(auction: Auction, previous_version: u64, rows: Vec<Recorded>) -> Self {
        Self { auction, previous_version, rows, acted: None }
    }

    /// What a commit changed; `None` where nobody sees anything of it.
    pub(super) fn of(change: &Change) -> Option<Self> {
        let (batch, entry) = (change.batch(), change.entry());
        let events = batch.events_of(entry);
        let first = events.iter().find(|recorded| recorded.event.is_public())?;
        Some(Self {
            auction: entry.auction().clone(),
            previous_version: first.version - 1,
            rows: events.iter().filter(|recorded| is_row(&recorded.event)).cloned().collect(),
            acted: Acted::new(entry.before(), batch.standings_of(entry)),
        })
    }

    /// What a later commit changed besides. Only so many rows are kept, the newest ones.
    pub(super) fn add(&mut self, change: &Change, rows_max: usize) {
        let (batch, entry) = (change.batch(), change.entry());
        let acted = self.acted.take().filter(|_| self.auction.revision() == entry.before());
        self.acted = acted.and_then(|acted| acted.and(batch.standings_of(entry)));
        // Several shards may publish; a state never gives way to an older one.
        if self.auction.revision() < entry.auction().revision() {
            self.auction.clone_from(entry.auction());
        }
        self.rows.extend(batch.events_of(entry).iter().filter(|recorded| is_row(&recorded.event)).cloned());
        self.bound(rows_max);
    }

    /// Keeps so many rows, the newest ones.
    pub(super) fn bound(&mut self, rows_max: usize) {
        let surplus = self.rows.len().saturating_sub(rows_max);
        if surplus > 0 {
            self.rows.drain(..surplus);
            self.previous_version = self.rows[0].version - 1;
        }
    }
}

/// Whether it is a row of the bid history, or takes rows away.
fn is_row(event: &Event) -> bool {
    event.is_bid() || !gone(event).is_empty()
}
