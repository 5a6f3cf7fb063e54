//! Auctions and bids over HTTP.
//!
//! [`router`] can be mounted alone: its state is anything that an [`AuctionRoom`] and the [`Visitors`] can be taken
//! from, and an `AuctionRoom` itself is such a state. Paths are relative to where it is mounted (`/api` in the
//! server) and answer with and without the slash at their end.
//!
//! Handlers parse, call one function of the room, and map. What an auction looks like from outside is the business of
//! [`wire`](crate::wire); what is allowed that of `auction_core`.

mod answers;
mod bids;
mod body;
mod categories;
mod commands;
mod create;
mod detail;
mod edit;
mod events;
mod images;
mod list;
mod own_bids;
mod public;
mod query;
mod relisting;
mod removals;
mod room;
mod shown;
mod watch;

pub use room::{AuctionParts, AuctionRoom, AuctionSettings};
pub use watch::{BidLimit, Watching};

use crate::visitors::Visitors;
use crate::wire::problem::Problem;
use axum::extract::FromRef;
use std::sync::Arc;
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

/// The calls about auctions, their bids, events and pictures, about one's own bids, and about categories.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    AuctionRoom: FromRef<S>,
    Arc<dyn Visitors>: FromRef<S>,
{
    let calls: [UtoipaMethodRouter<S>; 22] = [
        routes!(list::list, create::create),
        routes!(list::my_auctions),
        routes!(list::featured),
        routes!(list::won_auctions),
        routes!(detail::detail, edit::edit, edit::discard),
        routes!(commands::publish),
        routes!(commands::cancel),
        routes!(commands::pause),
        routes!(commands::resume),
        routes!(commands::close),
        routes!(commands::join_auction),
        routes!(bids::history, bids::place),
        routes!(bids::buy),
        routes!(removals::retract),
        routes!(removals::void),
        routes!(own_bids::list),
        routes!(own_bids::read),
        routes!(events::events),
        routes!(images::add),
        routes!(images::remove),
        routes!(categories::categories, categories::add),
        routes!(categories::category, categories::change, categories::remove),
    ];
    let mut router = calls.into_iter().fold(OpenApiRouter::new(), with_and_without_slash);
    let components = router.get_openapi_mut().components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    router
}

/// Adds a call under its documented path, and under the same without the slash at its end.
fn with_and_without_slash<S>(router: OpenApiRouter<S>, call: UtoipaMethodRouter<S>) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let (schemas, paths, methods) = call;
    let bare: Vec<_> =
        paths.paths.keys().filter_map(|path| path.strip_suffix('/')).map(str::to_owned).collect();
    let again = methods.clone();
    let router = router.routes((schemas, paths, methods));
    bare.into_iter().fold(router, |router, path| router.route(&path, again.clone()))
}
