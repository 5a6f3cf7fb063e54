//! A limit on how often something may be tried.

use crate::time::{Span, Timestamp};
use lru::LruCache;
use std::collections::VecDeque;
use std::hash::Hash;
use std::num::NonZeroUsize;

/// How often something may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottleRule {
    /// How many tries ...
    pub tries_max: usize,
    /// ... in any stretch of this length.
    pub window: Span,
    /// For how many keys tries are remembered; the one that was longest quiet is forgotten first.
    pub keys_max: NonZeroUsize,
}

/// Remembers who tried when, and says who must wait.
///
/// A try is counted before its outcome is known, so that many at once do not slip through; a success
/// [clears](Self::clear) them, and a try that came to nothing is [given back](Self::give_back).
#[derive(Debug)]
pub struct Throttle<K: Hash + Eq> {
    rule: ThrottleRule,
    tries: LruCache<K, Tries>,
}

/// When something was tried, the earliest first.
#[derive(Debug, Default)]
pub(crate) struct Tries(VecDeque<Timestamp>);

impl<K: Hash + Eq> Throttle<K> {
    /// Nobody has tried yet.
    pub fn new(rule: ThrottleRule) -> Self {
        Self { rule, tries: LruCache::new(rule.keys_max) }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// For how long the next try has to wait; this one is not counted.
    pub fn begin(&mut self, key: K, at: Timestamp) -> Result<(), Span> {
        let tries = self.tries.get_or_insert_mut(key, Tries::default);
        tries.begin(self.rule.tries_max, self.rule.window, at)
    }

    /// Takes the last try back: it was not carried out.
    pub fn give_back(&mut self, key: &K) {
        if let Some(tries) = self.tries.peek_mut(key) {
            tries.give_back();
        }
    }

    /// Forgets all tries of a key: one of them was right.
    pub fn clear(&mut self, key: &K) {
        self.tries.pop(key);
    }
}

impl Tries {
    /// Counts a try, where there are fewer than `tries_max` in the window that ends with it; else for how long it has
    /// to wait.
    pub(crate) fn begin(&mut self, tries_max: usize, window: Span, at: Timestamp) -> Result<(), Span> {
        while self.0.front().is_some_and(|first| first.after(window) <= at) {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() >= tries_max => Err(first.after(window).since(at)),
            Some(_) | None => {
                self.0.push_back(at);
                Ok(())
            }
        }
    }

    /// Takes the last try back.
    pub(crate) fn give_back(&mut self) {
        self.0.pop_back();
    }

    /// How many are counted.
    #[cfg(feature = "memory")]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// When the last one was.
    #[cfg(feature = "memory")]
    pub(crate) fn last(&self) -> Option<Timestamp> {
        self.0.back().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle<&'static str> {
        let keys_max = NonZeroUsize::new(2).unwrap();
        Throttle::new(ThrottleRule { tries_max: 2, window: Span::from_secs(10), keys_max })
    }

    fn at(secs: u32) -> Timestamp {
        Timestamp::EPOCH.after(Span::from_secs(secs))
    }

    #[test]
    fn no_stretch_of_the_window_has_more_tries_than_allowed() {
        let mut throttle = throttle();
        assert_eq!(throttle.begin("a", at(0)), Ok(()));
        assert_eq!(throttle.begin("a", at(9)), Ok(()));
        assert_eq!(throttle.begin("a", at(9)), Err(Span::from_secs(1)));
        assert_eq!(throttle.begin("b", at(9)), Ok(()));
        assert_eq!(throttle.begin("a", at(10)), Ok(()));
        assert_eq!(throttle.begin("a", at(18)), Err(Span::from_secs(1)));
    }

    #[test]
    fn a_success_clears_and_a_try_that_came_to_nothing_does_not_count() {
        let mut throttle = throttle();
        for _ in 0..5 {
            assert_eq!(throttle.begin("a", at(0)), Ok(()));
            throttle.give_back(&"a");
        }
        assert_eq!(throttle.begin("a", at(0)), Ok(()));
        assert_eq!(throttle.begin("a", at(0)), Ok(()));
        assert!(throttle.begin("a", at(0)).is_err());
        throttle.clear(&"a");
        assert_eq!(throttle.begin("a", at(0)), Ok(()));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut throttle = throttle();
        for key in ["a", "b", "c"] {
            assert_eq!(throttle.begin(key, at(0)), Ok(()));
        }
        assert_eq!(throttle.tries.len(), 2);
    }
}
