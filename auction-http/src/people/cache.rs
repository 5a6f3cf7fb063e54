//! What was answered lately.

use auction_core::{Span, Timestamp};
use lru::LruCache;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was answered lately: a bounded number of answers, each believed for a bounded time.
pub(super) struct Cache<K: Hash + Eq, V> {
    kept: Span,
    answers: Mutex<Answers<K, V>>,
}

struct Answers<K: Hash + Eq, V> {
    known: LruCache<K, (Timestamp, V)>,
    /// How often something was to be forgotten.
    forgotten: u64,
}

/// A moment before a question: what was forgotten since is not remembered again by its answer.
#[derive(Clone, Copy)]
pub(super) struct Asked(u64);

impl<K: Hash + Eq + Clone, V: Clone> Cache<K, V> {
    pub(super) fn new(answers_max: NonZeroUsize, kept: Span) -> Self {
        Self { kept, answers: Mutex::new(Answers { known: LruCache::new(answers_max), forgotten: 0 }) }
    }

    /// An answer that is not too old, and not from the future of a clock that went back.
    pub(super) fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let mut answers = self.answers();
        let (at, answer) = answers.known.get(key)?;
        (*at <= now && now.since(*at) < self.kept).then(|| answer.clone())
    }

    /// Now. To be taken before the store is asked.
    pub(super) fn asked(&self) -> Asked {
        Asked(self.answers().forgotten)
    }

    /// Remembers an answer, unless something was forgotten since the question.
    pub(super) fn put(&self, key: K, answer: V, at: Timestamp, asked: Asked) {
        let mut answers = self.answers();
        if answers.forgotten == asked.0 {
            answers.known.put(key, (at, answer));
        }
    }

    /// Drops an answer that is not true any more. Whoever asks now is told so as well.
    pub(super) fn discard(&self, key: &K) {
        self.answers().known.pop(key);
    }

    pub(super) fn remove(&self, key: &K) {
        let mut answers = self.answers();
        answers.forgotten += 1;
        answers.known.pop(key);
    }

    pub(super) fn remove_where(&self, mut is_meant: impl FnMut(&V) -> bool) {
        let mut answers = self.answers();
        answers.forgotten += 1;
        let meant = answers.known.iter().filter(|(_, (_, answer))| is_meant(answer));
        for key in meant.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            answers.known.pop(&key);
        }
    }

    /// No answer is ever half written.
    fn answers(&self) -> MutexGuard<'_, Answers<K, V>> {
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
        let asked = cache.asked();
        cache.put("a", 1, at(10), asked);
        assert_eq!(cache.get(&"a", at(1_000_009)), Some(1));
        assert_eq!(cache.get(&"a", at(1_000_010)), None);
        assert_eq!(cache.get(&"a", at(9)), None);
        cache.put("b", 2, at(10), asked);
        cache.put("c", 3, at(10), asked);
        assert_eq!(cache.get(&"a", at(10)), None);
        cache.remove_where(|answer| *answer == 3);
        assert_eq!((cache.get(&"b", at(10)), cache.get(&"c", at(10))), (Some(2), None));
    }

    #[test]
    fn what_was_asked_before_something_was_forgotten_is_not_remembered() {
        let cache = Cache::new(NonZeroUsize::MIN, Span::from_secs(1));
        let asked = cache.asked();
        cache.remove_where(|answer| *answer == 1);
        cache.put("a", 1, Timestamp::EPOCH, asked);
        assert_eq!(cache.get(&"a", Timestamp::EPOCH), None);
        cache.put("a", 1, Timestamp::EPOCH, cache.asked());
        assert_eq!(cache.get(&"a", Timestamp::EPOCH), Some(1));
    }
}
