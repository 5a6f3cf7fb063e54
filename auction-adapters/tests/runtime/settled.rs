//! What is settled, as the closer sees it.

use crate::support::{GatedStore, START, at, auction, bid, desk, hand_in, hand_in_stamped};
use auction_core::memory::ManualClock;
use auction_core::service::desk::Desk;
use std::sync::Arc;

#[tokio::test(start_paused = true)]
async fn a_stamp_is_open_until_its_command_is_answered() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(START));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let handle = desk.handle();
    let answer = hand_in(&handle, bid(lot, 1, 1));
    clock.set(at(5));
    store.begun(1).await;
    assert_eq!(handle.settled(at(5)), START);
    store.let_through(1);
    assert_eq!(answer.await.unwrap().at, START);
    assert_eq!(handle.settled(at(5)), at(5));
}

#[tokio::test(start_paused = true)]
async fn a_stamp_whose_sender_goes_away_is_open_until_its_command_is_decided() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(START));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let handle = desk.handle();
    drop(hand_in(&handle, bid(lot, 1, 1)));
    clock.set(at(5));
    assert_eq!(handle.settled(at(5)), START);
    store.let_through(2);
    assert!(hand_in(&handle, bid(lot, 2, 2)).await.is_ok());
    assert_eq!(handle.settled(at(5)), at(5));
}

#[tokio::test(start_paused = true)]
async fn a_stamp_that_is_never_handed_in_or_is_refused_at_the_door_is_closed() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(START));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let handle = desk.handle();
    let (unused, unpolled, late) = (handle.stamp(), handle.stamp(), handle.stamp());
    clock.set(at(5));
    drop(unused);
    drop(handle.submit(unpolled, bid(lot, 1, 1)));
    assert_eq!(handle.settled(at(5)), START);
    desk.shutdown().await.unwrap();
    assert!(hand_in_stamped(&handle, late, bid(lot, 1, 1)).await.is_err());
    assert_eq!(handle.settled(at(5)), at(5));
}

#[tokio::test(start_paused = true)]
async fn commands_without_a_stamp_hold_their_time_while_they_wait() {
    let store = GatedStore::shut();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = Arc::new(ManualClock::new(at(5)));
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let handle = desk.handle();
    let waiting = tokio::spawn({
        let handle = handle.clone();
        async move { Desk::submit(&handle, vec![bid(lot, 1, 1)]).await }
    });
    store.begun(1).await;
    assert_eq!(handle.settled(at(5)), START);
    store.let_through(1);
    assert!(waiting.await.unwrap()[0].is_ok());
    assert_eq!(handle.settled(at(5)), at(5));
}
