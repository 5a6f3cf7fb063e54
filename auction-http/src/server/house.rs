//! Everything that a running server consists of.

use super::limits::LoggedLimiter;
use super::post_office::{PostOffice, PostParts};
use super::rate::BidRate;
use super::stores::Stores;
use crate::auctions::{AuctionParts, AuctionRoom, AuctionSettings, Watching};
use crate::audit::{AuditTrail, Writing};
use crate::health::{Check, Checks, ClockCheck, StopCheck, StoreCheck};
use crate::live::{Bell, Hub, HubOptions, LiveParts, Places, SocketLimits};
use crate::metrics::{Metrics, UPKEEP};
use crate::notices::NoticeRoom;
use crate::parts::{Parts, Stop};
use crate::people::{Forgetting, People, TokenKey};
use crate::pictures::Pictures;
use crate::settings::{Allowance, KeyError, Secret, Settings};
use auction_adapters::argon2id::{Argon2id, Argon2idSettings};
use auction_adapters::files::FileBlobs;
use auction_adapters::runtime::{ClosingOptions, DeskOptions, DeskRuntime};
use auction_core::identity::{CodeKey, SealKey};
use auction_core::memory::MemoryLimiter;
use auction_core::ports::{BlobStore, Change, Clock, Entropy, Failure, Limiter, Mailer, Transport};
use auction_core::service::accounts::{AccountLimits, Accounts, AccountsParts};
use std::error::Error;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How often what watchers saw last is compared with the store.
const HEAL_EVERY: Duration = Duration::from_secs(1);

/// How long the desk has to finish what is queued when the server stops.
const DESK_DURATION_MAX: Duration = Duration::from_millis(1_500);

/// How long sockets have to send what was answered last, and to say goodbye, when the server stops.
const SOCKETS_DURATION_MAX: Duration = Duration::from_millis(500);

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
    /// Mails can be neither written nor sent.
    #[error("mails cannot leave: {}", with_causes(.0))]
    Mail(Failure),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed: {}", with_causes(.0))]
    Hasher(Failure),
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
        make_folder(&settings.data_dir).map_err(folder)?;
        let secret = settings.secret_key.open(entropy.as_ref())?;
        // Instruments belong to the recorder that is there when they are made.
        let metrics = Metrics::install();
        let stores = Stores::open(&settings.database).await.map_err(OpenError::Database)?;
        let bell = Arc::<Bell>::default();
        let post = Arc::new(PostOffice::new(PostParts {
            settings: &settings,
            stores: &stores,
            secret: &secret,
            clock: &clock,
            entropy: &entropy,
            bell: Arc::clone(&bell),
        })?);
        let audit = Arc::new(AuditTrail::new(Arc::clone(&stores.audit), settings.audit_kept));
        let limiter: Arc<dyn Limiter> = Arc::new(LoggedLimiter::new(Arc::new(MemoryLimiter::new())));
        let outside = Outside { clock: &clock, entropy: &entropy, mailer: post.mailer(), limiter: &limiter };
        let people = people(&settings, &stores, &secret, outside)?;
        let people = Arc::new(people.with_audit(Arc::clone(&audit)));
        let later = Arc::new(Later { hub: OnceLock::new(), post: Arc::clone(&post) });
        let options = DeskOptions { shutdown_max: DESK_DURATION_MAX, ..DeskOptions::default() };
        let desk = DeskRuntime::start(
            Arc::clone(&stores.auctions),
            Arc::clone(&entropy),
            Arc::clone(&clock),
            later.clone(),
            Some(people.clone()),
            options,
        );
        desk.start_closing(Arc::clone(&stores.timetable), ClosingOptions::default());
        post.start(&desk);
        desk.start_worker(Arc::new(Forgetting::new(
            people.clone(),
            stores.notices.clone(),
            Arc::clone(&clock),
        )));
        desk.start_worker(Arc::new(Writing::new(Arc::clone(&audit), Arc::clone(&clock))));
        let stop = Stop::default();
        let blobs: Arc<dyn BlobStore> = Arc::new(FileBlobs::new(&settings.media_dir));
        let pictures = Arc::new(Pictures::new(Arc::clone(&blobs), Arc::clone(&entropy)));
        let room = AuctionRoom::new(AuctionParts {
            pictures: Arc::clone(&pictures),
            store: Arc::clone(&stores.auctions),
            catalog: Arc::clone(&stores.catalog),
            desk: desk.handle(),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            visitors: people.clone(),
            settings: auction_settings(&settings),
        });
        let bid_rate = Arc::new(BidRate::new(settings.rate_limits.bids));
        let watching = Arc::new(Watching::new(room.clone(), Some(bid_rate.clone())));
        let hub = Hub::new(watching.clone(), HubOptions::default());
        // Nobody else sets it.
        let _ = later.hub.set(hub.clone());
        let painting = hub.clone();
        let until = stop.0.clone();
        tokio::spawn(async move { painting.run(until).await });
        tokio::spawn(heal(hub.clone(), stop.clone()));
        if let Some(metrics) = metrics.clone() {
            tokio::spawn(upkeep(metrics, stop.clone()));
        }
        let live = LiveParts {
            hub,
            host: watching,
            desk: desk.handle(),
            places: Places::new(socket_limits(&settings)),
            origins: socket_origins(&settings),
            bell,
            inbox: stores.notices.clone(),
            stop: stop.0.clone(),
        };
        let notices = NoticeRoom {
            store: stores.notices.clone(),
            clock: Arc::clone(&clock),
            public_url: site_url(&settings).into(),
        };
        let checks: [Arc<dyn Check>; 3] = [
            Arc::new(StoreCheck(Arc::clone(&stores.timetable))),
            Arc::new(ClockCheck(Arc::clone(&clock))),
            Arc::new(StopCheck(stop.clone())),
        ];
        let parts = Parts {
            blobs,
            pictures,
            settings: Arc::new(settings),
            secret: Arc::new(secret),
            clock,
            entropy,
            auctions: Arc::clone(&stores.auctions),
            catalog: Arc::clone(&stores.catalog),
            timetable: Arc::clone(&stores.timetable),
            desk: desk.handle(),
            visitors: people.clone(),
            people,
            room,
            notices,
            live,
            limiter,
            bid_rate,
            checks: Checks::new(checks.into()),
            metrics,
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
        // What the desk decided last is on its way to sockets that nothing else waits for; and what was asked for is
        // mailed, if that takes no longer.
        let sockets = tokio::time::timeout(SOCKETS_DURATION_MAX, self.parts.live.places.emptied());
        let errands = tokio::time::timeout(SOCKETS_DURATION_MAX, self.parts.people.errands().finish());
        let (left, mailed) = tokio::join!(sockets, errands);
        if left.is_err() {
            tracing::warn!("sockets were still open when the server stopped");
        }
        if mailed.is_err() {
            tracing::warn!("mails were still being sent when the server stopped");
        }
        if let Err(failure) = self.parts.people.audit().flush().await {
            tracing::warn!(%failure, "the last audit entries were not written");
        }
        let closed = tokio::time::timeout(STORE_DURATION_MAX, self.stores.close()).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!("the database was not closed in good order; the next start takes a little longer");
        }
        is_finished
    }
}

