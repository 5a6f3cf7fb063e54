//! Locks of single auctions, inside the process.

use auction_core::AuctionId;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex as Moment, MutexGuard, PoisonError};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Who holds which auction.
#[derive(Debug, Default)]
pub(super) struct Locks {
    auctions: Moment<FxHashMap<AuctionId, Arc<Mutex<()>>>>,
}

/// A held auction, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    locks: Arc<Locks>,
    auction: AuctionId,
    /// `None` only while it is being dropped.
    guard: Option<OwnedMutexGuard<()>>,
}

/// Somebody's place in the row of those who wait; gives the auction free if they walk away.
struct Waiting<'a> {
    locks: &'a Locks,
    auction: AuctionId,
    mutex: Option<Arc<Mutex<()>>>,
}

impl Locks {
    /// Waits for an auction.
    pub(super) async fn hold(self: &Arc<Self>, auction: AuctionId) -> Held {
        let mutex = Arc::clone(self.map().entry(auction).or_default());
        let mut waiting = Waiting { locks: self, auction, mutex: Some(Arc::clone(&mutex)) };
        let guard = mutex.lock_owned().await;
        waiting.mutex = None;
        Held { locks: Arc::clone(self), auction, guard: Some(guard) }
    }

    /// Whether somebody holds an auction.
    pub(super) fn is_held(&self, auction: AuctionId) -> bool {
        self.map().get(&auction).is_some_and(|mutex| mutex.try_lock().is_err())
    }

    fn map(&self) -> MutexGuard<'_, FxHashMap<AuctionId, Arc<Mutex<()>>>> {
        self.auctions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets an auction that nobody holds and nobody waits for.
    fn tidy(&self, auction: AuctionId) {
        let mut map = self.map();
        // Whoever has a clone took it from the map, which is locked.
        if map.get(&auction).is_some_and(|mutex| Arc::strong_count(mutex) == 1) {
            map.remove(&auction);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.guard.take());
        self.locks.tidy(self.auction);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.mutex.take().is_some() {
            self.locks.tidy(self.auction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_left_of_locks_that_were_given_back() {
        let locks = Arc::new(Locks::default());
        let auction = AuctionId::new(7).unwrap();
        let held = locks.hold(auction).await;
        assert!(locks.is_held(auction));
        let waiting = tokio::spawn({
            let locks = Arc::clone(&locks);
            async move { drop(locks.hold(auction).await) }
        });
        tokio::task::yield_now().await;
        drop(held);
        waiting.await.unwrap();
        assert!(!locks.is_held(auction));
        assert!(locks.map().is_empty());
    }
}
