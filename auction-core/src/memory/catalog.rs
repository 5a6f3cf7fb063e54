//! The catalog of the reference backend: everything is looked at, one after the other.

use super::row::Row;
use super::store::MemoryStore;
use crate::auction::{Event, Phase, Recorded, Standing, Status};
use crate::catalog::{
    AuctionQuery, Category, CategoryId, Drafts, Found, LIST_ROWS_MAX, ListedAuction, Listing, NewCategory,
    OrderingField, PAGE_SIZE_MAX, Scope, Window, search_words, words_of,
};
use crate::id::{AuctionId, UserId};
use crate::money::Amount;
use crate::ports::{
    BID_ON_MAX, CatalogStore, EventPage, Failure, HISTORY_PAGE_MAX, HiddenBid, RANKED_MAX, Recategorised,
    Relisted, Share,
};
use async_trait::async_trait;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[async_trait]
impl CatalogStore for MemoryStore {
    async fn listed(&self, auctions: &[AuctionId]) -> Result<Vec<Option<ListedAuction>>, Failure> {
        let state = self.state.lock().await;
        Ok(auctions.iter().map(|id| state.row(*id).map(Row::listed)).collect())
    }

    async fn find(&self, query: &AuctionQuery) -> Result<Found, Failure> {
        let state = self.state.lock().await;
        let mut rows: Vec<&Row> = state.rows().filter(|row| is_wanted(query, row)).collect();
        rows.sort_by(|one, other| order(query, one, other));
        let count = rows.len() as u64;
        let (skip, take, count) = match query.window {
            Window::Page { number, size } => {
                let size = size.clamp(1, PAGE_SIZE_MAX);
                (u64::from(number.max(1) - 1) * u64::from(size), size, Some(count))
            }
            Window::Rows { after, rows_max } => {
                if let Some(after) = after {
                    let Some(after) = state.row(after) else { return Ok(Found::default()) };
                    rows.retain(|row| order(query, row, after) == Ordering::Greater);
                }
                (0, rows_max.min(LIST_ROWS_MAX), None)
            }
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let take = usize::try_from(take).unwrap_or(usize::MAX);
        let more = rows.len() > skip.saturating_add(take);
        let rows = rows.into_iter().skip(skip).take(take).map(Row::listed).collect();
        Ok(Found { rows, count, more })
    }

    async fn relist(
        &self,
        auction: AuctionId,
        before: &Listing,
        after: &Listing,
    ) -> Result<Relisted, Failure> {
        Ok(self.state.lock().await.relist(auction, before, after))
    }

    async fn discard(&self, auction: AuctionId) -> Result<bool, Failure> {
        Ok(self.state.lock().await.discard(auction))
    }

    async fn public_events(
        &self,
        auction: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let state = self.state.lock().await;
        let Some(row) = state.row(auction) else { return Ok(Vec::new()) };
        let mut events: Vec<_> = row.log().from(0).filter_map(Recorded::masked).collect();
        events.retain(|event| page.holds(event));
        if page.is_backwards() {
            events.reverse();
        }
        events.truncate(events_max.min(HISTORY_PAGE_MAX));
        Ok(events)
    }

    async fn bid_on(
        &self,
        bidder: UserId,
        before: Option<AuctionId>,
        auctions_max: usize,
    ) -> Result<Vec<(AuctionId, Standing)>, Failure> {
        let state = self.state.lock().await;
        let standings = state.rows().map(|row| (row.auction().id(), row.standing(bidder)));
        let mut found: Vec<_> = standings
            .filter(|(id, standing)| standing.bids > 0 && before.is_none_or(|before| *id < before))
            .collect();
        found.reverse();
        found.truncate(auctions_max.min(BID_ON_MAX));
        Ok(found)
    }

    async fn hidden_bids(
        &self,
        auction: AuctionId,
        bidder: UserId,
        before: Option<u32>,
        bids_max: usize,
    ) -> Result<Vec<HiddenBid>, Failure> {
        let state = self.state.lock().await;
        let mut bids = state.row(auction).map(|row| hidden_bids(row, bidder)).unwrap_or_default();
        bids.retain(|bid| before.is_none_or(|before| bid.number < before));
        bids.reverse();
        bids.truncate(bids_max.min(HISTORY_PAGE_MAX));
        Ok(bids)
    }

    async fn awards(&self, auctions: &[AuctionId], bidder: UserId) -> Result<Vec<Vec<Share>>, Failure> {
        let state = self.state.lock().await;
        let shares = |id: &AuctionId| state.row(*id).map(|row| row.shares(bidder).to_vec());
        Ok(auctions.iter().map(|id| shares(id).unwrap_or_default()).collect())
    }

    async fn ranking(
        &self,
        auction: AuctionId,
        bidders_max: usize,
    ) -> Result<Vec<(UserId, Amount)>, Failure> {
        let state = self.state.lock().await;
        let standings = state.row(auction).into_iter().flat_map(Row::standings);
        let mut ranked: Vec<_> =
            standings.filter_map(|(user, standing)| Some((user, standing.maximum?))).collect();
        ranked.sort_unstable_by_key(|(user, amount)| (*amount, *user));
        ranked.truncate(bidders_max.min(RANKED_MAX));
        Ok(ranked)
    }

    async fn categories(&self) -> Result<Vec<Category>, Failure> {
        Ok(self.state.lock().await.categories.by_name())
    }

    async fn add_category(&self, category: &NewCategory) -> Result<Option<Category>, Failure> {
        Ok(self.state.lock().await.categories.add(category))
    }

    async fn change_category(&self, category: &Category) -> Result<Recategorised, Failure> {
        Ok(self.state.lock().await.categories.change(category))
    }

    async fn remove_category(&self, category: CategoryId) -> Result<bool, Failure> {
        Ok(self.state.lock().await.remove_category(category))
    }
}

/// All hidden bids of somebody, oldest first.
fn hidden_bids(row: &Row, wanted: UserId) -> Vec<HiddenBid> {
    let events = || row.log().from(0);
    let gone: BTreeSet<u64> = events()
        .filter_map(|recorded| match &recorded.event {
            Event::Withdrawn(withdrawal) => Some(withdrawal.revisions.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect();
    let bids = events().filter_map(|recorded| match recorded.event {
        Event::SealedBid { bidder, amount, units } if bidder == wanted => {
            Some((recorded.at, amount, units, gone.contains(&recorded.revision)))
        }
        _ => None,
    });
    let bids = (1..).zip(bids);
    bids.map(|(number, (at, amount, units, withdrawn))| HiddenBid { number, at, amount, units, withdrawn })
        .collect()
}

fn is_wanted(query: &AuctionQuery, row: &Row) -> bool {
    let (auction, listing) = (row.auction(), row.listing());
    let sees_drafts = query.drafts == Drafts::All || query.viewer == Some(auction.seller());
    let phase = auction.phase_at(query.now);
    let price = auction.terms().starting_price.to_decimal(auction.terms().currency);
    (phase != Phase::Draft || sees_drafts)
        && is_in_scope(query, row)
        && query.search.as_ref().is_none_or(|text| has_words(listing, text))
        && query.status.is_none_or(|status| status == phase.name())
        && query.category.is_none_or(|category| listing.category() == Some(category))
        && query.seller.is_none_or(|seller| auction.seller() == seller)
        && query.min_price.is_none_or(|least| price >= least)
        && query.max_price.is_none_or(|highest| price <= highest)
        && query.ends_before.is_none_or(|time| auction.ends_at() < time)
        && query.ends_after.is_none_or(|time| auction.ends_at() > time)
        && query.format.as_ref().is_none_or(|format| auction.terms().format.name() == format)
}

fn is_in_scope(query: &AuctionQuery, row: &Row) -> bool {
    let has_joined = query.viewer.map(|viewer| row.standing(viewer).has_joined());
    match query.scope {
        Scope::All => true,
        Scope::Available => has_joined != Some(true),
        Scope::Joined => has_joined == Some(true),
        Scope::Selling => query.viewer == Some(row.auction().seller()),
        Scope::Won => query.viewer.is_some_and(|viewer| has_won(row, viewer)),
    }
}

/// Whether somebody has won an auction, or units of it.
fn has_won(row: &Row, viewer: UserId) -> bool {
    let is_winner = match row.auction().status() {
        Status::Ended { outcome, .. } => outcome.sale().is_some_and(|(winner, _)| winner == viewer),
        _ => false,
    };
    is_winner || !row.shares(viewer).is_empty()
}

/// Whether all words of a text stand in the listing, the last of them perhaps as the beginning of one.
fn has_words(listing: &Listing, text: &str) -> bool {
    let wanted = search_words(text);
    let Some((last, others)) = wanted.split_last() else { return text.trim().is_empty() };
    let words: Vec<String> = words_of(listing.title()).chain(words_of(listing.description())).collect();
    others.iter().all(|word| words.contains(word)) && words.iter().any(|word| word.starts_with(last))
}

/// By what an auction is ordered: one of these is compared, the others are nothing.
type Key = (u8, i128, Decimal, String);

fn order(query: &AuctionQuery, one: &Row, other: &Row) -> Ordering {
    let by_key = key(query, one).cmp(&key(query, other));
    let by_key = if query.ordering.descending { by_key.reverse() } else { by_key };
    by_key.then_with(|| one.auction().id().cmp(&other.auction().id()))
}

fn key(query: &AuctionQuery, row: &Row) -> Key {
    let auction = row.auction();
    let decimal = |amount: Amount| amount.to_decimal(auction.terms().currency);
    let number = |number: i128| (0, number, Decimal::ZERO, String::new());
    match query.ordering.field {
        OrderingField::Title => (0, 0, Decimal::ZERO, row.listing().title().to_ascii_lowercase()),
        OrderingField::StartingPrice => (0, 0, decimal(auction.terms().starting_price), String::new()),
        OrderingField::CurrentPrice => (0, 0, decimal(auction.price()), String::new()),
        OrderingField::StartsAt => number(auction.starts_at().micros().into()),
        OrderingField::EndsAt => number(auction.ends_at().micros().into()),
        OrderingField::BidCount => number(auction.bid_count().into()),
        OrderingField::CreatedAt => number(row.created_at().micros().into()),
        OrderingField::Liveliness => {
            let (starts, ends) = (auction.starts_at().micros(), auction.ends_at().micros());
            let (rank, time) = match auction.phase_at(query.now) {
                Phase::Started | Phase::Paused => (0, ends),
                Phase::Scheduled => (1, starts),
                Phase::Draft => (2, starts),
                Phase::Ended | Phase::Cancelled | Phase::BoughtNow => (3, -ends),
            };
            (rank, time.into(), Decimal::ZERO, String::new())
        }
    }
}
