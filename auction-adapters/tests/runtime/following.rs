//! Lots that close together.

use crate::closing::deadlines;
use crate::support::{GatedStore, News, TokioClock, at, bid, desk_with, hand_in, new_auction};
use auction_adapters::runtime::ClosingOptions;
use auction_core::auction::{Charter, Phase, TermsDocument};
use auction_core::money::{Amount, Currency};
use auction_core::ports::{AuctionStore, NewAuction};
use auction_core::{AuctionId, Span};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// A lot that is open until ten seconds after the beginning; a bid in its last two seconds moves its end, and that of
/// the others.
async fn lot(store: &impl AuctionStore) -> AuctionId {
    let terms = r#"{"increments":{"kind":"fixed","step":"1.00"},"first_bid":"at_least","participation":"open",
        "closing":{"kind":"reset","window_s":2,"group":"evening"}}"#;
    let start = Amount::parse("1.00", Currency::USD).unwrap();
    let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, start).unwrap();
    let new = new_auction(0, 10_000);
    let charter = Charter::new(new.charter.seller(), new.charter.schedule(), terms).unwrap();
    store.create(&NewAuction { charter: Arc::new(charter), ..new }).await.unwrap().id()
}

#[tokio::test(start_paused = true)]
async fn whoever_watches_a_lot_learns_at_once_that_its_group_goes_on() {
    let store = GatedStore::open();
    let lots = [lot(&store.inner).await, lot(&store.inner).await, lot(&store.inner).await];
    let (transport, mut news) = News::new();
    let desk = desk_with(&store, TokioClock::new(), transport, 8);
    sleep(Duration::from_millis(8_500)).await;
    assert!(hand_in(&desk.handle(), bid(lots[0], 1, 1)).await.is_ok());
    let mut told = Vec::new();
    for _ in lots {
        let change = news.recv().await.unwrap();
        let auction = change.entry().auction();
        let late = auction.ends_at().since(at(10_500));
        assert!(auction.ends_at() >= at(10_500) && late <= Span::from_millis(2), "{late:?}");
        told.push(auction.id());
    }
    assert_eq!(told, lots);
    sleep(Duration::from_secs(5)).await;
    assert!(news.try_recv().is_err(), "those who follow are not followed");
    desk.shutdown().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn lots_of_a_group_are_closed_at_the_end_of_the_group() {
    let store = GatedStore::open();
    let lots = [lot(&store.inner).await, lot(&store.inner).await];
    let desk = desk_with(&store, TokioClock::new(), News::new().0, 8);
    desk.start_closing(deadlines(&store), ClosingOptions::default());
    sleep(Duration::from_millis(9_900)).await;
    assert!(hand_in(&desk.handle(), bid(lots[0], 1, 1)).await.is_ok());
    sleep(Duration::from_millis(1_000)).await;
    for lot in lots {
        assert_eq!(store.auction(lot).await.status().phase(), Phase::Started);
    }
    assert!(hand_in(&desk.handle(), bid(lots[1], 2, 1)).await.is_ok(), "after its old end");
    sleep(Duration::from_millis(2_100)).await;
    for lot in lots {
        assert_eq!(store.auction(lot).await.status().phase(), Phase::Ended);
    }
    desk.shutdown().await.unwrap();
}
