//! How often somebody may call.

use super::gate::is_bid;
use super::source::Source;
use crate::auctions::BidLimit;
use crate::error::ApiError;
use crate::settings::{Allowance, Settings};
use async_trait::async_trait;
use auction_core::UserId;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Of how many sources, and of how many users, calls are counted; those beyond share one count.
pub const SOURCES_MAX: usize = 1 << 16;

/// Over how many locks they are spread.
const DRAWERS: usize = 16;

/// How many calls are allowed.
pub(super) const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// How many of them are left.
pub(super) const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// In how many seconds all of them are there again.
pub(super) const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Says who calls, so that users are counted by who they are and not by where they come from.
#[async_trait]
pub trait Identify: Send + Sync {
    /// Who sent a request with these headers; `None` where nobody, or nobody known, is named. It is only asked
    /// where the headers name somebody, and should answer from memory most of the time.
    async fn identify(&self, request: &Parts) -> Option<UserId>;
}

/// The limits of all calls.
pub(super) struct Rates {
    sources: Option<Buckets<IpAddr>>,
    users: Option<Buckets<UserId>>,
    bids: Arc<BidRate>,
    identify: Arc<dyn Identify>,
    started: Instant,
}

/// How often somebody may bid, over HTTP and sockets together.
pub struct BidRate {
    users: Option<Buckets<UserId>>,
    started: Instant,
}

impl BidRate {
    /// So often.
    pub fn new(allowance: Allowance) -> Self {
        Self { users: Buckets::new(allowance), started: Instant::now() }
    }

    /// Counts a bid; `None` where nothing is counted.
    fn take(&self, user: UserId) -> Option<Left> {
        self.users.as_ref().map(|users| users.take(user, nanos_since(self.started)))
    }
}

impl BidLimit for BidRate {
    fn count(&self, user: UserId) -> Result<(), u32> {
        let refused = self.take(user).and_then(|left| left.refused_nanos);
        refused.map_or(Ok(()), |nanos| Err(u32::try_from(seconds(nanos)).unwrap_or(u32::MAX)))
    }
}

/// What one call left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    limit: u32,
    remaining: u64,
    reset_nanos: u64,
    /// How long to wait, where it was one call too many.
    refused_nanos: Option<u64>,
}

impl Rates {
    pub(super) fn new(settings: &Settings, bids: Arc<BidRate>, identify: Arc<dyn Identify>) -> Self {
        let limits = &settings.rate_limits;
        let (sources, users) = (Buckets::new(limits.anonymous), Buckets::new(limits.user));
        Self { sources, users, bids, identify, started: Instant::now() }
    }

    /// Counts a call; `None` where nothing is counted.
    pub(super) async fn count(&self, request: &Parts) -> Option<Left> {
        let user = match names_somebody(&request.headers) {
            true => self.identify.identify(request).await,
            false => None,
        };
        let now = nanos_since(self.started);
        let Some(user) = user else {
            let source = request.extensions.get::<Source>().copied()?;
            return self.sources.as_ref().map(|sources| sources.take(source.network(), now));
        };
        let left = self.users.as_ref().map(|users| users.take(user, now));
        let is_refused = left.is_some_and(|left| left.refused_nanos.is_some());
        if !is_refused && request.method == Method::POST && is_bid(request.uri.path()) {
            return self.bids.take(user).or(left);
        }
        left
    }
}

fn nanos_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn names_somebody(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

impl Left {
    /// The refusal, where it was one call too many.
    pub(super) fn refusal(&self) -> Option<ApiError> {
        let secs = u32::try_from(seconds(self.refused_nanos?)).unwrap_or(u32::MAX);
        let detail = format!("Too many requests. Try again in {secs} seconds.");
        Some(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(secs))
    }

    /// Says what is left.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(seconds(self.reset_nanos)));
    }
}

/// Whole seconds, rounded up.
fn seconds(nanos: u64) -> u64 {
    nanos.div_ceil(1_000_000_000)
}

/// One bucket for each key: it holds `limit` calls and fills evenly (the generic cell rate algorithm, which needs one
/// number a key: the time at which its bucket will be full).
struct Buckets<K> {
    drawers: [Mutex<HashMap<Option<K>, u64>>; DRAWERS],
    hasher: RandomState,
    limit: u32,
    /// How long it takes until one more call is allowed.
    interval: u64,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    /// `None` where there is no limit.
    fn new(allowance: Allowance) -> Option<Self> {
        let Allowance::AtMost { calls, per } = allowance else { return None };
        let per = u64::try_from(per.length().as_nanos()).unwrap_or(u64::MAX);
        let interval = (per / u64::from(calls.get())).max(1);
        let drawers = std::array::from_fn(|_| Mutex::new(HashMap::new()));
        Some(Self { drawers, hasher: RandomState::new(), limit: calls.get(), interval })
    }

    /// Takes a call out of a bucket at a time.
    fn take(&self, key: K, now: u64) -> Left {
        let drawer = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or(0) % DRAWERS;
        let mut full_at = self.drawers[drawer].lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(key);
        if full_at.len() >= SOURCES_MAX / DRAWERS && !full_at.contains_key(&key) {
            // Full buckets are as good as none.
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= SOURCES_MAX / DRAWERS {
                key = None;
            }
        }
        let at = full_at.entry(key).or_insert(now);
        let before = (*at).max(now);
        let after = before.saturating_add(self.interval);
        let capacity = self.interval.saturating_mul(u64::from(self.limit));
        let (reset, refused) = match (after - now).checked_sub(capacity) {
            Some(wait) if wait > 0 => (before - now, Some(wait)),
            _ => {
                *at = after;
                (after - now, None)
            }
        };
        let remaining = capacity.saturating_sub(reset) / self.interval;
        Left { limit: self.limit, remaining, reset_nanos: reset, refused_nanos: refused }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn buckets(limit: &str) -> Buckets<u32> {
        Buckets::new(limit.parse().expect("a limit")).expect("a limit")
    }

    #[test]
    fn a_bucket_gives_all_its_calls_at_once_and_then_one_an_interval() {
        let buckets = buckets("60/minute");
        let allowed = (0..100).filter(|_| buckets.take(1, 0).refused_nanos.is_none()).count();
        assert_eq!(allowed, 60);
        let refused = Left { limit: 60, remaining: 0, reset_nanos: 60 * SECOND, refused_nanos: Some(SECOND) };
        assert_eq!(buckets.take(1, 0), refused);
        assert_eq!(buckets.take(1, SECOND).refused_nanos, None);
        assert_eq!(buckets.take(1, SECOND).refused_nanos, Some(SECOND));
        assert_eq!(buckets.take(2, SECOND).remaining, 59);
        assert_eq!(buckets.take(1, 3_600 * SECOND).remaining, 59);
    }

    #[test]
    fn more_keys_than_there_is_room_for_share_one_bucket() {
        let buckets = buckets("2/hour");
        for key in 0..2 * u32::try_from(SOURCES_MAX).expect("a small number") {
            buckets.take(key, 0);
        }
        let held: usize = buckets.drawers.iter().map(|drawer| drawer.lock().expect("a lock").len()).sum();
        assert!(held <= SOURCES_MAX + DRAWERS, "{held}");
        assert!(buckets.take(u32::MAX, 0).refused_nanos.is_some());
    }
}
