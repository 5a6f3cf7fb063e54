//! A server that is killed in the middle of bidding, again and again.

use super::bidder::{Shared, assert_nothing_is_lost, bid_on, gathered};
use super::house::{Folder, House, Is, open_terms};
use super::process::{Process, UNLIMITED, until};
use auction_adapters::system::SystemEntropy;
use auction_core::ports::Entropy;
use std::time::Duration;

/// How often it is killed, unless `AUCTION_KILLS` says otherwise.
const KILLS: u64 = 10;

/// How many people bid at once.
const BIDDERS: usize = 8;

/// After how many acknowledged bids it is killed at the latest.
const ACKNOWLEDGED_MAX: u64 = 150;

/// How much later than the last counted acknowledgement it may be killed, in microseconds.
const LATER_MICROS_MAX: u64 = 5_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_before_a_kill_is_there_once_and_answers_the_same() {
    let kills = std::env::var("AUCTION_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let folder = Folder::new().await;
    let seller = folder.person("seller", Is::Seller).await;
    let people = folder.bidders(BIDDERS).await;
    let mut house = folder.serve(&UNLIMITED).await;
    let (mut acknowledged, mut untold) = (0, 0);
    for kill in 1..=kills {
        let auction = house.sell(&seller, open_terms()).await;
        let shared = Shared::starting_at(20);
        let crowd = bid_on(&house, auction, &people, &shared);
        let enough = below(ACKNOWLEDGED_MAX);
        until("enough bids are acknowledged", || shared.acknowledged() >= enough).await;
        tokio::time::sleep(Duration::from_micros(below(LATER_MICROS_MAX))).await;
        let House { process, folder } = house;
        process.kill().await;
        let crowd = gathered(crowd).await;
        let process = Process::start(folder.path(), &UNLIMITED).await;
        house = House { process, folder };
        let (told, more) = assert_nothing_is_lost(&house, auction, &crowd.sent).await;
        println!("kill {kill}: {told} bids acknowledged, {more} more committed, {} sent", crowd.sent.len());
        acknowledged += told;
        untold += more;
    }
    println!(
        "{kills} kills: {acknowledged} bids acknowledged, {untold} committed and not told, none lost, none twice"
    );
}

/// A number below this, another one in each run: no seed brings processes back to the same moment anyway.
fn below(count: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemEntropy.fill(&mut bytes);
    u64::from_le_bytes(bytes) % count
}
