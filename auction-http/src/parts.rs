//! What all handlers share.

use crate::auctions::AuctionRoom;
use crate::health::Checks;
use crate::live::LiveParts;
use crate::metrics::Metrics;
use crate::notices::NoticeRoom;
use crate::people::People;
use crate::pictures::Pictures;
use crate::server::BidRate;
use crate::settings::{Secret, Settings};
use crate::visitors::Visitors;
use auction_adapters::runtime::DeskHandle;
use auction_core::ports::{AuctionStore, BlobStore, CatalogStore, Clock, Entropy, Limiter, Timetable};
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
    /// Where they are found.
    pub catalog: Arc<dyn CatalogStore>,
    /// What is due when.
    pub timetable: Arc<dyn Timetable>,
    /// Where commands are handed in.
    pub desk: DeskHandle,
    /// What has to work for the server to be ready.
    pub checks: Checks,
    /// What is counted; `None` where nobody asks.
    pub metrics: Option<Metrics>,
    /// Who calls, and their accounts.
    pub people: Arc<People>,
    /// The same, as rooms see it that know nothing of accounts.
    pub visitors: Arc<dyn Visitors>,
    /// What the calls about auctions share.
    pub room: AuctionRoom,
    /// What the calls about notices share.
    pub notices: NoticeRoom,
    /// What the sockets share.
    pub live: LiveParts,
    /// Where pictures are kept.
    pub blobs: Arc<dyn BlobStore>,
    /// How pictures get there.
    pub pictures: Arc<Pictures>,
    /// What counts how often things are done, but for bids.
    pub limiter: Arc<dyn Limiter>,
    /// How often somebody may bid.
    pub bid_rate: Arc<BidRate>,
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
    catalog: Arc<dyn CatalogStore>,
    timetable: Arc<dyn Timetable>,
    desk: DeskHandle,
    people: Arc<People>,
    visitors: Arc<dyn Visitors>,
    room: AuctionRoom,
    live: LiveParts,
    notices: NoticeRoom,
    blobs: Arc<dyn BlobStore>,
    pictures: Arc<Pictures>,
    checks: Checks,
    metrics: Option<Metrics>,
    stop: Stop,
}
