//! Listings, categories, and how auctions are found.

#[path = "../../sql/catalog/find.rs"]
mod find;
#[path = "../../sql/catalog/hidden.rs"]
mod hidden;
#[path = "../../sql/catalog/order.rs"]
mod order;
#[path = "../../sql/catalog/shares.rs"]
mod shares;
#[path = "../../sql/catalog/sql.rs"]
mod sql;
mod words;

#[cfg(test)]
mod plans;

use super::columns::Reading;
use super::failure::{failure, refused};
use super::store::{READS_MAX, SqliteStore};
use super::tables;
use super::tail::Tail;
use super::writer::{Change, Changed, Job};
use async_trait::async_trait;
use auction_core::auction::{Event, Recorded, Standing};
use auction_core::catalog::{AuctionQuery, Category, CategoryId, Found, ListedAuction, Listing, NewCategory};
use auction_core::money::Amount;
use auction_core::ports::{
    BID_ON_MAX, CatalogStore, EventPage, Failure, FailureKind, HISTORY_PAGE_MAX, HiddenBid, RANKED_MAX,
    Recategorised, Relisted, Share,
};
use auction_core::{AuctionId, UserId};
use hidden::Recent;
use rustc_hash::FxHashMap;
use sqlx::Connection as _;

#[async_trait]
impl CatalogStore for SqliteStore {
    async fn listed(&self, auctions: &[AuctionId]) -> Result<Vec<Option<ListedAuction>>, Failure> {
        const OPERATION: &str = "load listings";
        let mut recent: FxHashMap<AuctionId, _> = FxHashMap::default();
        let has_new = {
            let known = self.live.read();
            recent.extend(auctions.iter().filter_map(|id| Some((*id, known.tail.auction(*id)?.clone()))));
            auctions.iter().any(|id| known.tail.history_start(*id) == Some(0))
        };
        // What is sold in an auction that was just created.
        let mut created = FxHashMap::default();
        if has_new && self.is_behind().await? {
            let known = self.live.read();
            created.extend(auctions.iter().filter_map(|id| Some((*id, known.tail.listed(*id)?))));
        }
        let mut connection = self.reader(OPERATION).await?;
        let mut found = find::rows(&mut connection, auctions).await?;
        for (id, auction) in recent {
            // The tables may have gone on since.
            if let Some(listed) = found.get_mut(&id)
                && auction.revision() > listed.auction.revision()
            {
                listed.auction = auction;
            }
        }
        Ok(auctions.iter().map(|id| found.get(id).or_else(|| created.get(id)).cloned()).collect())
    }

    async fn find(&self, query: &AuctionQuery) -> Result<Found, Failure> {
        let is_behind = self.is_behind().await?;
        let mut connection = self.reader("find auctions").await?;
        let failed = |error| failure("find auctions", error);
        let mut view = connection.begin().await.map_err(failed)?;
        let mut found = find::find(&mut view, query).await?;
        view.commit().await.map_err(failed)?;
        if is_behind {
            // It may lack what was created last, which is better than nothing.
            let known = self.live.read();
            for listed in &mut found.rows {
                if let Some(newer) = known.tail.auction(listed.auction.id()) {
                    listed.auction.clone_from(newer);
                }
            }
        }
        Ok(found)
    }

    fn edition(&self) -> Option<u64> {
        Some(self.live.edition())
    }

    async fn relist(
        &self,
        auction: AuctionId,
        before: &Listing,
        after: &Listing,
    ) -> Result<Relisted, Failure> {
        let change = Change::Relist(auction, before.clone(), after.clone());
        let changed = self.ask("relist auction", |reply| Job::Change(change, reply)).await?;
        Ok(match changed {
            Changed::Done => Relisted::Done,
            Changed::Refused => Relisted::Changed,
            Changed::Nothing | Changed::Added(_) => Relisted::Unknown,
        })
    }

    async fn discard(&self, auction: AuctionId) -> Result<bool, Failure> {
        let change = Change::Discard(auction);
        let changed = self.ask("discard auction", |reply| Job::Change(change, reply)).await?;
        Ok(matches!(changed, Changed::Done))
    }

    async fn public_events(
        &self,
        auction: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let events_max = events_max.min(HISTORY_PAGE_MAX);
        let (mut events, is_whole) = self.live.read().tail.public_events(auction, page, events_max);
        if is_whole || events.len() == events_max && page.is_backwards() {
            return Ok(events);
        }
        let mut connection = self.reader("load public events").await?;
        let mut stored = tables::public_events(&mut connection, auction, page, events_max).await?;
        // The tail was read first, so that there is no gap; the tables may have caught up with it since.
        match page {
            EventPage::After(_) | EventPage::BidsAfter(_) | EventPage::Withdrawals => {
                let last = stored.last().map_or(0, |event| event.version);
                stored.extend(events.into_iter().filter(|event| event.version > last));
                events = stored;
            }
            EventPage::BidsBefore(version) | EventPage::BidsOf { before: version, .. } => {
                let first = events.last().map_or(version, |event| event.version);
                events.extend(stored.into_iter().filter(|event| event.version < first));
            }
        }
        events.truncate(events_max);
        Ok(events)
    }

    async fn bid_on(
        &self,
        bidder: UserId,
        before: Option<AuctionId>,
        auctions_max: usize,
    ) -> Result<Vec<(AuctionId, Standing)>, Failure> {
        const OPERATION: &str = "find auctions bid on";
        let auctions_max = auctions_max.min(BID_ON_MAX);
        let is_behind = self.is_behind().await?;
        let mut connection = self.reader(OPERATION).await?;
        let mut found = tables::bid_on(&mut connection, bidder, before, auctions_max).await?;
        if is_behind {
            // It may lack what was bid on last, which is better than nothing.
            let known = self.live.read();
            for (id, standing) in &mut found {
                *standing = known.tail.standing(*id, bidder).unwrap_or(*standing);
            }
        }
        Ok(found)
    }

