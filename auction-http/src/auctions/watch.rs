//! What live updates need of auctions: who may watch, how states are painted, what is answered to bids.

use crate::auctions::room::{AuctionRoom, may_see};
use crate::error::ApiError;
use crate::live::{Host, Painter, Ranks, Token, Unwelcome, Viewer};
use crate::visitors::Visitor;
use crate::wire::auction::{Sight, named as named_in_auction};
use crate::wire::bid::BidAnswer;
use crate::wire::event::{EventView, named};
use crate::wire::label::Labels;
use crate::wire::state::{You, own_part, public_state};
use async_trait::async_trait;
use auction_core::auction::{Auction, Participation, Recorded, Standing, Status};
use auction_core::catalog::Listing;
use auction_core::ports::{
    Accepted, EventPage, Failure, FailureKind, HISTORY_PAGE_MAX, IdempotencyKey, RANKED_MAX, Wanted,
};
use auction_core::service::desk::Refusal;
use auction_core::{AuctionId, Span, Timestamp, UserId};
use axum::http::{HeaderMap, HeaderValue, header};
use lru::LruCache;
use serde_json::{Map, Value, json};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many auctions the listings are remembered.
const LISTINGS_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(8_191);
/// For how long a listing is remembered, so that a new title is shown soon.
const LISTING_FRESH: Span = Span::from_secs(1);

/// Counts the bids of people.
pub trait BidLimit: Send + Sync {
    /// Counts a bid; after how many seconds the next one is welcome where this one is not.
    ///
    /// # Errors
    /// The seconds.
    fn count(&self, user: UserId) -> Result<(), u32>;
}

/// Auctions, as those who watch them see them.
pub struct Watching {
    room: AuctionRoom,
    limit: Option<Arc<dyn BidLimit>>,
    listings: Mutex<LruCache<AuctionId, (Timestamp, Arc<Listing>)>>,
}

impl Watching {
    /// Auctions of this room, in which people may bid as often as `limit` lets them.
    pub fn new(room: AuctionRoom, limit: Option<Arc<dyn BidLimit>>) -> Self {
        Self { room, limit, listings: Mutex::new(LruCache::new(LISTINGS_MAX)) }
    }

    async fn listing(&self, auction: AuctionId) -> Result<Arc<Listing>, Failure> {
        let now = self.room.now();
        let remembered = || self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, listing)) = remembered().get(&auction)
            && now.since(*read_at) < LISTING_FRESH
        {
            return Ok(Arc::clone(listing));
        }
        let found = self.room.catalog().listed(&[auction]).await?.pop().flatten();
        let listing = Arc::new(found.map(|found| found.listing).unwrap_or_default());
        remembered().put(auction, (now, Arc::clone(&listing)));
        Ok(listing)
    }

    /// What people are called in front of everybody.
    async fn labels(
        &self,
        people: impl Iterator<Item = (AuctionId, UserId)> + Send,
    ) -> Result<Labels, Failure> {
        let labels = self.room.labels(people.collect(), None).await;
        labels.map_err(|error| inside("name people", &error))
    }

    /// Whose token this is now: what is remembered of it could keep a socket open that nobody may have any more.
    async fn visitor(&self, token: &Token) -> Result<Option<Visitor>, Failure> {
        let Ok(mut value) = HeaderValue::try_from(format!("Token {}", token.reveal())) else {
            return Ok(None);
        };
        value.set_sensitive(true);
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        match self.room.visitors().recognise_again(&headers).await {
            Ok(visitor) => Ok(visitor),
            Err(error) if error.status().is_client_error() => Ok(None),
            Err(error) => Err(inside("recognise somebody", &error)),
        }
    }
}

/// A failure that was logged when it was made an answer.
fn inside(operation: &'static str, error: &ApiError) -> Failure {
    Failure::new(FailureKind::Unavailable, operation, error.status().to_string())
}

fn viewer(visitor: &Visitor, token: &Token) -> Viewer {
    Viewer { user: visitor.user, facts: visitor.facts, token: token.clone() }
}

#[async_trait]
impl Painter for Watching {
    async fn paint(
        &self,
        auction: &Auction,
        previous_version: u64,
        rows: &[Recorded],
    ) -> Result<String, Failure> {
        let listing = self.listing(auction.id()).await?;
        let in_rows = rows.iter().flat_map(|row| named(&row.event));
        let people = named_in_auction(auction).chain(in_rows).map(|user| (auction.id(), user));
        let people: Vec<_> = people.collect();
        let labels = self.labels(people.into_iter()).await?;
        let media_url = format!("{}/media/", self.room.settings().public_url);
        let now = self.room.now();
        let sight = Sight { viewer: None, is_staff: false, now, labels: &labels, media_url: &media_url };
        Ok(public_state(auction, &listing, previous_version, rows, &sight))
    }

    async fn ranks(&self, auction: &Auction) -> Result<Option<Ranks>, Failure> {
        if !Ranks::are_shown(auction.terms().format) {
            return Ok(None);
        }
        let amounts = self.room.catalog().ranking(auction.id(), RANKED_MAX).await?;
        Ok(Some(Ranks::of(auction, &amounts)))
    }

