use super::{Hub, HubOptions, WatchError};
use crate::live::store_tests::Followed;
use crate::live::{Over, Painter};
use async_trait::async_trait;
use auction_core::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Recorded, Schedule, TermsDocument,
};
use auction_core::catalog::Listing;
use auction_core::memory::SeededEntropy;
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::ports::{
    AuctionStore, CatalogStore, Change, CommitId, EventPage, Failure, NewAuction, Transport, Wanted,
};
use auction_core::service::desk::{Limits, Request, Shard};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

struct Scene {
    store: Arc<Followed>,
    shard: Shard,
    auction: AuctionId,
    bids: u32,
}

/// Writes down versions, and counts how often it was asked.
struct Versions {
    store: Arc<Followed>,
    painted: AtomicUsize,
    lost: Mutex<Vec<AuctionId>>,
}

#[async_trait]
impl Painter for Versions {
    async fn paint(&self, auction: &Auction, previous: u64, rows: &[Recorded]) -> Result<String, Failure> {
        self.painted.fetch_add(1, Ordering::Relaxed);
        Ok(format!(
            r#"{{"version":{},"previous_version":{previous},"rows":{}}}"#,
            auction.version(),
            rows.len()
        ))
    }

    async fn load(&self, auction: AuctionId) -> Result<Option<Auction>, Failure> {
        let wanted = Wanted { auctions: vec![auction], ..Wanted::NOTHING };
        Ok(self.store.load(&wanted).await?.auctions.remove(0))
    }

    async fn rows(&self, auction: AuctionId, up_to: u64, rows_max: usize) -> Result<Vec<Recorded>, Failure> {
        let page = EventPage::BidsBefore(up_to + 1);
        let mut rows = self.store.now().public_events(auction, page, rows_max).await?;
        rows.reverse();
        Ok(rows)
    }

    async fn versions(&self, auctions: &[AuctionId]) -> Result<Vec<Option<u64>>, Failure> {
        self.store.versions(auctions).await
    }

    fn lost(&self, auction: AuctionId) {
        self.lost.lock().unwrap().push(auction);
    }
}

fn time(secs: u32) -> Timestamp {
    "2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap().after(Span::from_secs(secs))
}

