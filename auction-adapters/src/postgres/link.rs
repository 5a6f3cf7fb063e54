//! The connections of a node to its database.

use super::options::{Pooler, PostgresOptions};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Postgres, Row as _, Transaction};
use std::fmt::Write as _;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// After how long a connection that nobody used is closed.
const IDLE_DURATION_MAX: Duration = Duration::from_secs(5 * 60);

/// After how long any connection is closed, so that a node follows its database when that moves.
const LIFE_DURATION_MAX: Duration = Duration::from_secs(30 * 60);

/// A connection that was idle for longer is tried before it is used.
const TRUSTED_DURATION_MAX: Duration = Duration::from_secs(1);

/// How long such a trial may take. Another connection is made then, in the time that is left.
const TRIAL_DURATION_MAX: Duration = Duration::from_secs(1);

/// How long a transaction may be idle, at most: a node that is paused holds nothing up for longer.
const IDLE_TRANSACTION_MAX: Duration = Duration::from_secs(10);

/// The same where bids are written. A node that decides again under an auction's lock is idle for as long as it takes to
/// decide, milliseconds; whoever else bids on that auction waits for it, and with them a whole shard of their node.
const BIDS_IDLE_TRANSACTION_MAX: Duration = Duration::from_secs(1);

/// How long a bid waits for the row of its auction, at most: somewhat longer than a node that is paused can hold it, so
/// that the first to wait for such a node gets the row.
const BIDS_LOCK_MAX: Duration = Duration::from_secs(2);

/// What the server is told about nodes that fall silent, so that connections of a machine that is gone do not stay: it asks
/// after 10 seconds, and closes the connection after 25, or 15 after it has sent something. What a node does about a
/// server that falls silent is to wait for each answer in time, and to try what was idle: the driver leaves its sockets as
/// they are, so that the node itself cannot have the system ask.
const SILENCE: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// How many statements a connection keeps prepared.
const STATEMENTS_MAX: usize = 200;

/// The driver gives each statement a name, counted by connection, also where it keeps none. What a server has under
/// these names is of whoever had it for the transaction before.
const FORGET_STATEMENTS: &str = "; DEALLOCATE ALL";

/// Connections to one database, a bounded number. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Links {
    pool: PgPool,
    pooler: Pooler,
    /// What a transaction of its own has to say first, behind a pooler that forgets what a connection said.
    settings: Arc<str>,
    answer_duration_max: Duration,
    doubt: Arc<Doubt>,
}

/// Since when connections are doubted: something has happened to one of them, and to the others perhaps as well.
#[derive(Debug)]
pub(super) struct Doubt {
    began: Instant,
    /// Milliseconds since then; 0 for never.
    since: AtomicU64,
}

/// What connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Auctions: few statements, each along primary keys, again and again.
    Bids,
    /// Everything else.
    Rest,
}

/// How connections are made from an address.
///
/// # Errors
/// Where the address makes no sense. It is not told in the error.
pub(super) fn connect_options(url: &str, options: &PostgresOptions) -> Result<PgConnectOptions, sqlx::Error> {
    let connect = PgConnectOptions::from_str(url)?.application_name("auction-server");
    Ok(match options.pooler {
        Pooler::Session => connect.statement_cache_capacity(STATEMENTS_MAX),
        // What a pooler does not know it refuses.
        Pooler::Transaction => connect.statement_cache_capacity(0).extra_float_digits(None),
    })
}

/// What every session is told.
fn settings(options: &PostgresOptions, purpose: Purpose) -> Vec<(&'static str, String)> {
    let (lock, idle) = match purpose {
        Purpose::Bids => (options.lock_duration_max.min(BIDS_LOCK_MAX), BIDS_IDLE_TRANSACTION_MAX),
        Purpose::Rest => (options.lock_duration_max, IDLE_TRANSACTION_MAX),
    };
    let mut settings = vec![
        ("statement_timeout", options.statement_duration_max.as_millis().to_string()),
        ("lock_timeout", lock.as_millis().to_string()),
        ("idle_in_transaction_session_timeout", idle.as_millis().to_string()),
    ];
    if purpose == Purpose::Bids {
        // Every statement goes along a primary key, also on tables that were empty when it was planned.
        settings.push(("enable_seqscan", "off".to_owned()));
        settings.push(("plan_cache_mode", "force_generic_plan".to_owned()));
    }
    settings
}

