//! The loop of a shard.

use super::hooks::Hooks;
use super::meters::Meters;
use super::queue::{Portion, Queue};
use super::unwind::{Panicked, caught};
use auction_core::ports::{AuctionStore, Change, Entropy, FactsSource, FailureKind, Transport};
use auction_core::service::desk::{Limits, Processed, Refusal, Reply, Request, Shard};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::Arc;
use tokio::time::Instant;

/// After how many batches in a row a shard that never waits for its store lets other tasks run.
const BATCHES_IN_A_ROW_MAX: usize = 8;

/// What a shard works with.
#[derive(Clone)]
pub(super) struct Ports {
    pub(super) store: Arc<dyn AuctionStore>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) people: Option<Arc<dyn FactsSource>>,
}

impl Ports {
    /// A shard that remembers nothing.
    fn shard(&self, limits: Limits) -> Shard {
        let shard = Shard::new(Arc::clone(&self.store), Arc::clone(&self.entropy), limits);
        match &self.people {
            Some(people) => shard.with_people(Arc::clone(people)),
            None => shard,
        }
    }
}

/// One shard, and the task that owns all it works on: whoever waits for an answer may go away.
pub(super) struct ShardLoop {
    pub(super) index: usize,
    pub(super) ports: Ports,
    pub(super) limits: Limits,
    pub(super) queue: Arc<Queue>,
    pub(super) hooks: Arc<Hooks>,
}

impl ShardLoop {
    /// Works until the queue is closed and empty.
    ///
    /// Whatever was queued while the last batch was committed is the next one: the store itself sets the pace, and
    /// a request that comes alone waits for its own commit only.
    pub(super) async fn run(self) {
        let mut meters = Meters::new(self.index);
        let mut shard = self.ports.shard(self.limits);
        let mut portion = Portion::default();
        let (mut in_a_row, mut forgotten) = (0, self.hooks.forgotten());
        while self.queue.take(&mut portion).await.is_some() {
            let to_forget = self.hooks.forgotten();
            if to_forget != forgotten {
                forgotten = to_forget;
                shard = self.ports.shard(self.limits);
            }
            meters.batch(portion.requests.len(), portion.left);
            let started = Instant::now();
            let processed = self.process(&mut shard, &portion.requests).await;
            meters.committed(started.elapsed(), &portion.requests, &processed.replies);
            self.log_failures(&processed.replies);
            self.answer(&mut portion, processed.replies);
            self.publish(processed.changes);
            // While others wait it goes on, since what it does not take is refused at the door; only now and then
            // does it let the thread do something else.
            in_a_row = if portion.left > 0 { in_a_row + 1 } else { 0 };
            if in_a_row >= BATCHES_IN_A_ROW_MAX {
                in_a_row = 0;
                tokio::task::yield_now().await;
            }
        }
    }

    /// Has a batch processed. Where that panics before anything was handed to the store, each request is processed
    /// alone, so that the panic harms one request only; else nobody knows what became of the batch.
    async fn process(&self, shard: &mut Shard, requests: &[Request]) -> Processed {
        let kind = match self.tried(shard, requests).await {
            Ok(processed) => return processed,
            Err(kind) => kind,
        };
        if kind == FailureKind::Unavailable || requests.len() == 1 {
            return refused(requests.len(), kind);
        }
        let mut whole = Processed::default();
        for request in requests {
            let alone = self.tried(shard, slice::from_ref(request)).await;
            let mut alone = alone.unwrap_or_else(|kind| refused(1, kind));
            whole.replies.append(&mut alone.replies);
            whole.changes.append(&mut alone.changes);
        }
        whole
    }

    /// Has requests processed. A panic is a failure: `Unavailable` where something may have been written.
    async fn tried(&self, shard: &mut Shard, requests: &[Request]) -> Result<Processed, FailureKind> {
        let panicked = match caught(shard.process(requests)).await {
            Ok(processed) => return Ok(processed),
            Err(panicked) => panicked,
        };
        tracing::error!(shard = self.index, requests = requests.len(), %panicked, "requests were given up");
        let kind = if shard.may_have_written() { FailureKind::Unavailable } else { FailureKind::Other };
        // What it remembers may be half of a decision.
        *shard = self.ports.shard(self.limits);
        Err(kind)
    }

    fn answer(&self, portion: &mut Portion, replies: Vec<Reply>) {
        portion.requests.clear();
        portion.stamps.clear();
        for (waiting, reply) in portion.replies.drain(..).zip(replies) {
            // Who has gone away is not told; the commit stands.
            let _ = waiting.send(reply);
        }
    }

    fn publish(&self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        self.hooks.committed(&changes);
        let transport = &self.ports.transport;
        let publishing = catch_unwind(AssertUnwindSafe(|| {
            changes.into_iter().for_each(|change| transport.publish(change));
        }));
        if let Err(payload) = publishing {
            let panicked = Panicked::new(payload.as_ref());
            tracing::error!(shard = self.index, %panicked, "changes were not all published");
        }
    }

    /// One line a batch, whatever the number of requests.
    fn log_failures(&self, replies: &[Reply]) {
        let kind = |reply: &Reply| match reply {
            Err(Refusal::Failed(kind)) => Some(*kind),
            _ => None,
        };
        let failed = replies.iter().filter_map(kind).count();
        if let Some(first) = replies.iter().find_map(kind) {
            tracing::error!(shard = self.index, failed, of = replies.len(), kind = %first, "requests failed");
        }
    }
}

/// Nothing was done for these many requests.
fn refused(requests: usize, kind: FailureKind) -> Processed {
    Processed { replies: vec![Err(Refusal::Failed(kind)); requests], changes: Vec::new() }
}
