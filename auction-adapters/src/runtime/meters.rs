//! What the desk counts.

use auction_core::auction::Action;
use auction_core::service::desk::{Refusal, Reply, Request};
use metrics::{Counter, Gauge, Histogram, Unit};
use rustc_hash::FxHashMap;
use std::time::Duration;

const QUEUE_LENGTH: &str = "auction_desk_queue_length";
const BATCH_SIZE: &str = "auction_desk_batch_size";
const COMMIT_SECONDS: &str = "auction_desk_commit_seconds";
const BIDS_TOTAL: &str = "auction_bids_total";

/// What one shard counts. The instruments belong to the recorder that was installed when the desk was started.
pub(super) struct Meters {
    queue_length: Gauge,
    batch_size: Histogram,
    commit_seconds: Histogram,
    bids: FxHashMap<&'static str, Counter>,
}

impl Meters {
    pub(super) fn new(shard: usize) -> Self {
        Self {
            queue_length: metrics::gauge!(QUEUE_LENGTH, "shard" => shard.to_string()),
            batch_size: metrics::histogram!(BATCH_SIZE),
            commit_seconds: metrics::histogram!(COMMIT_SECONDS),
            bids: FxHashMap::default(),
        }
    }

    pub(super) fn batch(&self, requests: usize, left: usize) {
        self.queue_length.set(precise(left));
        self.batch_size.record(precise(requests));
    }

    pub(super) fn committed(&mut self, took: Duration, requests: &[Request], replies: &[Reply]) {
        self.commit_seconds.record(took.as_secs_f64());
        for (request, reply) in requests.iter().zip(replies) {
            if let Action::Bid(_) = request.command.action {
                let outcome = outcome(reply);
                self.bids.entry(outcome).or_insert_with(|| bids(outcome)).increment(1);
            }
        }
    }
}

/// Says what the instruments measure.
pub(super) fn describe() {
    metrics::describe_gauge!(
        QUEUE_LENGTH,
        Unit::Count,
        "Requests that waited when the last batch was taken."
    );
    metrics::describe_histogram!(
        BATCH_SIZE,
        Unit::Count,
        "Requests that were decided and committed at once."
    );
    metrics::describe_histogram!(
        COMMIT_SECONDS,
        Unit::Seconds,
        "How long it took to decide and commit a batch."
    );
    metrics::describe_counter!(BIDS_TOTAL, Unit::Count, "Bids by what became of them.");
}

/// Counts bids with this outcome.
pub(super) fn bids(outcome: &'static str) -> Counter {
    metrics::counter!(BIDS_TOTAL, "outcome" => outcome)
}

fn outcome(reply: &Reply) -> &'static str {
    match reply {
        Ok(_) => "accepted",
        Err(Refusal::Rejected { rejection, .. }) => rejection.code(),
        Err(Refusal::Failed(_)) => "failed",
    }
}

/// Lengths of queues are far below 2^32.
fn precise(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
