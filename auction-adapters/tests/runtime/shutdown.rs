//! The orderly end.

use crate::support::{GatedStore, TokioClock, auction, bid, desk, hand_in, poll, rejection};
use async_trait::async_trait;
use auction_adapters::runtime::{Unfinished, Work};
use auction_core::auction::Rejection;
use auction_core::ports::{Failure, FailureKind};
use auction_core::service::Wake;
use auction_core::service::desk::Refusal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn a_shutdown_answers_everything_that_is_queued_and_takes_nothing_new() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = Arc::new(desk(&store, TokioClock::new(), 100));
    let handle = desk.handle();
    let mut queued = vec![hand_in(&handle, bid(lot, 1, 1))];
    store.begun(1).await;
    queued.extend((2..=20).map(|dollars| hand_in(&handle, bid(lot, dollars, dollars))));
    let ending = tokio::spawn({
        let desk = Arc::clone(&desk);
        async move { desk.shutdown().await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(
        poll(&mut hand_in(&handle, bid(lot, 21, 21))).map(rejection),
        Poll::Ready(Some(Rejection::Busy))
    );
    store.let_through(2);
    assert_eq!(ending.await.unwrap(), Ok(()));
    for answer in queued {
        assert!(answer.await.is_ok());
    }
    assert_eq!(store.bids(), [1, 19]);
    assert_eq!(desk.shutdown().await, Ok(()), "a second one has nothing to do");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_takes_no_longer_than_it_may_and_leaves_nobody_waiting() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 100);
    let in_commit = hand_in(&desk.handle(), bid(lot, 1, 1));
    store.begun(1).await;
    let queued = hand_in(&desk.handle(), bid(lot, 2, 2));
    let started = Instant::now();
    assert!(matches!(desk.shutdown().await, Err(Unfinished { .. })));
    assert!(started.elapsed() <= Duration::from_millis(20_001));
    for answer in [in_commit, queued] {
        assert_eq!(answer.await, Err(Refusal::Failed(FailureKind::Unavailable)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_is_dropped_still_answers_what_is_queued() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 100);
    let handle = desk.handle();
    let queued = hand_in(&handle, bid(lot, 1, 1));
    drop(desk);
    assert!(queued.await.is_ok());
    assert_eq!(rejection(hand_in(&handle, bid(lot, 2, 2)).await), Some(Rejection::Busy));
}

/// Bids in every tick, slowly.
struct SlowBidder {
    desk: auction_adapters::runtime::DeskHandle,
    lot: auction_core::AuctionId,
    taken: AtomicU32,
}

#[async_trait]
impl Work for SlowBidder {
    fn name(&self) -> &'static str {
        "slow bidder"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        sleep(Duration::from_millis(700)).await;
        let dollars = u64::from(self.taken.load(Ordering::SeqCst)) + 1;
        assert!(self.desk.submit(self.desk.stamp(), bid(self.lot, dollars, dollars)).await.is_ok());
        self.taken.fetch_add(1, Ordering::SeqCst);
        Ok(Wake::Now)
    }
}

#[tokio::test(start_paused = true)]
async fn workers_stop_before_the_desk_and_finish_their_tick() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 100);
    let work = Arc::new(SlowBidder { desk: desk.handle(), lot, taken: AtomicU32::new(0) });
    desk.start_worker(Arc::clone(&work) as _);
    sleep(Duration::from_millis(1_000)).await;
    assert_eq!(desk.shutdown().await, Ok(()));
    assert_eq!(work.taken.load(Ordering::SeqCst), 2, "the second tick was half done");
    sleep(Duration::from_secs(10)).await;
    assert_eq!(work.taken.load(Ordering::SeqCst), 2);
}
