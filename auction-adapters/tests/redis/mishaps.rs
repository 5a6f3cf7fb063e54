//! A Redis that is not there, hangs, or was killed.

use super::limits::{START, caller, limiter, ready, three_a_minute};
use super::node::{Node, auction, inbox, person};
use super::server::Server;
use super::support::{block_on, until};
use auction_core::ports::{FailureKind, Limiter, NewsSender};
use std::time::Duration;
use tokio::time::Instant;

/// Calls have 250 ms; the rest is for a machine that is busy.
const CALL_MAX: Duration = Duration::from_millis(500);

#[test]
fn a_node_that_was_started_first_hears_as_soon_as_redis_is_there() {
    block_on(async {
        let server = Server::start();
        server.kill();
        let (ann, ben) = (Node::start_deaf(&server), Node::start_deaf(&server));
        ann.news.tell(&[inbox(1)]);
        server.start_again(&[]);
        until("both hear", async || ann.ears.missed() == 1 && ben.ears.missed() == 1).await;
        // It waited until it could be sent, though perhaps nobody heard it.
        until("it is sent", async || ann.meters.count("told sent") == 1).await;
        ann.news.tell(&[inbox(2)]);
        ben.ears.hear(inbox(2)).await;
    });
}

#[test]
fn after_redis_was_killed_nodes_hear_again_and_know_that_they_missed_something() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        server.kill();
        until("the loss is noticed", async || !ann.meters.is_up("hear") && !ben.meters.is_up("hear")).await;
        server.start_again(&[]);
        until("both hear again", async || ann.ears.missed() == 2 && ben.ears.missed() == 2).await;
        ann.news.tell(&[inbox(1)]);
        ben.ears.hear(inbox(1)).await;
        assert_eq!(ben.ears.heard(), [inbox(1)]);
    });
}

#[test]
fn after_redis_hung_nodes_hear_again_and_know_that_they_missed_something() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        server.hang();
        until("the loss is noticed", async || !ann.meters.is_up("hear") && !ben.meters.is_up("hear")).await;
        server.go_on();
        until("both hear again", async || ann.ears.missed() >= 2 && ben.ears.missed() >= 2).await;
        ann.news.tell(&[inbox(1)]);
        ben.ears.hear(inbox(1)).await;
    });
}

#[test]
fn whoever_tells_never_waits_and_what_waits_is_bounded() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        server.hang();
        let begun = Instant::now();
        for number in 1..=40_000 {
            ann.news.tell(&[auction(number, 1), inbox(number), person(number)]);
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        // Half of them at most are being sent.
        until("there is no more room", async || {
            ann.meters.count("told dropped") >= 3 * (40_000 - 2 * 16_384)
        })
        .await;
        server.go_on();
        until("it is sent and heard", async || {
            // Again and again: at first there is no room for it.
            ann.news.tell(&[inbox(1_000_000)]);
            ben.ears.heard().contains(&inbox(1_000_000))
        })
        .await;
    });
}

#[test]
fn a_node_closes_soon_though_redis_hangs() {
    block_on(async {
        let server = Server::start();
        let ann = Node::start(&server).await;
        server.hang();
        ann.news.tell(&[inbox(1)]);
        let begun = Instant::now();
        ann.news.close().await;
        // A call under way, and another one.
        assert!(begun.elapsed() < 4 * CALL_MAX, "{:?}", begun.elapsed());
    });
}

#[test]
fn a_limiter_fails_in_time_when_redis_hangs_then_at_once_and_works_again_later() {
    block_on(async {
        let server = Server::start();
        let (limiter, meters) = limiter(&server);
        ready(&limiter).await;
        assert!(meters.is_up("limits"));
        server.hang();
        let begun = Instant::now();
        let key = caller(1);
        let takes = (0..50).map(|_| limiter.take(&key, three_a_minute(), START));
        for failed in futures_util::future::join_all(takes).await {
            assert_eq!(failed.unwrap_err().kind, FailureKind::Unavailable);
        }
        assert!(begun.elapsed() < CALL_MAX, "{:?}", begun.elapsed());
        // Were it to wait once more for each of these, it would take minutes. Now and then one tries.
        let begun = Instant::now();
        for _ in 0..1_000 {
            assert!(limiter.take(&caller(1), three_a_minute(), START).await.is_err());
            assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        }
        assert!(!meters.is_up("limits"));
        server.go_on();
        ready(&limiter).await;
        assert!(meters.is_up("limits"));
    });
}

/// The scripts it was told before are gone as well.
#[test]
fn a_limiter_works_again_when_redis_was_killed_and_started_again() {
    block_on(async {
        let server = Server::start();
        let (limiter, _) = limiter(&server);
        ready(&limiter).await;
        server.kill();
        assert!(limiter.take(&caller(1), three_a_minute(), START).await.is_err());
        server.start_again(&[]);
        ready(&limiter).await;
        let taken = limiter.take(&caller(2), three_a_minute(), START).await.unwrap();
        assert_eq!(taken.remaining, 2);
    });
}

#[test]
fn scripts_that_redis_forgot_are_told_again_without_a_failure() {
    block_on(async {
        let server = Server::start();
        let (limiter, _) = limiter(&server);
        ready(&limiter).await;
        let mut stranger = server.stranger().await;
        redis::cmd("SCRIPT").arg("FLUSH").exec_async(&mut stranger).await.unwrap();
        let taken = limiter.take(&caller(1), three_a_minute(), START).await.unwrap();
        assert_eq!(taken.remaining, 2);
    });
}
