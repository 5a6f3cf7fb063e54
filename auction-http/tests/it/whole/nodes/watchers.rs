//! Watchers of one node see what is bid on another, with Redis, when it is lost, and without.

use super::cluster::{Between, Cluster};
use crate::whole::house::{Is, Person, open_terms};
use crate::whole::notices::mails_in;
use crate::whole::process::PATIENCE;
use crate::whole::socket::Socket;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// How many bids are made in each state of affairs.
const BIDS: u64 = 25;

/// The same, where watchers of other nodes see them up to a second later.
const SLOW_BIDS: u64 = 6;

/// A cluster of two, in which two people watch one auction, each through another node, and two others bid.
struct Watched {
    cluster: Cluster,
    auction: u64,
    watchers: [Socket; 2],
    bidders: [Person; 2],
    price: u64,
}

impl Watched {
    async fn open(between: Between) -> Self {
        let cluster = Cluster::open(2, between).await;
        let seller = cluster.person("seller", Is::Seller).await;
        let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
        let [ann, bob] = [cluster.person("ann", Is::Bidder).await, cluster.person("bob", Is::Bidder).await];
        let [cal, dan] = [cluster.person("cal", Is::Bidder).await, cluster.person("dan", Is::Bidder).await];
        let watchers =
            [cluster.nodes[0].watch(&ann, auction).await, cluster.nodes[1].watch(&bob, auction).await];
        Self { cluster, auction, watchers, bidders: [cal, dan], price: 20 }
    }

    /// Bids on the first node, and waits until both watchers see it. Answers how long each took.
    async fn bid(&mut self) -> [Duration; 2] {
        let price = format!("{}.00", self.price);
        let bidder = &self.bidders[usize::from(self.price.is_multiple_of(2))];
        self.price += 1;
        let answer = self.cluster.nodes[0].bid(bidder, self.auction, json!({"price": price})).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let acknowledged = Instant::now();
        let [here, there] = &mut self.watchers;
        let sees = async |watcher: &mut Socket| {
            watcher.next_where(|state| state["current_price"] == json!(price)).await;
            acknowledged.elapsed()
        };
        let (here, there) = tokio::join!(sees(here), sees(there));
        [here, there]
    }

    /// Bids so often, and prints what is usual.
    async fn bids(&mut self, bids: u64, when: &str) {
        let mut times = [const { Vec::new() }; 2];
        for _ in 0..bids {
            let [here, there] = self.bid().await;
            times[0].push(here);
            times[1].push(there);
        }
        for (times, place) in times.iter_mut().zip(["the same node", "the other node"]) {
            times.sort_unstable();
            println!("{when}: half of the watchers of {place} within {:?}", times[times.len() / 2]);
        }
    }

    /// Both nodes and both watchers have what is stored.
    async fn assert_all_see_the_same(&mut self) {
        let path = format!("/api/auctions/{}/", self.auction);
        let mut shown = Vec::new();
        for node in &self.cluster.nodes {
            let mut state = node.get(&path).await.json();
            state.as_object_mut().expect("a state").remove("server_time");
            shown.push(state);
        }
        assert_eq!(shown[0], shown[1]);
        assert_eq!(shown[0]["bid_count"], self.price - 20);
        self.cluster.folder().assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watchers_of_another_node_see_bids_also_while_redis_hangs_is_gone_and_is_back() {
    let mut watched = Watched::open(Between::Redis).await;
    watched.bids(BIDS, "with Redis").await;
    watched.redis().hang();
    watched.bids(SLOW_BIDS, "while Redis hangs").await;
    watched.redis().go_on();
    watched.bids(BIDS, "after it hung").await;
    watched.redis().kill();
    watched.bids(SLOW_BIDS, "without it").await;
    watched.redis().start_again(&[]);
    watched.bids(BIDS, "after it came back").await;
    watched.assert_all_see_the_same().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watchers_of_another_node_see_bids_without_redis() {
    let mut watched = Watched::open(Between::Nothing).await;
    watched.bids(SLOW_BIDS, "without Redis").await;
    watched.assert_all_see_the_same().await;
}

impl Watched {
    fn redis(&self) -> &crate::services::RedisServer {
        self.cluster.redis.as_ref().expect("there is one")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_reach_sockets_of_every_node_and_one_mail_goes_out() {
    for between in [Between::Redis, Between::Nothing] {
        let cluster = Cluster::open(3, between).await;
        let seller = cluster.person("seller", Is::Seller).await;
        let [ann, bob] = [cluster.person("ann", Is::Bidder).await, cluster.person("bob", Is::Bidder).await];
        let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
        let mut sockets = Vec::new();
        for node in &cluster.nodes {
            let path = format!("/ws/notifications/?token={}", ann.token);
            let mut socket = Socket::open(node.process.address, &path, &[]).await.expect("it is let in");
            assert_eq!(socket.next().await, json!({ "unread_count": 0 }));
            sockets.push(socket);
        }
        assert_eq!(cluster.nodes[0].bid(&ann, auction, json!({ "price": "60.00" })).await.status, 201);
        assert_eq!(cluster.nodes[1].bid(&bob, auction, json!({ "price": "70.00" })).await.status, 201);
        let mut seen = Vec::new();
        for socket in &mut sockets {
            seen.push(socket.next_where(|notice| notice["kind"] == "outbid").await);
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
        let started = Instant::now();
        let mails = || {
            let mails = cluster.nodes.iter().flat_map(|node| mails_in(node.folder.path()));
            mails.filter(|mail| mail.contains("You have been outbid")).count()
        };
        while mails() == 0 {
            assert!(started.elapsed() < PATIENCE, "no mail");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let inbox = cluster.nodes[2].client(&ann).await.get("/api/notifications/").await.expect("an answer");
        let Value::Array(rows) = inbox.json() else { panic!("no list") };
        assert_eq!(rows.iter().filter(|row| row["kind"] == "outbid").count(), 1);
        // One that went out twice would have done so by now.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(mails(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bids_on_nodes_that_do_no_work_are_told_of_by_one_that_does_within_seconds() {
    let mut cluster = Cluster::open(1, Between::Nothing).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let [ann, bob] = [cluster.person("ann", Is::Bidder).await, cluster.person("bob", Is::Bidder).await];
    let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
    cluster.add_without_workers().await;
    let idle = &cluster.nodes[1];
    let path = format!("/ws/notifications/?token={}", ann.token);
    let mut socket = Socket::open(idle.process.address, &path, &[]).await.expect("it is let in");
    // The worker has looked through everything long before.
    tokio::time::sleep(Duration::from_secs(3)).await;
    for (person, price) in [(&ann, "60.00"), (&bob, "70.00")] {
        assert_eq!(idle.bid(person, auction, json!({ "price": price })).await.status, 201);
    }
    let began = Instant::now();
    let notice = socket.next_where(|notice| notice["kind"] == "outbid").await;
    println!("told after {:?}: {}", began.elapsed(), notice["message"]);
}
