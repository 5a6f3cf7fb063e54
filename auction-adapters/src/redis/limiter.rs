//! Limits that all nodes share.

use super::key;
use super::link::Link;
use super::options::RedisOptions;
use super::route::Route;
use async_trait::async_trait;
use auction_core::ports::{Failure, FailureKind, LimitKey, LimitRule, Limiter, Taken};
use auction_core::{Span, Timestamp};
use redis::Script;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The last time that is counted, in microseconds since 1970: in the year 2184. With two spans of [`SPAN_MAX`] after it
/// it is 2^53, up to which a double, the only number of Lua, is exact.
const TIME_MAX: i64 = (1 << 53) - 2 * SPAN_MAX;

/// The longest rule, in microseconds: 35 years.
const SPAN_MAX: i64 = 1 << 50;

/// How long a key is kept when it could be forgotten: more than the clocks of nodes disagree.
const KEPT_BEYOND_MILLIS: u32 = 60_000;

const TAKE: &str = "count in Redis";

/// Limits in Redis: those of all nodes together, and they outlive each of them.
///
/// Each key has an end: a minute after its bucket is full, or its window is over, Redis forgets it. How many there are at
/// once is bounded by the memory that Redis may use (`maxmemory`); where that is full, Redis forgets those that would
/// end next (`volatile-ttl`) or, if it may forget nothing, refuses to count, and that is a failure. A window holds one
/// number for each that was taken in it.
///
/// A call answers or fails within 250 ms, and at once for a moment after a failure; see [the room](super). Times are
/// counted up to the year 2184, and rules of up to 35 years: beyond that it fails ([`FailureKind::Other`]).
pub struct RedisLimiter {
    link: Link,
    prefix: String,
    take_from_bucket: Script,
    give_back_to_bucket: Script,
    take_from_window: Script,
}

/// What a script says of a bucket: whether one was taken (1 or 0), and when it will be full.
type BucketAnswer = (u8, i64);

/// What a script says of a window: whether one was taken (1 or 0), how many there are, when the first and the last were.
type WindowAnswer = (u8, i64, i64, i64);

impl RedisLimiter {
    /// A limiter that counts in the Redis with this URL, like `redis://user:password@host:6379/0`, or `rediss://` for an
    /// encrypted connection. It does not connect yet: a Redis that is down is no error here.
    ///
    /// # Errors
    /// A [`Failure`] where the URL or the options make no sense. It does not repeat the URL, which may hold a password.
    pub fn new(url: &str, options: &RedisOptions) -> Result<Self, Failure> {
        let prefix = options.prefix()?.to_owned();
        let route = Arc::new(Route::parse(url, options)?);
        Ok(Self {
            link: Link::new(route, "limits"),
            prefix,
            take_from_bucket: Script::new(include_str!("take_from_bucket.lua")),
            give_back_to_bucket: Script::new(include_str!("give_back_to_bucket.lua")),
            take_from_window: Script::new(include_str!("take_from_window.lua")),
        })
    }

    fn bucket(&self, key: &LimitKey) -> Result<String, Failure> {
        Ok(key::place(&self.prefix, key)? + ":bucket")
    }

    fn window(&self, key: &LimitKey) -> Result<String, Failure> {
        Ok(key::place(&self.prefix, key)? + ":window")
    }

    async fn take_from_bucket(
        &self,
        key: &LimitKey,
        bucket: Bucket,
        at: Timestamp,
    ) -> Result<Taken, Failure> {
        let mut call = self.take_from_bucket.key(self.bucket(key)?);
        call.arg(at.micros()).arg(bucket.interval.micros()).arg(bucket.capacity.micros());
        call.arg(KEPT_BEYOND_MILLIS);
        let answered =
            self.link.call(|mut connection| async move { call.invoke_async(&mut connection).await }).await;
        let answer = answered.map_err(|fault| fault.of(TAKE))?;
        bucket.taken(answer, at)
    }

    async fn take_from_window(
        &self,
        key: &LimitKey,
        window: Window,
        at: Timestamp,
    ) -> Result<Taken, Failure> {
        let mut call = self.take_from_window.key(self.window(key)?);
        call.arg(at.micros()).arg(window.length.micros()).arg(window.most.get()).arg(KEPT_BEYOND_MILLIS);
        let answered =
            self.link.call(|mut connection| async move { call.invoke_async(&mut connection).await }).await;
        let answer = answered.map_err(|fault| fault.of(TAKE))?;
        window.taken(answer, at)
    }
}

