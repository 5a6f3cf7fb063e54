//! Everything that a running server consists of.

use super::chosen::{auction_settings, site_url, socket_limits, socket_origins};
use super::limits::LoggedLimiter;
use super::nodes::{Nodes, Others, Ringing};
use super::post_office::{PostOffice, PostParts};
use super::rate::BidRate;
use super::stores::Stores;
use crate::auctions::{AuctionParts, AuctionRoom, Watching};
use crate::audit::{AuditTrail, Writing};
use crate::health::{Check, Checks, ClockCheck, StopCheck, StoreCheck};
use crate::live::{Bell, Hub, HubOptions, LiveParts, Places};
use crate::metrics::{Metrics, UPKEEP};
use crate::notices::NoticeRoom;
use crate::parts::{Parts, Stop};
use crate::people::{Forgetting, People, TokenKey};
use crate::pictures::Pictures;
use crate::settings::{KeyError, Secret, Settings};
use auction_adapters::argon2id::{Argon2id, Argon2idSettings};
use auction_adapters::files::FileBlobs;
use auction_adapters::redis::{RedisLimiter, RedisNews, RedisOptions};
use auction_adapters::runtime::{ClosingOptions, DeskOptions, DeskRuntime};
use auction_core::Span;
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

/// How long after its deadline an auction is closed where several nodes take bids: a bid that came in before may be on
/// its way to the database by then.
const CLOSING_GRACE: Span = Span::from_millis(300);

/// How long the desk has to finish what is queued when the server stops.
const DESK_DURATION_MAX: Duration = Duration::from_millis(1_500);

/// How long sockets have to send what was answered last, and to say goodbye, when the server stops.
const SOCKETS_DURATION_MAX: Duration = Duration::from_millis(500);

/// How long it may take to write the last audit entries when the server stops. What waits longer is lost, but it stands
/// in the log.
const AUDIT_DURATION_MAX: Duration = Duration::from_millis(200);

/// How long the database has to finish when the server stops. Nothing is lost where it does not.
const STORE_DURATION_MAX: Duration = Duration::from_millis(200);

/// Everything that a running server consists of: the [`Parts`] that handlers share, and what runs behind them.
pub struct House {
    parts: Parts,
    desk: DeskRuntime,
    stores: Stores,
    news: Option<Arc<RedisNews>>,
}

/// What a node does besides answering calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duties {
    /// It opens and closes auctions, plans notices, sends mails, and forgets what is over.
    All,
    /// Nothing: other nodes of the same database do that.
    None,
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
    /// The address of Redis makes no sense. That it is down is no reason not to open.
    #[error("Redis cannot be used: {}", with_causes(.0))]
    Redis(Failure),
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
        Self::open_with(settings, clock, entropy, Duties::All).await
    }

    /// The same, as a node that leaves some of the work to others of the same database. Where several nodes share the
    /// database its time is in force, and `clock` is not asked.
    ///
    /// # Errors
    /// An [`OpenError`].
    pub async fn open_with(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        duties: Duties,
    ) -> Result<Self, OpenError> {
        let folder = |source| OpenError::Folder { folder: settings.data_dir.clone(), source };
        make_folder(&settings.data_dir).map_err(folder)?;
        let secret = settings.secret_key.open(entropy.as_ref())?;
        let seal_key = Arc::new(SealKey::derive(secret.expose().as_bytes()));
        // Instruments belong to the recorder that is there when they are made.
        let metrics = Metrics::install();
        let stores = Stores::open(&settings.database).await.map_err(OpenError::Database)?;
        let clock = stores.time.clone().map_or(clock, |time| time);
        let bell = Arc::<Bell>::default();
        let nodes = Arc::new(Nodes::new(Arc::clone(&bell), stores.notices.clone()));
        let others = Others::default();
        let post = Arc::new(PostOffice::new(PostParts {
            settings: &settings,
            stores: &stores,
            seal_key: &seal_key,
            clock: &clock,
            entropy: &entropy,
            listener: Arc::new(Ringing { bell: Arc::clone(&bell), others: others.clone() }),
        })?);
        let audit = Arc::new(AuditTrail::new(Arc::clone(&stores.audit), settings.audit_kept));
        let redis = settings.redis.as_ref().map(|redis| (redis.expose(), RedisOptions::default()));
        let limiter: Arc<dyn Limiter> = match &redis {
            Some((url, options)) => Arc::new(RedisLimiter::new(url, options).map_err(OpenError::Redis)?),
            None => Arc::new(MemoryLimiter::new()),
        };
        let limiter: Arc<dyn Limiter> = Arc::new(LoggedLimiter::new(limiter));
        let mailer = post.mailer();
        let outside = Outside { clock: &clock, entropy: &entropy, mailer, seal_key, limiter: &limiter };
        let people = people(&settings, &stores, &secret, outside)?;
        let people = Arc::new(people.with_audit(Arc::clone(&audit)));
        people.tell(Arc::new(others.clone()));
        let later = Arc::new(Later { hub: OnceLock::new(), post: Arc::clone(&post), others: others.clone() });
        let options = DeskOptions { shutdown_max: DESK_DURATION_MAX, ..DeskOptions::default() };
        let desk = DeskRuntime::start(
            Arc::clone(&stores.auctions),
            Arc::clone(&entropy),
            Arc::clone(&clock),
            later.clone(),
            Some(people.clone()),
            options,
        );
        if duties == Duties::All {
            let grace = if settings.database.is_shared() { CLOSING_GRACE } else { Span::default() };
            let options = ClosingOptions { grace, ..ClosingOptions::default() };
            desk.start_closing(Arc::clone(&stores.timetable), options);
            post.start(&desk);
            let (notices, clock) = (stores.notices.clone(), Arc::clone(&clock));
            desk.start_worker(Arc::new(Forgetting::new(people.clone(), notices, clock)));
        }
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
        nodes.join(hub.clone(), people.clone());
        tokio::spawn(Arc::clone(&nodes).compare(stop.clone()));
        tokio::spawn(Arc::clone(&nodes).listen(stop.clone()));
        let news = match redis {
            Some((url, options)) => {
                let started = RedisNews::start(url, &options, nodes, Arc::clone(&entropy));
                Some(Arc::new(started.map_err(OpenError::Redis)?))
            }
            None => None,
        };
        if let Some(news) = news.clone() {
            others.reach(news);
        }
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
            Arc::new(ClockCheck { clock: Arc::clone(&clock), shared: stores.time.clone() }),
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
        Ok(Self { parts, desk, stores, news })
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
        match tokio::time::timeout(AUDIT_DURATION_MAX, self.parts.people.audit().flush()).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::warn!(%failure, "the last audit entries were not written"),
            Err(_) => tracing::warn!("the last audit entries were not written in time"),
        }
        if let Some(news) = &self.news {
            news.close().await;
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

/// Passes changes on to those who plan notices, to the hub, which needs the desk and is therefore made after it, and to
/// other nodes.
struct Later {
    hub: OnceLock<Hub>,
    post: Arc<PostOffice>,
    others: Others,
}

impl Transport for Later {
    fn publish(&self, change: Change) {
        self.post.changed(&change);
        let auction = change.entry().auction();
        self.others.tell_version(auction.id(), auction.version());
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
    seal_key: Arc<SealKey>,
    limiter: &'a Arc<dyn Limiter>,
}

fn people(
    settings: &Settings,
    stores: &Stores,
    secret: &Secret,
    outside: Outside<'_>,
) -> Result<People, OpenError> {
    let Outside { clock, entropy, mailer, seal_key, limiter } = outside;
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
        seal_key,
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
