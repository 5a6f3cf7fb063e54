//! Work that nobody waits for.

use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// How many errands may be under way at once.
pub const ERRANDS_MAX: usize = 256;

/// Work that nobody waits for, since how long it takes must not be seen from outside. Its amount is bounded.
#[derive(Debug)]
pub struct Errands {
    tasks: TaskTracker,
    places: Arc<Semaphore>,
}

/// There are [`ERRANDS_MAX`] under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many errands are under way")]
#[non_exhaustive]
pub struct TooManyErrands;

impl Default for Errands {
    fn default() -> Self {
        Self { tasks: TaskTracker::new(), places: Arc::new(Semaphore::new(ERRANDS_MAX)) }
    }
}

impl Errands {
    /// Runs an errand beside everything else, on the caller's runtime.
    ///
    /// # Errors
    /// [`TooManyErrands`].
    pub fn run(&self, errand: impl Future<Output = ()> + Send + 'static) -> Result<(), TooManyErrands> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| TooManyErrands)?;
        self.tasks.spawn(async move {
            errand.await;
            drop(place);
        });
        Ok(())
    }

    /// Waits until none is under way. More may be run afterwards.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}
