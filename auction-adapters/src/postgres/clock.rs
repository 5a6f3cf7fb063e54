//! The time of the database.

use super::database::PostgresDatabase;
use super::failure::{failure, refused};
use super::reckoning::{Answer, Reckoning};
use super::session::{Session, in_time};
use auction_core::Timestamp;
use auction_core::ports::{Clock, Failure, FailureKind};
use metrics::gauge;
use sqlx::Row as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the database is asked for its time.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// How often it is asked at the start.
const FIRST_ASKED: usize = 5;

/// With a larger doubt than this a node is not ready: bids near the end of an auction would get other answers here than
/// elsewhere. It is a third of what closing waits for bids of other nodes.
pub const CLOCK_DOUBT_MAX: Duration = Duration::from_millis(100);

/// The time of the database, on this node: its own clock, which only ever goes on, and how far that of the database is
/// ahead of it. So all nodes of one database have the same time within the way to it and back, whatever the clocks of
/// their machines show.
///
/// The answer that came fastest is believed, for as long as no later one contradicts it. Where one does, because another
/// machine is the database now or one of the clocks was set, the later one counts at once. What is shown goes back only
/// where the database's time is behind it by more than a second; by less, it stands still until that is there again.
/// An auction is never stamped before what happened to it last, whatever a clock shows.
#[derive(Debug)]
pub struct PostgresClock {
    database: PostgresDatabase,
    started: Instant,
    reckoning: Mutex<Reckoning>,
}

impl PostgresClock {
    /// Asks the database for its time, a few times.
    ///
    /// # Errors
    /// A [`Failure`] where it does not answer.
    pub async fn open(database: &PostgresDatabase) -> Result<Arc<Self>, Failure> {
        #[allow(clippy::disallowed_methods, reason = "this is a clock")]
        let started = Instant::now();
        let clock = Self { database: database.clone(), started, reckoning: Mutex::default() };
        for _ in 0..FIRST_ASKED {
            clock.ask().await?;
        }
        Ok(Arc::new(clock))
    }

    /// Asks again every second, for as long as somebody has the clock.
    pub fn keep(self: &Arc<Self>) {
        let clock = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(ASK_EVERY).await;
                let Some(clock) = clock.upgrade() else { return };
                // Where it does not answer the doubt grows, and readiness tells.
                if let Err(failure) = clock.ask().await {
                    tracing::debug!(%failure, "the database was not asked for its time");
                }
                gauge!("auction_clock_uncertainty_seconds").set(clock.doubt().as_secs_f64());
                clock.database.count_connections();
            }
        });
    }

    /// How far the time that is shown can be from that of the database, also while it stands still.
    pub fn doubt(&self) -> Duration {
        let doubt = self.reckoning().doubt(self.elapsed());
        doubt.map_or(Duration::MAX, |doubt| Duration::from_micros(doubt.unsigned_abs()))
    }

    /// Whether the time is known well enough.
    ///
    /// # Errors
    /// A [`Failure`] where it is not.
    pub fn check(&self) -> Result<(), Failure> {
        let why = "the time of the database is not known well enough";
        if self.doubt() <= CLOCK_DOUBT_MAX {
            Ok(())
        } else {
            Err(refused(FailureKind::Unavailable, "tell the time", why))
        }
    }

    /// Asks the database for its time once.
    pub(super) async fn ask(&self) -> Result<(), Failure> {
        const OPERATION: &str = "ask the database for its time";
        let failed = |error| failure(OPERATION, error);
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS time, \
                   pg_is_in_recovery() AS is_standby";
        let asked = async {
            let mut session = Session::take(&self.database.rest, OPERATION).await?;
            session.begin_where_needed().await.map_err(failed)?;
            let sent = self.elapsed();
            let row = sqlx::query(sql).fetch_one(&mut session).await.map_err(failed)?;
            let received = self.elapsed();
            let time: i64 = row.try_get("time").map_err(failed)?;
            if row.try_get::<bool, _>("is_standby").map_err(failed)? {
                // All others are tried before they are used again.
                session.close();
                return Err(refused(FailureKind::Unavailable, OPERATION, "the server only reads"));
            }
            Ok((sent, received, time))
        };
        let (sent, received, time) = in_time(&self.database.options, OPERATION, asked).await?;
        let way = received - sent;
        let answer = Answer { at: sent + way / 2, time, doubt: way / 2 + 1 };
        let step = self.reckoning().learn(answer, received);
        if let Some(step) = step.filter(|step| step.unsigned_abs() > CLOCK_DOUBT_MAX.as_micros() as u64) {
            tracing::warn!(step_us = step, "the time of the database is not what it was");
        }
        Ok(())
    }

    /// What the node's own clock shows: microseconds since the start.
    fn elapsed(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Nothing in it is left half done by a panic.
    fn reckoning(&self) -> MutexGuard<'_, Reckoning> {
        self.reckoning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for PostgresClock {
    fn now(&self) -> Timestamp {
        let mut reckoning = self.reckoning();
        Timestamp::from_micros(reckoning.show(self.elapsed())).unwrap_or(Timestamp::EPOCH)
    }
}