#[async_trait]
impl Limiter for RedisLimiter {
    async fn take(&self, key: &LimitKey, rule: LimitRule, at: Timestamp) -> Result<Taken, Failure> {
        if at.micros() > TIME_MAX {
            return Err(unfit("the time is too late"));
        }
        match Rule::read(rule)? {
            Rule::Bucket(bucket) => self.take_from_bucket(key, bucket, at).await,
            Rule::Window(window) => self.take_from_window(key, window, at).await,
        }
    }

    async fn give_back(&self, key: &LimitKey, rule: LimitRule) -> Result<(), Failure> {
        let done = match Rule::read(rule)? {
            Rule::Bucket(bucket) => {
                let mut call = self.give_back_to_bucket.key(self.bucket(key)?);
                call.arg(bucket.interval.micros());
                self.link.call(|mut connection| async move { call.invoke_async(&mut connection).await }).await
            }
            Rule::Window(_) => {
                let mut call = redis::cmd("RPOP");
                call.arg(self.window(key)?);
                self.link.call(|mut connection| async move { call.exec_async(&mut connection).await }).await
            }
        };
        done.map_err(|fault| fault.of("give back in Redis"))
    }

    async fn clear(&self, key: &LimitKey) -> Result<(), Failure> {
        let mut call = redis::cmd("DEL");
        call.arg(self.bucket(key)?).arg(self.window(key)?);
        let done =
            self.link.call(|mut connection| async move { call.exec_async(&mut connection).await }).await;
        done.map_err(|fault| fault.of("clear in Redis"))
    }
}

impl fmt::Debug for RedisLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimiter").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// A rule whose numbers are exact in Lua.
#[derive(Clone, Copy)]
enum Rule {
    Bucket(Bucket),
    Window(Window),
}

#[derive(Clone, Copy)]
struct Bucket {
    /// How long it takes until one more is in it.
    interval: Span,
    /// How long until all are.
    capacity: Span,
}

#[derive(Clone, Copy)]
struct Window {
    most: NonZeroU32,
    length: Span,
}

impl Rule {
    fn read(rule: LimitRule) -> Result<Self, Failure> {
        match rule {
            LimitRule::Bucket { per: span, .. } | LimitRule::Window { length: span, .. }
                if span.micros() > SPAN_MAX =>
            {
                Err(unfit("the rule is too long"))
            }
            LimitRule::Bucket { most, per } => {
                let interval = per.divided_by(most).max(Span::from_micros(1));
                Ok(Self::Bucket(Bucket { interval, capacity: interval.times(most.get()) }))
            }
            LimitRule::Window { most, length } => Ok(Self::Window(Window { most, length })),
            _ => Err(unfit("this kind of rule is not known")),
        }
    }
}

impl Bucket {
    fn taken(self, (is_taken, full_at): BucketAnswer, at: Timestamp) -> Result<Taken, Failure> {
        let full_at = time(full_at)?;
        let full_after = full_at.since(at);
        let allowed_at = full_at.after(self.interval).before(self.capacity);
        let retry_after = (is_taken == 0).then(|| allowed_at.since(at));
        let left = (self.capacity.micros() - full_after.micros()).max(0) / self.interval.micros();
        Ok(Taken { remaining: u32::try_from(left).unwrap_or(u32::MAX), full_after, retry_after })
    }
}

impl Window {
    fn taken(self, answer: WindowAnswer, at: Timestamp) -> Result<Taken, Failure> {
        let (is_taken, count, first, last) = answer;
        let (first, last) = (time(first)?, time(last)?);
        let left = i64::from(self.most.get()).saturating_sub(count).max(0);
        Ok(Taken {
            remaining: u32::try_from(left).unwrap_or(u32::MAX),
            full_after: last.after(self.length).since(at),
            retry_after: (is_taken == 0).then(|| first.after(self.length).since(at)),
        })
    }
}

/// A time that a script answered.
fn time(micros: i64) -> Result<Timestamp, Failure> {
    Timestamp::from_micros(micros).map_err(|error| Failure::new(FailureKind::Corrupt, TAKE, error))
}

fn unfit(why: &str) -> Failure {
    Failure::new(FailureKind::Other, TAKE, why)
}
