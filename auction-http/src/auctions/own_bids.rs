//! The bids that somebody has placed.
//!
//! They are found along the auctions on which the person has bids, so that no list of bids by person has to be kept
//! up while others bid: the latest auction first, in each the latest bid first. What one answer may cost is bounded.

use crate::auctions::query::{BidsQuery, BidsWindow, ROWS_MAX};
use crate::auctions::room::AuctionRoom;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, next_link};
use crate::visitors::{Member, Visitor};
use crate::wire::bid::{OwnBidRow, OwnState};
use crate::wire::page::{Listed, Page};
use crate::wire::problem::ReadProblems;
use auction_core::auction::{Recorded, Standing};
use auction_core::catalog::ListedAuction;
use auction_core::ports::{BID_ON_MAX, BIDS_WALK_MAX, EventPage, HISTORY_PAGE_MAX, Wanted};
use auction_core::{AuctionId, BidId, UserId};
use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;

/// How many auctions are looked at for one answer.
const AUCTIONS_MAX: usize = 5 * BID_ON_MAX;
/// How many versions of auctions are walked over for one answer.
const VERSIONS_MAX: u64 = 20 * BIDS_WALK_MAX;
/// How many auctions are read at once to learn how they stand.
const AUCTIONS_AT_ONCE: usize = 500;

/// The bids that you have placed.
///
/// Those in the latest auction first, in each the latest bid first. Answers of your maximums are not among them.
/// Without `page` and `page_size` the answer is a bare array of at most 500 rows; a `Link` header names the next
/// ones, which may be there although an array is shorter.
#[utoipa::path(
    get,
    operation_id = "list_own_bids",
    path = "/bids/",
    tag = "bids",
    security(("token" = [])),
    params(
        ("auction" = Option<u64>, Query, description = "The number of an auction"),
        ("state" = Option<OwnState>, Query, description = "How you stand in the auction"),
        ("page" = Option<u32>, Query, description = "From 1", minimum = 1),
        ("page_size" = Option<u32>, Query, description = "From 1 to 100", minimum = 1, maximum = 100),
        ("before" = Option<u64>, Query, description = "The rows that follow this bid"),
    ),
    responses((status = 200, description = "Bids.", body = Listed<OwnBidRow<'_>>), ReadProblems)
)]
pub(super) async fn list(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let query = BidsQuery::parse(&uri)?;
    let public_url = &room.settings().public_url;
    match query.window {
        BidsWindow::Rows { before } => {
            let walk = Walk { before, skip: 0, take: ROWS_MAX };
            let Walked { rows, next, .. } = walk.through(&room, &visitor, &query).await?;
            let link = next.map(|next| next_link(public_url, &uri, &query.params, "before", next.number()));
            let shown = Shown::of(&room, &visitor, &rows).await?;
            Ok((Link(link), Json(shown.views(&rows))).into_response())
        }
        BidsWindow::Page { number, size } => {
            let skip = u64::from(number - 1) * u64::from(size);
            let walk = Walk { before: None, skip, take: usize::try_from(size).unwrap_or(ROWS_MAX) };
            let Walked { rows, next, count, is_whole } = walk.through(&room, &visitor, &query).await?;
            if !is_whole {
                let sentence =
                    "This lies too far back. Ask without page and page_size, and follow the Link header.";
                return Err(ApiError::field("page", sentence));
            }
            if number > 1 && rows.is_empty() {
                return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", "Invalid page."));
            }
            let page = |number: u32| next_link(public_url, &uri, &query.params, "page", number);
            let (next, previous) =
                (next.map(|_| page(number.saturating_add(1))), (number > 1).then(|| page(number - 1)));
            let shown = Shown::of(&room, &visitor, &rows).await?;
            Ok(Json(Page { count, next, previous, results: shown.views(&rows) }).into_response())
        }
    }
}

/// A bid that you have placed.
#[utoipa::path(
    get,
    operation_id = "read_own_bid",
    path = "/bids/{id}/",
    tag = "bids",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The bid")),
    responses((status = 200, description = "The bid.", body = OwnBidRow<'_>), ReadProblems)
)]
pub(super) async fn read(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let is_plain = id.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_plain { id.parse().ok() } else { None };
    let bid = number.and_then(|number| BidId::new(number).ok()).ok_or_else(ApiError::not_found)?;
    // The smallest numbers would be bids in an auction that has none.
    let auction = AuctionId::new(bid.auction().number()).map_err(|_| ApiError::not_found())?;
    let page = EventPage::BidsOf { bidder: visitor.user, before: bid.version() + 1 };
    let found = room.catalog().public_events(auction, page, 1).await?.pop();
    let found = found.filter(|row| row.version == bid.version()).ok_or_else(ApiError::not_found)?;
    let rows = [(auction, found)];
    let shown = Shown::of(&room, &visitor, &rows).await?;
    let view = shown.views(&rows).pop().ok_or_else(ApiError::not_found)?;
    Ok(Json(view).into_response())
}

/// Which of the bids are wanted.
struct Walk {
    /// Those before this one.
    before: Option<BidId>,
    /// Without so many of the first.
    skip: u64,
    /// At most so many.
    take: usize,
}

/// What a walk came to.
struct Walked {
    rows: Vec<(AuctionId, Recorded)>,
    /// Where the rows go on, where they do.
    next: Option<BidId>,
    /// How many bids there are in all auctions that were looked at.
    count: u64,
    /// Nothing was left out because it would have cost too much.
    is_whole: bool,
}

