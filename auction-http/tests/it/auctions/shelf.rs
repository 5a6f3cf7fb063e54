//! A store with a catalog: the reference backend, and listings beside it.

use async_trait::async_trait;
use auction_core::auction::{Auction, Recorded, Status};
use auction_core::catalog::{
    AuctionQuery, Category, CategoryId, Found as FoundAuctions, ListedAuction, Listing, NewCategory,
    OrderingField, Scope, Window, search_words,
};
use auction_core::memory::MemoryStore;
use auction_core::ports::{
    AuctionStore, Batch, CatalogStore, Claim, CommitResult, EventPage, Failure, Found, Locked, NewAuction,
    Timetable, Wanted,
};
use auction_core::{AuctionId, Timestamp};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub(super) struct Shelf {
    store: MemoryStore,
    listings: Mutex<BTreeMap<AuctionId, (Listing, Timestamp)>>,
    categories: Mutex<Vec<Category>>,
}

#[async_trait]
impl AuctionStore for Shelf {
    fn is_exclusive(&self) -> bool {
        self.store.is_exclusive()
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        let auction = self.store.create(new).await?;
        self.listings.lock().unwrap().insert(auction.id(), (new.listing.clone(), new.at));
        Ok(auction)
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        let mut found = self.store.load(wanted).await?;
        let listings = self.listings.lock().unwrap();
        for (id, auction) in wanted.auctions.iter().zip(&mut found.auctions) {
            if !listings.contains_key(id) {
                *auction = None;
            }
        }
        Ok(found)
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        self.store.commit(batch).await
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        self.store.lock(auction).await
    }

    async fn history(&self, id: AuctionId, after: u64, most: usize) -> Result<Vec<Recorded>, Failure> {
        self.store.history(id, after, most).await
    }
}

#[async_trait]
impl Timetable for Shelf {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        self.store.claim(claim).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        self.store.next_due().await
    }
}

#[async_trait]
impl CatalogStore for Shelf {
    async fn listed(&self, auctions: &[AuctionId]) -> Result<Vec<Option<ListedAuction>>, Failure> {
        let found =
            AuctionStore::load(self, &Wanted { auctions: auctions.to_vec(), ..Wanted::NOTHING }).await?;
        let listings = self.listings.lock().unwrap();
        let listed = |auction: Auction| {
            let (listing, created_at) = listings.get(&auction.id())?.clone();
            Some(ListedAuction { auction, listing, created_at })
        };
        Ok(found.auctions.into_iter().map(|auction| listed(auction?)).collect())
    }

    async fn find(&self, query: &AuctionQuery) -> Result<FoundAuctions, Failure> {
        let ids: Vec<_> = self.listings.lock().unwrap().keys().copied().collect();
        let standings =
            query.viewer.map(|user| ids.iter().map(|id| (*id, user)).collect()).unwrap_or_default();
        let joined: Vec<_> = self.store.load(&Wanted { standings, ..Wanted::NOTHING }).await?.standings;
        let joined = |index: usize| joined.get(index).is_some_and(|standing| standing.has_joined());
        let mut rows: Vec<_> = self
            .listed(&ids)
            .await?
            .into_iter()
            .enumerate()
            .filter_map(|(index, listed)| listed.filter(|listed| fits(query, listed, joined(index))))
            .collect();
        rows.sort_by(|one, other| {
            let order = compare(query, one, other);
            let order = if query.ordering.descending { order.reverse() } else { order };
            order.then(one.auction.id().cmp(&other.auction.id()))
        });
        let total = rows.len();
        let (skip, take, count) = match query.window {
            Window::Page { number, size } => {
                ((number as usize - 1).saturating_mul(size as usize), size as usize, Some(total as u64))
            }
            Window::Rows { after, rows_max } => {
                let place = |id| rows.iter().position(|row| row.auction.id() == id);
                (after.and_then(place).map_or(0, |place| place + 1), rows_max as usize, None)
            }
        };
        let rows: Vec<_> = rows.into_iter().skip(skip).take(take).collect();
        let more = skip.saturating_add(rows.len()) < total;
        Ok(FoundAuctions { rows, count, more })
    }

    async fn relist(&self, auction: AuctionId, listing: &Listing) -> Result<bool, Failure> {
        let mut listings = self.listings.lock().unwrap();
        Ok(listings.get_mut(&auction).map(|(known, _)| known.clone_from(listing)).is_some())
    }

