//! Looks through all auctions for those that were not noted.

use super::{Relay, SCAN_PAGES_PER_TICK_MAX, SCAN_PAUSE};
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
}

impl Scan {
    /// From the first auction on, in a hurry.
    pub(super) const HURRIED: Self = Self { after: None, is_hurried: true, due_at: Timestamp::EPOCH };

    /// When the next page is looked through.
    pub(super) const fn due_at(&self) -> Timestamp {
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
            if !has_room || now < scan.due_at() {
                break;
            }
            // A page that fails is looked through again.
            lock(&self.state).scan = scan;
            let page = self.parts.roll.revisions(scan.after, ROLL_PAGE_MAX).await?;
            self.note_behind(&page).await?;
            scan.due_at = now.after(SCAN_PAUSE);
            scan.after = page.last().map(|(auction, _)| *auction);
            if page.len() < ROLL_PAGE_MAX {
                scan = Scan { after: None, is_hurried: false, ..scan };
            }
        }
        lock(&self.state).scan = scan;
        Ok(scan.is_hurried)
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
