//! Limits while all is well.

use super::meters::Meters;
use super::server::Server;
use super::support::{block_on, until};
use auction_adapters::redis::{RedisLimiter, RedisOptions};
use auction_core::memory::MemoryLimiter;
use auction_core::ports::{FailureKind, LimitKey, LimitRule, Limiter};
use auction_core::{Span, Timestamp, UserId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::num::NonZeroU32;
use std::ops::Deref;
use std::time::Duration;

pub(crate) const START: Timestamp = Timestamp::EPOCH;

/// The last time that is counted, and the longest rule, in microseconds.
const TIME_MAX: i64 = (1 << 53) - (1 << 51);
const SPAN_MAX: u64 = 1 << 50;

/// A limiter with a server of its own.
struct Place {
    limiter: RedisLimiter,
    _server: Server,
}

impl Place {
    async fn new() -> Self {
        let server = Server::start();
        let (limiter, _) = limiter(&server);
        ready(&limiter).await;
        Self { limiter, _server: server }
    }
}

impl Deref for Place {
    type Target = RedisLimiter;

    fn deref(&self) -> &RedisLimiter {
        &self.limiter
    }
}

mod conformance {
    use super::*;

    auction_core::limiter_cases!(block_on, Place::new().await);
}

pub(crate) fn limiter(server: &Server) -> (RedisLimiter, Meters) {
    let meters = Meters::default();
    let limiter = meters.under(|| RedisLimiter::new(server.url(), &RedisOptions::default())).unwrap();
    (limiter, meters)
}

/// Waits until it answers.
pub(crate) async fn ready(limiter: &RedisLimiter) {
    until("the limiter answers", async || limiter.clear(&caller(1)).await.is_ok()).await;
}

pub(crate) fn caller(number: u64) -> LimitKey {
    LimitKey::CallsOf(UserId::new(number).unwrap())
}

pub(crate) fn three_a_minute() -> LimitRule {
    LimitRule::Bucket { most: most(3), per: Span::from_secs(60) }
}

fn most(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn micros(micros: u64) -> Span {
    Span::from(Duration::from_micros(micros))
}

#[test]
fn two_nodes_together_allow_no_more_than_the_rule_says() {
    block_on(async {
        let server = Server::start();
        let nodes = [limiter(&server).0, limiter(&server).0];
        for node in &nodes {
            ready(node).await;
        }
        let rules = [
            LimitRule::Bucket { most: most(50), per: Span::from_secs(60) },
            LimitRule::Window { most: most(50), length: Span::from_secs(60) },
        ];
        for rule in rules {
            let key = caller(1);
            let takes = (0..200).map(|number| nodes[number % 2].take(&key, rule, START));
            let taken = futures_util::future::join_all(takes).await;
            let allowed = taken.into_iter().filter(|taken| taken.as_ref().unwrap().is_allowed()).count();
            assert_eq!(allowed, 50, "{rule:?}");
        }
    });
}

/// Two nodes whose clocks disagree, in whatever order they ask, count as one in memory does.
#[test]
fn it_answers_what_the_limiter_in_memory_answers() {
    #[derive(Clone, Debug)]
    enum Step {
        Take(i64),
        GiveBack,
        Clear,
    }
    let steps = vec(
        prop_oneof![8 => (-30_i64..60).prop_map(Step::Take), 2 => Just(Step::GiveBack), 1 => Just(Step::Clear)],
        1..60,
    );
    let begins =
        prop_oneof![0..1_000_i64, TIME_MAX - 100_000..TIME_MAX - 50_000, Just(1_767_225_600_000_000)];
    let numbers = (1..6_u32, 1..200_u64, any::<bool>(), begins, steps);
    block_on(async {
        let server = Server::start();
        let nodes = [limiter(&server).0, limiter(&server).0];
        for node in &nodes {
            ready(node).await;
        }
        // Not `proptest!`, since one server does for all cases.
        let cases = std::cell::Cell::new(1);
        let handle = tokio::runtime::Handle::current();
        let mut runner =
            TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
        let ran = tokio::task::block_in_place(|| {
            runner.run(&numbers, |(number, span, is_bucket, mut now, steps)| {
                cases.set(cases.get() + 1);
                let key = caller(cases.get());
                let rule = if is_bucket {
                    LimitRule::Bucket { most: most(number), per: micros(span) }
                } else {
                    LimitRule::Window { most: most(number), length: micros(span) }
                };
                let memory = MemoryLimiter::new();
                handle.block_on(async {
                    for (turn, step) in steps.into_iter().enumerate() {
                        let node = &nodes[turn % 2];
                        match step {
                            Step::Take(later) => {
                                now = (now + later).max(0);
                                let taken = node.take(&key, rule, at(now)).await.unwrap();
                                prop_assert_eq!(taken, memory.count(&key, rule, at(now)));
                            }
                            Step::GiveBack => {
                                node.give_back(&key, rule).await.unwrap();
                                memory.give_back(&key, rule).await.unwrap();
                            }
                            Step::Clear => {
                                node.clear(&key).await.unwrap();
                                memory.clear(&key).await.unwrap();
                            }
                        }
                    }
                    Ok(())
                })
            })
        });
        ran.unwrap();
    });
}

/// The numbers of Lua are doubles, and Redis writes them with 14 or 17 digits.
#[test]
fn the_last_microsecond_that_is_counted_is_exact() {
    block_on(async {
        let place = Place::new().await;
        let memory = MemoryLimiter::new();
        let numbers = [1, 2, 3, 7, u32::MAX];
        let spans = [1, 2, 1_000_003, SPAN_MAX - 1, SPAN_MAX];
        let mut key = 0;
        for (number, span) in numbers.into_iter().flat_map(|number| spans.map(|span| (number, span))) {
            let rules = [
                LimitRule::Bucket { most: most(number), per: micros(span) },
                LimitRule::Window { most: most(number), length: micros(span) },
            ];
            for rule in rules {
                key += 1;
                for time in [TIME_MAX - 1, TIME_MAX, TIME_MAX - 2, TIME_MAX, 0] {
                    let taken = place.take(&caller(key), rule, at(time)).await.unwrap();
                    assert_eq!(taken, memory.count(&caller(key), rule, at(time)), "{rule:?} at {time}");
                }
            }
        }
    });
}

#[test]
fn what_would_not_be_exact_is_not_counted() {
    block_on(async {
        let place = Place::new().await;
        let too_long = LimitRule::Window { most: most(1), length: micros(SPAN_MAX + 1) };
        let calls =
            [(at(TIME_MAX + 1), three_a_minute()), (Timestamp::MAX, three_a_minute()), (START, too_long)];
        for (time, rule) in calls {
            let failure = place.take(&caller(1), rule, time).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Other, "{rule:?} at {time}");
        }
    });
}

#[test]
fn every_key_has_an_end_and_shows_nobody() {
    block_on(async {
        let server = Server::start();
        let (limiter, _) = limiter(&server);
        ready(&limiter).await;
        let ann = LimitKey::MailsTo("ann@example.com".to_owned());
        let window = LimitRule::Window { most: most(3), length: Span::from_secs(60) };
        for rule in [three_a_minute(), window] {
            for _ in 0..5 {
                limiter.take(&ann, rule, START).await.unwrap();
            }
            limiter.give_back(&ann, rule).await.unwrap();
        }
        let mut stranger = server.stranger().await;
        let mut keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut stranger).await.unwrap();
        keys.sort();
        assert_eq!(keys.len(), 2, "{keys:?}");
        for (key, kind) in keys.iter().zip(["bucket", "window"]) {
            assert!(
                key.starts_with("auction:limit:") && key.ends_with(kind) && !key.contains("ann"),
                "{key}"
            );
            let left: i64 = redis::cmd("PTTL").arg(key).query_async(&mut stranger).await.unwrap();
            // Until all are there again, and a minute more.
            assert!((60_000..=120_000).contains(&left), "{key}: {left} ms");
        }
        limiter.clear(&ann).await.unwrap();
        let left: u32 = redis::cmd("DBSIZE").query_async(&mut stranger).await.unwrap();
        assert_eq!(left, 0);
    });
}
