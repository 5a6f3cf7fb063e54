//! What every [`Limiter`] does: one function for each case.
//!
//! [`limiter_cases!`](crate::limiter_cases) expands to one test for each of them.

use super::futures::all;
use crate::UserId;
use crate::ports::{LimitKey, LimitRule, Limiter, Taken};
use crate::time::{Span, Timestamp};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for a limiter that
/// has counted nothing and is dereferenced.
#[macro_export]
macro_rules! limiter_cases {
    ($block_on:path, $place:expr) => {
        $crate::limiter_cases! {
            @each $block_on, $place,
            a_bucket_gives_all_at_once_and_then_one_an_interval
            a_bucket_is_never_more_than_full
            a_window_has_no_more_in_any_stretch_of_its_length
            what_is_refused_is_not_counted
            of_many_at_once_no_more_are_allowed_than_the_rule_says
            what_was_given_back_was_never_taken
            giving_back_what_was_never_taken_changes_nothing
            a_cleared_key_is_a_new_one
            keys_know_nothing_of_each_other
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::limits::$name(&*place).await;
                });
            }
        )*
    };
}

/// 2026-01-01T00:00:00Z, in microseconds.
const START_MICROS: i64 = 1_767_225_600_000_000;

/// How many may be taken of the rules here.
const MOST: u32 = 3;

fn most() -> NonZeroU32 {
    NonZeroU32::new(MOST).expect("invariant: not zero")
}

/// One comes in every 20 seconds.
fn bucket() -> LimitRule {
    LimitRule::Bucket { most: most(), per: Span::from_secs(60) }
}

fn window() -> LimitRule {
    LimitRule::Window { most: most(), length: Span::from_secs(60) }
}

/// A key for each rule.
fn rules() -> [(LimitKey, LimitRule); 2] {
    [(caller(1), bucket()), (LimitKey::MailsTo("ann@example.com".to_owned()), window())]
}

fn caller(number: u64) -> LimitKey {
    LimitKey::CallsOf(user(number))
}

fn user(number: u64) -> UserId {
    UserId::new(number).expect("invariant: the cases use small numbers")
}

fn at(secs: u32) -> Timestamp {
    let start = Timestamp::from_micros(START_MICROS).expect("invariant: before the year 9999");
    start.after(Span::from_secs(secs))
}

fn allowed(remaining: u32, full_after: u32) -> Taken {
    Taken { remaining, full_after: Span::from_secs(full_after), retry_after: None }
}

fn refused(full_after: u32, retry_after: u32) -> Taken {
    let retry_after = Some(Span::from_secs(retry_after));
    Taken { remaining: 0, full_after: Span::from_secs(full_after), retry_after }
}

async fn take(limiter: &dyn Limiter, key: &LimitKey, rule: LimitRule, secs: u32) -> Taken {
    limiter.take(key, rule, at(secs)).await.expect("the limiter answers")
}

async fn exhaust(limiter: &dyn Limiter, key: &LimitKey, rule: LimitRule, secs: u32) {
    for _ in 0..MOST {
        assert!(take(limiter, key, rule, secs).await.is_allowed(), "{key:?}");
    }
    assert!(!take(limiter, key, rule, secs).await.is_allowed(), "{key:?}");
}

/// And says how many are left, and how long it takes.
pub async fn a_bucket_gives_all_at_once_and_then_one_an_interval(limiter: &dyn Limiter) {
    let key = caller(1);
    let expected = [
        (0, allowed(2, 20)),
        (0, allowed(1, 40)),
        (0, allowed(0, 60)),
        (0, refused(60, 20)),
        (19, refused(41, 1)),
        (20, allowed(0, 60)),
        (20, refused(60, 20)),
        (70, allowed(1, 30)),
    ];
    for (secs, expected) in expected {
        assert_eq!(take(limiter, &key, bucket(), secs).await, expected, "after {secs} s");
    }
}

/// However long nobody asked.
pub async fn a_bucket_is_never_more_than_full(limiter: &dyn Limiter) {
    exhaust(limiter, &caller(1), bucket(), 0).await;
    assert_eq!(take(limiter, &caller(1), bucket(), 1_000_000).await, allowed(2, 20));
    assert_eq!(take(limiter, &caller(1), bucket(), 1_000_000).await, allowed(1, 40));
    assert_eq!(take(limiter, &caller(1), bucket(), 1_000_000).await, allowed(0, 60));
    assert_eq!(take(limiter, &caller(1), bucket(), 1_000_000).await, refused(60, 20));
}

