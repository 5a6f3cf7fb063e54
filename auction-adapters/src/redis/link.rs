//! One connection for calls, made anew after each failure.

use super::CALL_DURATION_MAX;
use super::breaker::Breaker;
use super::fault::Fault;
use super::presence::Presence;
use super::route::Route;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// One connection that many calls share. It is made by the first one, and made anew after a failure.
pub(super) struct Link {
    route: Arc<Route>,
    breaker: Breaker,
    presence: Presence,
    connection: Mutex<Option<Kept>>,
    /// Held by whoever connects; the others wait for what comes of it.
    connecting: tokio::sync::Mutex<()>,
}

/// A connection, and the task that reads and writes it: without the one the other ends, and so do the calls under way.
pub(super) struct Kept {
    connection: MultiplexedConnection,
    _driver: AbortOnDropHandle<()>,
}

impl Kept {
    /// Connects and signs in. How long that takes is bounded by the caller.
    pub(super) async fn open(route: &Route) -> Result<Self, Fault> {
        // How long an answer takes is bounded by the caller, too.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let wire = route.connect().await?;
        let (connection, driver) = MultiplexedConnection::new_with_config(&route.login, wire, config).await?;
        Ok(Self { connection, _driver: AbortOnDropHandle::new(tokio::spawn(driver)) })
    }

    pub(super) const fn connection(&mut self) -> &mut MultiplexedConnection {
        &mut self.connection
    }
}

impl Link {
    /// Nothing is connected yet.
    pub(super) fn new(route: Arc<Route>, purpose: &'static str) -> Self {
        Self {
            route,
            breaker: Breaker::default(),
            presence: Presence::new(purpose),
            connection: Mutex::new(None),
            connecting: tokio::sync::Mutex::new(()),
        }
    }

    /// Does this over the connection, within [`CALL_DURATION_MAX`].
    pub(super) async fn call<T, W, F>(&self, work: W) -> Result<T, Fault>
    where
        W: FnOnce(MultiplexedConnection) -> F,
        F: Future<Output = RedisResult<T>>,
    {
        let pass = self.breaker.admit(Instant::now()).map_err(|_| Fault::Resting)?;
        let working = async { Ok(work(self.connection().await?).await?) };
        let done = match tokio::time::timeout(CALL_DURATION_MAX, working).await {
            Ok(done) => done,
            Err(_) => Err(Fault::Late),
        };
        match &done {
            Ok(_) => {
                self.breaker.succeeded(pass);
                self.presence.there();
            }
            Err(fault) => {
                if self.breaker.failed(pass, Instant::now()) {
                    // Whatever the server said: it may be another one by now that stands behind the name.
                    self.kept().take();
                    self.presence.away(fault);
                }
            }
        }
        done
    }

    /// After how long a call may be tried.
    pub(super) fn rest(&self) -> Duration {
        self.breaker.rest(Instant::now())
    }

    async fn connection(&self) -> Result<MultiplexedConnection, Fault> {
        if let Some(kept) = &*self.kept() {
            return Ok(kept.connection.clone());
        }
        let _turn = self.connecting.lock().await;
        if let Some(kept) = &*self.kept() {
            return Ok(kept.connection.clone());
        }
        let opened = Kept::open(&self.route).await?;
        let connection = opened.connection.clone();
        *self.kept() = Some(opened);
        Ok(connection)
    }

    /// Nothing in here is left half done by a panic.
    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
