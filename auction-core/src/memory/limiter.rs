//! Limits, in memory.

use crate::identity::Tries;
use crate::ports::{Failure, LimitKey, LimitRule, Limiter, Taken};
use crate::time::{Span, Timestamp};
use async_trait::async_trait;
use lru::LruCache;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of how many sources, and of how many users, calls and bids are counted.
const CALLERS_MAX: usize = 1 << 16;

/// For how many accounts and addresses tries are remembered.
const ACCOUNTS_MAX: usize = 100_000;

/// For how many sources tries to sign in are remembered. (Each has up to a few hundred.)
const SOURCES_MAX: usize = 20_000;

/// Over how many locks the keys of one kind are spread.
const DRAWERS: usize = 16;

/// How many kinds of keys there are.
const KINDS: usize = 6;

/// Limits in memory: those of one process, which begin anew when it does.
///
/// Kinds of keys do not crowd each other out. Of each it remembers 65,536 sources and users that call or bid, 100,000
/// accounts and addresses, and 20,000 sources that sign in. Where there are more, buckets that are full are given up
/// first, and those for which there is no room share one; of windows the one that was longest quiet is given up.
pub struct MemoryLimiter {
    kinds: [Kind; KINDS],
    hasher: RandomState,
}

/// What is counted of keys of one kind.
struct Kind {
    buckets: [Mutex<Buckets>; DRAWERS],
    windows: Mutex<LruCache<LimitKey, Tries>>,
    keys_max: usize,
}

/// When each bucket will be full: all that has to be known of one (the generic cell rate algorithm). Those for which
/// there is no room are `None`.
type Buckets = HashMap<Option<LimitKey>, Timestamp>;

impl MemoryLimiter {
    /// Nothing has been counted yet.
    pub fn new() -> Self {
        Self::holding([CALLERS_MAX, CALLERS_MAX, CALLERS_MAX, ACCOUNTS_MAX, SOURCES_MAX, ACCOUNTS_MAX])
    }

    /// So many keys of each kind.
    fn holding(keys_max: [usize; KINDS]) -> Self {
        Self { kinds: keys_max.map(Kind::new), hasher: RandomState::new() }
    }

    /// Counts one more at once, where the rule allows it: [`Limiter::take`] for those who cannot wait.
    pub fn count(&self, key: &LimitKey, rule: LimitRule, at: Timestamp) -> Taken {
        let kind = self.kind(key);
        match rule {
            LimitRule::Bucket { most, per } => {
                let mut buckets = self.buckets(key);
                let room = kind.keys_max / DRAWERS;
                if let Some(full_at) = buckets.get_mut(&Some(key.clone())) {
                    return take_from_bucket(full_at, most, per, at);
                }
                if buckets.len() >= room {
                    // Full buckets are as good as none.
                    buckets.retain(|_, full_at| *full_at > at);
                }
                let key = (buckets.len() < room).then(|| key.clone());
                take_from_bucket(buckets.entry(key).or_insert(at), most, per, at)
            }
            LimitRule::Window { most, length } => {
                let mut windows = lock(&kind.windows);
                if windows.len() >= kind.keys_max && !windows.contains(key) {
                    windows.pop_lru();
                }
                let tries = windows.get_or_insert_mut(key.clone(), Tries::default);
                take_from_window(tries, most, length, at)
            }
        }
    }

    fn kind(&self, key: &LimitKey) -> &Kind {
        &self.kinds[match key {
            LimitKey::CallsFrom(_) => 0,
            LimitKey::CallsOf(_) => 1,
            LimitKey::BidsOf(_) => 2,
            LimitKey::SignIns { .. } => 3,
            LimitKey::SignInsFrom(_) => 4,
            LimitKey::MailsTo(_) => 5,
        }]
    }

    fn buckets(&self, key: &LimitKey) -> MutexGuard<'_, Buckets> {
        let drawer = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or(0) % DRAWERS;
        lock(&self.kind(key).buckets[drawer])
    }
}

impl Default for MemoryLimiter {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for MemoryLimiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryLimiter").finish_non_exhaustive()
    }
}

#[async_trait]
impl Limiter for MemoryLimiter {
    async fn take(&self, key: &LimitKey, rule: LimitRule, at: Timestamp) -> Result<Taken, Failure> {
        Ok(self.count(key, rule, at))
    }

    async fn give_back(&self, key: &LimitKey, rule: LimitRule) -> Result<(), Failure> {
        match rule {
            LimitRule::Bucket { most, per } => {
                // Where it shares a bucket, the one that it took stays taken: it might be somebody else's.
                if let Some(full_at) = self.buckets(key).get_mut(&Some(key.clone())) {
                    *full_at = full_at.before(interval(most, per));
                }
            }
            LimitRule::Window { .. } => {
                if let Some(tries) = lock(&self.kind(key).windows).peek_mut(key) {
                    tries.give_back();
                }
            }
        }
        Ok(())
    }

    async fn clear(&self, key: &LimitKey) -> Result<(), Failure> {
        self.buckets(key).remove(&Some(key.clone()));
        lock(&self.kind(key).windows).pop(key);
        Ok(())
    }
}

