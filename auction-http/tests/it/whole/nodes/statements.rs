//! How often a node asks its database.

use super::cluster::{Between, Cluster};
use crate::whole::house::{Is, open_terms};
use crate::whole::socket::Socket;
use sqlx::{PgConnection, Row};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many people watch.
const WATCHERS: usize = 1_000;

/// How long is counted.
const COUNTED: Duration = Duration::from_secs(5);

/// After how long Postgres has counted what was done.
const COUNTED_WITHIN: Duration = Duration::from_millis(1_500);

/// How many statements a second so many watchers may cost. Each looks its token up each second.
const STATEMENTS_MAX: f64 = 60.0;

/// How many statements the server has answered: each is a transaction where none was begun.
async fn statements(database: &mut PgConnection) -> i64 {
    sleep(COUNTED_WITHIN).await;
    let counted =
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    sqlx::query(counted).fetch_one(database).await.expect("an answer").get(0)
}

/// How many statements a second are answered.
async fn rate(database: &mut PgConnection) -> f64 {
    let (before, began) = (statements(database).await, Instant::now());
    sleep(COUNTED).await;
    let counted = statements(database).await - before;
    f64::from(i32::try_from(counted).expect("not so many")) / began.elapsed().as_secs_f64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_watch_look_their_tokens_up_in_few_statements() {
    let cluster = Cluster::open(1, Between::Nothing).await;
    let node = &cluster.nodes[0];
    let seller = cluster.person("seller", Is::Seller).await;
    let auction = node.sell(&seller, open_terms()).await;
    let people = cluster.folder().bidders(WATCHERS).await;
    let mut database = cluster.postgres.connection().await;
    let quiet = rate(&mut database).await;
    let mut sockets: Vec<Socket> = Vec::with_capacity(WATCHERS);
    for person in &people {
        sockets.push(node.watch(person, auction).await);
    }
    let watched = rate(&mut database).await;
    println!("{quiet:.1} statements a second without watchers, {watched:.1} with {WATCHERS}");
    assert!(watched - quiet <= STATEMENTS_MAX, "{quiet} without watchers, {watched} with {WATCHERS}");
}
