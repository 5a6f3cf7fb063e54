//! The bounds that every request has to keep before a room sees it.

use super::gate::Gate;
use super::rate::Rates;
use crate::error::ApiError;
use crate::extract::WhollyRead;
use crate::parts::Parts;
use crate::{health, metrics, site};
use auction_core::ports::FailureKind;
use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The longest query, in bytes.
pub const QUERY_BYTES_MAX: usize = 8 * 1024;

/// The most parameters of a query.
pub const QUERY_PARAMETERS_MAX: usize = 64;

/// How long a request takes at most, the reading of its body included.
pub const REQUEST_DURATION_MAX: Duration = Duration::from_secs(30);

/// Keeps the bounds.
pub(super) struct Door {
    rates: Rates,
    gate: Gate,
}

impl Door {
    pub(super) fn new(parts: &Parts) -> Self {
        let rates = Rates::new(
            Arc::clone(&parts.limiter),
            &parts.settings.rate_limits,
            Arc::clone(&parts.bid_rate),
            parts.people.clone(),
            parts.clock.as_ref(),
        );
        Self { rates, gate: Gate::new() }
    }
}

/// Lets a request pass, or answers for it.
pub(super) async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if health::PATHS.contains(&path) || path == metrics::PATH {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // A page asks for dozens of files and pictures at once. They cost little, and only how many are on their way is
    // bounded.
    let left = match site::is_file(&parts.method, parts.uri.path()) {
        true => None,
        false => door.rates.count(&parts).await,
    };
    let mut response = match left.and_then(|left| left.refusal()).or_else(|| check(parts.uri.query())) {
        Some(error) => error.into_response(),
        None => answer(&door, Request::from_parts(parts, body), next).await,
    };
    if let Some(left) = left {
        left.tell(response.headers_mut());
    }
    response
}

async fn answer(door: &Door, mut request: Request, next: Next) -> Response {
    let Some(_permit) = door.gate.enter(request.method(), request.uri().path()) else {
        return ApiError::busy().into_response();
    };
    let (is_read, is_empty) = (WhollyRead::default(), request.body().is_end_stream());
    request.extensions_mut().insert(is_read.clone());
    let too_late = || {
        if is_empty || is_read.is_so() {
            // What it asked for may be done: nobody knows, until it is asked for again.
            return ApiError::from(FailureKind::Unavailable).into_response();
        }
        let detail = "The request took too long.";
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", detail).into_response()
    };
    timeout(REQUEST_DURATION_MAX, next.run(request)).await.unwrap_or_else(|_| too_late())
}

fn check(query: Option<&str>) -> Option<ApiError> {
    let query = query?;
    let separators = query.bytes().filter(|byte| *byte == b'&').count();
    let is_sane = query.len() <= QUERY_BYTES_MAX && separators < QUERY_PARAMETERS_MAX;
    let detail =
        || format!("A query has at most {QUERY_PARAMETERS_MAX} parameters and {QUERY_BYTES_MAX} bytes.");
    (!is_sane).then(|| ApiError::new(StatusCode::BAD_REQUEST, "too_many_parameters", detail()))
}
