//! The hub: keeps the newest frame of each auction that somebody watches.

use super::frame::Frame;
use super::painter::Painter;
use super::pending::Pending;
use super::watcher::{Room, Watcher};
use auction_core::AuctionId;
use auction_core::auction::{Auction, Status};
use auction_core::ports::{Change, Failure, Transport};
use futures_util::{StreamExt, stream};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How the hub works.
#[derive(Clone, Copy, Debug)]
pub struct HubOptions {
    /// How many public events a frame carries at most; of more it leaves out the older ones, which watchers then
    /// notice as a gap.
    pub rows_max: usize,
    /// How many auctions can be watched at once.
    pub auctions_max: usize,
}

impl Default for HubOptions {
    /// 64 rows, and 100,000 auctions.
    fn default() -> Self {
        Self { rows_max: 64, auctions_max: 100_000 }
    }
}

/// How many auctions are read from the store at the same time, where another node changed them.
const CATCHING_UP_MAX: usize = 16;

/// How many auctions are compared with the store by one question.
const COMPARED_MAX: usize = 1_000;

/// Keeps the newest frame of each auction that somebody watches, and paints it anew when it changes.
///
/// What this process commits is published to it; of what other nodes commit it is told the version, and reads the rest
/// from the store. A clone is the same hub.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    painter: Arc<dyn Painter>,
    options: HubOptions,
    rooms: Mutex<FxHashMap<AuctionId, Weak<Room>>>,
    pending: Mutex<FxHashMap<AuctionId, Pending>>,
    /// Auctions that have to be read: another node has a later version than the newest frame, or it is in doubt.
    told: Mutex<FxHashSet<AuctionId>>,
    news: Notify,
}

/// Why an auction cannot be watched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// Too many auctions are watched already.
    #[error("too many auctions are watched")]
    HubFull(#[from] HubFull),
    /// The state could not be read.
    #[error("the state could not be read")]
    Failed(#[from] Failure),
}

/// Too many auctions are watched already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many auctions are watched")]
pub struct HubFull;

impl Hub {
    /// A hub that nobody watches yet. [`Hub::run`] has to run beside it.
    pub fn new(painter: Arc<dyn Painter>, options: HubOptions) -> Self {
        let shared = Shared {
            painter,
            options,
            rooms: Mutex::default(),
            pending: Mutex::default(),
            told: Mutex::default(),
            news: Notify::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Watches an auction, and sees to it that there is a first frame; `None` where there is no such auction.
    ///
    /// # Errors
    /// Where too many auctions are watched, or the state cannot be read.
    pub async fn watch(&self, id: AuctionId) -> Result<Option<Watcher>, WatchError> {
        let mut watcher = self.subscribe(id)?;
        if watcher.is_lost() {
            // Others are just being sent away; they leave the room to whoever comes.
            watcher = self.subscribe(id)?;
        }
        // What is published from here on is not missed, so that the state may be read now.
        if !watcher.has_frame() {
            self.heal(id).await?;
            if !watcher.has_frame() {
                return Ok(None);
            }
        }
        Ok(Some(watcher))
    }

    fn subscribe(&self, id: AuctionId) -> Result<Watcher, HubFull> {
        let mut rooms = lock(&self.shared.rooms);
        let is_full = rooms.len() >= self.shared.options.auctions_max;
        let room = match rooms.entry(id) {
            Occupied(mut place) => match place.get().upgrade() {
                Some(room) => room,
                None => {
                    let room = self.room(id);
                    place.insert(Arc::downgrade(&room));
                    room
                }
            },
            Vacant(_) if is_full => return Err(HubFull),
            Vacant(place) => {
                let room = self.room(id);
                place.insert(Arc::downgrade(&room));
                room
            }
        };
        Ok(Watcher::of(room))
    }

    fn room(&self, id: AuctionId) -> Arc<Room> {
        Arc::new(Room::new(id, Arc::downgrade(&self.shared)))
    }

    /// How many auctions are watched.
    pub fn watched(&self) -> usize {
        lock(&self.shared.rooms).len()
    }

    /// Paints what is new until it is told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            let news = self.shared.news.notified();
            let pending = std::mem::take(&mut *lock(&self.shared.pending));
            let told = std::mem::take(&mut *lock(&self.shared.told));
            if pending.is_empty() && told.is_empty() {
                tokio::select! {
                    () = news => {}
                    () = stop.cancelled() => return,
                }
                continue;
            }
            for (id, pending) in pending {
                let Some(room) = self.shared.room(id) else { continue };
                if let Err(failure) = self.shared.repaint(&room, pending).await {
                    // Watchers heal by comparing versions.
                    tracing::warn!(auction = %id, %failure, "a state could not be painted");
                }
            }
            self.catch_up(told.into_iter().collect()).await;
        }
    }

    /// Another node has committed a version of an auction, and perhaps later ones.
    pub fn heard(&self, id: AuctionId, version: u64) {
        let Some(room) = self.shared.room(id) else { return };
        if room.version().is_some_and(|known| known < version) {
            self.shared.look_at(id);
        }
    }

    /// Reads auctions anew, some at the same time.
    async fn catch_up(&self, auctions: Vec<AuctionId>) {
        let healed = |id| async move {
            if let Err(failure) = self.heal(id).await {
                // They are compared again in a second.
                tracing::warn!(auction = %id, %failure, "a state could not be read");
            }
        };
        stream::iter(auctions).for_each_concurrent(CATCHING_UP_MAX, healed).await;
    }

    /// Compares the newest frames of all auctions with the store, and paints anew where news was lost, or where the
    /// store has lost what is shown.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn heal_all(&self) -> Result<(), Failure> {
        for portion in self.auctions().chunks(COMPARED_MAX) {
            // What is shown first, then what is stored: see [`Hub::heal`].
            let shown = |id: &AuctionId| self.shared.room(*id)?.version();
            let shown = portion.iter().map(shown).collect::<Vec<_>>();
            let stored = self.shared.painter.versions(portion).await?;
            let is_other = |(shown, stored): (Option<u64>, Option<u64>)| shown.is_some() && shown != stored;
            let compared = portion.iter().zip(shown.into_iter().zip(stored));
            self.catch_up(compared.filter(|(_, pair)| is_other(*pair)).map(|(id, _)| *id).collect()).await;
        }
        Ok(())
    }

    /// Compares the newest frame of an auction with the store, and paints it anew where news was lost.
    ///
    /// What is shown was stored before, and is taken before the store is read. Where the store is behind it all the
    /// same, it has lost commits, as a standby may that took the primary's place: then those who watch are sent away,
    /// and whoever comes sees what is stored.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn heal(&self, id: AuctionId) -> Result<(), Failure> {
        let Some(room) = self.shared.room(id) else { return Ok(()) };
        let shown = room.newest();
        let stored = self.shared.painter.load(id).await?;
        let Some(shown) = shown else {
            let Some(auction) = stored else { return Ok(()) };
            let previous_version = auction.version();
            return self.shared.repaint(&room, Pending::read(auction, previous_version, Vec::new())).await;
        };
        let Some(auction) = stored.filter(|stored| !is_lost(&shown.auction, stored)) else {
            self.shared.send_away(&room, &shown.auction);
            return Ok(());
        };
        let known = shown.auction.version();
        if known >= auction.version() {
            return Ok(());
        }
        let rows_max = self.shared.options.rows_max;
        let mut rows = self.shared.painter.rows(id, auction.version(), rows_max).await?;
        rows.retain(|row| row.version > known);
        // Where there were more the older ones are left out, which watchers notice as a gap.
        let is_whole = rows.len() < rows_max;
        let previous_version =
            if is_whole { known } else { rows.first().map_or(known, |first| first.version - 1) };
        self.shared.repaint(&room, Pending::read(auction, previous_version, rows)).await
    }

    /// The auctions that are watched.
    pub fn auctions(&self) -> Vec<AuctionId> {
        lock(&self.shared.rooms).keys().copied().collect()
    }
}