impl Scene {
    async fn new() -> Self {
        let store = Followed::new();
        let terms = TermsDocument::parse(r#"{"participation":"open","first_bid":"at_least"}"#).unwrap();
        let terms = terms.terms(Currency::USD, Amount::from_minor(1).unwrap()).unwrap();
        let schedule = Schedule::new(time(0), time(100_000)).unwrap();
        let charter = Arc::new(Charter::new(UserId::new(1).unwrap(), schedule, terms).unwrap());
        let new = NewAuction {
            commit: CommitId(1),
            charter,
            listing: Listing::default(),
            draft: false,
            at: time(0),
        };
        let auction = store.create(&new).await.unwrap().id();
        let shard = Shard::new(store.clone(), Arc::new(SeededEntropy::new(1)), Limits::default());
        Self { store, shard, auction, bids: 0 }
    }

    /// A bid of somebody who does not lead, a dollar higher than the last one.
    async fn bid(&mut self) -> Change {
        self.bids += 1;
        let bid = Bid::straight(parse_decimal(&self.bids.to_string()).unwrap());
        let bidder = UserId::new(2 + u64::from(self.bids % 2)).unwrap();
        let command = Command::of(bidder, time(self.bids), Action::Bid(bid));
        let request = Request { auction: self.auction, command, facts: BidderFacts::VERIFIED, key: None };
        let mut processed = self.shard.process(&[request]).await;
        processed.replies.remove(0).unwrap();
        processed.changes.remove(0)
    }

    fn hub(&self, options: HubOptions) -> (Hub, Arc<Versions>) {
        let painter = Arc::new(Versions {
            store: self.store.clone(),
            painted: AtomicUsize::new(0),
            lost: Mutex::default(),
        });
        (Hub::new(painter.clone(), options), painter)
    }
}

/// Runs the hub until it has nothing to do.
async fn settle(hub: &Hub) {
    let stop = CancellationToken::new();
    let run = {
        let (hub, stop) = (hub.clone(), stop.clone());
        tokio::spawn(async move { hub.run(stop).await })
    };
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    run.await.unwrap();
}

#[tokio::test]
async fn a_commit_is_painted_once_for_all_watchers() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions::default());
    let mut watchers = Vec::new();
    for _ in 0..100 {
        watchers.push(hub.watch(scene.auction).await.unwrap().unwrap());
    }
    assert_eq!(painter.painted.load(Ordering::Relaxed), 1, "the first state, for the first watcher");
    for watcher in &mut watchers {
        watcher.newest().unwrap();
    }
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert_eq!(painter.painted.load(Ordering::Relaxed), 2);
    for watcher in &mut watchers {
        assert!(watcher.next().await.unwrap().public.contains(r#""previous_version":0,"rows":1"#));
    }
}

#[tokio::test]
async fn a_slow_watcher_skips_to_the_newest_state_and_sees_the_gap() {
    let mut scene = Scene::new().await;
    let (hub, _) = scene.hub(HubOptions::default());
    let mut slow = hub.watch(scene.auction).await.unwrap().unwrap();
    let seen = slow.newest().unwrap().auction.version();
    for _ in 0..5 {
        hub.publish(scene.bid().await);
        settle(&hub).await;
    }
    let frame = slow.next().await.unwrap();
    assert_eq!(frame.auction.bid_count(), 5);
    assert!(frame.previous_version > seen, "a gap");
}

#[tokio::test]
async fn changes_that_queue_up_become_one_frame_with_all_rows() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions { rows_max: 3, ..HubOptions::default() });
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    watcher.newest().unwrap();
    hub.publish(scene.bid().await);
    hub.publish(scene.bid().await);
    settle(&hub).await;
    let frame = watcher.next().await.unwrap();
    assert_eq!((frame.previous_version, frame.auction.bid_count()), (0, 2));
    for _ in 0..5 {
        hub.publish(scene.bid().await);
    }
    settle(&hub).await;
    let frame = watcher.next().await.unwrap();
    assert!(frame.public.contains(r#""rows":3"#), "no more than the bound: {}", frame.public);
    assert_eq!(frame.previous_version, frame.auction.version() - 3);
    assert_eq!(painter.painted.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_lost_change_heals() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions::default());
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    watcher.newest().unwrap();
    drop(scene.bid().await);
    hub.heal(scene.auction).await.unwrap();
    assert_eq!(watcher.next().await.unwrap().auction.bid_count(), 1);
    let painted = painter.painted.load(Ordering::Relaxed);
    hub.heal(scene.auction).await.unwrap();
    assert_eq!(painter.painted.load(Ordering::Relaxed), painted, "nothing to heal");
}

#[tokio::test]
async fn what_another_node_committed_is_shown_with_its_rows() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions { rows_max: 3, ..HubOptions::default() });
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    watcher.newest().unwrap();
    hub.publish(scene.bid().await);
    settle(&hub).await;
    let first = watcher.next().await.unwrap().auction.version();
    // Of these nothing is published here.
    drop((scene.bid().await, scene.bid().await));
    hub.heard(scene.auction, first + 2);
    settle(&hub).await;
    let frame = watcher.next().await.unwrap();
    assert_eq!((frame.previous_version, frame.auction.bid_count()), (first, 3));
    assert!(frame.public.contains(r#""rows":2"#), "{}", frame.public);
    let painted = painter.painted.load(Ordering::Relaxed);
    hub.heard(scene.auction, first + 2);
    hub.heal_all().await.unwrap();
    settle(&hub).await;
    assert_eq!(painter.painted.load(Ordering::Relaxed), painted, "it is known already");
    for _ in 0..5 {
        drop(scene.bid().await);
    }
    hub.heal_all().await.unwrap();
    let frame = watcher.next().await.unwrap();
    assert!(frame.public.contains(r#""rows":3"#), "no more than the bound: {}", frame.public);
    assert_eq!(frame.previous_version, frame.auction.version() - 3);
}

#[tokio::test]
async fn an_auction_is_forgotten_with_its_last_watcher() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions { auctions_max: 1, ..HubOptions::default() });
    let one = hub.watch(scene.auction).await.unwrap().unwrap();
    let other = AuctionId::new(99).unwrap();
    assert!(matches!(hub.watch(other).await, Err(WatchError::HubFull(_))));
    drop(one);
    assert_eq!(hub.watched(), 0);
    assert!(hub.watch(other).await.unwrap().is_none(), "there is no such auction");
    assert_eq!(hub.watched(), 0);
    let painted = painter.painted.load(Ordering::Relaxed);
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert_eq!(painter.painted.load(Ordering::Relaxed), painted, "nobody watches");
}

#[tokio::test]
async fn an_own_frame_is_the_public_one_with_you_besides() {
    let scene = Scene::new().await;
    let (hub, _) = scene.hub(HubOptions::default());
    let frame = hub.watch(scene.auction).await.unwrap().unwrap().newest().unwrap();
    let own = frame.own(r#"{"leading":true,"max":"6000.00"}"#);
    let read: serde_json::Value = serde_json::from_str(&own).unwrap();
    assert_eq!(read["you"]["max"], "6000.00");
    assert_eq!(read["version"], frame.auction.version());
}

#[tokio::test]
async fn an_auction_that_went_back_sends_its_watchers_away_and_shows_what_is_stored() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions::default());
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    watcher.newest().unwrap();
    hub.publish(scene.bid().await);
    scene.store.fall_behind();
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert_eq!(watcher.next().await.unwrap().auction.bid_count(), 2);
    hub.heal_all().await.unwrap();
    assert_eq!(painter.lost.lock().unwrap().len(), 0, "nothing is lost yet");
    // One more, which is still to be painted when the standby takes the place.
    hub.publish(scene.bid().await);
    scene.store.fail_over();
    hub.heal_all().await.unwrap();
    assert_eq!(*painter.lost.lock().unwrap(), [scene.auction]);
    assert_eq!(watcher.next().await.unwrap_err(), Over::Lost);
    let mut anew = hub.watch(scene.auction).await.unwrap().unwrap();
    assert_eq!(anew.newest().unwrap().auction.bid_count(), 1);
    settle(&hub).await;
    // What still comes to those who were sent away comes to nobody else.
    drop(watcher);
    assert_eq!(hub.watched(), 1);
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert_eq!(anew.next().await.unwrap().auction.bid_count(), 2);
    hub.heal_all().await.unwrap();
    assert_eq!(painter.lost.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_commit_of_an_earlier_version_than_is_shown_has_the_store_asked() {
    let mut scene = Scene::new().await;
    let (hub, painter) = scene.hub(HubOptions::default());
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    watcher.newest().unwrap();
    scene.store.fall_behind();
    for _ in 0..3 {
        hub.publish(scene.bid().await);
    }
    settle(&hub).await;
    assert_eq!(watcher.next().await.unwrap().auction.bid_count(), 3);
    scene.store.fail_over();
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert_eq!(watcher.next().await.unwrap_err(), Over::Lost);
    assert_eq!(*painter.lost.lock().unwrap(), [scene.auction]);
    let anew = hub.watch(scene.auction).await.unwrap().unwrap().newest().unwrap();
    assert_eq!(anew.auction.bid_count(), 1);
}

#[tokio::test]
async fn frames_tell_who_has_acted_as_long_as_nothing_is_missing() {
    let mut scene = Scene::new().await;
    let (hub, _) = scene.hub(HubOptions::default());
    let mut watcher = hub.watch(scene.auction).await.unwrap().unwrap();
    let first = watcher.newest().unwrap();
    assert!(first.acted.is_none(), "it was read");
    let standing = |frame: &crate::live::Frame, user| {
        let acted = frame.acted.as_ref()?;
        Some((acted.since, acted.standing(UserId::new(user).unwrap()).map(|standing| standing.bids)))
    };
    hub.publish(scene.bid().await);
    hub.publish(scene.bid().await);
    settle(&hub).await;
    let both = watcher.next().await.unwrap();
    let since = first.auction.revision();
    assert_eq!(
        [2, 3, 4].map(|user| standing(&both, user)),
        [Some(1), Some(1), None].map(|bids| Some((since, bids)))
    );
    // One change is lost between two others.
    hub.publish(scene.bid().await);
    drop(scene.bid().await);
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert!(watcher.next().await.unwrap().acted.is_none());
    hub.publish(scene.bid().await);
    settle(&hub).await;
    assert!(watcher.next().await.unwrap().acted.is_some());
}
