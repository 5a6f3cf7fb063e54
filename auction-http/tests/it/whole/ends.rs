//! A server that is told to stop while everybody bids.

use super::bidder::{Shared, assert_nothing_is_lost, bid_on, gathered};
use super::house::{Folder, House, Is, open_terms};
use super::process::{PATIENCE, Process, UNLIMITED, until};
use super::socket::{Heard, Socket};

/// How many people bid at once.
const BIDDERS: usize = 8;

/// How many bids are acknowledged before it is told to stop.
const ACKNOWLEDGED: u64 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_under_load_loses_nothing_and_says_goodbye() {
    let folder = Folder::new().await;
    let seller = folder.person("seller", Is::Seller).await;
    let people = folder.bidders(BIDDERS).await;
    let mut house = folder.serve(&UNLIMITED).await;
    let auction = house.sell(&seller, open_terms()).await;
    let feed = format!("/ws/auctions/?ids={auction}");
    let mut feed = Socket::open(house.process.address, &feed, &[]).await.expect("everybody is let in");
    let feed = tokio::spawn(async move { feed.end().await });
    let mut idle = house.watch(&seller, auction).await;
    let idle = tokio::spawn(async move { idle.end().await });
    let shared = Shared::starting_at(20);
    let crowd = bid_on(&house, auction, &people, &shared);
    until("enough bids are acknowledged", || shared.acknowledged() >= ACKNOWLEDGED).await;

    let started = tokio::time::Instant::now();
    house.process.signal("-TERM");
    let status = house.process.ended().await;
    let took = started.elapsed();
    println!("it stopped after {took:?}");
    assert_eq!(status.code(), Some(0), "{}", house.process.said());
    assert!(took < PATIENCE / 4, "{took:?}");
    let crowd = gathered(crowd).await;
    assert_eq!(crowd.ends, vec![Heard::Closed(1012); BIDDERS / 2]);
    assert_eq!(
        (feed.await.expect("an end"), idle.await.expect("an end")),
        (Heard::Closed(1012), Heard::Closed(1012))
    );

    let House { folder, .. } = house;
    let process = Process::start(folder.path(), &UNLIMITED).await;
    let house = House { process, folder };
    let (acknowledged, _) = assert_nothing_is_lost(&house, auction, &crowd.sent).await;
    assert!(acknowledged as u64 >= ACKNOWLEDGED, "{acknowledged}");
}