impl Walk {
    async fn through(self, room: &AuctionRoom, visitor: &Visitor, query: &BidsQuery) -> ApiResult<Walked> {
        let (mut auctions, is_whole) = self.auctions(room, visitor.user, query.auction).await?;
        auctions.retain(|(auction, _)| self.before.is_none_or(|bid| *auction <= bid.auction()));
        let last = auctions.last().map(|(auction, _)| *auction);
        if let Some(state) = query.state {
            auctions = in_state(room, visitor.user, auctions, state).await?;
        }
        let count = auctions.iter().map(|(_, standing)| u64::from(standing.bids)).sum();
        let mut walked = Walked { rows: Vec::new(), next: None, count, is_whole };
        let (mut skip, mut versions_left) = (self.skip, VERSIONS_MAX);
        for (auction, standing) in auctions {
            let mut left = u64::from(standing.bids);
            let mut before = standing.last_version + 1;
            match self.before.filter(|bid| bid.auction() == auction) {
                Some(bid) => before = before.min(bid.version()),
                None if skip >= left => {
                    skip -= left;
                    continue;
                }
                None => {}
            }
            while left > 0 && before > 0 {
                if versions_left == 0 {
                    walked.next = BidId::of(auction, before).ok();
                    walked.is_whole = false;
                    return Ok(walked);
                }
                let wanted = (skip + 1 + (self.take - walked.rows.len()) as u64).min(left);
                let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(HISTORY_PAGE_MAX);
                let page = EventPage::BidsOf { bidder: visitor.user, before };
                let bids = room.catalog().public_events(auction, page, wanted).await?;
                let reached = match bids.last() {
                    Some(last) if bids.len() >= wanted => last.version,
                    _ => before.saturating_sub(BIDS_WALK_MAX),
                };
                versions_left = versions_left.saturating_sub(before - reached);
                (before, left) = (reached, left.saturating_sub(bids.len() as u64));
                for bid in bids {
                    if skip > 0 {
                        skip -= 1;
                    } else if walked.rows.len() < self.take {
                        walked.rows.push((auction, bid));
                    } else {
                        walked.next = walked.last();
                        return Ok(walked);
                    }
                }
            }
        }
        if !is_whole {
            walked.next = last.and_then(|last| BidId::of(last, 0).ok());
        }
        Ok(walked)
    }

    /// The auctions in which the rows are, and whether those are all.
    async fn auctions(
        &self,
        room: &AuctionRoom,
        user: UserId,
        only: Option<AuctionId>,
    ) -> ApiResult<(Vec<(AuctionId, Standing)>, bool)> {
        if let Some(auction) = only {
            let wanted = Wanted { standings: vec![(auction, user)], ..Wanted::NOTHING };
            let found = room.store().load(&wanted).await?.standings;
            let found = found.into_iter().filter(|standing| standing.bids > 0);
            return Ok((found.map(|standing| (auction, standing)).collect(), true));
        }
        // The auction of the bid after which the rows begin may have more of them.
        let mut before = self.before.and_then(|bid| AuctionId::new(bid.auction().number() + 1).ok());
        let mut auctions = Vec::new();
        while auctions.len() < AUCTIONS_MAX {
            let found = room.catalog().bid_on(user, before, BID_ON_MAX).await?;
            let is_last = found.len() < BID_ON_MAX;
            before = found.last().map(|(auction, _)| *auction);
            auctions.extend(found);
            if is_last {
                return Ok((auctions, true));
            }
        }
        Ok((auctions, false))
    }
}

impl Walked {
    /// The last row.
    fn last(&self) -> Option<BidId> {
        self.rows.last().and_then(|(auction, bid)| BidId::of(*auction, bid.version).ok())
    }
}

/// Those of the auctions in which somebody stands so.
async fn in_state(
    room: &AuctionRoom,
    user: UserId,
    auctions: Vec<(AuctionId, Standing)>,
    state: OwnState,
) -> ApiResult<Vec<(AuctionId, Standing)>> {
    let mut kept = Vec::new();
    for some in auctions.chunks(AUCTIONS_AT_ONCE) {
        let wanted = Wanted { auctions: some.iter().map(|(id, _)| *id).collect(), ..Wanted::NOTHING };
        let found = room.store().load(&wanted).await?.auctions;
        let stands_so =
            |auction: &Option<_>| auction.as_ref().is_some_and(|it| OwnState::of(it, user) == state);
        kept.extend(some.iter().zip(&found).filter(|(_, found)| stands_so(found)).map(|(one, _)| *one));
    }
    Ok(kept)
}

/// What is needed to show bids to whom they belong.
struct Shown {
    user: UserId,
    listed: HashMap<AuctionId, (ListedAuction, Standing)>,
    labels: crate::wire::label::Labels,
}

impl Shown {
    async fn of(room: &AuctionRoom, visitor: &Visitor, rows: &[(AuctionId, Recorded)]) -> ApiResult<Self> {
        let user = visitor.user;
        let mut auctions: Vec<_> = rows.iter().map(|(auction, _)| *auction).collect();
        auctions.dedup();
        let listed = room.catalog().listed(&auctions).await?;
        let standings = auctions.iter().map(|auction| (*auction, user)).collect();
        let standings = room.store().load(&Wanted { standings, ..Wanted::NOTHING }).await?.standings;
        let labels = auctions.iter().map(|auction| (*auction, user)).collect();
        let labels = room.labels(labels, Some(visitor)).await?;
        let known = auctions.into_iter().zip(listed.into_iter().zip(standings));
        let listed = known.filter_map(|(id, (listed, standing))| Some((id, (listed?, standing)))).collect();
        Ok(Self { user, listed, labels })
    }

    fn views(&self, rows: &[(AuctionId, Recorded)]) -> Vec<OwnBidRow<'_>> {
        let view = |(auction, bid): &(AuctionId, Recorded)| {
            let (listed, standing) = self.listed.get(auction)?;
            OwnBidRow::new(listed, bid, self.user, standing, &self.labels)
        };
        rows.iter().filter_map(view).collect()
    }
}