    async fn hidden_bids(
        &self,
        auction: AuctionId,
        bidder: UserId,
        before: Option<u32>,
        bids_max: usize,
    ) -> Result<Vec<HiddenBid>, Failure> {
        // The tail is read first, so that there is no gap.
        let recent = recent_bids(&self.live.read().tail, auction, bidder);
        let mut connection = self.reader("load hidden bids").await?;
        hidden::hidden_bids(&mut connection, (auction, bidder), recent, before, bids_max).await
    }

    async fn awards(&self, auctions: &[AuctionId], bidder: UserId) -> Result<Vec<Vec<Share>>, Failure> {
        let recent: Vec<_> = {
            let known = self.live.read();
            auctions.iter().map(|id| recent_shares(&known.tail, *id, bidder)).collect()
        };
        let mut connection = self.reader("load awards").await?;
        let stored = shares::awards(&mut connection, auctions, bidder).await?;
        let both = auctions.iter().zip(recent).map(|(id, recent)| {
            let stored = stored.get(id).map(Vec::as_slice).unwrap_or_default();
            let last = stored.last().map_or(0, |(revision, _)| *revision);
            // The tables may have caught up with the tail since.
            let recent = recent.into_iter().filter(|(revision, _)| *revision > last);
            stored.iter().copied().chain(recent).map(|(_, share)| share).collect()
        });
        Ok(both.collect())
    }

    async fn ranking(
        &self,
        auction: AuctionId,
        bidders_max: usize,
    ) -> Result<Vec<(UserId, Amount)>, Failure> {
        const OPERATION: &str = "rank bidders";
        let bidders_max = bidders_max.min(RANKED_MAX);
        for _ in 0..READS_MAX {
            let (recent, as_of): (FxHashMap<_, _>, _) = {
                let known = self.live.read();
                (known.tail.standings(auction).collect(), known.tail.committed())
            };
            let mut connection = self.reader(OPERATION).await?;
            // Some of these may stand elsewhere by now.
            let mut ranked =
                shares::ranking(&mut connection, auction, bidders_max.saturating_add(recent.len())).await?;
            // Tables that show nothing that the tail did not know: one view of one moment.
            if self.live.read().tail.announced() > as_of {
                continue;
            }
            ranked.retain(|(user, _)| !recent.contains_key(user));
            ranked.extend(recent.iter().filter_map(|(user, standing)| Some((*user, standing.maximum?))));
            ranked.sort_unstable_by_key(|(user, amount)| (*amount, *user));
            ranked.truncate(bidders_max);
            return Ok(ranked);
        }
        Err(refused(FailureKind::Unavailable, OPERATION, "the tables never stood still"))
    }

    async fn categories(&self) -> Result<Vec<Category>, Failure> {
        const OPERATION: &str = "load categories";
        let sql = "SELECT id, name, slug, description FROM categories ORDER BY name, id";
        let rows = sqlx::query(sql).fetch_all(&self.readers).await;
        let rows = rows.map_err(|error| failure(OPERATION, error))?;
        rows.iter().map(|row| Reading::new(OPERATION, "categories", "id", row)?.category()).collect()
    }

    async fn add_category(&self, category: &NewCategory) -> Result<Option<Category>, Failure> {
        let change = Change::AddCategory(category.clone());
        let changed = self.ask("add category", |reply| Job::Change(change, reply)).await?;
        Ok(match changed {
            Changed::Added(category) => Some(category),
            Changed::Done | Changed::Nothing | Changed::Refused => None,
        })
    }

    async fn change_category(&self, category: &Category) -> Result<Recategorised, Failure> {
        let change = Change::Recategorise(category.clone());
        let changed = self.ask("change category", |reply| Job::Change(change, reply)).await?;
        Ok(match changed {
            Changed::Done => Recategorised::Done,
            Changed::Refused => Recategorised::SlugTaken,
            Changed::Nothing | Changed::Added(_) => Recategorised::Unknown,
        })
    }

    async fn remove_category(&self, category: CategoryId) -> Result<bool, Failure> {
        let change = Change::RemoveCategory(category);
        let changed = self.ask("remove category", |reply| Job::Change(change, reply)).await?;
        Ok(matches!(changed, Changed::Done))
    }
}

/// The hidden bids of somebody that are not yet in the tables, and which of them and of others are gone.
fn recent_bids(tail: &Tail, auction: AuctionId, wanted: UserId) -> Recent {
    let mut recent = Recent { start: tail.history_start(auction), ..Recent::default() };
    for recorded in tail.log(auction) {
        match &recorded.event {
            Event::SealedBid { bidder, .. } if *bidder == wanted => recent.bids.push(recorded.clone()),
            Event::Withdrawn(gone) if gone.bidder == wanted => recent.gone.extend(&gone.revisions),
            _ => {}
        }
    }
    recent
}

/// Shares of somebody that are not yet in the tables, each with the revision of the event that gave it.
fn recent_shares(tail: &Tail, auction: AuctionId, bidder: UserId) -> Vec<(u64, Share)> {
    let shares = tail.log(auction).flat_map(|recorded| {
        let own = recorded.event.shares().filter(move |award| award.bidder == bidder);
        own.map(|award| (recorded.revision, Share { units: award.units, price: award.price }))
    });
    shares.collect()
}