impl Transport for Hub {
    fn publish(&self, change: Change) {
        let entry = change.entry();
        let id = entry.auction().id();
        let Some(room) = self.shared.room(id) else { return };
        let mut pending = lock(&self.shared.pending);
        match pending.entry(id) {
            Occupied(place) => place.into_mut().add(&change, self.shared.options.rows_max),
            Vacant(place) => {
                let Some(mut new) = Pending::of(&change) else { return };
                new.bound(self.shared.options.rows_max);
                place.insert(new);
            }
        }
        drop(pending);
        // Either it was read from the store already, or the store is not what it was.
        if room.version().is_some_and(|shown| entry.auction().version() <= shown) {
            lock(&self.shared.told).insert(id);
        }
        self.shared.news.notify_one();
    }
}

/// Whether what was stored before, and shown, is not what is stored now nor came before it.
fn is_lost(shown: &Auction, stored: &Auction) -> bool {
    stored.version() < shown.version()
        || stored.revision() < shown.revision()
        || (stored.revision() == shown.revision() && stored != shown)
}

impl Shared {
    fn room(&self, id: AuctionId) -> Option<Arc<Room>> {
        lock(&self.rooms).get(&id).and_then(Weak::upgrade)
    }

    /// Has an auction read soon.
    fn look_at(&self, id: AuctionId) {
        lock(&self.told).insert(id);
        self.news.notify_one();
    }

    async fn repaint(&self, room: &Room, pending: Pending) -> Result<(), Failure> {
        let Pending { auction, previous_version, rows, acted } = pending;
        let public = self.painter.paint(&auction, previous_version, &rows).await?.into();
        let ranks = self.painter.ranks(&auction).await?;
        room.show(Arc::new(Frame { auction, previous_version, public, ranks, acted }));
        Ok(())
    }

    /// What this auction showed is not stored any more: who watches it has to begin anew.
    fn send_away(&self, room: &Arc<Room>, shown: &Auction) {
        self.leave(room);
        // What waits to be shown may rest on it.
        lock(&self.pending).remove(&room.id());
        room.lose();
        // Drafts can be deleted.
        if !matches!(shown.status(), Status::Draft) {
            tracing::warn!(
                auction = %room.id(), version = shown.version(), revision = shown.revision(),
                "the store has lost what this auction showed; who watches it is sent away"
            );
            self.painter.lost(room.id());
        }
    }

    /// Forgets a room: whoever comes finds a new one.
    fn leave(&self, room: &Arc<Room>) {
        let mut rooms = lock(&self.rooms);
        if rooms.get(&room.id()).is_some_and(|known| known.as_ptr() == Arc::as_ptr(room)) {
            rooms.remove(&room.id());
        }
    }

    /// Forgets the room of an auction with its last watcher.
    pub(super) fn left(&self, id: AuctionId) {
        let mut rooms = lock(&self.rooms);
        // Somebody may have opened a new room in the meantime.
        if rooms.get(&id).is_some_and(|room| room.strong_count() == 0) {
            rooms.remove(&id);
        }
    }
}

/// A lock is held for a few instructions that do not panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
