//! The desk, running.

use super::closing::{ClosingOptions, ClosingWork};
use super::following::FollowingWork;
use super::handle::DeskHandle;
use super::hooks::Hooks;
use super::meters::describe;
use super::options::DeskOptions;
use super::queue::Queue;
use super::shard::{Ports, ShardLoop};
use super::stamps::Stamps;
use super::worker::{Work, Worker, WorkerHandle};
use auction_core::ports::{AuctionStore, Clock, Entropy, FactsSource, Timetable, Transport};
use auction_core::service::following::Following;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// The desk, running: its shards, and the workers that go with it.
///
/// Dropping it closes the desk without waiting: what is queued is still decided and answered as long as the
/// runtime lives. To be sure of it, [`shutdown`](DeskRuntime::shutdown).
pub struct DeskRuntime {
    handle: DeskHandle,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    hooks: Arc<Hooks>,
    queues: Vec<Arc<Queue>>,
    tasks: Mutex<Tasks>,
    options: DeskOptions,
}

#[derive(Default)]
struct Tasks {
    workers: Vec<Worker>,
    shards: Vec<JoinHandle<()>>,
}

/// Not everything was done in time: what was still waiting is answered as unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the desk was not done within the time of its shutdown")]
#[non_exhaustive]
pub struct Unfinished;

impl DeskRuntime {
    /// Starts the shards, and the worker that lets lots follow the end of their group, on the tokio runtime of the
    /// caller. A recorder of metrics has to be installed before.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(
        store: Arc<dyn AuctionStore>,
        entropy: Arc<dyn Entropy>,
        clock: Arc<dyn Clock>,
        transport: Arc<dyn Transport>,
        people: Option<Arc<dyn FactsSource>>,
        options: DeskOptions,
    ) -> Self {
        describe();
        let hooks = Arc::new(Hooks::default());
        let stamps = Arc::new(Stamps::new(Arc::clone(&clock)));
        let queue = |_| Arc::new(Queue::new(options.queue_requests_max.get()));
        let queues: Vec<_> = (0..options.shards.get()).map(queue).collect();
        let following = Arc::new(Following::new(Arc::clone(&store)));
        let ports = Ports { store, entropy: Arc::clone(&entropy), transport, people };
        let shards = queues.iter().enumerate().map(|(index, queue)| {
            let (ports, queue, hooks) = (ports.clone(), Arc::clone(queue), Arc::clone(&hooks));
            tokio::spawn(ShardLoop { index, ports, limits: options.limits, queue, hooks }.run())
        });
        let tasks = Mutex::new(Tasks { workers: Vec::new(), shards: shards.collect() });
        let handle = DeskHandle::new(queues.clone(), stamps, Arc::clone(&hooks));
        let desk = Self { handle, clock, entropy, hooks, queues, tasks, options };
        let work = FollowingWork { following: Arc::clone(&following), desk: desk.handle() };
        let worker = desk.start_worker(Arc::new(work));
        // Nobody else sets it.
        let _ = desk.hooks.following.set((following, worker));
        desk
    }

    /// Where commands are handed in.
    pub fn handle(&self) -> DeskHandle {
        self.handle.clone()
    }

    /// Opens and closes auctions on time, from now on. Every commit of this desk that sets an earlier deadline
    /// wakes the worker. Only the first call counts.
    pub fn start_closing(&self, timetable: Arc<dyn Timetable>, options: ClosingOptions) -> WorkerHandle {
        let mut is_new = false;
        let closing = self.hooks.closing.get_or_init(|| {
            is_new = true;
            let (desk, clock) = (self.handle(), Arc::clone(&self.clock));
            self.start_worker(Arc::new(ClosingWork::new(timetable, options, desk, clock)))
        });
        if !is_new {
            tracing::warn!("closing was started twice; the first worker goes on");
        }
        closing.clone()
    }

    /// Starts a worker that is stopped before the desk is.
    pub fn start_worker(&self, work: Arc<dyn Work>) -> WorkerHandle {
        let worker = Worker::start(work, Arc::clone(&self.clock), Arc::clone(&self.entropy));
        let handle = worker.handle();
        self.tasks().workers.push(worker);
        handle
    }

    /// Wakes a worker after every commit of this desk.
    pub fn wake_after_commits(&self, worker: WorkerHandle) {
        self.hooks.follow(worker);
    }

    /// Ends in order: the workers stop, nothing more is taken (`Busy`), and everything that is queued is decided
    /// and answered. Takes [`DeskOptions::shutdown_max`] at most. A second call has nothing to do.
    ///
    /// # Errors
    /// [`Unfinished`], when the time was over before.
    pub async fn shutdown(&self) -> Result<(), Unfinished> {
        let until = Instant::now() + self.options.shutdown_max;
        let Tasks { workers, shards } = mem::take(&mut *self.tasks());
        workers.iter().for_each(Worker::cancel);
        let mut in_time = true;
        for worker in workers {
            in_time &= worker.stop_by(until).await;
        }
        self.close();
        for mut shard in shards {
            if timeout_at(until, &mut shard).await.is_err() {
                shard.abort();
                in_time = false;
            }
        }
        self.queues.iter().for_each(|queue| queue.clear());
        if in_time {
            return Ok(());
        }
        tracing::error!(within = ?self.options.shutdown_max, "the desk was not done in time");
        Err(Unfinished)
    }

    fn close(&self) {
        self.queues.iter().for_each(|queue| queue.close());
    }

    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DeskRuntime {
    fn drop(&mut self) {
        self.tasks().workers.iter().for_each(Worker::cancel);
        self.close();
    }
}
