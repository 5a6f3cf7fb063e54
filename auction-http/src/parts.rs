//! What all handlers share.

use crate::health::Checks;
use crate::metrics::Metrics;
use crate::server::Identify;
use crate::settings::{Secret, Settings};
use auction_adapters::runtime::DeskHandle;
use auction_core::ports::{AuctionStore, Clock, Entropy, Timetable};
use axum::extract::FromRef;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What all handlers share. It is cheap to clone.
///
/// A handler takes the member that it needs as `State<Arc<dyn Clock>>` and so on; a host with a state of its own
/// implements [`FromRef`] for those members that the routers it mounts ask for.
#[derive(Clone)]
#[non_exhaustive]
pub struct Parts {
    /// What the server was told.
    pub settings: Arc<Settings>,
    /// What other keys are made of.
    pub secret: Arc<Secret>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Where auctions are kept.
    pub auctions: Arc<dyn AuctionStore>,
    /// What is due when.
    pub timetable: Arc<dyn Timetable>,
    /// Where commands are handed in.
    pub desk: DeskHandle,
    /// What has to work for the server to be ready.
    pub checks: Checks,
    /// What is counted; `None` where nobody asks.
    pub metrics: Option<Metrics>,
    /// Says who calls, for the limits; `None` where there are no accounts.
    pub identify: Option<Arc<dyn Identify>>,
    /// Tells sockets and streams that the server stops.
    pub stop: Stop,
}

/// Tells sockets and streams that the server stops: they close themselves then, sockets with 1012.
#[derive(Clone, Debug, Default)]
pub struct Stop(pub CancellationToken);

/// Hands out members of [`Parts`].
macro_rules! members {
    ($($member:ident: $type:ty),* $(,)?) => {$(
        impl FromRef<Parts> for $type {
            fn from_ref(parts: &Parts) -> Self {
                parts.$member.clone()
            }
        }
    )*};
}

members! {
    settings: Arc<Settings>,
    secret: Arc<Secret>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    auctions: Arc<dyn AuctionStore>,
    timetable: Arc<dyn Timetable>,
    desk: DeskHandle,
    checks: Checks,
    metrics: Option<Metrics>,
    stop: Stop,
}
