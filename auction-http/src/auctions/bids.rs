//! Bids: the history, placing one, buying at once.

use crate::auctions::body::{BID_BYTES_MAX, Id, Key};
use crate::auctions::query::ROWS_MAX;
use crate::auctions::room::{AuctionRoom, Errand};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, whole};
use crate::params::{Link, Params, next_link};
use crate::visitors::{Anyone, Member, Visitor};
use crate::wire::bid::{BidAnswer, BidRow};
use crate::wire::event::{gone, named};
use crate::wire::money::{PriceInput, read_decimal};
use crate::wire::problem::{ReadProblems, WriteProblems};
use crate::wire::refusal::invalid_price;
use auction_core::AuctionId;
use auction_core::auction::{Action, Bid, UNITS_MAX, Units};
use auction_core::ports::{EventPage, HISTORY_PAGE_MAX, IdempotencyKey};
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A bid: either `price` or `max`.
#[derive(Clone, Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct NewBid {
    /// A bid at this amount.
    price: Option<PriceInput>,
    /// A bid up to this amount.
    max: Option<PriceInput>,
    /// How many units, each at that amount; 1 in the formats that sell one lot.
    #[schema(minimum = 1)]
    quantity: Option<u64>,
}

/// A purchase.
#[derive(Clone, Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct NewPurchase {
    /// The price that the buyer saw: the lot is never sold for more.
    price: PriceInput,
    /// How many; 1 in the formats that sell one lot.
    #[schema(minimum = 1)]
    quantity: Option<u64>,
}

/// Places a bid.
///
/// `price` is a straight bid at that amount; `max` is the most that the house bids for you, no more than is needed.
#[utoipa::path(
    post,
    operation_id = "place_bid",
    path = "/auctions/{id}/bids/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
    ),
    request_body = inline(NewBid),
    responses((status = 201, description = "The bid was accepted.", body = BidAnswer), WriteProblems)
)]
pub(super) async fn place(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    Key(key): Key,
    JsonText(body): JsonText<BID_BYTES_MAX>,
) -> ApiResult<(StatusCode, Json<BidAnswer>)> {
    take(&room, &visitor, auction, || Ok((Action::Bid(read_bid(&body)?), key?))).await
}

/// Buys at the price that stands: the buy-now price, that of a Dutch clock, or a fixed one.
///
/// `price` is what the buyer saw; what is charged is never more, and of a clock that has fallen meanwhile less.
#[utoipa::path(
    post,
    operation_id = "buy_now",
    path = "/auctions/{id}/buy/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
    ),
    request_body = inline(NewPurchase),
    responses((status = 201, description = "The lot is yours.", body = BidAnswer), WriteProblems)
)]
pub(super) async fn buy(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    Key(key): Key,
    JsonText(body): JsonText<BID_BYTES_MAX>,
) -> ApiResult<(StatusCode, Json<BidAnswer>)> {
    take(&room, &visitor, auction, || Ok((read_purchase(&body)?, key?))).await
}

/// Hands in what a body asks for, stamped with the time at which all of it was there.
async fn take(
    room: &AuctionRoom,
    visitor: &Visitor,
    auction: Option<AuctionId>,
    read: impl FnOnce() -> ApiResult<(Action, Option<IdempotencyKey>)>,
) -> ApiResult<(StatusCode, Json<BidAnswer>)> {
    let stamp = room.stamp();
    let (action, key) = match read() {
        Ok(read) => read,
        Err(error) => {
            drop(stamp);
            return Err(room.malformed(auction, visitor, error).await);
        }
    };
    let accepted = room.hand_in(stamp, Errand { auction, visitor, key, action }).await?;
    Ok((StatusCode::CREATED, Json(BidAnswer::from(&accepted))))
}