    async fn discard(&self, auction: AuctionId) -> Result<bool, Failure> {
        let found = AuctionStore::load(self, &Wanted { auctions: vec![auction], ..Wanted::NOTHING }).await?;
        let is_draft =
            matches!(&found.auctions[0], Some(auction) if matches!(auction.status(), Status::Draft));
        if is_draft {
            self.listings.lock().unwrap().remove(&auction);
        }
        Ok(is_draft)
    }

    async fn public_events(
        &self,
        auction: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut events = Vec::new();
        loop {
            let after = events.last().map_or(0, |recorded: &Recorded| recorded.revision);
            let more = self.store.history(auction, after, usize::MAX).await?;
            if more.is_empty() {
                break;
            }
            events.extend(more);
        }
        let mut events: Vec<_> = events.iter().filter_map(Recorded::masked).collect();
        match page {
            EventPage::After(version) => events.retain(|event| event.version > version),
            EventPage::BidsAfter(version) => {
                events.retain(|event| event.event.is_bid() && event.version > version);
            }
            EventPage::BidsBefore(version) => {
                events.retain(|event| event.event.is_bid() && event.version < version);
                events.reverse();
            }
        }
        events.truncate(events_max);
        Ok(events)
    }

    async fn categories(&self) -> Result<Vec<Category>, Failure> {
        Ok(self.categories.lock().unwrap().clone())
    }

    async fn add_category(&self, new: &NewCategory) -> Result<Option<Category>, Failure> {
        let mut categories = self.categories.lock().unwrap();
        let NewCategory { name, slug, description } = new.clone();
        let id = CategoryId::new(categories.len() as u64 + 1).unwrap();
        let category = Category { id, name, slug, description };
        categories.push(category.clone());
        Ok(Some(category))
    }

    async fn remove_category(&self, _: CategoryId) -> Result<bool, Failure> {
        Ok(false)
    }
}

fn fits(query: &AuctionQuery, listed: &ListedAuction, joined: bool) -> bool {
    let ListedAuction { auction, listing, .. } = listed;
    let is_seller = query.viewer == Some(auction.seller());
    let text = format!("{} {}", listing.title(), listing.description()).to_lowercase();
    let words = query.search.as_deref().filter(|text| !text.trim().is_empty()).map(search_words);
    let start = auction.terms().starting_price.to_decimal(auction.terms().currency);
    let won = match auction.status() {
        Status::Ended { outcome, .. } => {
            outcome.sale().is_some_and(|(winner, _)| query.viewer == Some(winner))
        }
        _ => false,
    };
    (!matches!(auction.status(), Status::Draft) || is_seller)
        && match query.scope {
            Scope::Available => !joined,
            Scope::All => true,
            Scope::Joined => joined,
            Scope::Selling => is_seller,
            Scope::Won => won,
        }
        && words.is_none_or(|words| !words.is_empty() && words.iter().all(|word| text.contains(word)))
        && query.status.is_none_or(|status| auction.phase_at(query.now).name() == status)
        && query.category.is_none_or(|category| listing.category() == Some(category))
        && query.seller.is_none_or(|seller| auction.seller() == seller)
        && query.min_price.is_none_or(|price| start >= price)
        && query.max_price.is_none_or(|price| start <= price)
        && query.ends_before.is_none_or(|time| auction.ends_at() < time)
        && query.ends_after.is_none_or(|time| auction.ends_at() > time)
        && query.format.as_deref().is_none_or(|format| auction.terms().format.name() == format)
}

fn compare(query: &AuctionQuery, one: &ListedAuction, other: &ListedAuction) -> Ordering {
    let (a, b) = (&one.auction, &other.auction);
    let rank = |auction: &Auction| match auction.phase_at(query.now).name() {
        "started" | "paused" => 0,
        "scheduled" => 1,
        "draft" => 2,
        _ => 3,
    };
    match query.ordering.field {
        OrderingField::Title => one.listing.title().cmp(other.listing.title()),
        OrderingField::StartingPrice => a.terms().starting_price.cmp(&b.terms().starting_price),
        OrderingField::CurrentPrice => a.price().cmp(&b.price()),
        OrderingField::StartsAt => a.starts_at().cmp(&b.starts_at()),
        OrderingField::EndsAt => a.ends_at().cmp(&b.ends_at()),
        OrderingField::BidCount => a.bid_count().cmp(&b.bid_count()),
        OrderingField::CreatedAt => one.created_at.cmp(&other.created_at),
        OrderingField::Liveliness => rank(a).cmp(&rank(b)),
    }
}
