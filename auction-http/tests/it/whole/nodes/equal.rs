//! Equal bids at the same moment through different nodes.

use super::cluster::{Between, Cluster};
use crate::whole::crowd::one_of_equal_bids_is_taken;

/// How often.
const ROUNDS: u64 = 1_000;

/// How many bid at the same moment, where it is done often.
const FEW: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_equal_bids_through_two_nodes_one_is_accepted_each_time() {
    let cluster = Cluster::open(2, Between::Redis).await;
    one_of_equal_bids_is_taken(&cluster.nodes, 100, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_equal_bids_through_two_nodes_one_is_accepted_a_thousand_times() {
    let cluster = Cluster::open(2, Between::Redis).await;
    one_of_equal_bids_is_taken(&cluster.nodes, FEW, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_equal_bids_through_three_nodes_without_redis_one_is_accepted_a_thousand_times() {
    let cluster = Cluster::open(3, Between::Nothing).await;
    one_of_equal_bids_is_taken(&cluster.nodes, FEW, ROUNDS).await;
}