impl Links {
    /// A pool of so many connections. None is opened yet.
    pub(super) fn new(
        connect: PgConnectOptions,
        options: &PostgresOptions,
        purpose: Purpose,
        connections_max: u32,
    ) -> Self {
        let settings = settings(options, purpose);
        let mut text = String::new();
        let connect = match options.pooler {
            Pooler::Session => connect.options(settings).options(SILENCE),
            Pooler::Transaction => {
                text.push_str(FORGET_STATEMENTS);
                for (name, value) in settings {
                    // Writing to a text does not fail.
                    let _ = write!(text, "; SET LOCAL {name} = '{value}'");
                }
                connect
            }
        };
        let doubt = Arc::new(Doubt::new());
        let doubted = Arc::clone(&doubt);
        let pool = PgPoolOptions::new()
            .max_connections(connections_max)
            .acquire_timeout(options.connect_duration_max)
            .idle_timeout(IDLE_DURATION_MAX)
            .max_lifetime(LIFE_DURATION_MAX)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    if can_write(connection).await? {
                        return Ok(());
                    }
                    Err(sqlx::Error::Io(std::io::Error::other("the server only reads, as a standby does")))
                })
            })
            .before_acquire(move |connection, meta| {
                let is_trusted = meta.idle_for <= TRUSTED_DURATION_MAX && !doubted.is_older(meta.idle_for);
                Box::pin(async move {
                    if is_trusted {
                        return Ok(true);
                    }
                    // A server that only reads now is not the one that was connected to.
                    let tried = timeout(TRIAL_DURATION_MAX, can_write(connection)).await;
                    Ok(matches!(tried, Ok(Ok(true))))
                })
            })
            .connect_lazy_with(connect);
        let answer_duration_max = options.answer_duration_max();
        Self { pool, pooler: options.pooler, settings: text.into(), answer_duration_max, doubt }
    }

    pub(super) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) const fn pooler(&self) -> Pooler {
        self.pooler
    }

    /// How long the answer to a statement is waited for, at most.
    pub(super) const fn answer_duration_max(&self) -> Duration {
        self.answer_duration_max
    }

    /// Begins a transaction that may take as long as it has to.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin_with(AssertSqlSafe(self.begin_text("BEGIN"))).await
    }

    /// The text that begins a transaction with these words.
    pub(super) fn begin_text(&self, begin: &str) -> String {
        format!("{begin}{}", self.settings)
    }

    /// Something has happened to a connection: the others are tried before they are used.
    pub(super) fn doubt(&self) {
        let now = u64::try_from(self.doubt.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.doubt.since.store(now.max(1), Ordering::Relaxed);
    }
}

impl Doubt {
    #[allow(
        clippy::disallowed_methods,
        reason = "nothing but how long a connection was idle is held against it"
    )]
    fn new() -> Self {
        Self { began: Instant::now(), since: AtomicU64::new(0) }
    }

    /// Whether a connection that has been idle for so long was last used before the doubt began.
    fn is_older(&self, idle_for: Duration) -> bool {
        let since = self.since.load(Ordering::Relaxed);
        let doubted_for = self.began.elapsed().saturating_sub(Duration::from_millis(since));
        since > 0 && idle_for >= doubted_for
    }
}

/// Whether the server of a connection takes writes.
async fn can_write(connection: &mut sqlx::PgConnection) -> Result<bool, sqlx::Error> {
    connection.ping().await?;
    // By the simple protocol, which works through any pooler.
    let row = sqlx::Executor::fetch_one(connection, "SELECT pg_is_in_recovery()").await?;
    row.try_get::<bool, _>(0).map(|is_standby| !is_standby)
}
