//! Work that is carried to its end.

use tracing::Instrument;

/// Does work in a task of its own, so that whoever waits for it and goes away does not leave it half done.
pub(crate) async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime stops, and nobody hears of it any more.
            Err(_) => std::future::pending().await,
        },
    }
}
