//! How many people send pictures at once.

use auction_core::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many uploads are read at once. Each holds a file in memory while it comes.
pub const UPLOADS_MAX: usize = 8;
/// How many of them one person may have, so that nobody who sends slowly keeps all others out.
pub const UPLOADS_OF_ONE_MAX: usize = 2;

/// Uploads that are being read, by person.
#[derive(Debug, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<UserId, usize>>>);

/// A place for one upload, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

impl Places {
    pub(super) fn enter(&self, user: UserId) -> Option<Place> {
        let mut taken = lock(&self.0);
        let of_one = taken.get(&user).copied().unwrap_or(0);
        if of_one >= UPLOADS_OF_ONE_MAX || taken.values().sum::<usize>() >= UPLOADS_MAX {
            return None;
        }
        taken.insert(user, of_one + 1);
        Some(Place { places: Arc::clone(&self.0), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.places);
        if let Some(of_one) = taken.get_mut(&self.user) {
            *of_one -= 1;
            if *of_one == 0 {
                taken.remove(&self.user);
            }
        }
    }
}

fn lock(taken: &Mutex<HashMap<UserId, usize>>) -> MutexGuard<'_, HashMap<UserId, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_few_for_one_and_bounded_for_all_and_come_back() {
        let (places, user) = (Places::default(), |number| UserId::new(number).unwrap());
        let own: Vec<_> = (0..UPLOADS_OF_ONE_MAX).map(|_| places.enter(user(1)).unwrap()).collect();
        assert!(places.enter(user(1)).is_none());
        let others: Vec<_> = (2..100).map_while(|number| places.enter(user(number))).collect();
        assert_eq!(own.len() + others.len(), UPLOADS_MAX);
        drop(own);
        assert!(places.enter(user(1)).is_some());
        drop(others);
        assert!(lock(&places.0).is_empty());
    }
}
