//! How many sockets may be open.

use auction_core::UserId;
use auction_core::service::accounts::Source;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// How many sockets may be open.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Of one person.
    pub of_one_max: usize,
    /// Of one source, for those who are not signed in. Many people can share an address.
    pub of_source_max: usize,
    /// In all.
    pub sockets_max: usize,
}

impl Default for SocketLimits {
    /// 32 of one person, 1,024 of one source, 20,000 in all.
    fn default() -> Self {
        Self { of_one_max: 32, of_source_max: 1_024, sockets_max: 20_000 }
    }
}

/// Whose a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Of a person.
    User(UserId),
    /// Of somebody who is not signed in, from here.
    Source(Source),
}

/// Counts the sockets that are open.
#[derive(Debug, Default)]
pub struct Places {
    limits: SocketLimits,
    taken: Mutex<Taken>,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    of_one: FxHashMap<Owner, usize>,
    total: usize,
}

/// A place; it is given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    owner: Owner,
}

impl Places {
    /// Nobody is here yet.
    pub fn new(limits: SocketLimits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default(), emptied: Notify::new() })
    }

    /// A place for a socket of `owner`; `None` where there are too many.
    pub fn take(self: &Arc<Self>, owner: Owner) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.of_one.get(&owner).copied().unwrap_or_default();
        let own_max = match owner {
            Owner::User(_) => self.limits.of_one_max,
            Owner::Source(_) => self.limits.of_source_max,
        };
        if taken.total >= self.limits.sockets_max || own >= own_max {
            return None;
        }
        taken.total += 1;
        taken.of_one.insert(owner, own + 1);
        metrics::gauge!("auction_sockets_open").set(taken.total as f64);
        Some(Place { places: Arc::clone(self), owner })
    }

    /// Waits until all sockets are closed.
    pub async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.taken.lock().unwrap_or_else(PoisonError::into_inner).total == 0 {
                return;
            }
            emptied.await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.total -= 1;
        if let Some(own) = taken.of_one.get_mut(&self.owner) {
            *own -= 1;
            if *own == 0 {
                taken.of_one.remove(&self.owner);
            }
        }
        metrics::gauge!("auction_sockets_open").set(taken.total as f64);
        if taken.total == 0 {
            self.places.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let places = Places::new(SocketLimits { of_one_max: 2, of_source_max: 1, sockets_max: 3 });
        let [ann, bob] = [2, 3].map(|number| Owner::User(UserId::new(number).unwrap()));
        let first = places.take(ann).unwrap();
        let _second = places.take(ann).unwrap();
        assert!(places.take(ann).is_none(), "too many of one");
        let _third = places.take(bob).unwrap();
        assert!(places.take(bob).is_none(), "too many in all");
        drop(first);
        assert!(places.take(ann).is_some());
    }

    #[test]
    fn strangers_from_one_source_share_its_places() {
        let places = Places::new(SocketLimits { of_one_max: 1, of_source_max: 2, sockets_max: 9 });
        let [here, there] =
            ["10.0.0.1", "10.0.0.2"].map(|text| Owner::Source(Source::of(text.parse().unwrap())));
        let _first = places.take(here).unwrap();
        let _second = places.take(here).unwrap();
        assert!(places.take(here).is_none(), "too many from here");
        assert!(places.take(there).is_some());
    }

    #[tokio::test]
    async fn who_waits_for_all_to_leave_is_told_when_the_last_one_does() {
        let places = Places::new(SocketLimits::default());
        places.emptied().await;
        let place = places.take(Owner::Source(Source::UNKNOWN)).unwrap();
        let waiting = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.emptied().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(place);
        waiting.await.unwrap();
    }
}
