//! Tells lots that close together that the end of one of them has moved.
//!
//! It is about being quick alone: who watches a lot learns of its new end at once, and not when the old one comes. What
//! is not told, since a node dies or there is too much to tell, the desk finds before it decides about the lot.

use crate::auction::{BidderFacts, Command, Event, Group};
use crate::id::UserId;
use crate::ports::{AuctionStore, Change, Failure, MEMBERS_PAGE_MAX, MembersQuery};
use crate::service::desk::{Desk, Request};
use crate::service::{Wake, lock};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Of how many groups it is remembered at most that their end has moved.
pub const GROUPS_WAITING_MAX: usize = 4_096;

/// Lets lots follow the end of their group. Every node that takes bids runs one.
///
/// Moves of one group that come while others are told are told together, so that a group costs no more than its lots,
/// however many bids move its end. What a lot does to follow is no move that others are told of.
pub struct Following {
    store: Arc<dyn AuctionStore>,
    waiting: Mutex<BTreeMap<(UserId, Group), Moved>>,
}

/// How the end of a group has moved.
#[derive(Clone, Copy, Debug)]
struct Moved {
    /// When, at the earliest: lots that ended before do not follow.
    at: Timestamp,
    /// Where to.
    ends_at: Timestamp,
}

impl Following {
    /// Tells lots of this store.
    pub fn new(store: Arc<dyn AuctionStore>) -> Self {
        Self { store, waiting: Mutex::default() }
    }

    /// Notes what was committed; whether there is somebody to tell of it.
    pub fn note(&self, change: &Change) -> bool {
        let auction = change.entry().auction();
        let Some(group) = &auction.terms().group else { return false };
        let Some(moved) = moved(change) else { return false };
        let mut waiting = lock(&self.waiting);
        let has_room = waiting.len() < GROUPS_WAITING_MAX;
        let key = (auction.seller(), group.clone());
        match waiting.get_mut(&key) {
            Some(before) => before.add(moved),
            None if has_room => drop(waiting.insert(key, moved)),
            None => return false,
        }
        true
    }

    /// Tells the lots of one group, and answers when it wants to be called again.
    ///
    /// # Errors
    /// A [`Failure`] of the store; the group is told at the next call.
    pub async fn tick(&self, desk: &dyn Desk) -> Result<Wake, Failure> {
        let Some((key, moved)) = lock(&self.waiting).pop_first() else { return Ok(Wake::Idle) };
        if let Err(failure) = self.tell(&key, moved, desk).await {
            lock(&self.waiting).entry(key).and_modify(|later| later.add(moved)).or_insert(moved);
            return Err(failure);
        }
        Ok(if lock(&self.waiting).is_empty() { Wake::Idle } else { Wake::Now })
    }

    async fn tell(
        &self,
        (seller, group): &(UserId, Group),
        moved: Moved,
        desk: &dyn Desk,
    ) -> Result<(), Failure> {
        let mut query = MembersQuery {
            seller: *seller,
            group: group.clone(),
            ends_after: moved.at,
            ends_before: moved.ends_at,
            after: None,
        };
        loop {
            let page = self.store.members(&query).await?;
            query.after = page.last().copied();
            let is_full = page.len() >= MEMBERS_PAGE_MAX;
            // As of the move, which was before any of them ends: nothing is closed by being told.
            let requests = page.into_iter().map(|auction| Request {
                auction,
                command: Command::advance(moved.at),
                facts: BidderFacts::VERIFIED,
                key: None,
            });
            desk.submit(requests.collect()).await;
            if !is_full {
                return Ok(());
            }
        }
    }
}

impl Moved {
    fn add(&mut self, other: Self) {
        self.at = self.at.min(other.at);
        self.ends_at = self.ends_at.max(other.ends_at);
    }
}

/// What a commit did to the end of an auction; `None` where it only followed that of others.
fn moved(change: &Change) -> Option<Moved> {
    let events = change.batch().events_of(change.entry());
    let follows_only =
        |event: &Event| matches!(event, Event::Extended { .. } | Event::Started | Event::Ended { .. });
    if events.iter().all(|recorded| follows_only(&recorded.event)) {
        return None;
    }
    let moves = |event: &Event| matches!(event, Event::Extended { .. } | Event::Resumed { .. });
    let first = events.iter().find(|recorded| moves(&recorded.event))?;
    Some(Moved { at: first.at, ends_at: change.entry().auction().ends_at() })
}

#[cfg(test)]
#[cfg(feature = "memory")]
#[path = "following_tests.rs"]
mod tests;
