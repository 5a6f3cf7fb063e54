//! What is counted, for Prometheus.
//!
//! Everything in this project counts through the `metrics` facade; here is only the recorder that gathers it and
//! the page that shows it. Labels are names of routes, codes and the like: never something that a client chose.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// The page's path.
pub const PATH: &str = "/metrics";

/// How often old values are folded, in seconds.
pub(crate) const UPKEEP: Duration = Duration::from_secs(5);

/// The name of the time that requests take.
const REQUEST_SECONDS: &str = "http_request_duration_seconds";

/// Upper bounds of the classes of durations, in seconds.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Upper bounds of the classes of sizes.
const SIZES: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// What was counted since the start.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Gathers everything that this process counts from now on. A process can do that once: `None` where
    /// somebody gathers already.
    pub fn install() -> Option<Self> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("seconds".to_owned()), &SECONDS)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("size".to_owned()), &SIZES))
            .map(PrometheusBuilder::build_recorder)
            .ok()?;
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        metrics::describe_histogram!(
            REQUEST_SECONDS,
            metrics::Unit::Seconds,
            "The time of requests, by route."
        );
        Some(Self(handle))
    }

    /// Folds old values; to be called every [`UPKEEP`].
    pub(crate) fn upkeep(&self) {
        self.0.run_upkeep();
    }

    /// Everything as text.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Counts a request.
pub(crate) fn request(method: &'static str, route: String, status: u16, took: Duration) {
    let labels = [("method", method.into()), ("route", route.into()), ("status", status.to_string().into())];
    let labels: [(&'static str, metrics::SharedString); 3] = labels;
    metrics::histogram!(REQUEST_SECONDS, &labels).record(took.as_secs_f64());
}

/// Shows the metrics.
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Option<Metrics>: FromRef<S>,
{
    Router::new().route(PATH, axum::routing::get(page))
}

async fn page(State(metrics): State<Option<Metrics>>) -> Response {
    let text = metrics.map(|metrics| metrics.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
