//! Accounts: registering, signing in and out, second factors, passwords and addresses, and what people say about
//! themselves.
//!
//! [`router`] can be mounted alone in a host's own application; all it needs from the host's state is an
//! `Arc<People>`.

mod accounting;
mod avatar;
mod credentials;
mod profile;
mod qr;
mod refusals;
mod register;
mod seller;
mod sessions;
mod tokens;
mod two_factor;
mod wire;

use crate::audit::to_the_end;
use crate::error::{ApiError, ApiResult};
use crate::extract::unreadable;
use crate::people::People;
use crate::pictures::Pictures;
use auction_core::Span;
use auction_core::ports::Failure;
use axum::body::Body;
use axum::extract::{FromRef, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body of these calls, in bytes.
pub const BODY_BYTES_MAX: usize = 16 * 1_024;

/// The routes, with `/api/` before them and a slash at the end. No answer may be kept by anybody on its way.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<People>: FromRef<S>,
{
    let no_store = HeaderValue::from_static("no-store");
    OpenApiRouter::default()
        .routes(routes!(register::register))
        .routes(routes!(register::verify_otp))
        .routes(routes!(register::resend_otp))
        .routes(routes!(sessions::login))
        .routes(routes!(sessions::logout))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(profile::me, profile::change_me))
        .routes(routes!(tokens::token))
        .routes(routes!(tokens::refresh))
        .routes(routes!(tokens::request_otp))
        .routes(routes!(tokens::verify_otp))
        .routes(routes!(seller::become_seller))
        .routes(routes!(two_factor::setup))
        .routes(routes!(two_factor::enable))
        .routes(routes!(two_factor::disable))
        .routes(routes!(two_factor::status))
        .routes(routes!(two_factor::verify))
        .routes(routes!(credentials::forgot_password))
        .routes(routes!(credentials::reset_password))
        .routes(routes!(credentials::change_password))
        .routes(routes!(credentials::change_email))
        .routes(routes!(credentials::confirm_email))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, no_store))
        .layer(from_fn(answered_to_the_end))
}

/// The picture of oneself, which needs somewhere to keep it besides.
pub fn avatar_router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<People>: FromRef<S>,
    Arc<Pictures>: FromRef<S>,
{
    let no_store = HeaderValue::from_static("no-store");
    OpenApiRouter::default()
        .routes(routes!(avatar::change, avatar::remove))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, no_store))
}

/// Whoever hangs up after something was done does not keep it from being written down: once a request has been read, it
/// is answered to the end.
async fn answered_to_the_end(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(body) => to_the_end(next.run(Request::from_parts(parts, body.into()))).await,
        Err(_) => unreadable().into_response(),
    }
}

/// Reads a body, of one that is too large no more than it takes to see that.
async fn read(mut body: Body) -> Result<Vec<u8>, axum::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        bytes.extend(frame?.into_data().unwrap_or_default());
        if bytes.len() > BODY_BYTES_MAX {
            break;
        }
    }
    Ok(bytes)
}

/// Does what nobody waits for: how long it takes would tell whether there is an account.
fn unseen(
    people: &People,
    work: impl Future<Output = Result<(), Failure>> + Send + 'static,
) -> ApiResult<()> {
    let errand = async move {
        if let Err(failure) = work.await {
            let _logged = ApiError::from(failure);
        }
    };
    people.errands().run(errand).map_err(|_| ApiError::busy())
}

/// Whole seconds for `Retry-After`: rounded up, at least one.
fn retry_after_secs(wait: Span) -> u32 {
    u32::try_from((wait.micros() + 999_999) / 1_000_000).map_or(u32::MAX, |secs| secs.max(1))
}
