//! How often somebody may call.

use super::gate::is_bid;
use super::source::Source;
use crate::auctions::BidLimit;
use crate::error::ApiError;
use crate::settings::{Allowance, Allowances};
use async_trait::async_trait;
use auction_core::memory::MemoryLimiter;
use auction_core::ports::{Clock, LimitKey, LimitRule, Limiter, Taken};
use auction_core::{Span, Timestamp, UserId};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::sync::Arc;
use tokio::time::Instant;

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
    limiter: Arc<dyn Limiter>,
    sources: Option<LimitRule>,
    users: Option<LimitRule>,
    bids: Arc<BidRate>,
    identify: Arc<dyn Identify>,
    steady: Steady,
}

/// How often somebody may bid, over HTTP and sockets together. Each process counts for itself, so that a bid waits for
/// nothing.
pub struct BidRate {
    limiter: MemoryLimiter,
    rule: Option<LimitRule>,
    steady: Steady,
}

/// A time that no change of the clock touches: when it was made, and what went by since.
#[derive(Clone, Copy)]
struct Steady {
    began_at: Timestamp,
    began: Instant,
}

impl Steady {
    fn new(began_at: Timestamp) -> Self {
        Self { began_at, began: Instant::now() }
    }

    fn now(&self) -> Timestamp {
        self.began_at.after(Span::from(self.began.elapsed()))
    }
}

impl BidRate {
    /// So often.
    pub fn new(allowance: Allowance) -> Self {
        let steady = Steady::new(Timestamp::EPOCH);
        Self { limiter: MemoryLimiter::new(), rule: bucket(allowance), steady }
    }

    /// Counts a bid; `None` where nothing is counted.
    fn take(&self, user: UserId) -> Option<Left> {
        let rule = self.rule?;
        let taken = self.limiter.count(&LimitKey::BidsOf(user), rule, self.steady.now());
        Some(Left { limit: rule.most().get(), taken })
    }
}

impl BidLimit for BidRate {
    fn count(&self, user: UserId) -> Result<(), u32> {
        let refused = self.take(user).and_then(|left| left.taken.retry_after);
        refused.map_or(Ok(()), |wait| Err(u32::try_from(seconds(wait)).unwrap_or(u32::MAX)))
    }
}

/// What one call left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    limit: u32,
    taken: Taken,
}

impl Rates {
    pub(super) fn new(
        limiter: Arc<dyn Limiter>,
        allowances: &Allowances,
        bids: Arc<BidRate>,
        identify: Arc<dyn Identify>,
        clock: &dyn Clock,
    ) -> Self {
        let (sources, users) = (bucket(allowances.anonymous), bucket(allowances.user));
        Self { limiter, sources, users, bids, identify, steady: Steady::new(clock.now()) }
    }

    /// Counts a call; `None` where nothing is counted.
    pub(super) async fn count(&self, request: &Parts) -> Option<Left> {
        self.count_at(request, self.steady.now()).await
    }

    async fn count_at(&self, request: &Parts, at: Timestamp) -> Option<Left> {
        let user = match names_somebody(&request.headers) {
            true => self.identify.identify(request).await,
            false => None,
        };
        let Some(user) = user else {
            let source = request.extensions.get::<Source>().copied()?;
            return self.take(&LimitKey::CallsFrom(source.network()), self.sources, at).await;
        };
        let left = self.take(&LimitKey::CallsOf(user), self.users, at).await;
        let is_refused = left.is_some_and(|left| !left.taken.is_allowed());
        if !is_refused && request.method == Method::POST && is_bid(request.uri.path()) {
            return self.bids.take(user).or(left);
        }
        left
    }

    /// Counts a call; `None` where nothing is counted. Where the limiter fails, nothing is: it has that logged, and
    /// the house stays open.
    async fn take(&self, key: &LimitKey, rule: Option<LimitRule>, at: Timestamp) -> Option<Left> {
        let rule = rule?;
        let taken = self.limiter.take(key, rule, at).await.ok()?;
        Some(Left { limit: rule.most().get(), taken })
    }
}

/// `None` where there is no limit.
fn bucket(allowance: Allowance) -> Option<LimitRule> {
    match allowance {
        Allowance::Unlimited => None,
        Allowance::AtMost { calls, per } => {
            Some(LimitRule::Bucket { most: calls, per: Span::from(per.length()) })
        }
    }
}

fn names_somebody(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

impl Left {
    /// The refusal, where it was one call too many.
    pub(super) fn refusal(&self) -> Option<ApiError> {
        let secs = u32::try_from(seconds(self.taken.retry_after?)).unwrap_or(u32::MAX);
        let detail = format!("Too many requests. Try again in {secs} seconds.");
        Some(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(secs))
    }

    /// Says what is left.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.taken.remaining));
        headers.insert(RESET, HeaderValue::from(seconds(self.taken.full_after)));
    }
}

/// Whole seconds, rounded up.
fn seconds(span: Span) -> u64 {
    u64::try_from(span.micros()).unwrap_or(0).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::memory::ManualClock;
    use auction_core::ports::{Failure, FailureKind};
    use axum::http::Request;
    use std::num::NonZeroU32;

    /// Nobody is known.
    struct Strangers;

    #[async_trait]
    impl Identify for Strangers {
        async fn identify(&self, _: &Parts) -> Option<UserId> {
            None
        }
    }

    /// Cannot count.
    struct Broken;

    #[async_trait]
    impl Limiter for Broken {
        async fn take(&self, _: &LimitKey, _: LimitRule, _: Timestamp) -> Result<Taken, Failure> {
            Err(Failure { kind: FailureKind::Unavailable, operation: "counting", source: None })
        }

        async fn give_back(&self, _: &LimitKey, _: LimitRule) -> Result<(), Failure> {
            Ok(())
        }

        async fn clear(&self, _: &LimitKey) -> Result<(), Failure> {
            Ok(())
        }
    }

    fn rates(limiter: Arc<dyn Limiter>) -> Rates {
        let twice = "2/minute".parse().expect("a limit");
        let once = NonZeroU32::MIN;
        let allowances =
            Allowances { anonymous: twice, user: twice, bids: twice, sign_in: once, sign_in_address: once };
        let bids = Arc::new(BidRate::new(allowances.bids));
        let clock = ManualClock::new(Timestamp::EPOCH);
        Rates::new(limiter, &allowances, bids, Arc::new(Strangers), &clock)
    }

    fn call() -> Parts {
        let source = Source("192.0.2.1".parse().expect("an address"));
        let (parts, ()) = Request::builder().extension(source).body(()).expect("a request").into_parts();
        parts
    }

    #[tokio::test]
    async fn each_call_says_what_is_left_and_when() {
        let rates = rates(Arc::new(MemoryLimiter::new()));
        let mut told = Vec::new();
        for secs in [0, 0, 0, 30] {
            let at = Timestamp::EPOCH.after(Span::from_secs(secs));
            let left = rates.count_at(&call(), at).await.expect("it is counted");
            let mut headers = HeaderMap::new();
            left.tell(&mut headers);
            let of = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
            told.push((of(LIMIT), of(REMAINING), of(RESET), left.refusal().is_some()));
        }
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [
                (text("2"), text("1"), text("30"), false),
                (text("2"), text("0"), text("60"), false),
                (text("2"), text("0"), text("60"), true),
                (text("2"), text("0"), text("60"), false),
            ]
        );
    }

    #[tokio::test]
    async fn calls_are_let_through_where_the_limiter_fails() {
        let rates = rates(Arc::new(Broken));
        for _ in 0..10 {
            assert_eq!(rates.count(&call()).await, None);
        }
    }
}