/// Makes a folder into which only its owner can look, where it is missing.
///
/// # Errors
/// Where that cannot be done.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Passes changes on to those who plan notices, and to the hub, which needs the desk and is therefore made after it.
struct Later {
    hub: OnceLock<Hub>,
    post: Arc<PostOffice>,
}

impl Transport for Later {
    fn publish(&self, change: Change) {
        self.post.changed(&change);
        if let Some(hub) = self.hub.get() {
            hub.publish(change);
        }
    }
}

/// What stands around accounts, besides their store.
struct Outside<'a> {
    clock: &'a Arc<dyn Clock>,
    entropy: &'a Arc<dyn Entropy>,
    mailer: Arc<dyn Mailer>,
    limiter: &'a Arc<dyn Limiter>,
}

fn people(
    settings: &Settings,
    stores: &Stores,
    secret: &Secret,
    outside: Outside<'_>,
) -> Result<People, OpenError> {
    let Outside { clock, entropy, mailer, limiter } = outside;
    let hasher = Argon2id::new(Argon2idSettings::DEFAULT, Arc::clone(entropy)).map_err(OpenError::Hasher)?;
    let mut limits = AccountLimits::DEFAULT;
    let tries = |tries: NonZeroU32| usize::try_from(tries.get()).unwrap_or(usize::MAX);
    limits.sign_in.tries_max = tries(settings.rate_limits.sign_in);
    limits.sign_in_source.tries_max = tries(settings.rate_limits.sign_in_address);
    let accounts = Accounts::new(AccountsParts {
        store: Arc::clone(&stores.accounts),
        mailer,
        hasher: Arc::new(hasher),
        entropy: Arc::clone(entropy),
        code_key: Arc::new(CodeKey::derive(secret.expose().as_bytes())),
        seal_key: Arc::new(SealKey::derive(secret.expose().as_bytes())),
        site_url: site_url(settings).into(),
        email_verification: settings.email_verification,
        sellers: settings.sellers.policy(),
        refresh_tokens: settings.refresh_tokens,
        limits,
        limiter: Arc::clone(limiter),
    });
    let token_key = TokenKey::derive(secret.expose().as_bytes());
    Ok(People::new(accounts, Arc::clone(clock), token_key))
}

fn auction_settings(settings: &Settings) -> AuctionSettings {
    AuctionSettings {
        public_browsing: settings.public_browsing.is_on(),
        bidder_labels: settings.bidder_labels,
        currency: settings.currency,
        default_terms: settings.default_terms.clone(),
        public_url: site_url(settings),
    }
}

/// Where links lead.
pub(crate) fn site_url(settings: &Settings) -> String {
    let here = || format!("http://{}", settings.listen);
    settings.frontend_url.as_ref().map_or_else(here, ToString::to_string)
}

/// How many sockets may be open. Where the calls of strangers are not counted, neither are their sockets.
fn socket_limits(settings: &Settings) -> SocketLimits {
    let mut limits = SocketLimits::default();
    if settings.rate_limits.anonymous == Allowance::Unlimited {
        limits.of_source_max = limits.sockets_max;
    }
    limits
}

/// The origins from which browsers may open sockets: our own names, and those that may call from elsewhere.
fn socket_origins(settings: &Settings) -> Arc<[String]> {
    let port = settings.listen.port();
    let own = settings.allowed_hosts.names().flat_map(|host| {
        [format!("http://{host}"), format!("https://{host}"), format!("http://{host}:{port}")]
    });
    let others = settings.cors_origins.listed().iter().map(ToString::to_string);
    own.chain(others).collect()
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

/// Compares what watchers saw last with the store each second, so that lost news heals.
async fn heal(hub: Hub, stop: Stop) {
    while tokio::time::timeout(HEAL_EVERY, stop.0.cancelled()).await.is_err() {
        for auction in hub.auctions() {
            if let Err(failure) = hub.heal(auction).await {
                tracing::warn!(%auction, %failure, "a state could not be compared");
                break;
            }
        }
    }
}

/// Folds old values of the metrics until the server stops.
async fn upkeep(metrics: Metrics, stop: Stop) {
    while tokio::time::timeout(UPKEEP, stop.0.cancelled()).await.is_err() {
        metrics.upkeep();
    }
}
