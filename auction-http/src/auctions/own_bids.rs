//! The bids that somebody has placed.
//!
//! They are found along the auctions on which the person has bids, so that no list of bids by person has to be kept
//! up while others bid: the latest auction first, in each the latest bid first. What one answer may cost is bounded.

use crate::auctions::bids::withdrawn;
use crate::auctions::query::{BidsQuery, BidsWindow, ROWS_MAX};
use crate::auctions::room::AuctionRoom;
use crate::error::{ApiError, ApiResult};
use crate::params::{Link, next_link};
use crate::visitors::{Member, Visitor};
use crate::wire::bid::{Bidder, OwnBid, OwnBidRow, OwnState};
use crate::wire::page::{Listed, Page};
use crate::wire::problem::ReadProblems;
use auction_core::auction::{Auction, Recorded, Standing};
use auction_core::catalog::ListedAuction;
use auction_core::ports::{BID_ON_MAX, BIDS_WALK_MAX, EventPage, HISTORY_PAGE_MAX, Wanted};
use auction_core::{AuctionId, BidId, UserId};
use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// How many auctions are looked at for one answer.
const AUCTIONS_MAX: usize = 5 * BID_ON_MAX;
/// How many versions of auctions are walked over for one answer.
const VERSIONS_MAX: u64 = 20 * BIDS_WALK_MAX;
/// How many auctions are read at once to learn how they stand.
const AUCTIONS_AT_ONCE: usize = 500;

