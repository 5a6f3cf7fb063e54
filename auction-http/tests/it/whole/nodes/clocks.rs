//! Nodes on machines whose clocks differ.

use super::cluster::{Between, Cluster};
use crate::whole::house::{Is, open_terms};
use crate::whole::http::Client;
use auction_adapters::system::SystemClock;
use auction_core::ports::Clock;
use auction_core::{Span, Timestamp};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::time::sleep;

/// How long the auction lasts.
const LENGTH: Span = Span::from_secs(4);

/// How far the time of a node may be from that of the database, generously.
const DOUBT: Span = Span::from_millis(100);

/// What makes a process see another time.
fn faketime() -> PathBuf {
    let architectures = std::fs::read_dir("/usr/lib").expect("a system").flatten();
    let mut places = architectures.map(|place| place.path().join("faketime/libfaketimeMT.so.1"));
    places.find(|place| place.exists()).expect("libfaketime is missing (on Debian: apt-get install faketime)")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bid_near_the_end_gets_the_same_answer_through_nodes_whose_clocks_are_two_seconds_apart() {
    let faketime = faketime();
    let preload = faketime.to_str().expect("UTF-8");
    let mut cluster = Cluster::open(0, Between::Nothing).await;
    for ahead in ["+1s", "-1s"] {
        let settings = [("LD_PRELOAD", preload), ("FAKETIME", ahead), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
        cluster.add(&settings).await;
    }
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(2).await;
    let now = SystemClock.now();
    let ends_at = now.after(LENGTH);
    let body = json!({
        "title": "Persian rug", "starting_price": "10.00", "start_date_time": now.to_string(),
        "end_date_time": ends_at.to_string(), "terms": open_terms(),
    });
    let answer = cluster.nodes[0].post(&seller, "/api/auctions/", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let path = format!("/api/auctions/{}/bids/", answer.json()["id"]);
    let mut clients: Vec<Client> = Vec::new();
    for (node, person) in cluster.nodes.iter().zip(&people) {
        clients.push(node.client(person).await);
    }
    let (mut price, mut before, mut after) = (20, [0; 2], [0; 2]);
    while SystemClock.now() < ends_at.after(Span::from_secs(1)) {
        for (node, client) in clients.iter_mut().enumerate() {
            let asked = SystemClock.now();
            let answer =
                client.post(&path, &json!({"price": format!("{price}.00")}), None).await.expect("an answer");
            let answered = SystemClock.now();
            price += 1;
            let is_taken = match answer.code() {
                (201, _) => true,
                (409, code) if code == "ended" => false,
                (409, code) if code == "not_started" => continue,
                other => panic!("{other:?}"),
            };
            if answered.after(DOUBT) < ends_at {
                assert!(
                    is_taken,
                    "node {node} refused a bid {} before the end",
                    ends_at.since(answered).micros()
                );
                before[node] += 1;
            }
            if asked > ends_at.after(DOUBT) {
                assert!(!is_taken, "node {node} took a bid {} after the end", asked.since(ends_at).micros());
                after[node] += 1;
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
    println!("bids taken before the end: {before:?}, refused after it: {after:?}, by node");
    assert!(before.iter().chain(&after).all(|count| *count > 0), "{before:?} {after:?}");
    // Their machines did have other clocks.
    let [first, second] = [0, 1].map(|node: usize| ahead_of_ours(&cluster.nodes[node].process.log));
    assert!(
        (500_000..1_500_000).contains(&first) && (-1_500_000..-500_000).contains(&second),
        "{first} {second}"
    );
    cluster.folder().assert_sound().await;
}

/// How far the last time in a log is ahead of when the file was written, in microseconds.
fn ahead_of_ours(log: &Path) -> i64 {
    let written = std::fs::metadata(log).and_then(|log| log.modified()).expect("a time");
    let written = written.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_micros();
    let text = std::fs::read_to_string(log).expect("a log");
    let words = text.lines().rev().flat_map(|line| line.split([' ', '"']));
    let last = words.filter_map(|word| word.parse::<Timestamp>().ok()).next().expect("a line with its time");
    last.micros() - i64::try_from(written).expect("a time")
}
