//! A node beside one of a newer version, which has added to the tables what this one does not know.

use super::cluster::{Between, Cluster};
use crate::whole::bidder::{assert_nothing_is_lost, bid_once};
use crate::whole::house::{Is, open_terms};
use sqlx::{AssertSqlSafe, Row as _};

/// What a newer version may do to a table: it only adds.
const ADDED: &str = "ADD COLUMN a_newer_one BIGINT NOT NULL DEFAULT 7, ADD COLUMN another TEXT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_go_on_and_start_again_on_tables_to_which_a_newer_version_has_added() {
    let mut cluster = Cluster::open(2, Between::Nothing).await;
    let seller = cluster.person("seller", Is::Seller).await;
    let people = cluster.folder().bidders(2).await;
    let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
    let mut sent = Vec::new();
    let bid = async |cluster: &Cluster, price: u64| {
        let node = &cluster.nodes[usize::from(price.is_multiple_of(2))];
        let sent =
            bid_once(node.process.address, auction, &people[usize::from(price.is_multiple_of(2))], price)
                .await;
        assert!(sent.acknowledgement().is_some(), "{sent:?}");
        sent
    };
    for price in 20..24 {
        sent.push(bid(&cluster, price).await);
    }
    let mut newer = cluster.postgres.connection().await;
    let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    for table in sqlx::query(tables).fetch_all(&mut newer).await.expect("a list") {
        let table: String = table.get(0);
        if table.ends_with("_migrations") {
            let version = format!("INSERT INTO {table} (version) VALUES (999)");
            sqlx::raw_sql(AssertSqlSafe(version)).execute(&mut newer).await.expect("it is known");
        } else {
            let added = format!("ALTER TABLE {table} {ADDED}; CREATE INDEX ON {table} (a_newer_one)");
            sqlx::raw_sql(AssertSqlSafe(added)).execute(&mut newer).await.expect("it is added");
        }
    }
    sqlx::raw_sql("CREATE TABLE a_newer_room (id BIGINT PRIMARY KEY)")
        .execute(&mut newer)
        .await
        .expect("it is made");
    for price in 24..30 {
        sent.push(bid(&cluster, price).await);
    }
    cluster.nodes[0].process.signal("-KILL");
    cluster.start_again(0).await;
    for price in 30..34 {
        sent.push(bid(&cluster, price).await);
    }
    cluster.person("dora", Is::Bidder).await;
    let other = cluster.nodes[0].sell(&seller, open_terms()).await;
    assert!(other > auction);
    assert_nothing_is_lost(&cluster.nodes[1], auction, &sent).await;
}
