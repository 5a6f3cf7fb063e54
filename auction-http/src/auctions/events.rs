//! Public events.

use crate::auctions::body::Id;
use crate::auctions::query::ROWS_MAX;
use crate::auctions::room::AuctionRoom;
use crate::error::ApiResult;
use crate::params::{Link, Params, next_link};
use crate::visitors::Anyone;
use crate::wire::event::{EventView, named};
use crate::wire::problem::ReadProblems;
use auction_core::ports::EventPage;
use axum::Json;
use axum::extract::{OriginalUri, State};

/// What happened, as far as everybody may know it, oldest first.
#[utoipa::path(
    get,
    operation_id = "list_auction_events",
    path = "/auctions/{id}/events/",
    tag = "auctions",
    security((), ("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("since" = Option<u64>, Query, description = "Events after this version"),
    ),
    responses(
        (status = 200, description = "At most 500 events; a Link header names the next ones.", body = Vec<EventView>),
        ReadProblems
    )
)]
pub(super) async fn events(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    Id(auction): Id,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<(Link, Json<Vec<EventView>>)> {
    room.may_browse(visitor.as_ref())?;
    let params = Params::parse(uri.query(), &["since"])?;
    let since = params.whole("since")?.unwrap_or(0);
    let auction = room.load(auction, visitor.as_ref()).await?;
    let page = EventPage::After(since);
    let mut rows = room.catalog().public_events(auction.id(), page, ROWS_MAX + 1).await?;
    let more = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    let people = rows.iter().flat_map(|row| named(&row.event).map(|user| (auction.id(), user)));
    let labels = room.labels(people.collect(), visitor.as_ref()).await?;
    let link = rows
        .last()
        .filter(|_| more)
        .map(|last| next_link(&room.settings().public_url, &uri, &params, "since", last.version));
    let viewer = visitor.map(|visitor| visitor.user);
    let rows = rows.iter().filter_map(|row| EventView::new(&auction, row, viewer, &labels)).collect();
    Ok((Link(link), Json(rows)))
}
