//! The threads that hash. They stand back: where processors are short, everybody else comes first.

use auction_core::ports::{Failure, FailureKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

/// How far the threads stand back, from 0 (not at all) to 19: beside a thread that does not, one gets about a tenth of
/// a processor, so that a crowd at the door does not slow the bidding down.
pub const NICENESS: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads that do what they are given, in order. They end with it.
pub(super) struct Workers {
    jobs: Sender<Job>,
}

impl Workers {
    /// Starts so many threads.
    ///
    /// # Errors
    /// Where the system gives none.
    pub(super) fn start(count: usize) -> Result<Self, Failure> {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..count {
            let waiting = Arc::clone(&waiting);
            let started = Builder::new().name("argon2id".to_owned()).spawn(move || work(&waiting));
            started.map_err(|error| Failure::new(FailureKind::Other, "start a thread that hashes", error))?;
        }
        Ok(Self { jobs })
    }

    /// Has something done when it is its turn.
    pub(super) fn run(&self, job: impl FnOnce() + Send + 'static) {
        // The threads live as long as this does.
        let _ = self.jobs.send(Box::new(job));
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    stand_back();
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // Whoever waits for what panicked learns that nothing came of it.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// On Linux this concerns the calling thread alone. Elsewhere nothing is done: it would concern the whole process.
fn stand_back() {
    #[cfg(target_os = "linux")]
    // A thread that may not stand back works all the same.
    let _ = rustix::process::setpriority_process(None, NICENESS);
}
