//! The loop of a worker.

use super::unwind::{Panicked, caught};
use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::ports::{Clock, Entropy, Failure, FailureKind};
use auction_core::service::Wake;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::select;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

/// After how long a worker looks again, even if nobody woke it: news of other nodes may get lost.
pub const BACKSTOP: Duration = Duration::from_secs(1);

/// How long a worker waits after its first failure in a row.
pub const BACKOFF_MIN: Duration = Duration::from_millis(100);

/// How long a worker waits after a failure, at most.
pub const BACKOFF_MAX: Duration = Duration::from_secs(10);

/// Something that is done again and again.
#[async_trait]
pub trait Work: Send + Sync {
    /// What it is called in the log.
    fn name(&self) -> &'static str;

    /// Does a bounded portion of what there is to do, and says when it wants to be called again. It is never
    /// dropped half way, except when the time of a shutdown is over.
    ///
    /// # Errors
    /// A [`Failure`]; it is called again after a while that grows with every failure in a row.
    async fn tick(&self) -> Result<Wake, Failure>;
}

/// A running worker. Dropping it lets it run on; see [`stop`](Worker::stop).
pub struct Worker {
    handle: WorkerHandle,
    stopping: CancellationToken,
    task: JoinHandle<()>,
}

/// Wakes a worker. Clones are cheap.
#[derive(Clone, Debug)]
pub struct WorkerHandle {
    alarm: Arc<Alarm>,
}

/// When the next tick is wanted.
#[derive(Debug)]
struct Alarm {
    micros: AtomicI64,
    set: Notify,
}

impl Worker {
    /// Starts it on the tokio runtime of the caller, with a first tick at once.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(work: Arc<dyn Work>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let alarm = Arc::new(Alarm { micros: AtomicI64::new(0), set: Notify::new() });
        let handle = WorkerHandle { alarm: Arc::clone(&alarm) };
        let stopping = CancellationToken::new();
        let worker = Loop { work, clock, entropy, alarm, failures: 0 };
        let task = tokio::spawn(worker.run(stopping.clone()));
        Self { handle, stopping, task }
    }

    /// What wakes it.
    pub fn handle(&self) -> WorkerHandle {
        self.handle.clone()
    }

    /// Stops it: a tick that runs is finished, unless that takes longer than `within`. Answers whether it was.
    pub async fn stop(self, within: Duration) -> bool {
        self.stop_by(Instant::now() + within).await
    }

    /// Says that it should stop, and does not wait.
    pub(super) fn cancel(&self) {
        self.stopping.cancel();
    }

    pub(super) async fn stop_by(mut self, until: Instant) -> bool {
        self.cancel();
        let is_done = timeout_at(until, &mut self.task).await.is_ok();
        if !is_done {
            self.task.abort();
        }
        is_done
    }
}

impl WorkerHandle {
    /// There is something to do.
    pub fn wake(&self) {
        self.wake_at(Timestamp::EPOCH);
    }

    /// There is something to do at this time; what was to be done earlier stays so.
    pub fn wake_at(&self, at: Timestamp) {
        self.alarm.set(at);
    }
}

impl Alarm {
    fn set(&self, at: Timestamp) {
        // Nearly always something earlier is due anyway.
        if at.micros() < self.micros.load(Ordering::SeqCst)
            && at.micros() < self.micros.fetch_min(at.micros(), Ordering::SeqCst)
        {
            self.set.notify_one();
        }
    }

    /// Nothing is due; what is set from now on counts for the tick after the next one.
    fn clear(&self) {
        self.micros.store(i64::MAX, Ordering::SeqCst);
    }
}

struct Loop {
    work: Arc<dyn Work>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    alarm: Arc<Alarm>,
    failures: u32,
}

impl Loop {
    async fn run(mut self, stopping: CancellationToken) {
        while !stopping.is_cancelled() {
            self.alarm.clear();
            let backstop = Instant::now() + BACKSTOP;
            match self.tick().await {
                Ok(wake) => {
                    self.failures = 0;
                    self.alarm.set(match wake {
                        Wake::Now => Timestamp::EPOCH,
                        Wake::At(time) => time,
                        Wake::Idle => Timestamp::MAX,
                    });
                    // Others run between two portions, however many there are.
                    tokio::task::yield_now().await;
                    select! {
                        () = stopping.cancelled() => {}
                        () = self.sleep(backstop) => {}
                    }
                }
                Err(failure) => {
                    let wait = self.back_off();
                    let source = failure.source.as_deref();
                    let name = self.work.name();
                    tracing::error!(worker = name, %failure, source, ?wait, "a tick failed");
                    select! {
                        () = stopping.cancelled() => {}
                        () = sleep(wait) => {}
                    }
                }
            }
        }
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        match caught(self.work.tick()).await {
            Ok(result) => result,
            Err(panicked @ Panicked { .. }) => Err(Failure::new(FailureKind::Other, "tick", panicked)),
        }
    }

    /// Until the alarm, or the backstop.
    async fn sleep(&self, backstop: Instant) {
        loop {
            let now = self.clock.now().micros();
            let alarm = self.alarm.micros.load(Ordering::SeqCst);
            if alarm <= now || backstop <= Instant::now() {
                return;
            }
            let wait = Duration::from_micros(u64::try_from(alarm - now).unwrap_or(0));
            let until = Instant::now().checked_add(wait).map_or(backstop, |until| until.min(backstop));
            select! {
                () = self.alarm.set.notified() => {}
                () = sleep_until(until) => {}
            }
        }
    }

    /// How long to wait after one more failure: twice as long as after the last one, and between half and all
    /// of that, so that nodes which failed together do not come back together.
    fn back_off(&mut self) -> Duration {
        let longest = BACKOFF_MIN.saturating_mul(2_u32.saturating_pow(self.failures)).min(BACKOFF_MAX);
        self.failures = self.failures.saturating_add(1);
        let mut random = [0; 4];
        self.entropy.fill(&mut random);
        let half = longest / 2;
        half + half.mul_f64(f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX))
    }
}
