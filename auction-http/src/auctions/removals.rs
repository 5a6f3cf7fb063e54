//! Bids that are taken back by their bidder or struck by the house.

use crate::auctions::body::{Id, Key, REASON_BODY_BYTES_MAX};
use crate::auctions::commands::carry_out;
use crate::auctions::room::AuctionRoom;
use crate::audit::{Origin, to_the_end};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, capitalised, text, whole};
use crate::visitors::{Member, Visitor};
use crate::wire::bid::StatusAnswer;
use crate::wire::problem::WriteProblems;
use auction_core::admin::{AuditAction, AuditSubject};
use auction_core::auction::{Action, Reason, Removal};
use auction_core::ports::{Accepted, IdempotencyKey};
use auction_core::{AuctionId, BidId, UserId};
use axum::Json;
use axum::extract::State;
use utoipa::ToSchema;

/// The reason of somebody who gave none.
const NO_REASON: &str = "No reason was given.";

/// Why bids are taken back.
#[derive(Clone, Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct Retraction {
    /// Nobody but the house reads it.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Which bids are struck: either `bid` or `user`.
#[derive(Clone, Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct Voiding {
    /// The row of one bid in the history.
    #[schema(minimum = 1)]
    bid: Option<u64>,
    /// The number of somebody all of whose bids go.
    #[schema(minimum = 1)]
    user: Option<u64>,
    /// Nobody but the house reads it.
    #[schema(max_length = 500)]
    reason: String,
}

/// Takes the own bids back, as far as the terms allow it now.
///
/// Well before the end all of them go, later only those that were placed a short while ago; what is left is resolved
/// again as if the others had never been made.
#[utoipa::path(
    post,
    operation_id = "retract_bids",
    path = "/auctions/{id}/retract/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
    ),
    request_body = inline(Retraction),
    responses((status = 200, description = "They are gone.", body = StatusAnswer), WriteProblems)
)]
pub(super) async fn retract(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    Key(key): Key,
    JsonText(body): JsonText<REASON_BODY_BYTES_MAX>,
) -> ApiResult<Json<StatusAnswer>> {
    let read = read_retraction(&body);
    let accepted = take(&room, &visitor, auction, key, read).await?;
    Ok(Json(StatusAnswer::from(&accepted)))
}

/// Strikes bids, as the house.
///
/// What is left is resolved again as if they had never been made; the end stays where it is.
#[utoipa::path(
    post,
    operation_id = "void_bids",
    path = "/auctions/{id}/void/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
    ),
    request_body = inline(Voiding),
    responses((status = 200, description = "They are gone.", body = StatusAnswer), WriteProblems)
)]
pub(super) async fn void(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    Key(key): Key,
    origin: Origin,
    JsonText(body): JsonText<REASON_BODY_BYTES_MAX>,
) -> ApiResult<Json<StatusAnswer>> {
    to_the_end(async move {
        // Strangers make nobody read the whole history.
        if !visitor.is_staff() {
            return Err(room.malformed(auction, &visitor, ApiError::forbidden()).await);
        }
        let read = read_voiding(&body, auction);
        let accepted = take(&room, &visitor, auction, key, read).await?;
        let subject = auction.map(AuditSubject::Auction);
        room.account_for(&origin, &visitor, AuditAction::BidsStruck, subject).await?;
        Ok(Json(StatusAnswer::from(&accepted)))
    })
    .await
}

async fn take(
    room: &AuctionRoom,
    visitor: &Visitor,
    auction: Option<AuctionId>,
    key: ApiResult<Option<IdempotencyKey>>,
    read: ApiResult<Action>,
) -> ApiResult<Accepted> {
    match read {
        Ok(action) => carry_out(room, visitor, auction, key, action).await,
        Err(error) => Err(room.malformed(auction, visitor, error).await),
    }
}

fn read_retraction(body: &[u8]) -> ApiResult<Action> {
    let mut fields = Fields::parse(body)?;
    let reason = match fields.nullable("reason", reason) {
        Given::Value(reason) => Some(reason),
        Given::Absent | Given::Null => Reason::new(NO_REASON).ok(),
    };
    fields.complete(reason.map(|reason| Action::Retract { reason }))
}

fn read_voiding(body: &[u8], auction: Option<AuctionId>) -> ApiResult<Action> {
    let mut fields = Fields::parse(body)?;
    let bid = fields.nullable("bid", whole);
    let user = fields.nullable("user", whole);
    let removal = match (bid, user) {
        (Given::Value(bid), Given::Absent | Given::Null) => {
            let row = BidId::new(bid).ok().filter(|bid| Some(bid.auction()) == auction);
            if row.is_none() {
                fields.wrong("bid", "There is no such bid in this auction.");
            }
            row.map(|bid| Removal::Row(bid.version()))
        }
        (Given::Absent | Given::Null, Given::Value(user)) => {
            let user = UserId::new(user).ok();
            if user.is_none() {
                fields.wrong("user", "There is nobody with this number.");
            }
            user.map(Removal::Of)
        }
        _ => {
            fields.wrong("bid", "Give either a bid or a user.");
            None
        }
    };
    let reason = fields.required("reason", reason);
    fields.complete(removal.zip(reason).map(|(removal, reason)| Action::Void { removal, reason }))
}

fn reason(raw: &serde_json::value::RawValue) -> Result<Reason, String> {
    Reason::new(&text(raw)?).map_err(|error| format!("{}.", capitalised(&error)))
}
