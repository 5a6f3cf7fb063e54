//! Whether Redis answers and what it is, for whoever operates it.

use super::CALL_DURATION_MAX;
use super::fault::Fault;
use super::link::Kept;
use super::options::RedisOptions;
use super::route::Route;
use auction_core::ports::Failure;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// The longest version that is shown, in bytes.
const VERSION_BYTES_MAX: usize = 32;

/// A Redis that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Examined {
    /// Its version; `None` where it may not tell us.
    pub version: Option<String>,
    /// It follows another one, and takes no writes.
    pub is_replica: bool,
    /// How long a call took, over a connection that was there.
    pub call_duration: Duration,
}

/// Connects, signs in and calls once, as nodes do and within the same 250 ms. Nothing is written.
///
/// # Errors
/// A [`Failure`]: the URL or the options make no sense, or Redis does not answer. It does not repeat the URL, which may
/// hold a password.
pub async fn examine(url: &str, options: &RedisOptions) -> Result<Examined, Failure> {
    const OPERATION: &str = "examine Redis";
    let route = Route::parse(url, options)?;
    let asking = async {
        let mut connection = Kept::open(&route).await?;
        let sent = Instant::now();
        redis::cmd("PING").exec_async(connection.connection()).await?;
        let call_duration = sent.elapsed();
        // Who may count and tell need not be allowed to ask this.
        let told: String = redis::cmd("INFO").query_async(connection.connection()).await.unwrap_or_default();
        Ok(Examined { version: version(&told), is_replica: told.contains("\nrole:slave"), call_duration })
    };
    let asked = timeout(CALL_DURATION_MAX, asking).await.unwrap_or(Err(Fault::Late));
    asked.map_err(|fault| fault.of(OPERATION))
}

fn version(told: &str) -> Option<String> {
    let version = told.lines().find_map(|line| line.strip_prefix("redis_version:"))?.trim();
    let is_version =
        version.len() <= VERSION_BYTES_MAX && version.bytes().all(|byte| byte.is_ascii_graphic());
    is_version.then(|| version.to_owned())
}