    async fn load(&self, auction: AuctionId) -> Result<Option<Auction>, Failure> {
        let wanted = Wanted { auctions: vec![auction], ..Wanted::NOTHING };
        Ok(self.room.store().load(&wanted).await?.auctions.pop().flatten())
    }

    async fn rows(&self, auction: AuctionId, up_to: u64, rows_max: usize) -> Result<Vec<Recorded>, Failure> {
        let catalog = self.room.catalog();
        let bids = catalog.public_events(auction, EventPage::BidsBefore(up_to.saturating_add(1)), rows_max);
        let withdrawals = catalog.public_events(auction, EventPage::Withdrawals, HISTORY_PAGE_MAX);
        let (mut rows, withdrawals) = tokio::try_join!(bids, withdrawals)?;
        rows.extend(withdrawals.into_iter().filter(|row| row.version <= up_to));
        rows.sort_unstable_by_key(|row| row.version);
        rows.drain(..rows.len().saturating_sub(rows_max));
        Ok(rows)
    }

    async fn versions(&self, auctions: &[AuctionId]) -> Result<Vec<Option<u64>>, Failure> {
        self.room.store().versions(auctions).await
    }

    fn lost(&self, _auction: AuctionId) {
        self.room.desk().forget();
        self.listings.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[async_trait]
impl Host for Watching {
    async fn admit(&self, token: &Token, auction: AuctionId) -> Result<Viewer, Unwelcome> {
        let visitor = self.visitor(token).await?.ok_or(Unwelcome::InvalidToken)?;
        let auction = self.load(auction).await?.filter(|auction| may_see(auction, Some(&visitor)));
        let auction = auction.ok_or(Unwelcome::NotFound)?;
        let takes_part = visitor.user == auction.seller()
            || visitor.is_staff()
            || auction.terms().participation == Participation::Open
            || self.standing(auction.id(), visitor.user).await?.has_joined();
        if takes_part { Ok(viewer(&visitor, token)) } else { Err(Unwelcome::Forbidden) }
    }

    async fn renew(&self, token: &Token) -> Result<Option<Viewer>, Failure> {
        Ok(self.visitor(token).await?.map(|visitor| viewer(&visitor, token)))
    }

    async fn standing(&self, auction: AuctionId, user: UserId) -> Result<Standing, Failure> {
        let wanted = Wanted { standings: vec![(auction, user)], ..Wanted::NOTHING };
        Ok(self.room.store().load(&wanted).await?.standings.pop().unwrap_or_default())
    }

    async fn missed(&self, auction: AuctionId, since: u64) -> Result<String, Failure> {
        let rows =
            self.room.catalog().public_events(auction, EventPage::After(since), HISTORY_PAGE_MAX).await?;
        let people: Vec<_> =
            rows.iter().flat_map(|row| named(&row.event).map(|user| (auction, user))).collect();
        let labels = self.labels(people.into_iter()).await?;
        let Some(state) = self.load(auction).await? else { return Ok(json!({ "events": [] }).to_string()) };
        let events: Vec<_> = rows
            .iter()
            .filter_map(|row| EventView::new(&state, row, None, &labels))
            .map(EventView::for_all)
            .collect();
        Ok(json!({ "events": events }).to_string())
    }

    fn is_public(&self, auction: &Auction) -> bool {
        self.room.settings().public_browsing && !matches!(auction.status(), Status::Draft)
    }

    fn count_bid(&self, user: UserId) -> Result<(), u32> {
        self.limit.as_ref().map_or(Ok(()), |limit| limit.count(user))
    }

    fn you(&self, auction: &Auction, you: You) -> String {
        own_part(auction, you)
    }

    fn accepted(&self, accepted: &Accepted, key: Option<IdempotencyKey>) -> String {
        let Ok(Value::Object(mut body)) = serde_json::to_value(BidAnswer::from(accepted)) else {
            return String::new();
        };
        let price = body.get("price").and_then(Value::as_str).unwrap_or_default();
        let success = format!("Bid of {price} placed successfully.");
        body.insert("success".to_owned(), success.into());
        // In a message the id is the name that the sender gave it.
        body.remove("id");
        named_message(body, key)
    }

    fn refused(&self, refusal: &Refusal, key: Option<IdempotencyKey>) -> String {
        let error = ApiError::from(*refusal);
        let mut body = error.body().clone();
        if let Some(detail) = body.remove("detail") {
            body.insert("error".to_owned(), detail);
        } else if let (Some(sentence), Some(rejection)) = (error.first_sentence(), refusal.rejection()) {
            // What is wrong with a field stands beside a sentence and a code like those of any other refusal.
            body.insert("error".to_owned(), sentence.into());
            body.insert("code".to_owned(), rejection.code().into());
        }
        named_message(body, key)
    }
}

/// A message with the name of the one that it answers.
fn named_message(mut body: Map<String, Value>, key: Option<IdempotencyKey>) -> String {
    if let Some(key) = key {
        body.insert("id".to_owned(), key.as_str().into());
    }
    Value::Object(body).to_string()
}