impl Kind {
    fn new(keys_max: usize) -> Self {
        let buckets = std::array::from_fn(|_| Mutex::new(HashMap::new()));
        Self { buckets, windows: Mutex::new(LruCache::unbounded()), keys_max }
    }
}

/// How long it takes until one more is in a bucket.
fn interval(most: NonZeroU32, per: Span) -> Span {
    per.divided_by(most).max(Span::from_micros(1))
}

fn take_from_bucket(full_at: &mut Timestamp, most: NonZeroU32, per: Span, at: Timestamp) -> Taken {
    let interval = interval(most, per);
    let capacity = interval.times(most.get());
    let before = (*full_at).max(at);
    let after = before.after(interval);
    let allowed_at = after.before(capacity);
    let retry_after = (allowed_at > at).then(|| allowed_at.since(at));
    if retry_after.is_none() {
        *full_at = after;
    }
    let full_after = if retry_after.is_none() { after.since(at) } else { before.since(at) };
    let left = (capacity.micros() - full_after.micros()).max(0) / interval.micros();
    Taken { remaining: u32::try_from(left).unwrap_or(u32::MAX), full_after, retry_after }
}

fn take_from_window(tries: &mut Tries, most: NonZeroU32, length: Span, at: Timestamp) -> Taken {
    let most = usize::try_from(most.get()).unwrap_or(usize::MAX);
    let retry_after = tries.begin(most, length, at).err();
    let left = most.saturating_sub(tries.len());
    let full_after = tries.last().map_or(Span::ZERO, |last| last.after(length).since(at));
    Taken { remaining: u32::try_from(left).unwrap_or(u32::MAX), full_after, retry_after }
}

/// Counting cannot leave anything in a state that makes no sense, so that a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;
    use pollster::block_on;

    #[cfg(feature = "conformance")]
    mod conformance {
        use super::*;

        crate::limiter_cases!(block_on, Box::new(MemoryLimiter::new()));
    }

    /// Of how many keys of each kind a small limiter counts.
    const KEYS_MAX: usize = 64 * DRAWERS;
    const START: Timestamp = Timestamp::EPOCH;

    fn small() -> MemoryLimiter {
        MemoryLimiter::holding([KEYS_MAX; KINDS])
    }

    fn two_an_hour() -> LimitRule {
        LimitRule::Bucket { most: NonZeroU32::MIN.saturating_add(1), per: Span::from_secs(3_600) }
    }

    fn once_an_hour() -> LimitRule {
        LimitRule::Window { most: NonZeroU32::MIN, length: Span::from_secs(3_600) }
    }

    fn calls_of(user: usize) -> LimitKey {
        LimitKey::CallsOf(UserId::new(u64::try_from(user).unwrap()).unwrap())
    }

    #[test]
    fn more_callers_than_there_is_room_for_share_one_bucket() {
        let limiter = small();
        for user in 1..=2 * KEYS_MAX {
            limiter.count(&calls_of(user), two_an_hour(), START);
        }
        let kind = limiter.kind(&calls_of(1));
        let held: usize = kind.buckets.iter().map(|buckets| lock(buckets).len()).sum();
        assert!(held <= KEYS_MAX + DRAWERS, "{held}");
        assert!(!limiter.count(&calls_of(3 * KEYS_MAX), two_an_hour(), START).is_allowed());
        // Other kinds have room of their own.
        let bids = LimitKey::BidsOf(UserId::new(1).unwrap());
        assert!(limiter.count(&bids, two_an_hour(), START).is_allowed());
    }

    #[test]
    fn full_buckets_make_room() {
        let limiter = small();
        for user in 1..=2 * KEYS_MAX {
            limiter.count(&calls_of(user), two_an_hour(), START);
        }
        let later = START.after(Span::from_secs(2 * 3_600));
        assert_eq!(limiter.count(&calls_of(3 * KEYS_MAX), two_an_hour(), later).remaining, 1);
        assert_eq!(limiter.count(&calls_of(3 * KEYS_MAX), two_an_hour(), later).remaining, 0);
    }

    #[test]
    fn of_too_many_windows_the_longest_quiet_one_is_given_up() {
        let limiter = small();
        let from = |number: u32| LimitKey::SignInsFrom(Some(std::net::Ipv4Addr::from_bits(number).into()));
        let last = u32::try_from(KEYS_MAX).unwrap();
        for number in 0..last {
            assert!(limiter.count(&from(number), once_an_hour(), START).is_allowed());
        }
        // Refused, and yet heard of.
        assert!(!limiter.count(&from(0), once_an_hour(), START).is_allowed());
        assert!(limiter.count(&from(last), once_an_hour(), START).is_allowed());
        assert_eq!(lock(&limiter.kind(&from(0)).windows).len(), KEYS_MAX);
        assert!(!limiter.count(&from(0), once_an_hour(), START).is_allowed());
        assert!(limiter.count(&from(1), once_an_hour(), START).is_allowed());
    }
}
