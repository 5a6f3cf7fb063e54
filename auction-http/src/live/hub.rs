//! The hub: keeps the newest frame of each auction that somebody watches.

use super::frame::Frame;
use super::painter::Painter;
use auction_core::AuctionId;
use auction_core::auction::{Auction, Event, Recorded};
use auction_core::ports::{Change, Failure, Transport};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{Notify, watch};
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

/// Keeps the newest frame of each auction that somebody watches, and paints it anew when it changes.
///
/// A clone is the same hub.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    painter: Arc<dyn Painter>,
    options: HubOptions,
    rooms: Mutex<FxHashMap<AuctionId, Weak<Room>>>,
    pending: Mutex<FxHashMap<AuctionId, Pending>>,
    news: Notify,
}

/// An auction that somebody watches. It is forgotten with its last watcher.
struct Room {
    frames: watch::Sender<Option<Arc<Frame>>>,
    id: AuctionId,
    shared: Weak<Shared>,
}

/// What has changed since the last frame of an auction.
struct Pending {
    auction: Auction,
    previous_version: u64,
    rows: Vec<Recorded>,
}

/// Watches one auction.
pub struct Watcher {
    // Keeps the room alive.
    _room: Arc<Room>,
    frames: watch::Receiver<Option<Arc<Frame>>>,
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
            news: Notify::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Watches an auction, and sees to it that there is a first frame; `None` where there is no such auction.
    ///
    /// # Errors
    /// Where too many auctions are watched, or the state cannot be read.
    pub async fn watch(&self, id: AuctionId) -> Result<Option<Watcher>, WatchError> {
        let watcher = self.subscribe(id)?;
        // What is published from here on is not missed, so that the state may be read now.
        if watcher.frames.borrow().is_none() {
            self.heal(id).await?;
            if watcher.frames.borrow().is_none() {
                return Ok(None);
            }
        }
        Ok(Some(watcher))
    }

    fn subscribe(&self, id: AuctionId) -> Result<Watcher, HubFull> {
        let mut rooms = lock(&self.shared.rooms);
        let is_full = rooms.len() >= self.shared.options.auctions_max;
        let room = match rooms.entry(id) {
            Entry::Occupied(mut place) => match place.get().upgrade() {
                Some(room) => room,
                None => {
                    let room = self.room(id);
                    place.insert(Arc::downgrade(&room));
                    room
                }
            },
            Entry::Vacant(_) if is_full => return Err(HubFull),
            Entry::Vacant(place) => {
                let room = self.room(id);
                place.insert(Arc::downgrade(&room));
                room
            }
        };
        let frames = room.frames.subscribe();
        Ok(Watcher { _room: room, frames })
    }

    fn room(&self, id: AuctionId) -> Arc<Room> {
        Arc::new(Room { frames: watch::Sender::new(None), id, shared: Arc::downgrade(&self.shared) })
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
            if pending.is_empty() {
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
        }
    }

    /// Compares the newest frame of an auction with the store, and paints it anew where news was lost.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn heal(&self, id: AuctionId) -> Result<(), Failure> {
        let Some(room) = self.shared.room(id) else { return Ok(()) };
        let Some(auction) = self.shared.painter.load(id).await? else { return Ok(()) };
        let known = room.frames.borrow().as_ref().map(|frame| frame.auction.version());
        if known.is_some_and(|known| known >= auction.version()) {
            return Ok(());
        }
        let previous_version = auction.version();
        self.shared.repaint(&room, Pending { auction, previous_version, rows: Vec::new() }).await
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
        if self.shared.room(id).is_none() {
            return;
        }
        let events = change.batch().events_of(entry);
        let Some(first) = events.iter().find(|recorded| recorded.event.is_public()) else { return };
        let rows = events.iter().filter(|recorded| is_row(&recorded.event)).cloned();
        let mut pending = lock(&self.shared.pending);
        let place = pending.entry(id).or_insert_with(|| Pending {
            auction: entry.auction().clone(),
            previous_version: first.version - 1,
            rows: Vec::new(),
        });
        // Several shards may publish; a state never gives way to an older one.
        if place.auction.revision() < entry.auction().revision() {
            place.auction.clone_from(entry.auction());
        }
        place.rows.extend(rows);
        let surplus = place.rows.len().saturating_sub(self.shared.options.rows_max);
        if surplus > 0 {
            place.rows.drain(..surplus);
            place.previous_version = place.rows[0].version - 1;
        }
        drop(pending);
        self.shared.news.notify_one();
    }
}

/// Whether it is a row of the bid history.
fn is_row(event: &Event) -> bool {
    matches!(event, Event::Bid { .. } | Event::AutoBid { .. })
}

impl Shared {
    fn room(&self, id: AuctionId) -> Option<Arc<Room>> {
        lock(&self.rooms).get(&id).and_then(Weak::upgrade)
    }

    async fn repaint(&self, room: &Room, pending: Pending) -> Result<(), Failure> {
        let Pending { auction, previous_version, rows } = pending;
        let public = self.painter.paint(&auction, previous_version, &rows).await?.into();
        let frame = Arc::new(Frame { auction, previous_version, public });
        room.frames.send_if_modified(|newest| {
            let is_newer = newest.as_ref().is_none_or(|old| old.auction.version() < frame.auction.version());
            if is_newer {
                *newest = Some(frame);
            }
            is_newer
        });
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut rooms = lock(&shared.rooms);
        // Somebody may have opened a new room in the meantime.
        if rooms.get(&self.id).is_some_and(|room| room.strong_count() == 0) {
            rooms.remove(&self.id);
        }
    }
}

impl Watcher {
    /// The newest frame.
    pub fn newest(&mut self) -> Option<Arc<Frame>> {
        self.frames.borrow_and_update().clone()
    }

    /// The next frame that is newer than the last one; older ones in between are skipped. `None` where the hub is
    /// gone.
    pub async fn next(&mut self) -> Option<Arc<Frame>> {
        self.frames.changed().await.ok()?;
        self.frames.borrow_and_update().clone()
    }
}

/// A lock is held for a few instructions that do not panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
