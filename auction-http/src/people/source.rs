//! From where a request comes.

use auction_core::service::accounts::Source;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The address of the client, as the host found it out: an extension of the request. A host behind a proxy that it
/// trusts puts it there; without it the address of the connection counts, and no header ever does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// From where a request comes, as far as limits care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSource(pub Source);

impl<S: Send + Sync> FromRequestParts<S> for ClientSource {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let told = parts.extensions.get::<ClientAddress>().map(|address| address.0);
        let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(told.or_else(peer).map_or(Source::UNKNOWN, Source::of)))
    }
}
