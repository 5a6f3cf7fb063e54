//! All rooms as one server, and what every request passes on its way in and out.
//!
//! From the outside in: a request gets its [id](RequestId), its span and its clock, the host is compared, a panic
//! becomes an answer, every answer gets its headers and its form (`outside`); cross-origin calls are answered;
//! bounds and limits are kept (`door`); large answers are compressed; the rooms answer.

mod chosen;
mod door;
mod envelope;
mod gate;
mod headers;
mod host;
mod house;
mod limits;
mod mail;
mod nodes;
mod outside;
mod post_office;
mod rate;
mod readers;
mod request_id;
mod run;
mod slash;
mod source;
mod stores;

pub(crate) use chosen::site_url;
pub use door::{QUERY_BYTES_MAX, QUERY_PARAMETERS_MAX, REQUEST_DURATION_MAX};
pub use gate::{BIDS_MAX, READS_MAX, WRITES_MAX};
pub(crate) use house::with_causes;
pub use house::{Duties, House, OpenError, make_folder};
pub(crate) use mail::mail_server;
pub(crate) use post_office::outbox;
pub use rate::{BidRate, Identify};
pub use readers::READ_DURATION_MAX;
pub use request_id::RequestId;
pub use run::{CONNECTIONS_MAX, HEADERS_DURATION_MAX, STOP_DURATION_MAX, serve};
pub use source::{Peer, Source};
pub use stores::{AccountStores, Stores};

use crate::error::ApiError;
use crate::parts::Parts;
use crate::settings::{Origins, Settings};
use crate::site::{AsItIs, Bundle, Site};
use crate::{accounts, auctions, audit, docs, health, live, media, metrics, notices};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The largest body of a request that no room has given another bound, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// The smallest answer that is compressed, in bytes.
const COMPRESSED_BYTES_MIN: u64 = 4 * 1024;

/// For how long a browser remembers what another origin may do.
const CORS_DURATION_MAX: Duration = Duration::from_secs(600);

/// The sum of all rooms.
pub fn rooms() -> OpenApiRouter<Parts> {
    OpenApiRouter::with_openapi(docs::introduction())
        .merge(health::router())
        .merge(accounts::router())
        .merge(accounts::avatar_router())
        .merge(audit::router())
        .nest("/api", auctions::router())
        .nest("/api", notices::router())
}

/// The description of all rooms.
pub fn openapi() -> OpenApi {
    rooms().into_openapi()
}

/// The whole server. A host that has it under a prefix mounts it with `nest_service("/shop", ...)`, which hands on
/// `/shop/` as well, and names the address of that as `FRONTEND_URL`.
pub fn assemble(parts: &Parts) -> Router {
    dress(rooms(), parts)
}

/// Rooms, dressed as a server: with documentation, metrics, and everything that every request passes.
pub fn dress(rooms: OpenApiRouter<Parts>, parts: &Parts) -> Router {
    let (router, openapi) = rooms.split_for_parts();
    let mut router = router.merge(docs::router(&openapi)).merge(live::router()).merge(media::router());
    if parts.settings.shows_metrics_beside_everything() {
        router = router.merge(metrics::router());
    }
    let settings = &parts.settings;
    let door = Arc::new(door::Door::new(parts));
    let outside = Arc::new(outside::Outside::new(settings, parts.entropy.as_ref()));
    let router = match Bundle::of(settings) {
        Some(bundle) => {
            let site = Site::new(bundle, parts.room.clone(), settings);
            router.fallback(move |request: Request| site.clone().answer(request))
        }
        None => router.fallback(async || ApiError::not_found()),
    };
    let inner =
        router
            .method_not_allowed_fallback(async || method_not_allowed())
            .with_state(parts.clone())
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .layer(CompressionLayer::new().compress_when(
                DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN)).and(may_change),
            ))
            .layer(from_fn_with_state(door, door::pass))
            .layer(cors(settings))
            .layer(from_fn(envelope::json_errors))
            .layer(from_fn_with_state(outside, outside::pass));
    Router::new().fallback_service(slash::Slash::new(inner))
}

/// Whether an answer may be sent in another form than it has.
fn may_change(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<AsItIs>().is_none()
}

fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This method is not allowed here.")
}

/// Who may call from a page of another origin. Nothing rides on cookies, so none are sent along.
fn cors(settings: &Settings) -> CorsLayer {
    let origins = match &settings.cors_origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(origins) => {
            AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok()))
        }
    };
    let idempotency_key = HeaderName::from_static("idempotency-key");
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, idempotency_key])
        .expose_headers([
            header::LINK,
            header::RETRY_AFTER,
            request_id::HEADER,
            rate::LIMIT,
            rate::REMAINING,
            rate::RESET,
        ])
        .max_age(CORS_DURATION_MAX)
}
