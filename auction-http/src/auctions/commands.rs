//! Joining, and what sellers and staff do with an auction as a whole.

use crate::auctions::body::{Id, Key};
use crate::auctions::room::{AuctionRoom, Errand};
use crate::audit::{Origin, to_the_end};
use crate::error::ApiResult;
use crate::visitors::{Member, Visitor};
use crate::wire::bid::StatusAnswer;
use crate::wire::problem::WriteProblems;
use auction_core::AuctionId;
use auction_core::admin::{AuditAction, AuditSubject};
use auction_core::auction::Action;
use auction_core::ports::{Accepted, IdempotencyKey};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A sentence.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = JoinAnswer)]
pub(super) struct Message {
    #[schema(example = "Successfully joined the auction.")]
    message: &'static str,
}

/// Hands a command in, stamped with the time at which all of the request was there.
pub(super) async fn carry_out(
    room: &AuctionRoom,
    visitor: &Visitor,
    auction: Option<AuctionId>,
    key: ApiResult<Option<IdempotencyKey>>,
    action: Action,
) -> ApiResult<Accepted> {
    let stamp = room.stamp();
    match key {
        Ok(key) => room.hand_in(stamp, Errand { auction, visitor, key, action }).await,
        Err(error) => {
            drop(stamp);
            Err(room.malformed(auction, visitor, error).await)
        }
    }
}

/// Takes part in an auction.
#[utoipa::path(
    post,
    operation_id = "join_auction",
    path = "/auctions/{id}/join_auction/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
    ),
    responses((status = 200, description = "You take part.", body = Message), WriteProblems)
)]
pub(super) async fn join_auction(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    Key(key): Key,
) -> ApiResult<Json<Message>> {
    carry_out(&room, &visitor, auction, key, Action::Join).await?;
    Ok(Json(Message { message: "Successfully joined the auction." }))
}

macro_rules! transitions {
    ($($(#[doc = $doc:literal])+ $name:ident, $id:literal, $path:literal, $action:expr, $audited:expr;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            post,
            operation_id = $id,
            path = $path,
            tag = "auctions",
            security(("token" = [])),
            params(
                ("id" = u64, Path, description = "The auction"),
                ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 visible ASCII characters"),
            ),
            responses((status = 200, description = "Done.", body = StatusAnswer), WriteProblems)
        )]
        pub(super) async fn $name(
            State(room): State<AuctionRoom>,
            Member(visitor): Member,
            Id(auction): Id,
            Key(key): Key,
            origin: Origin,
        ) -> ApiResult<Json<StatusAnswer>> {
            to_the_end(async move {
                let accepted = carry_out(&room, &visitor, auction, key, $action).await?;
                let subject = auction.map(AuditSubject::Auction);
                room.account_for(&origin, &visitor, $audited, subject).await?;
                Ok(Json(StatusAnswer::from(&accepted)))
            })
            .await
        }
    )+};
}

transitions! {
    /// Makes a draft an auction that will start.
    publish, "publish_auction", "/auctions/{id}/publish/", Action::Publish, AuditAction::AuctionPublished;
    /// Calls an auction off.
    cancel, "cancel_auction", "/auctions/{id}/cancel/", Action::Cancel, AuditAction::AuctionCancelled;
    /// Stops the clock of an auction that has started.
    pause, "pause_auction", "/auctions/{id}/pause/", Action::Pause, AuditAction::AuctionPaused;
    /// Lets the clock run again. The end moves by as long as the pause was.
    resume, "resume_auction", "/auctions/{id}/resume/", Action::Resume, AuditAction::AuctionResumed;
    /// Ends an auction now, as it stands.
    close, "close_auction", "/auctions/{id}/close/", Action::Close, AuditAction::AuctionClosed;
}
