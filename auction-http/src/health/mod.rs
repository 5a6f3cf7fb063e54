//! Whether the server lives, whether it is ready, and what time it is.
//!
//! *Live* asks nothing of anybody: a process that answers is alive. *Ready* asks everything that a request would
//! need, each within a second.

mod checks;

pub use checks::{Check, Checks, StoreCheck, within_reason};
pub(crate) use checks::{ClockCheck, StopCheck};

use auction_core::ports::Clock;
use axum::Json;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of this room, which are asked so often and by so many that nobody counts it.
pub(crate) const PATHS: [&str; 3] = ["/api/health/", "/api/health/live/", "/api/health/ready/"];

/// Answers health and time.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<dyn Clock>: FromRef<S>,
    Checks: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(live))
        .routes(routes!(ready))
        .routes(routes!(time))
}

/// The server works.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `healthy`.
    #[schema(example = "healthy")]
    status: &'static str,
    /// The version of the server.
    version: &'static str,
    /// Milliseconds since 1970.
    server_time: i64,
}

/// The process lives.
#[derive(Debug, Serialize, ToSchema)]
struct Live {
    /// Always `alive`.
    #[schema(example = "alive")]
    status: &'static str,
}

/// Whether requests can be answered.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready` or `not_ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// `ok` or `failed`, by what was asked.
    checks: BTreeMap<&'static str, &'static str>,
}

/// The time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServerTime)]
struct Time {
    /// Milliseconds since 1970.
    server_time: i64,
}

/// Whether the server works, for people and simple monitors.
#[utoipa::path(get, path = "/api/health/", tag = "health", responses((status = 200, body = Health)))]
async fn health(State(clock): State<Arc<dyn Clock>>) -> Json<Health> {
    let server_time = clock.now().millis();
    Json(Health { status: "healthy", version: env!("CARGO_PKG_VERSION"), server_time })
}

/// Whether the process lives; where it does not answer, it should be restarted.
#[utoipa::path(get, path = "/api/health/live/", tag = "health", responses((status = 200, body = Live)))]
async fn live() -> Json<Live> {
    Json(Live { status: "alive" })
}

/// Whether requests can be answered; where not, none should be sent.
#[utoipa::path(get, path = "/api/health/ready/", tag = "health",
    responses((status = 200, body = Ready), (status = 503, body = Ready, description = "Not now.")))]
async fn ready(State(checks): State<Checks>) -> (StatusCode, Json<Ready>) {
    let results = checks.run().await;
    let is_ready = results.values().all(|works| *works);
    let (code, status) =
        if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    let word = |works| if works { "ok" } else { "failed" };
    let checks = results.into_iter().map(|(name, works)| (name, word(works))).collect();
    (code, Json(Ready { status, checks }))
}

/// The time of the house, by which auctions open and close.
#[utoipa::path(get, path = "/api/time/", tag = "health", responses((status = 200, body = Time)))]
async fn time(State(clock): State<Arc<dyn Clock>>) -> Json<Time> {
    Json(Time { server_time: clock.now().millis() })
}
