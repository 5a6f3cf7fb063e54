//! Everything that a running server consists of.

use crate::health::{Check, Checks, ClockCheck, StopCheck, StoreCheck};
use crate::metrics::{Metrics, UPKEEP};
use crate::parts::{Parts, Stop};
use crate::server::stores::Stores;
use crate::settings::{KeyError, Settings};
use auction_adapters::runtime::{ClosingOptions, DeskOptions, DeskRuntime};
use auction_core::memory::NoTransport;
use auction_core::ports::{Clock, Entropy, Failure};
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long the desk has to finish what is queued when the server stops.
const DESK_DURATION_MAX: Duration = Duration::from_millis(1_500);

/// How long the database has to finish when the server stops. Nothing is lost where it does not.
const STORE_DURATION_MAX: Duration = Duration::from_millis(400);

/// Everything that a running server consists of: the [`Parts`] that handlers share, and what runs behind them.
pub struct House {
    parts: Parts,
    desk: DeskRuntime,
    stores: Stores,
}

/// Why a server could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The data folder cannot be made or written.
    #[error("the data folder {folder} cannot be written: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The secret key cannot be kept.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {}", with_causes(.0))]
    Database(Failure),
}

impl House {
    /// Opens everything that the settings name, and starts the desk and the workers on the caller's runtime.
    ///
    /// # Errors
    /// An [`OpenError`].
    pub async fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        let folder = |source| OpenError::Folder { folder: settings.data_dir.clone(), source };
        std::fs::create_dir_all(&settings.data_dir).map_err(folder)?;
        let secret = settings.secret_key.open(entropy.as_ref())?;
        // Instruments belong to the recorder that is there when they are made.
        let metrics = Metrics::install();
        let stores = Stores::open(&settings.database).await.map_err(OpenError::Database)?;
        let (auctions, timetable) = (Arc::clone(&stores.auctions), Arc::clone(&stores.timetable));
        let options = DeskOptions { shutdown_max: DESK_DURATION_MAX, ..DeskOptions::default() };
        let desk = DeskRuntime::start(
            Arc::clone(&auctions),
            Arc::clone(&entropy),
            Arc::clone(&clock),
            Arc::new(NoTransport),
            None,
            options,
        );
        desk.start_closing(Arc::clone(&timetable), ClosingOptions::default());
        let stop = Stop::default();
        let checks: [Arc<dyn Check>; 3] = [
            Arc::new(StoreCheck(Arc::clone(&timetable))),
            Arc::new(ClockCheck(Arc::clone(&clock))),
            Arc::new(StopCheck(stop.clone())),
        ];
        if let Some(metrics) = metrics.clone() {
            tokio::spawn(upkeep(metrics, stop.clone()));
        }
        let parts = Parts {
            settings: Arc::new(settings),
            secret: Arc::new(secret),
            clock,
            entropy,
            auctions,
            timetable,
            desk: desk.handle(),
            checks: Checks::new(checks.into()),
            metrics,
            identify: None,
            stop,
        };
        Ok(Self { parts, desk, stores })
    }

    /// What handlers share.
    pub const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Tells sockets that the server stops, and ends in order: what was taken is decided and answered. Answers
    /// whether all of it was.
    pub async fn close(self) -> bool {
        self.parts.stop.0.cancel();
        let is_finished = self.desk.shutdown().await.is_ok();
        let closed = tokio::time::timeout(STORE_DURATION_MAX, self.stores.close()).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!("the database was not closed in good order; the next start takes a little longer");
        }
        is_finished
    }
}

/// A failure with its causes, for the operator, who may know everything.
pub(crate) fn with_causes(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut cause = Error::source(failure);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Folds old values of the metrics until the server stops.
async fn upkeep(metrics: Metrics, stop: Stop) {
    while tokio::time::timeout(UPKEEP, stop.0.cancelled()).await.is_err() {
        metrics.upkeep();
    }
}
