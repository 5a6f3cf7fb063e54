//! What was answered lately.

use auction_core::{Span, Timestamp};
use lru::LruCache;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was answered lately: a bounded number of answers, each believed for a bounded time.
pub(super) struct Cache<K: Hash + Eq, V> {
    kept: Span,
    answers: Mutex<LruCache<K, (Timestamp, V)>>,
}

impl<K: Hash + Eq + Clone, V: Clone> Cache<K, V> {
    pub(super) fn new(answers_max: NonZeroUsize, kept: Span) -> Self {
        Self { kept, answers: Mutex::new(LruCache::new(answers_max)) }
    }

    /// An answer that is not too old, and not from the future of a clock that went back.
    pub(super) fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let mut answers = self.answers();
        let (at, answer) = answers.get(key)?;
        (*at <= now && now.since(*at) < self.kept).then(|| answer.clone())
    }

    pub(super) fn put(&self, key: K, answer: V, at: Timestamp) {
        self.answers().put(key, (at, answer));
    }

    pub(super) fn remove(&self, key: &K) {
        self.answers().pop(key);
    }

    pub(super) fn remove_where(&self, is_meant: impl Fn(&V) -> bool) {
        let mut answers = self.answers();
        let meant = answers.iter().filter(|(_, (_, answer))| is_meant(answer));
        for key in meant.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            answers.pop(&key);
        }
    }

    /// No answer is ever half written.
    fn answers(&self) -> MutexGuard<'_, LruCache<K, (Timestamp, V)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_for_a_time_and_only_so_many_are_kept() {
        let cache = Cache::new(NonZeroUsize::new(2).unwrap(), Span::from_secs(1));
        let at = |micros| Timestamp::from_micros(micros).unwrap();
        cache.put("a", 1, at(10));
        assert_eq!(cache.get(&"a", at(1_000_009)), Some(1));
        assert_eq!(cache.get(&"a", at(1_000_010)), None);
        assert_eq!(cache.get(&"a", at(9)), None);
        cache.put("b", 2, at(10));
        cache.put("c", 3, at(10));
        assert_eq!(cache.get(&"a", at(10)), None);
        cache.remove_where(|answer| *answer == 3);
        assert_eq!((cache.get(&"b", at(10)), cache.get(&"c", at(10))), (Some(2), None));
    }
}
