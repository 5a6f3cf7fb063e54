//! Plans what follows from the events of auctions that have changed.

use super::{AUCTIONS_PER_TICK_MAX, EVENTS_PER_TICK_MAX, PLANS_PER_WRITE_MAX, Relay};
use crate::auction::{Auction, Recorded};
use crate::id::AuctionId;
use crate::notify::{Followed, NewNotice, Plan, follow};
use crate::ports::{Failure, HISTORY_PAGE_MAX};
use crate::service::lock;
use crate::time::Timestamp;

impl Relay {
    /// Plans a portion of the auctions that were noted; whether there were any.
    pub(super) async fn plan_noted(&self, now: Timestamp) -> Result<bool, Failure> {
        let noted = lock(&self.noted).take(AUCTIONS_PER_TICK_MAX);
        if noted.is_empty() {
            return Ok(false);
        }
        let planned = self.plan_portion(&noted, now).await;
        if planned.is_err() {
            for auction in noted {
                self.note(auction);
            }
        }
        planned.map(|()| true)
    }

    async fn plan_portion(&self, noted: &[AuctionId], now: Timestamp) -> Result<(), Failure> {
        let mut plans = self.follow(noted, now).await?;
        let mut notices = plans.iter_mut().flat_map(|plan| std::mem::take(&mut plan.notices)).collect();
        self.choose_channels(&mut notices).await?;
        share_out(notices, &mut plans);
        for portion in plans.chunks(PLANS_PER_WRITE_MAX) {
            let written = self.parts.store.plan(portion).await?;
            for (plan, written) in portion.iter().zip(written) {
                match written {
                    Some(written) => self.announce(&plan.notices, &written),
                    // Another node was quicker; there may be more.
                    None => _ = self.note(plan.auction),
                }
            }
        }
        Ok(())
    }

    async fn follow(&self, noted: &[AuctionId], now: Timestamp) -> Result<Vec<Plan>, Failure> {
        let listed = self.parts.catalog.listed(noted).await?;
        let positions = self.parts.store.positions(noted).await?;
        let mut plans = Vec::new();
        let mut events_left = EVENTS_PER_TICK_MAX;
        for (listed, position) in listed.iter().zip(positions) {
            // A draft that was discarded has told nobody.
            let Some(listed) = listed else { continue };
            let auction = &listed.auction;
            if auction.revision() <= position.revision {
                continue;
            }
            let events = self.events(auction, position.revision, events_left).await?;
            let is_left = events.last().map_or(events_left == 0, |last| last.revision < auction.revision());
            if is_left {
                self.note(auction.id());
            }
            events_left -= events.len();
            let (title, lead_times) = (listed.listing.title(), self.parts.lead_times);
            let followed = Followed { auction, title, lead_times, now };
            if !events.is_empty() {
                plans.push(follow(position, &followed, &events));
            }
        }
        Ok(plans)
    }

    /// The events of an auction after a revision, at most so many, and none that is newer than the auction.
    async fn events(
        &self,
        auction: &Auction,
        after: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut events: Vec<Recorded> = Vec::new();
        while events.len() < events_max {
            let reached = events.last().map_or(after, |last| last.revision);
            let page_max = HISTORY_PAGE_MAX.min(events_max - events.len());
            let page = self.parts.auctions.history(auction.id(), reached, page_max).await?;
            let is_last = page.len() < page_max;
            events.extend(page);
            if is_last || events.last().is_none_or(|last| last.revision >= auction.revision()) {
                break;
            }
        }
        events.retain(|event| event.revision <= auction.revision());
        Ok(events)
    }
}

/// Gives each notice to the plan of its auction.
fn share_out(notices: Vec<NewNotice>, plans: &mut [Plan]) {
    let mut notices = notices.into_iter().peekable();
    for plan in plans {
        while let Some(notice) = notices.next_if(|notice| notice.auction == plan.auction) {
            plan.notices.push(notice);
        }
    }
}
