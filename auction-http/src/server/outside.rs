//! The outermost layer: what every request gets on its way in, and every answer on its way out.

use super::headers;
use super::host;
use super::request_id::{self, RequestIds};
use super::source::source;
use crate::error::ApiError;
use crate::people::ClientAddress;
use crate::settings::Settings;
use crate::{metrics, site};
use auction_core::ports::Entropy;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// What the outermost layer remembers.
pub(super) struct Outside {
    ids: RequestIds,
    settings: Settings,
}

impl Outside {
    pub(super) fn new(settings: &Settings, entropy: &dyn Entropy) -> Self {
        Self { ids: RequestIds::new(entropy), settings: settings.clone() }
    }
}

/// Names, times, logs and counts a request, survives its panics, and completes the headers of its answer.
///
/// The log has the path without the query, and no headers: tokens may stand in both.
pub(super) async fn pass(State(outside): State<Arc<Outside>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let settings = &outside.settings;
    let id = outside.ids.of(request.headers());
    let source = source(&settings.trusted_proxies, request.extensions(), request.headers());
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(source);
    request.extensions_mut().insert(ClientAddress(source.0));
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = matched.or_else(|| site::label(request.uri().path())).map(str::to_owned);
    let method = name(request.method());
    let span = tracing::info_span!("request", method, path = request.uri().path(), id = id.as_str());
    let is_ours = host::is_ours(&settings.allowed_hosts, request.uri(), request.headers());
    let mut response = async {
        let response = if is_ours {
            let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
            answered.unwrap_or_else(|panic| panicked(panic.as_ref(), id.as_str()))
        } else {
            ApiError::new(StatusCode::BAD_REQUEST, "invalid_host", "This host is not served here.")
                .into_response()
        };
        log(&response, started.elapsed());
        response
    }
    .instrument(span)
    .await;
    let route = route.unwrap_or_else(|| "none".to_owned());
    metrics::request(method, route, response.status().as_u16(), started.elapsed());
    response.headers_mut().insert(request_id::HEADER, id.header());
    headers::complete(response.headers_mut(), settings.is_production());
    response
}

/// A line for each request; those that went well only where somebody wants to see them.
fn log(response: &Response, took: Duration) {
    let (status, micros) = (response.status().as_u16(), took.as_micros());
    if response.status().is_server_error() {
        tracing::warn!(status, micros, "answered");
    } else {
        tracing::debug!(status, micros, "answered");
    }
}

/// What is answered after a panic. The message is for the log only.
fn panicked(panic: &(dyn Any + Send), id: &str) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let message =
        text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message");
    tracing::error!(?message, "a handler panicked");
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side.")
        .with("request_id", id)
        .into_response()
}

/// The method as a label: what clients invent is one thing.
fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
