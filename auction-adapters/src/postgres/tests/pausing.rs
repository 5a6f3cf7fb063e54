//! Nodes that stop in the middle and go on later.

use super::place::TestDatabase;
use super::silence::{first_bid, new_auction};
use crate::postgres::PostgresStore;
use auction_core::ports::{AuctionStore, CommitResult, FailureKind, Wanted};

#[tokio::test]
async fn who_waits_for_a_paused_node_bids_before_it_gives_up_and_the_paused_one_finds_its_lock_lost() {
    let place = TestDatabase::new().await;
    let paused = PostgresStore::new(&place.open().await);
    let other = PostgresStore::new(&place.open().await);
    let id = paused.create(&new_auction(1)).await.unwrap().id();
    let mut locked = paused.lock(id).await.unwrap();
    // From here on the first node does nothing.
    let bid = first_bid(id, 2);
    assert_eq!(other.commit(&bid).await.unwrap(), [CommitResult::Committed]);
    let wanted = Wanted { auctions: vec![id], ..Wanted::NOTHING };
    assert_eq!(locked.load(&wanted).await.unwrap_err().kind, FailureKind::Unavailable);
    drop(locked);
    assert_eq!(paused.load(&wanted).await.unwrap().auctions[0].as_ref(), Some(bid.entries()[0].auction()));
}
