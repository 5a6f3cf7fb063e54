//! Opening and closing on time.

use crate::support::{
    GatedStore, News, SELLER, START, TokioClock, at, auction, bid, desk, desk_with, hand_in, hand_in_stamped,
    new_auction, rejection, request,
};
use auction_adapters::runtime::ClosingOptions;
use auction_core::auction::{Action, Phase, Rejection};
use auction_core::memory::{ManualClock, MemoryStore};
use auction_core::ports::{AuctionStore, Claim, Clock, Failure, Timetable};
use auction_core::{AuctionId, Span, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// The deadlines of a store that has a gate.
struct Deadlines(Arc<GatedStore>);

#[async_trait::async_trait]
impl Timetable for Deadlines {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        self.0.inner.claim(claim).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        self.0.inner.next_due().await
    }
}

pub(crate) fn deadlines(store: &Arc<GatedStore>) -> Arc<dyn Timetable> {
    Arc::new(Deadlines(Arc::clone(store)))
}

async fn phase(store: &GatedStore, auction: AuctionId) -> Phase {
    store.auction(auction).await.status().phase()
}

async fn millis(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn auctions_open_and_close_on_time() {
    let store = GatedStore::open();
    let lots = [auction(&store.inner, 1_234, 2_345).await, auction(&store.inner, 200, 5_678).await];
    let (transport, mut news) = News::new();
    let desk = desk_with(&store, TokioClock::new(), transport, 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    let due = [(lots[1], 200), (lots[0], 1_234), (lots[0], 2_345), (lots[1], 5_678)];
    for (lot, time) in due {
        let change = news.recv().await.unwrap();
        let auction = change.entry().auction();
        assert_eq!(auction.id(), lot);
        let late = auction.last_at().since(at(time));
        assert!(auction.last_at() >= at(time) && late <= Span::from_millis(2), "{lot} at {time}: {late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_a_microsecond_before_it_is_due() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(at(5_000)));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let closing = desk.start_closing(deadlines(&store), ClosingOptions::default());
    millis(10).await;
    assert_eq!(phase(&store, lot).await, Phase::Started);
    clock.set(at(10_000).before(Span::from_micros(1)));
    closing.wake();
    millis(10).await;
    assert_eq!(phase(&store, lot).await, Phase::Started);
    clock.set(at(10_000));
    closing.wake();
    millis(10).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
}

#[tokio::test(start_paused = true)]
async fn a_bid_stamped_before_the_end_is_taken_before_the_close_however_late_it_is_decided() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    millis(9_999).await;
    let stamp = desk.handle().stamp();
    let made_at = stamp.at();
    assert!(made_at < at(10_000));
    millis(2_500).await;
    assert_eq!(phase(&store, lot).await, Phase::Started, "somebody may still have bid in time");
    let accepted = hand_in_stamped(&desk.handle(), stamp, bid(lot, 1, 1)).await.unwrap();
    assert_eq!((accepted.at, accepted.leading), (made_at, true));
    millis(5).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
    assert_eq!(store.auction(lot).await.price().minor(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_bid_in_a_slow_commit_at_the_end_is_taken_before_the_close() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 8);
    store.let_through(1);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    millis(9_990).await;
    let first = hand_in(&desk.handle(), bid(lot, 1, 1));
    store.begun(2).await;
    let second = hand_in(&desk.handle(), bid(lot, 2, 2));
    millis(500).await;
    store.let_through(3);
    assert!(first.await.is_ok() && second.await.is_ok());
    millis(5).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
    assert_eq!(store.auction(lot).await.price().minor(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_bid_stamped_at_the_end_is_refused_and_does_not_hold_up_the_close() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(at(10_000)));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let refused = hand_in(&desk.handle(), bid(lot, 1, 1)).await;
    assert_eq!(rejection(refused), Some(Rejection::Ended), "though nobody has closed it");
    let stamp = desk.handle().stamp();
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    millis(5).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
    assert_eq!(
        rejection(hand_in_stamped(&desk.handle(), stamp, bid(lot, 1, 1)).await),
        Some(Rejection::Ended)
    );
}

#[tokio::test(start_paused = true)]
async fn a_stamp_that_is_dropped_lets_the_auction_close() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 100, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    let stamp = desk.handle().stamp();
    millis(20_000).await;
    assert_eq!(phase(&store, lot).await, Phase::Scheduled, "not even opened");
    drop(stamp);
    millis(5).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_sets_an_earlier_deadline_wakes_the_closer() {
    let store = GatedStore::open();
    auction(&store.inner, 0, 60_000).await;
    let draft = NewAuctionDraft(300, 400).create(&store.inner).await;
    let (transport, mut news) = News::new();
    let desk = desk_with(&store, TokioClock::new(), transport, 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    news.recv().await.unwrap();
    millis(100).await;
    let publish = request(draft, SELLER, Action::Publish);
    assert_eq!(hand_in(&desk.handle(), publish).await.unwrap().phase, Phase::Scheduled);
    news.recv().await.unwrap();
    for (phase, time) in [(Phase::Started, 300), (Phase::Ended, 400)] {
        let change = news.recv().await.unwrap();
        let auction = change.entry().auction();
        assert_eq!((auction.id(), auction.status().phase()), (draft, phase));
        assert!(auction.last_at().since(at(time)) <= Span::from_millis(2), "{:?}", auction.last_at());
    }
}

struct NewAuctionDraft(u32, u32);

impl NewAuctionDraft {
    async fn create(&self, store: &MemoryStore) -> AuctionId {
        let mut new = new_auction(self.0, self.1);
        new.draft = true;
        store.create(&new).await.unwrap().id()
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_the_worker_is_told_of_is_kept_and_others_are_found_within_a_second() {
    for told in [true, false] {
        let store = GatedStore::open();
        let (transport, mut news) = News::new();
        let clock = TokioClock::new();
        let desk = desk_with(&store, Arc::clone(&clock) as _, transport, 8);
        desk.start_closing(deadlines(&store), ClosingOptions::default());
        millis(10).await;
        auction(&store.inner, 100, 60_000).await;
        if told {
            desk.handle().expect(at(100));
        }
        let late = news.recv().await.unwrap().entry().auction().last_at().since(at(100));
        let bound = Span::from_millis(if told { 2 } else { 1_000 });
        assert!(late <= bound, "told: {told}, late: {late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_downtime_everything_that_was_due_is_caught_up_with() {
    let store = GatedStore::open();
    let mut lots = Vec::new();
    for number in 0..1_300 {
        lots.push(auction(&store.inner, 0, 1_000 + number % 7).await);
    }
    let clock = TokioClock::new();
    millis(3_600_000).await;
    let desk = desk(&store, clock, 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    millis(10).await;
    for lot in lots {
        assert_eq!(phase(&store, lot).await, Phase::Ended, "{lot}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_other_nodes_bid_too_a_deadline_is_carried_out_after_the_grace() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let next = auction(&store.inner, 0, 10_100).await;
    let clock = TokioClock::new();
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let options = ClosingOptions { grace: Span::from_millis(300), ..ClosingOptions::default() };
    desk.start_closing(deadlines(&store), options);
    millis(10_299).await;
    assert_eq!(phase(&store, lot).await, Phase::Started);
    millis(5).await;
    assert_eq!(phase(&store, lot).await, Phase::Ended);
    // One that was due while the first had to wait is as late, and no later.
    millis(95).await;
    assert_eq!(phase(&store, next).await, Phase::Started);
    millis(5).await;
    assert_eq!(phase(&store, next).await, Phase::Ended);
    assert!(clock.now() > START);
}
