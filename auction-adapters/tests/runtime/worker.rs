//! When a worker is called.

use crate::support::{GatedStore, START, TokioClock, at, auction, bid, desk, hand_in};
use async_trait::async_trait;
use auction_adapters::runtime::{BACKOFF_MAX, BACKOFF_MIN, Work, Worker};
use auction_core::memory::SeededEntropy;
use auction_core::ports::{Clock, Failure, FailureKind};
use auction_core::service::Wake;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Does what a script says, then idles, and notes when it was called.
struct Script {
    started: Instant,
    steps: Mutex<Vec<Step>>,
    calls: Mutex<Vec<Duration>>,
}

#[derive(Clone, Copy)]
enum Step {
    Wake(Wake),
    Fail,
    Panic,
}

impl Script {
    fn new(steps: &[Step]) -> Arc<Self> {
        let steps = steps.iter().rev().copied().collect();
        Arc::new(Self { started: Instant::now(), steps: Mutex::new(steps), calls: Mutex::default() })
    }

    fn millis(&self) -> Vec<u128> {
        self.calls.lock().unwrap().iter().map(Duration::as_millis).collect()
    }
}

#[async_trait]
impl Work for Script {
    fn name(&self) -> &'static str {
        "script"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        self.calls.lock().unwrap().push(self.started.elapsed());
        let step = self.steps.lock().unwrap().pop();
        match step.unwrap_or(Step::Wake(Wake::Idle)) {
            Step::Wake(wake) => Ok(wake),
            Step::Fail => Err(Failure::new(FailureKind::Unavailable, "follow the script", "it says so")),
            Step::Panic => panic!("the worker panics as it was told to"),
        }
    }
}

fn start(script: &Arc<Script>, clock: &Arc<TokioClock>) -> Worker {
    Worker::start(Arc::clone(script) as _, Arc::clone(clock) as _, Arc::new(SeededEntropy::new(3)))
}

#[tokio::test(start_paused = true)]
async fn a_worker_is_called_when_it_wants_to_be_and_once_a_second_at_least() {
    let clock = TokioClock::new();
    let script =
        Script::new(&[Step::Wake(Wake::Now), Step::Wake(Wake::At(at(250))), Step::Wake(Wake::At(START))]);
    let worker = start(&script, &clock);
    sleep(Duration::from_millis(2_500)).await;
    assert_eq!(script.millis(), [0, 0, 250, 250, 1_250, 2_250]);
    assert!(worker.stop(Duration::from_secs(1)).await);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(script.millis().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_woken_is_called_at_the_earliest_of_all_times() {
    let clock = TokioClock::new();
    let script = Script::new(&[Step::Wake(Wake::At(at(900)))]);
    let worker = start(&script, &clock);
    sleep(Duration::from_millis(100)).await;
    worker.handle().wake_at(at(950));
    worker.handle().wake_at(at(400));
    worker.handle().wake_at(at(600));
    sleep(Duration::from_millis(350)).await;
    assert_eq!(script.millis(), [0, 400]);
    worker.handle().wake();
    sleep(Duration::from_millis(10)).await;
    assert_eq!(script.millis(), [0, 400, 450]);
}

#[tokio::test(start_paused = true)]
async fn failures_and_panics_are_retried_after_a_growing_and_bounded_time() {
    let clock = TokioClock::new();
    let script = Script::new(&[[Step::Fail; 6], [Step::Panic; 6]].concat());
    let worker = start(&script, &clock);
    sleep(Duration::from_secs(120)).await;
    let calls = script.calls.lock().unwrap().clone();
    for (index, pair) in calls.windows(2).take(12).enumerate() {
        let longest = (BACKOFF_MIN * (1 << index)).min(BACKOFF_MAX);
        // Timers are a millisecond coarse.
        let waited = pair[1] - pair[0];
        assert!(waited >= longest / 2 && waited <= longest + Duration::from_millis(2), "{index}: {waited:?}");
    }
    assert!(calls.len() > 14, "it goes on when the failures are over");
    assert!(worker.stop(Duration::from_secs(1)).await);
}

#[tokio::test(start_paused = true)]
async fn commits_wake_those_who_follow_them() {
    let store = GatedStore::open();
    let lot = auction(&store.inner, 0, 10_000).await;
    let clock = TokioClock::new();
    let desk = desk(&store, Arc::clone(&clock) as _, 8);
    let script = Script::new(&[]);
    desk.wake_after_commits(desk.start_worker(Arc::clone(&script) as _));
    sleep(Duration::from_millis(300)).await;
    assert!(hand_in(&desk.handle(), bid(lot, 1, 1)).await.is_ok());
    sleep(Duration::from_millis(100)).await;
    assert!(hand_in(&desk.handle(), bid(lot, 2, 1)).await.is_err());
    sleep(Duration::from_millis(100)).await;
    assert_eq!(script.millis(), [0, 300]);
    assert_eq!(clock.now(), at(500));
}
