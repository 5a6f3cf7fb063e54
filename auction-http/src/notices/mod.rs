//! Notices over HTTP: the inbox, how people want to be told, and for the staff the mails that were not sent.
//!
//! [`router`] can be mounted alone: its state is anything that a [`NoticeRoom`] and the [`Visitors`] can be taken from.
//! Paths are relative to where it is mounted (`/api` in the server). New notices go to open sockets through the
//! [`Bell`](crate::live::Bell).

mod inbox;
mod mails;
mod preferences;

use crate::visitors::Visitors;
use auction_core::ports::{Clock, NoticeStore};
use axum::extract::FromRef;
use axum::http::{HeaderValue, header};
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the calls about notices share.
#[derive(Clone)]
pub struct NoticeRoom {
    /// Where notices and mails are kept.
    pub store: Arc<dyn NoticeStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where links lead.
    pub public_url: Arc<str>,
}

/// The calls about notices. No answer may be kept by anybody on its way.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    NoticeRoom: FromRef<S>,
    Arc<dyn Visitors>: FromRef<S>,
{
    OpenApiRouter::default()
        .routes(routes!(inbox::list))
        .routes(routes!(inbox::unread_count))
        .routes(routes!(inbox::read))
        .routes(routes!(inbox::read_all))
        .routes(routes!(preferences::preferences, preferences::prefer))
        .routes(routes!(mails::mails))
        .routes(routes!(mails::retry))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}
