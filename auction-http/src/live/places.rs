//! How many sockets may be open.

use auction_core::UserId;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many sockets may be open.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Of one person, or of one address for those who are not signed in.
    pub of_one_max: usize,
    /// In all.
    pub sockets_max: usize,
}

impl Default for SocketLimits {
    /// 32 of one, 20,000 in all.
    fn default() -> Self {
        Self { of_one_max: 32, sockets_max: 20_000 }
    }
}

/// Whose a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Of a person.
    User(UserId),
    /// Of somebody at this address.
    Address(std::net::IpAddr),
    /// Of somebody whose address is not known.
    Unknown,
}

/// Counts the sockets that are open.
#[derive(Debug, Default)]
pub struct Places {
    limits: SocketLimits,
    taken: Mutex<Taken>,
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
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// A place for a socket of `owner`; `None` where there are too many.
    pub fn take(self: &Arc<Self>, owner: Owner) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.of_one.get(&owner).copied().unwrap_or_default();
        let is_unknown = owner == Owner::Unknown;
        if taken.total >= self.limits.sockets_max || (own >= self.limits.of_one_max && !is_unknown) {
            return None;
        }
        taken.total += 1;
        taken.of_one.insert(owner, own + 1);
        metrics::gauge!("auction_sockets_open").set(taken.total as f64);
        Some(Place { places: Arc::clone(self), owner })
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let places = Places::new(SocketLimits { of_one_max: 2, sockets_max: 3 });
        let [ann, bob] = [2, 3].map(|number| Owner::User(UserId::new(number).unwrap()));
        let first = places.take(ann).unwrap();
        let _second = places.take(ann).unwrap();
        assert!(places.take(ann).is_none(), "too many of one");
        let _third = places.take(bob).unwrap();
        assert!(places.take(bob).is_none(), "too many in all");
        drop(first);
        assert!(places.take(ann).is_some());
    }
}
