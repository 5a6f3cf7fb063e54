//! What the settings choose for the rooms.

use crate::auctions::AuctionSettings;
use crate::live::SocketLimits;
use crate::settings::{Allowance, Settings};
use std::sync::Arc;

/// What auctions are like.
pub(super) fn auction_settings(settings: &Settings) -> AuctionSettings {
    AuctionSettings {
        public_browsing: settings.public_browsing.is_on(),
        bidder_labels: settings.bidder_labels,
        currency: settings.currency,
        default_terms: settings.default_terms.clone(),
        public_url: site_url(settings),
    }
}

/// Where links lead.
pub(crate) fn site_url(settings: &Settings) -> String {
    let here = || format!("http://{}", settings.listen);
    settings.frontend_url.as_ref().map_or_else(here, ToString::to_string)
}

/// How many sockets may be open. Where the calls of strangers are not counted, neither are their sockets.
pub(super) fn socket_limits(settings: &Settings) -> SocketLimits {
    let mut limits = SocketLimits::default();
    if settings.rate_limits.anonymous == Allowance::Unlimited {
        limits.of_source_max = limits.sockets_max;
    }
    limits
}

/// The origins from which browsers may open sockets: our own names, our public address, and those that may call from
/// elsewhere.
pub(super) fn socket_origins(settings: &Settings) -> Arc<[String]> {
    let port = settings.listen.port();
    let own = settings.allowed_hosts.names().flat_map(|host| {
        [format!("http://{host}"), format!("https://{host}"), format!("http://{host}:{port}")]
    });
    let others = settings.cors_origins.listed().iter().map(ToString::to_string);
    let public = settings.frontend_url.iter().map(|url| url.origin().to_owned());
    own.chain(public).chain(others).collect()
}
