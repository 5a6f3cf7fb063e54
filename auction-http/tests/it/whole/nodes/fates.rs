//! A node that is killed, or stands still for a while, at each step of a bid and of closing.

use super::cluster::{Between, Cluster};
use crate::whole::bidder::{Sent, assert_nothing_is_lost, bid_once};
use crate::whole::house::{House, Is, Person, open_terms};
use crate::whole::process::PATIENCE;
use auction_adapters::system::SystemClock;
use auction_core::ports::Clock;
use auction_core::{Span, Timestamp};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep};

/// How long a node stands still: longer than anything that others wait for.
const PAUSE: Duration = Duration::from_secs(30);

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Killed,
    Paused,
}

/// Where in the way of a bid, or of an end, it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It was sent, and the node has not looked at it.
    Sent,
    /// The node has decided, and its commit waits in the database.
    Committing,
    /// It is written, and the node does not know yet.
    Written,
    /// It was acknowledged.
    Acknowledged,
}

/// Somebody who is about to write the next event of an auction, so that every other commit waits for what becomes of
/// it.
struct Lock(PgConnection);

impl Lock {
    async fn take(cluster: &Cluster, auction: u64) -> Self {
        let mut connection = cluster.postgres.connection().await;
        let sql = format!(
            "BEGIN; INSERT INTO events (auction_id, revision, version, kind, is_public, at, commit_id) \
             SELECT auction_id, revision + 1, version, kind, FALSE, at, commit_id FROM events \
             WHERE auction_id = {auction} ORDER BY revision DESC LIMIT 1"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("it is begun");
        Self(connection)
    }

    /// Waits until somebody waits for it. Notices wait for locks of another kind.
    async fn awaited(&mut self) {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock' AND wait_event = 'transactionid'";
        let started = Instant::now();
        while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut self.0).await.expect("a count") == 0 {
            assert!(started.elapsed() < PATIENCE, "nobody waits for the lock");
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn release(mut self) {
        sqlx::raw_sql("ROLLBACK").execute(&mut self.0).await.expect("it is released");
        self.0.close().await.expect("it is closed");
    }
}

/// Waits until an auction has more public events than these in the database.
async fn until_written(cluster: &Cluster, auction: u64, versions: usize) {
    let mut connection = cluster.postgres.connection().await;
    let sql = format!("SELECT count(*) FROM events WHERE auction_id = {auction} AND is_public");
    let started = Instant::now();
    loop {
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(sql.clone())).fetch_one(&mut connection).await.expect("a count");
        if usize::try_from(count).expect("a count") > versions {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "it is not written");
        sleep(Duration::from_millis(5)).await;
    }
}

fn bid(node: &House, auction: u64, person: &Person, price: u64) -> JoinHandle<Sent> {
    let (address, person) = (node.process.address, person.clone());
    tokio::spawn(async move { bid_once(address, auction, &person, price).await })
}

/// Lets one node meet its fate at a step of a bid, while another goes on; nothing acknowledged is lost, and nobody wins
/// what somebody else has.
async fn at_a_step_of_a_bid(step: Step, fate: Fate) {
    let mut cluster = Cluster::open(2, Between::Nothing).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let [ann, bob] = [cluster.person("ann", Is::Bidder).await, cluster.person("bob", Is::Bidder).await];
    let auction = cluster.nodes[1].sell(&seller, open_terms()).await;
    let mut sent = vec![bid(&cluster.nodes[0], auction, &bob, 20).await.expect("a bid")];
    assert!(sent[0].acknowledgement().is_some(), "{sent:?}");
    let events = cluster.nodes[1].events(auction).await.len();
    let node = &cluster.nodes[0];
    let stop = || node.process.signal(if fate == Fate::Killed { "-KILL" } else { "-STOP" });
    let stopped_at = Instant::now();
    let waiting = match step {
        Step::Sent => {
            node.process.signal("-STOP");
            let waiting = bid(node, auction, &ann, 30);
            sleep(Duration::from_millis(100)).await;
            stop();
            waiting
        }
        Step::Committing => {
            let mut lock = Lock::take(&cluster, auction).await;
            let waiting = bid(node, auction, &ann, 30);
            lock.awaited().await;
            stop();
            lock.release().await;
            waiting
        }
        Step::Written => {
            let mut lock = Lock::take(&cluster, auction).await;
            let waiting = bid(node, auction, &ann, 30);
            lock.awaited().await;
            node.process.signal("-STOP");
            lock.release().await;
            until_written(&cluster, auction, events).await;
            stop();
            waiting
        }
        Step::Acknowledged => {
            let answered = bid(node, auction, &ann, 30).await.expect("a bid");
            stop();
            tokio::spawn(async move { answered })
        }
    };
    // The other node goes on meanwhile: whatever the first one holds is given up.
    let other = loop {
        let other = bid_once(cluster.nodes[1].process.address, auction, &bob, 40).await;
        if other.acknowledgement().is_some() {
            break other;
        }
        assert!(stopped_at.elapsed() < PAUSE / 2, "the other node stands still, too: {other:?}");
    };
    sent.push(other);
    if fate == Fate::Paused {
        sleep(PAUSE.saturating_sub(stopped_at.elapsed())).await;
        cluster.nodes[0].process.signal("-CONT");
    }
    sent.push(waiting.await.expect("a bid"));
    if fate == Fate::Killed {
        cluster.start_again(0).await;
    }
    for node in &cluster.nodes {
        let (acknowledged, untold) = assert_nothing_is_lost(node, auction, &sent).await;
        println!("{fate:?} at {step:?}: {acknowledged} bids acknowledged, {untold} written and not told");
        if step == Step::Written || step == Step::Acknowledged {
            assert_eq!(acknowledged + untold, 3);
        }
        let price = node.get(&format!("/api/auctions/{auction}/")).await.json()["current_price"].clone();
        assert_eq!(price, "40.00");
    }
}

/// Lets a node meet its fate at each of these steps at once, each in a cluster of its own.
async fn at_each<F>(steps: &[Step], job: impl Fn(Step) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for step in steps {
        running.spawn(job(*step));
    }
    running.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_killed_at_each_step_of_a_bid_and_no_acknowledged_bid_is_lost() {
    let steps = [Step::Sent, Step::Committing, Step::Written, Step::Acknowledged];
    at_each(&steps, |step| at_a_step_of_a_bid(step, Fate::Killed)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_stands_still_at_each_step_of_a_bid_and_no_acknowledged_bid_is_lost() {
    let steps = [Step::Sent, Step::Committing, Step::Written, Step::Acknowledged];
    at_each(&steps, |step| at_a_step_of_a_bid(step, Fate::Paused)).await;
}

/// Sells a rug until then.
pub(super) async fn sell_until(node: &House, seller: &Person, ends_at: Timestamp) -> u64 {
    let now = SystemClock.now();
    let body = json!({
        "title": "Persian rug", "starting_price": "10.00", "start_date_time": now.to_string(),
        "end_date_time": ends_at.to_string(), "terms": open_terms(),
    });
    let answer = node.post(seller, "/api/auctions/", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let auction = answer.json()["id"].as_u64().expect("a number");
    while node.events(auction).await.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    auction
}

/// What somebody was told about an auction, sorted.
pub(super) async fn told(node: &House, person: &Person, auction: u64) -> Vec<String> {
    let answer = node.client(person).await.get("/api/notifications/").await.expect("an answer");
    let Value::Array(rows) = answer.json() else { panic!("no list: {}", answer.text()) };
    let of_it = rows.iter().filter(|row| row["auction"] == auction);
    let mut kinds: Vec<_> = of_it.map(|row| row["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort();
    kinds
}

/// Lets the only node that closes meet its fate at a step of closing; another that comes finishes it.
async fn at_a_step_of_closing(step: Step, fate: Fate) {
    let mut cluster = Cluster::open(1, Between::Nothing).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let [ann, bob] = [cluster.person("ann", Is::Bidder).await, cluster.person("bob", Is::Bidder).await];
    let ends_at = SystemClock.now().after(Span::from_secs(6));
    let auction = sell_until(&cluster.nodes[0], &seller, ends_at).await;
    for (person, price) in [(&ann, 20), (&bob, 30)] {
        let sent = bid(&cluster.nodes[0], auction, person, price).await.expect("a bid");
        assert!(sent.acknowledgement().is_some(), "{sent:?}");
    }
    let events = cluster.nodes[0].events(auction).await.len();
    let stop = |cluster: &Cluster| {
        cluster.nodes[0].process.signal(if fate == Fate::Killed { "-KILL" } else { "-STOP" });
    };
    match step {
        // It stands still before the end, and may have claimed nothing.
        Step::Sent => stop(&cluster),
        Step::Committing => {
            let mut lock = Lock::take(&cluster, auction).await;
            lock.awaited().await;
            stop(&cluster);
            lock.release().await;
        }
        Step::Written => {
            let mut lock = Lock::take(&cluster, auction).await;
            lock.awaited().await;
            cluster.nodes[0].process.signal("-STOP");
            lock.release().await;
            until_written(&cluster, auction, events).await;
            stop(&cluster);
        }
        // Notices and mails are being made.
        Step::Acknowledged => {
            until_written(&cluster, auction, events).await;
            stop(&cluster);
        }
    }
    let stopped_at = Instant::now();
    cluster.add(&[]).await;
    let path = format!("/api/auctions/{auction}/");
    let told_last = [(&seller, "ended"), (&ann, "lost"), (&bob, "won")];
    for (person, kind) in told_last {
        while !told(&cluster.nodes[1], person, auction).await.contains(&kind.to_owned()) {
            assert!(stopped_at.elapsed() < PATIENCE, "{} is not told", person.email);
            sleep(Duration::from_millis(50)).await;
        }
    }
    if fate == Fate::Paused {
        sleep(PAUSE.saturating_sub(stopped_at.elapsed())).await;
        cluster.nodes[0].process.signal("-CONT");
        // What it was about to do it does now, or finds done.
        sleep(Duration::from_secs(2)).await;
    } else {
        cluster.start_again(0).await;
        sleep(Duration::from_secs(1)).await;
    }
    let mut seen = Vec::new();
    for node in &cluster.nodes {
        let shown = node.get(&path).await.json();
        assert_eq!(
            (&shown["outcome"]["result"], &shown["outcome"]["price"]),
            (&json!("sold"), &json!("30.00"))
        );
        let ends = node.events(auction).await.iter().filter(|event| event["kind"] == "ended").count();
        let mut all = Vec::new();
        for person in [&seller, &ann, &bob] {
            all.push(told(node, person, auction).await);
        }
        assert_eq!(ends, 1, "it ended once");
        seen.push(all);
    }
    println!("{fate:?} at {step:?} of closing: {:?}", seen[0]);
    assert_eq!(seen[0], seen[1]);
    for told in &seen[0] {
        let mut once = told.clone();
        once.dedup();
        assert_eq!(*told, once, "somebody was told twice");
    }
    cluster.folder().assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_killed_at_each_step_of_closing_and_there_is_one_winner_and_one_set_of_notices() {
    let steps = [Step::Sent, Step::Committing, Step::Written, Step::Acknowledged];
    at_each(&steps, |step| at_a_step_of_closing(step, Fate::Killed)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_stands_still_at_each_step_of_closing_and_there_is_one_winner_and_one_set_of_notices() {
    let steps = [Step::Sent, Step::Committing, Step::Written, Step::Acknowledged];
    at_each(&steps, |step| at_a_step_of_closing(step, Fate::Paused)).await;
}
