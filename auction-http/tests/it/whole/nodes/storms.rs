//! Crowds that bid through all nodes while nodes, or the database, go and come back.

use super::cluster::{Between, Cluster};
use super::fates::{sell_until, told};
use crate::services::{Database, PostgresServer};
use crate::whole::bidder::{Shared, assert_nothing_is_lost, bid_on, gathered};
use crate::whole::house::{House, Is, open_terms};
use crate::whole::process::{PATIENCE, UNLIMITED, until};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::Span;
use auction_core::ports::{Clock, Entropy};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// How many people bid at once, through each node.
const BIDDERS: usize = 4;

/// How often a node is killed, unless `AUCTION_KILLS` says otherwise.
const KILLS: u64 = 6;

/// How often the database is ended as a power cut would end it.
const RESTARTS: u64 = 20;

/// A number below this, another one in each run: no seed brings processes back to the same moment anyway.
fn below(count: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemEntropy.fill(&mut bytes);
    u64::from_le_bytes(bytes) % count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_killed_in_turn_while_others_go_on_and_nothing_acknowledged_is_lost() {
    let kills = std::env::var("AUCTION_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let mut cluster = Cluster::open(3, Between::Redis).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(3 * BIDDERS).await;
    let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
    let shared = Shared::starting_at(20);
    let crowd_of = |cluster: &Cluster, node: usize| {
        let people = &people[node * BIDDERS..][..BIDDERS];
        bid_on(&cluster.nodes[node], auction, people, &shared)
    };
    let mut crowds: Vec<_> = (0..3).map(|node| crowd_of(&cluster, node)).collect();
    let mut sent = Vec::new();
    for kill in 0..kills {
        let enough = shared.acknowledged() + 30 + below(100);
        until("more bids are acknowledged", || shared.acknowledged() >= enough).await;
        sleep(Duration::from_micros(below(5_000))).await;
        let node = usize::try_from(kill % 3).expect("a small number");
        cluster.nodes[node].process.signal("-KILL");
        sent.extend(gathered(std::mem::take(&mut crowds[node])).await.sent);
        cluster.start_again(node).await;
        crowds[node] = crowd_of(&cluster, node);
    }
    sent.extend(end(&mut cluster, crowds).await);
    let (told, more) = assert_nothing_is_lost(&cluster.nodes[0], auction, &sent).await;
    println!("{kills} kills: {told} bids acknowledged, {more} written and not told, {} sent", sent.len());
    assert!(told > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stands_still_in_a_crowd_holds_nobody_up_for_long_and_comes_back() {
    let pause = Duration::from_secs(30);
    let mut cluster = Cluster::open(3, Between::Redis).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(3 * BIDDERS).await;
    let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
    let shared = Shared::starting_at(20);
    let crowds: Vec<_> = (0..3)
        .map(|node| bid_on(&cluster.nodes[node], auction, &people[node * BIDDERS..][..BIDDERS], &shared))
        .collect();
    until("bids are acknowledged", || shared.acknowledged() >= 100).await;
    sleep(Duration::from_micros(below(20_000))).await;
    let paused = &cluster.nodes[2].process;
    paused.signal("-STOP");
    let began = Instant::now();
    // What the node holds in the database is given up within this time.
    sleep(Duration::from_secs(12)).await;
    let enough = shared.acknowledged() + 30;
    until("others go on", || shared.acknowledged() >= enough).await;
    assert!(began.elapsed() < pause);
    sleep(pause.saturating_sub(began.elapsed())).await;
    paused.signal("-CONT");
    let enough = shared.acknowledged() + 30;
    until("all go on", || shared.acknowledged() >= enough).await;
    let sent = end(&mut cluster, crowds).await;
    let (told, more) = assert_nothing_is_lost(&cluster.nodes[0], auction, &sent).await;
    println!("a pause: {told} bids acknowledged, {more} written and not told, {} sent", sent.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_restarted_twenty_times_under_load_and_nothing_acknowledged_is_lost() {
    let mut cluster =
        Cluster::open_with(2, Between::Nothing, Database::on(PostgresServer::start(&[])).await, &UNLIMITED)
            .await;
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(2 * BIDDERS).await;
    let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
    let shared = Shared::starting_at(20);
    let crowds: Vec<_> = (0..2)
        .map(|node| bid_on(&cluster.nodes[node], auction, &people[node * BIDDERS..][..BIDDERS], &shared))
        .collect();
    for _ in 0..RESTARTS {
        let enough = shared.acknowledged() + 20 + below(60);
        until("more bids are acknowledged", || shared.acknowledged() >= enough).await;
        sleep(Duration::from_micros(below(5_000))).await;
        cluster.postgres.server.crash();
    }
    let enough = shared.acknowledged() + 20;
    until("it goes on", || shared.acknowledged() >= enough).await;
    let sent = end(&mut cluster, crowds).await;
    let (told, more) = assert_nothing_is_lost(&cluster.nodes[0], auction, &sent).await;
    println!(
        "{RESTARTS} restarts: {told} bids acknowledged, {more} written and not told, {} sent",
        sent.len()
    );
}

/// Kills all nodes, so that their crowds end, and starts the first again. Answers all that was sent.
async fn end(
    cluster: &mut Cluster,
    crowds: Vec<JoinSet<crate::whole::bidder::Crowd>>,
) -> Vec<crate::whole::bidder::Sent> {
    for node in &cluster.nodes {
        node.process.signal("-KILL");
    }
    let mut sent = Vec::new();
    for crowd in crowds {
        sent.extend(gathered(crowd).await.sent);
    }
    cluster.start_again(0).await;
    sent
}

/// How many auctions end at the same moment.
const ENDING: usize = 20;

/// How often a crowd sees many auctions end while a node is killed.
const ENDS: u64 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_killed_while_many_auctions_end_and_each_has_one_winner_who_is_told_once() {
    let mut cluster = Cluster::open(3, Between::Redis).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(2).await;
    for round in 0..ENDS {
        let mut auctions = Vec::new();
        let ends_at = SystemClock.now().after(Span::from_secs(10));
        for _ in 0..ENDING {
            auctions.push(sell_until(&cluster.nodes[0], &seller, ends_at).await);
        }
        for (number, auction) in auctions.iter().enumerate() {
            let node = &cluster.nodes[number % 3];
            for (person, price) in [(&people[0], 20), (&people[1], 30)] {
                let price = serde_json::json!({"price": format!("{price}.00")});
                assert_eq!(node.bid(person, *auction, price).await.status, 201);
            }
        }
        let victim = usize::try_from(round % 3).expect("a small number");
        until_one_ended(&cluster.nodes[(victim + 1) % 3], &auctions).await;
        sleep(Duration::from_millis(below(100))).await;
        cluster.nodes[victim].process.signal("-KILL");
        cluster.start_again(victim).await;
        let began = Instant::now();
        let expected = [(&people[0], "lost"), (&people[1], "won"), (&seller, "ended")];
        for auction in &auctions {
            // Those who lost are told page by page, which another node takes over only when the claim of the one that
            // was killed has run out.
            for (person, kind) in expected {
                loop {
                    let kinds = told(&cluster.nodes[victim], person, *auction).await;
                    if kinds.iter().any(|told| told == kind) {
                        break;
                    }
                    assert!(began.elapsed() < PATIENCE, "round {round}, auction {auction}: {kinds:?}");
                    sleep(Duration::from_millis(50)).await;
                }
            }
            let shown = cluster.nodes[victim].get(&format!("/api/auctions/{auction}/")).await.json();
            assert_eq!(shown["outcome"]["price"], "30.00");
        }
        // What would be told twice has been by then.
        sleep(Duration::from_secs(1)).await;
        for auction in &auctions {
            for (person, kind) in expected {
                let kinds = told(&cluster.nodes[0], person, *auction).await;
                assert_eq!(kinds.iter().filter(|told| *told == kind).count(), 1, "{kinds:?}");
            }
        }
    }
    cluster.folder().assert_sound().await;
}

async fn until_one_ended(node: &House, auctions: &[u64]) {
    let began = Instant::now();
    loop {
        for auction in auctions {
            if node.get(&format!("/api/auctions/{auction}/")).await.json()["status"] == "ended" {
                return;
            }
        }
        assert!(began.elapsed() < PATIENCE, "nothing ends");
    }
}
