//! Group commit, the order of commit, answer and publication, bounds and turns.

use crate::support::{
    GatedStore, News, PollingTransport, START, TokioClock, auction, bid, desk, desk_with, hand_in, poll,
    rejection,
};
use auction_core::auction::{BidderFacts, Command, Rejection};
use auction_core::ports::FailureKind;
use auction_core::service::desk::{Desk, Refusal, Request};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn an_answer_comes_after_the_commit_and_before_the_publication() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let transport = Arc::new(PollingTransport::default());
    let desk = desk_with(&store, TokioClock::new(), Arc::clone(&transport) as _, 8);
    let mut answer = hand_in(&desk.handle(), bid(lot, 1, 1));
    store.begun(1).await;
    sleep(Duration::from_secs(1)).await;
    assert!(poll(&mut answer).is_pending(), "answered before the commit");
    *transport.answer.lock().unwrap() = Some(answer);
    store.let_through(1);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(*transport.seen.lock().unwrap(), [Poll::Ready(true)]);
}

#[tokio::test(start_paused = true)]
async fn a_command_whose_sender_has_gone_away_is_committed_and_published() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let (transport, mut news) = News::new();
    let desk = desk_with(&store, TokioClock::new(), transport, 8);
    let (gone, stays) = (hand_in(&desk.handle(), bid(lot, 1, 1)), hand_in(&desk.handle(), bid(lot, 2, 2)));
    store.begun(1).await;
    drop(gone);
    store.let_through(1);
    assert!(stays.await.is_ok());
    assert_eq!(news.recv().await.unwrap().entry().auction().price().minor(), 200);
    assert_eq!(store.bids(), [2]);
    let dropped_while_queued = hand_in(&desk.handle(), bid(lot, 1, 3));
    drop(dropped_while_queued);
    store.let_through(1);
    assert_eq!(news.recv().await.unwrap().entry().auction().price().minor(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_lone_bid_waits_for_one_commit() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let desk = desk(&store, TokioClock::new(), 8);
    for dollars in 1..=3 {
        assert!(hand_in(&desk.handle(), bid(lot, dollars, dollars)).await.is_ok());
        assert_eq!(store.bids(), vec![1; usize::try_from(dollars).unwrap()]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_queues_while_a_commit_runs_is_the_next_commit() {
    let store = GatedStore::shut();
    let lots = [auction(&store.inner, 0, 10_000).await, auction(&store.inner, 0, 10_000).await];
    let desk = desk(&store, TokioClock::new(), 1_000);
    let first = hand_in(&desk.handle(), bid(lots[0], 0, 1));
    store.begun(1).await;
    let rest: Vec<_> = (2..=200)
        .map(|dollars| hand_in(&desk.handle(), bid(lots[dollars as usize % 2], dollars, dollars)))
        .collect();
    sleep(Duration::from_secs(1)).await;
    store.let_through(2);
    assert!(first.await.is_ok());
    for answer in rest {
        assert!(answer.await.is_ok());
    }
    assert_eq!(store.bids(), [1, 199]);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_answers_busy_at_once_and_recovers() {
    let store = GatedStore::shut();
    let mut lots = Vec::new();
    for _ in 0..3 {
        lots.push(auction(&store.inner, 0, 10_000).await);
    }
    let desk = desk(&store, TokioClock::new(), 4);
    let handle = desk.handle();
    let busy = Poll::Ready(Some(Rejection::Busy));
    let mut taken = vec![hand_in(&handle, bid(lots[0], 1, 1))];
    store.begun(1).await;
    taken.push(hand_in(&handle, bid(lots[0], 2, 2)));
    taken.push(hand_in(&handle, bid(lots[0], 3, 3)));
    let over_its_share = poll(&mut hand_in(&handle, bid(lots[0], 4, 4)));
    assert_eq!(over_its_share.map(rejection), busy);
    taken.push(hand_in(&handle, bid(lots[1], 1, 1)));
    taken.push(hand_in(&handle, bid(lots[1], 2, 2)));
    assert_eq!(poll(&mut hand_in(&handle, bid(lots[2], 1, 1))).map(rejection), busy);
    let house = Request {
        auction: lots[2],
        command: Command::advance(START),
        facts: BidderFacts::VERIFIED,
        key: None,
    };
    let house = tokio::spawn({
        let handle = handle.clone();
        async move { Desk::submit(&handle, vec![house]).await }
    });
    tokio::task::yield_now().await;
    store.let_through(2);
    for answer in taken {
        assert!(answer.await.is_ok());
    }
    assert!(house.await.unwrap()[0].is_ok(), "the house is always served");
    store.let_through(1);
    assert!(hand_in(&handle, bid(lots[2], 1, 1)).await.is_ok());
    assert_eq!(store.bids(), [1, 4, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_at_one_auction_keeps_nobody_elsewhere_waiting_beyond_one_batch() {
    let store = GatedStore::shut();
    let (hot, quiet) = (auction(&store.inner, 0, 10_000).await, auction(&store.inner, 0, 10_000).await);
    let desk = desk(&store, TokioClock::new(), 8_192);
    let handle = desk.handle();
    let _first = hand_in(&handle, bid(hot, 0, 1));
    store.begun(1).await;
    let mut crowd: Vec<_> = (2..=4_097).map(|dollars| hand_in(&handle, bid(hot, dollars, dollars))).collect();
    assert!(crowd.iter_mut().all(|answer| poll(answer).is_pending()), "its share is half of the queue");
    assert!(poll(&mut hand_in(&handle, bid(hot, 1, 9_999))).is_ready(), "and no more");
    let lone = hand_in(&handle, bid(quiet, 1, 1));
    store.let_through(1);
    store.begun(2).await;
    assert_eq!(store.bids_for(1, quiet), 1);
    assert_eq!(store.bids_for(1, hot), 1_023, "the crowd has what the others leave");
    store.let_through(10);
    assert!(lone.await.is_ok());
    for answer in crowd {
        assert!(answer.await.is_ok(), "the order of the crowd is kept");
    }
    assert_eq!(store.bids(), [1, 1_024, 1_024, 1_024, 1_024, 1]);
}

#[tokio::test(start_paused = true)]
async fn commands_that_come_together_are_answered_in_their_order() {
    let store = GatedStore::open();
    let lots = [auction(&store.inner, 0, 10_000).await, auction(&store.inner, 0, 10_000).await];
    let desk = desk(&store, TokioClock::new(), 8);
    let requests = vec![
        bid(lots[0], 1, 5),
        bid(lots[1], 1, 7),
        bid(lots[0], 2, 5),
        bid(lots[1], 2, 8),
        bid(lots[0], 3, 6),
    ];
    let replies = Desk::submit(&desk.handle(), requests).await;
    let prices: Vec<_> =
        replies.iter().map(|reply| reply.map(|accepted| accepted.price.minor()).ok()).collect();
    assert_eq!(prices, [Some(500), Some(700), None, Some(800), Some(600)]);
    assert_eq!(store.bids(), [4]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_a_batch_is_written_harms_that_batch_only_and_nobody_knows_what_became_of_it() {
    let store = GatedStore::shut();
    let (lot, other) = (auction(&store.inner, 0, 10_000).await, auction(&store.inner, 0, 10_000).await);
    let desk = desk(&store, TokioClock::new(), 8);
    let handle = desk.handle();
    let first = hand_in(&handle, bid(lot, 1, 1));
    store.begun(1).await;
    let harmed = [hand_in(&handle, bid(lot, 2, 2)), hand_in(&handle, bid(other, 2, 2))];
    store.let_through(1);
    assert!(first.await.is_ok());
    store.begun(2).await;
    let next = [hand_in(&handle, bid(lot, 3, 2)), hand_in(&handle, bid(other, 3, 2))];
    store.panic_in_commit.store(true, Ordering::SeqCst);
    store.let_through(2);
    for answer in harmed {
        assert_eq!(answer.await, Err(Refusal::Failed(FailureKind::Unavailable)));
    }
    for answer in next {
        assert!(answer.await.is_ok(), "what was not written is not remembered");
    }
    assert_eq!(handle.settled(START), START, "no stamp is left over");
}

#[tokio::test(start_paused = true)]
async fn a_panic_before_anything_is_written_harms_one_request_only() {
    let store = GatedStore::shut();
    let (lot, other) = (auction(&store.inner, 0, 10_000).await, auction(&store.inner, 0, 10_000).await);
    let desk = desk(&store, TokioClock::new(), 8);
    let handle = desk.handle();
    let first = hand_in(&handle, bid(lot, 1, 1));
    store.begun(1).await;
    let poison = bid(lot, 66, 2);
    store.poisonous.store(poison.command.by.user().unwrap().number(), Ordering::SeqCst);
    let before = [hand_in(&handle, bid(lot, 2, 2)), hand_in(&handle, bid(other, 2, 2))];
    let harmed = hand_in(&handle, poison);
    let after = [hand_in(&handle, bid(lot, 3, 3)), hand_in(&handle, bid(other, 3, 3))];
    store.let_through(10);
    assert!(first.await.is_ok());
    assert_eq!(harmed.await, Err(Refusal::Failed(FailureKind::Other)));
    for answer in before.into_iter().chain(after) {
        assert!(answer.await.is_ok());
    }
    assert_eq!(handle.settled(START), START, "no stamp is left over");
}