fn read_bid(body: &[u8]) -> ApiResult<Bid> {
    let mut fields = Fields::parse(body)?;
    let units = quantity(&mut fields);
    let (price, max) = (fields.raw("price"), fields.raw("max"));
    if matches!((price, max), (Given::Value(_), Given::Value(_))) {
        fields.wrong("max", "Give either price or max.");
    }
    let read = match max {
        Given::Value(max) => Some((max, Bid::maximum as fn(Decimal) -> Bid)),
        Given::Absent | Given::Null => fields.required("price", Ok).map(|price| (price, Bid::straight as _)),
    };
    let ((text, bid), units) = fields.complete(read.zip(units))?;
    positive(text).map(|amount| bid(amount).for_units(units))
}

fn read_purchase(body: &[u8]) -> ApiResult<Action> {
    let mut fields = Fields::parse(body)?;
    let units = quantity(&mut fields);
    let price = fields.required("price", Ok);
    let (price, units) = fields.complete(price.zip(units))?;
    positive(price).map(|price| Action::Buy { price, units })
}

/// A price that might be one in some currency; the auction's is known to the desk.
fn positive(text: &RawValue) -> ApiResult<Decimal> {
    match read_decimal(text) {
        Ok(price) if price.is_zero() => Err(invalid_price("a price is positive")),
        Ok(price) => Ok(price),
        Err(error) => Err(invalid_price(error)),
    }
}

/// How many units are wanted, one where nothing is said; how many there are is known to the desk.
fn quantity(fields: &mut Fields<'_>) -> Option<Units> {
    let Given::Value(quantity) = fields.nullable("quantity", whole) else { return Some(Units::ONE) };
    let units = u32::try_from(quantity).ok().and_then(Units::new);
    if units.is_none() {
        fields.wrong("quantity", format!("Must be from 1 to {UNITS_MAX}."));
    }
    units
}

/// The versions of the rows of an auction's history that were taken back or struck.
pub(super) async fn withdrawn(room: &AuctionRoom, auction: AuctionId) -> ApiResult<BTreeSet<u64>> {
    let events = room.catalog().public_events(auction, EventPage::Withdrawals, HISTORY_PAGE_MAX).await?;
    Ok(events.iter().flat_map(|recorded| gone(&recorded.event)).copied().collect())
}

/// The bid history.
///
/// The newest first; with `after` the oldest first.
#[utoipa::path(
    get,
    operation_id = "list_bids",
    path = "/auctions/{id}/bids/",
    tag = "auctions",
    security((), ("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("before" = Option<u64>, Query, description = "Rows before this version, the newest first"),
        ("after" = Option<u64>, Query, description = "Rows after this version, the oldest first"),
    ),
    responses(
        (status = 200, description = "At most 500 rows; a Link header names the next ones.", body = Vec<BidRow>),
        ReadProblems
    )
)]
pub(super) async fn history(
    State(room): State<AuctionRoom>,
    Anyone(visitor): Anyone,
    Id(auction): Id,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<(Link, Json<Vec<BidRow>>)> {
    room.may_browse(visitor.as_ref())?;
    let params = Params::parse(uri.query(), &["before", "after"])?;
    let page = match (params.whole("before")?, params.whole("after")?) {
        (Some(_), Some(_)) => return Err(ApiError::field("after", "Give either before or after.")),
        (None, Some(version)) => EventPage::BidsAfter(version),
        (Some(version), None) => EventPage::BidsBefore(version),
        (None, None) => EventPage::BidsBefore(u64::MAX),
    };
    let auction = room.load(auction, visitor.as_ref()).await?;
    let mut rows = room.catalog().public_events(auction.id(), page, ROWS_MAX + 1).await?;
    let more = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    let people = rows.iter().flat_map(|row| named(&row.event).map(|user| (auction.id(), user)));
    let labels = room.labels(people.collect(), visitor.as_ref()).await?;
    let link = rows.last().filter(|_| more).map(|last| {
        let cursor = if matches!(page, EventPage::BidsAfter(_)) { "after" } else { "before" };
        next_link(&room.settings().public_url, &uri, &params, cursor, last.version)
    });
    let viewer = visitor.map(|visitor| visitor.user);
    let gone = withdrawn(&room, auction.id()).await?;
    let row = |row| Some(BidRow::new(&auction, row, viewer, &labels)?.withdrawn_if_in(&gone));
    Ok((Link(link), Json(rows.iter().filter_map(row).collect())))
}