/// The bids that you have placed.
///
/// Those in the latest auction first, in each the latest bid first, purchases of units too. Answers of your maximums are
/// not among them, and neither are bids that were taken back or struck.
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
            let Walked { rows, next, count, is_whole, .. } = walk.through(&room, &visitor, &query).await?;
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
    let standings = vec![(auction, visitor.user)];
    let standing = room.store().load(&Wanted { standings, ..Wanted::NOTHING }).await?.standings.pop();
    let part = Part { auction, bidder: visitor.user, is_hidden: standing.as_ref().is_some_and(is_hidden) };
    let found = part.bids(&room, bid.version() + 1, 1).await?.pop();
    let found = found.filter(|(number, _)| *number == bid.version()).ok_or_else(ApiError::not_found)?;
    let rows = [(auction, found.1)];
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
    rows: Vec<(AuctionId, OwnBid)>,
    /// The last row.
    last: Option<BidId>,
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
        let mut walked = Walked { rows: Vec::new(), last: None, next: None, count, is_whole };
        let (mut skip, mut versions_left) = (self.skip, VERSIONS_MAX);
        for (auction, standing) in auctions {
            let mut left = u64::from(standing.bids);
            let part = Part { auction, bidder: visitor.user, is_hidden: is_hidden(&standing) };
            let mut before = if part.is_hidden { u64::MAX } else { standing.last_version + 1 };
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
                let bids = part.bids(room, before, wanted).await?;
                let reached = match bids.last() {
                    Some((last, _)) if bids.len() >= wanted => *last,
                    _ if part.is_hidden => 0,
                    _ => before.saturating_sub(BIDS_WALK_MAX),
                };
                versions_left =
                    versions_left.saturating_sub(before.saturating_sub(reached).min(BIDS_WALK_MAX));
                before = reached;
                for (number, bid) in bids.into_iter().filter(|(_, bid)| bid.stands()) {
                    left -= 1;
                    if skip > 0 {
                        skip -= 1;
                    } else if walked.rows.len() < self.take {
                        walked.rows.push((auction, bid));
                        walked.last = BidId::of(auction, number).ok();
                    } else {
                        walked.next = walked.last;
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

/// The bids of somebody in one auction.
struct Part {
    auction: AuctionId,
    bidder: UserId,
    /// Nobody else sees them.
    is_hidden: bool,
}

/// Whether the bids of somebody are such as nobody else sees: they are no rows of the history.
const fn is_hidden(standing: &Standing) -> bool {
    standing.bids > 0 && standing.last_version == 0
}

impl Part {
    /// The latest bids before one, each with its number in the auction: that of its version, or where bids are hidden the
    /// how-manieth it is of the bidder.
    async fn bids(&self, room: &AuctionRoom, before: u64, bids_max: usize) -> ApiResult<Vec<(u64, OwnBid)>> {
        let Self { auction, bidder, is_hidden } = *self;
        if is_hidden {
            let before = u32::try_from(before).ok();
            let bids = room.catalog().hidden_bids(auction, bidder, before, bids_max).await?;
            return Ok(bids.into_iter().map(|bid| (bid.number.into(), OwnBid::Hidden(bid))).collect());
        }
        let page = EventPage::BidsOf { bidder, before };
        let bids = room.catalog().public_events(auction, page, bids_max).await?;
        let gone = if bids.is_empty() { BTreeSet::new() } else { withdrawn(room, auction).await? };
        let shown = |recorded: Recorded| {
            let (version, withdrawn) = (recorded.version, gone.contains(&recorded.version));
            (version, OwnBid::Shown { recorded, withdrawn })
        };
        Ok(bids.into_iter().map(shown).collect())
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
        let shares = shares(room, user, some.iter().map(|(id, _)| *id)).await?;
        let stands_so =
            |auction: &Auction| OwnState::of(auction, user, shares.contains(&auction.id())) == state;
        let found = some.iter().zip(&found);
        kept.extend(found.filter(|(_, found)| found.as_ref().is_some_and(stands_so)).map(|(one, _)| *one));
    }
    Ok(kept)
}

/// Those of the auctions of which somebody has units.
async fn shares(
    room: &AuctionRoom,
    user: UserId,
    auctions: impl Iterator<Item = AuctionId>,
) -> ApiResult<HashSet<AuctionId>> {
    let auctions: Vec<_> = auctions.collect();
    let shares = room.catalog().awards(&auctions, user).await?;
    let has_share = auctions.into_iter().zip(shares).filter(|(_, shares)| !shares.is_empty());
    Ok(has_share.map(|(auction, _)| auction).collect())
}

/// What is needed to show bids to whom they belong.
struct Shown {
    user: UserId,
    address: Arc<str>,
    listed: HashMap<AuctionId, (ListedAuction, Standing)>,
    shares: HashSet<AuctionId>,
    labels: crate::wire::label::Labels,
}

impl Shown {
    async fn of(room: &AuctionRoom, visitor: &Visitor, rows: &[(AuctionId, OwnBid)]) -> ApiResult<Self> {
        let user = visitor.user;
        let mut auctions: Vec<_> = rows.iter().map(|(auction, _)| *auction).collect();
        auctions.dedup();
        let listed = room.catalog().listed(&auctions).await?;
        let standings = auctions.iter().map(|auction| (*auction, user)).collect();
        let standings = room.store().load(&Wanted { standings, ..Wanted::NOTHING }).await?.standings;
        let labels = auctions.iter().map(|auction| (*auction, user)).collect();
        let labels = room.labels(labels, Some(visitor)).await?;
        let shares = shares(room, user, auctions.iter().copied()).await?;
        let known = auctions.into_iter().zip(listed.into_iter().zip(standings));
        let listed = known.filter_map(|(id, (listed, standing))| Some((id, (listed?, standing)))).collect();
        Ok(Self { user, address: Arc::clone(&visitor.address), listed, shares, labels })
    }

    fn views(&self, rows: &[(AuctionId, OwnBid)]) -> Vec<OwnBidRow<'_>> {
        let view = |(auction, bid): &(AuctionId, OwnBid)| {
            let (listed, standing) = self.listed.get(auction)?;
            let (user, address, has_share) = (self.user, &*self.address, self.shares.contains(auction));
            OwnBidRow::new(bid, &Bidder { user, address, listed, standing, has_share }, &self.labels)
        };
        rows.iter().filter_map(view).collect()
    }
}
