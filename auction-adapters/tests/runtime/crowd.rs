//! Many bidders at once, on several threads.

use crate::support::{START, auction, bid, rejection};
use auction_adapters::runtime::{DeskOptions, DeskRuntime};
use auction_core::auction::Rejection;
use auction_core::memory::{ManualClock, MemoryStore, NoTransport, SeededEntropy};
use auction_core::service::desk::Reply;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const BIDDERS: u64 = 100;
const ROUNDS: u64 = 30;

async fn equal_bids(desks: &[DeskRuntime], store: &MemoryStore) {
    let lot = auction(store, 0, 10_000).await;
    for round in 1..=ROUNDS {
        let barrier = Arc::new(Barrier::new(BIDDERS as usize));
        let mut bidders = JoinSet::new();
        for bidder in 0..BIDDERS {
            let desk = desks[bidder as usize % desks.len()].handle();
            let barrier = Arc::clone(&barrier);
            bidders.spawn(async move {
                barrier.wait().await;
                desk.submit(desk.stamp(), bid(lot, bidder, round)).await
            });
        }
        let (accepted, refused): (Vec<Reply>, Vec<Reply>) =
            bidders.join_all().await.into_iter().partition(Reply::is_ok);
        assert_eq!(accepted.len(), 1, "round {round}");
        for reply in refused {
            let rejection = rejection(reply);
            assert!(
                matches!(rejection, Some(Rejection::BelowMinimum { .. })),
                "round {round}: {rejection:?}"
            );
        }
    }
}

fn desk(store: &Arc<MemoryStore>, seed: u64) -> DeskRuntime {
    let (entropy, clock) = (Arc::new(SeededEntropy::new(seed)), Arc::new(ManualClock::new(START)));
    let options = DeskOptions::default();
    DeskRuntime::start(Arc::clone(store) as _, entropy, clock, Arc::new(NoTransport), None, options)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_equal_bids_at_once_exactly_one_is_accepted() {
    let store = Arc::new(MemoryStore::new());
    equal_bids(&[desk(&store, 1)], &store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_equal_bids_at_once_through_two_desks_exactly_one_is_accepted() {
    let store = Arc::new(MemoryStore::shared());
    equal_bids(&[desk(&store, 1), desk(&store, 2)], &store).await;
}
