//! What tests wait with, and who else talks to their Redis.

use super::server::Server;
use redis::aio::MultiplexedConnection;
use std::time::Duration;
use tokio::time::Instant;

/// Longer than any test waits: only a mistake takes so long.
const LONG: Duration = Duration::from_secs(60);

impl Server {
    /// A connection that is not ours.
    pub(crate) async fn stranger(&self) -> MultiplexedConnection {
        redis::Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }
}

/// Waits until this holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < LONG, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Runs a test.
pub(crate) fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// Runs a test so that whatever it started only goes on where it waits.
pub(crate) fn block_on_one_thread(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}