/// Each is forgotten when it is as old as the window.
pub async fn a_window_has_no_more_in_any_stretch_of_its_length(limiter: &dyn Limiter) {
    let key = LimitKey::MailsTo("ann@example.com".to_owned());
    let expected = [
        (0, allowed(2, 60)),
        (10, allowed(1, 60)),
        (50, allowed(0, 60)),
        (59, refused(51, 1)),
        (60, allowed(0, 60)),
        (60, refused(60, 10)),
        (70, allowed(0, 60)),
        (109, refused(21, 1)),
        (500, allowed(2, 60)),
    ];
    for (secs, expected) in expected {
        assert_eq!(take(limiter, &key, window(), secs).await, expected, "after {secs} s");
    }
}

/// Whoever goes on asking waits no longer.
pub async fn what_is_refused_is_not_counted(limiter: &dyn Limiter) {
    for (key, rule) in rules() {
        exhaust(limiter, &key, rule, 0).await;
        for secs in 0..20 {
            assert!(!take(limiter, &key, rule, secs).await.is_allowed(), "{key:?}");
        }
        assert!(take(limiter, &key, rule, 60).await.is_allowed(), "{key:?}");
    }
}

/// Counting and looking are one.
pub async fn of_many_at_once_no_more_are_allowed_than_the_rule_says(limiter: &dyn Limiter) {
    for (key, rule) in rules() {
        let taken = all((0..20).map(|_| take(limiter, &key, rule, 0))).await;
        let allowed = taken.iter().filter(|taken| taken.is_allowed()).count();
        assert_eq!(u32::try_from(allowed), Ok(MOST), "{key:?}");
    }
}

/// Only the last one.
pub async fn what_was_given_back_was_never_taken(limiter: &dyn Limiter) {
    for (key, rule) in rules() {
        exhaust(limiter, &key, rule, 0).await;
        limiter.give_back(&key, rule).await.expect("the limiter answers");
        let taken = take(limiter, &key, rule, 0).await;
        assert_eq!((taken.remaining, taken.retry_after), (0, None), "{key:?}");
        assert!(!take(limiter, &key, rule, 0).await.is_allowed(), "{key:?}");
    }
}

/// Neither of a key that nobody asked for, nor of one of which all are there.
pub async fn giving_back_what_was_never_taken_changes_nothing(limiter: &dyn Limiter) {
    for (key, rule) in rules() {
        limiter.give_back(&key, rule).await.expect("the limiter answers");
        assert_eq!(take(limiter, &key, rule, 0).await.remaining, 2, "{key:?}");
        for _ in 0..MOST {
            limiter.give_back(&key, rule).await.expect("the limiter answers");
        }
        exhaust(limiter, &key, rule, 0).await;
    }
}

/// All of it is there again.
pub async fn a_cleared_key_is_a_new_one(limiter: &dyn Limiter) {
    for (key, rule) in rules() {
        exhaust(limiter, &key, rule, 0).await;
        limiter.clear(&key).await.expect("the limiter answers");
        exhaust(limiter, &key, rule, 0).await;
    }
}

/// Also where they name the same person, source or address.
pub async fn keys_know_nothing_of_each_other(limiter: &dyn Limiter) {
    let source = |last| IpAddr::from(Ipv4Addr::new(192, 0, 2, last));
    let sign_ins =
        |account: &str, source| LimitKey::SignIns { account: account.to_owned(), source: Some(source) };
    let counted = [caller(1), LimitKey::CallsFrom(source(1)), sign_ins("ann", source(1))];
    let others = [
        caller(2),
        LimitKey::BidsOf(user(1)),
        LimitKey::CallsFrom(source(2)),
        LimitKey::SignInsFrom(Some(source(1))),
        LimitKey::SignInsFrom(None),
        LimitKey::SignIns { account: "ann".to_owned(), source: None },
        sign_ins("ann", source(2)),
        sign_ins("ann:192.0.2.1", source(1)),
        sign_ins("", source(1)),
        LimitKey::MailsTo("ann".to_owned()),
    ];
    for rule in [bucket(), window()] {
        for key in counted.iter().chain(&others) {
            exhaust(limiter, key, rule, 0).await;
        }
        for key in &others {
            limiter.clear(key).await.expect("the limiter answers");
        }
        for key in &counted {
            assert!(!take(limiter, key, rule, 0).await.is_allowed(), "{key:?}");
            limiter.clear(key).await.expect("the limiter answers");
        }
    }
}
