//! Under which name the server was asked.

use crate::settings::AllowedHosts;
use axum::http::{HeaderMap, Uri, header};

/// Whether a request asks for a host that is ours. One that names none, or two, does not.
pub(super) fn is_ours(hosts: &AllowedHosts, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut named = headers.get_all(header::HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().ok(),
        (None, None) => uri.authority().map(|authority| authority.as_str()),
        _ => None,
    };
    host.is_some_and(|host| hosts.allows(host))
}
