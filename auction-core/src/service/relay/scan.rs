//! Looks through all auctions for those that were not noted.

use super::{
    NEWEST_PAUSE, RECENT_OVERLAP, RECENT_PAUSE, RECENT_SPARED, Relay, SCAN_PAGES_PER_TICK_MAX, SCAN_PAUSE,
};
use crate::id::AuctionId;
use crate::ports::{Failure, ROLL_PAGE_MAX};
use crate::service::lock;
use crate::time::Timestamp;

/// How far all auctions are looked through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    after: Option<AuctionId>,
    /// Some may have been missed: it goes on at once until all are looked through.
    is_hurried: bool,
    /// When the next page is looked through where it is not hurried.
    due_at: Timestamp,
    /// The newest auction that is known.
    newest: Option<AuctionId>,
    /// When it is looked for newer ones.
    newest_due_at: Timestamp,
}

/// How far it is looked at what happened lately, wherever.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recent {
    /// What happened from then on is looked at.
    since: Timestamp,
    /// Until when, while its pages are read.
    until: Option<Timestamp>,
    after: Option<AuctionId>,
    due_at: Timestamp,
}

impl Recent {
    /// What happened before a relay began it looks through all auctions for.
    pub(super) const NOTHING: Self =
        Self { since: Timestamp::EPOCH, until: None, after: None, due_at: Timestamp::EPOCH };

    pub(super) const fn due_at(&self) -> Timestamp {
        self.due_at
    }
}

impl Scan {
    /// From the first auction on, in a hurry.
    pub(super) const HURRIED: Self = Self {
        after: None,
        is_hurried: true,
        due_at: Timestamp::EPOCH,
        newest: None,
        newest_due_at: Timestamp::EPOCH,
    };

    /// When it is looked again.
    pub(super) fn due_at(&self) -> Timestamp {
        self.page_due_at().min(self.newest_due_at)
    }

    /// When the next page is looked through.
    const fn page_due_at(&self) -> Timestamp {
        if self.is_hurried { Timestamp::EPOCH } else { self.due_at }
    }
}

impl Relay {
    /// Notes auctions that are behind; whether it has to go on at once.
    pub(super) async fn look_through(&self, now: Timestamp) -> Result<bool, Failure> {
        let mut scan = lock(&self.state).scan;
        if lock(&self.noted).take_overfull() {
            scan = Scan::HURRIED;
        }
        let pages = if scan.is_hurried { SCAN_PAGES_PER_TICK_MAX } else { 1 };
        for _ in 0..pages {
            let has_room = lock(&self.noted).room() >= ROLL_PAGE_MAX;
            if !has_room || now < scan.page_due_at() {
                break;
            }
            // A page that fails is looked through again.
            lock(&self.state).scan = scan;
            let page = self.parts.roll.revisions(scan.after, ROLL_PAGE_MAX).await?;
            self.note_behind(&page).await?;
            scan.due_at = now.after(SCAN_PAUSE);
            scan.after = page.last().map(|(auction, _)| *auction);
            scan.newest = scan.newest.max(scan.after);
            if page.len() < ROLL_PAGE_MAX {
                scan = Scan { after: None, is_hurried: false, ..scan };
            }
        }
        lock(&self.state).scan = scan;
        self.look_for_newer(now).await?;
        Ok(scan.is_hurried)
    }

    /// Notes auctions in which something happened that whoever wrote it has not planned: it takes no part in that, or
    /// is gone. Whether it has to go on at once.
    pub(super) async fn look_at_recent(&self, now: Timestamp) -> Result<bool, Failure> {
        let mut recent = lock(&self.state).recent;
        let has_room = lock(&self.noted).room() >= ROLL_PAGE_MAX;
        if !has_room || now < recent.due_at {
            return Ok(false);
        }
        let until = recent.until.unwrap_or(now.before(RECENT_SPARED));
        let since =
            if recent.since == Timestamp::EPOCH { until.before(RECENT_OVERLAP) } else { recent.since };
        let page = self.parts.roll.recent(since, until, recent.after, ROLL_PAGE_MAX).await?;
        let Some(page) = page else {
            lock(&self.state).recent.due_at = Timestamp::MAX;
            return Ok(false);
        };
        self.note_behind(&page).await?;
        let is_full = page.len() >= ROLL_PAGE_MAX;
        recent = if is_full {
            Recent { since, until: Some(until), after: page.last().map(|(auction, _)| *auction), ..recent }
        } else {
            // Stamps are from before they are written: some that are older come later.
            let (since, due_at) = (until.before(RECENT_OVERLAP), now.after(RECENT_PAUSE));
            Recent { since, until: None, after: None, due_at }
        };
        lock(&self.state).recent = recent;
        Ok(is_full)
    }

    /// Notes auctions that were created since: nobody told of them.
    async fn look_for_newer(&self, now: Timestamp) -> Result<(), Failure> {
        let scan = lock(&self.state).scan;
        if scan.is_hurried || now < scan.newest_due_at {
            return Ok(());
        }
        let page = self.parts.roll.revisions(scan.newest, ROLL_PAGE_MAX).await?;
        for (auction, _) in &page {
            self.note(*auction);
        }
        let state = &mut lock(&self.state).scan;
        state.newest = page.last().map(|(auction, _)| *auction).or(scan.newest);
        state.newest_due_at = now.after(NEWEST_PAUSE);
        Ok(())
    }

    async fn note_behind(&self, page: &[(AuctionId, u64)]) -> Result<(), Failure> {
        let auctions: Vec<_> = page.iter().map(|(auction, _)| *auction).collect();
        let positions = self.parts.store.positions(&auctions).await?;
        for ((auction, revision), position) in page.iter().zip(positions) {
            if position.revision < *revision {
                self.note(*auction);
            }
        }
        Ok(())
    }
}
