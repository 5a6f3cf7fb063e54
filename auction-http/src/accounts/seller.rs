//! Becoming a seller.

use super::accounting::did;
use super::refusals::not_verified;
use super::wire;
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::people::{People, SignedIn};
use crate::wire::problem::{Problem, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::service::accounts::{SellerRefusal, SellerStep};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// Makes one a seller, or lets one wait for the house.
#[utoipa::path(
    post,
    path = "/api/become-seller/",
    tag = "accounts",
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail, description = "One may sell now."),
        (status = 202, body = wire::Detail, description = "The house decides."),
        (status = 403, body = Problem, description = "`account_not_verified`, `account_banned`, or `permission_denied` where the house names its sellers."),
    ),
    security(("token" = []))
)]
pub(super) async fn become_seller(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
    origin: Origin,
) -> ApiResult<(StatusCode, Json<wire::Detail>)> {
    let at = people.now();
    let step = people.accounts().become_seller(person.id, at).await.map_err(refused)?;
    people.forget(person.id);
    let action = match step {
        SellerStep::Allowed => AuditAction::BecameSeller,
        SellerStep::Waiting => AuditAction::AskedToSell,
    };
    did(&people, &origin, at, person.id, action).await?;
    Ok(match step {
        SellerStep::Allowed => (StatusCode::OK, Json(wire::Detail { detail: "You can sell now." })),
        SellerStep::Waiting => {
            (StatusCode::ACCEPTED, Json(wire::Detail { detail: "Your request to sell is being reviewed." }))
        }
    })
}

fn refused(refusal: SellerRefusal) -> ApiError {
    match refusal {
        SellerRefusal::Missing => ApiError::invalid_token(),
        SellerRefusal::NotVerified => not_verified(),
        SellerRefusal::Banned => {
            ApiError::new(StatusCode::FORBIDDEN, "account_banned", "This account is banned.")
        }
        SellerRefusal::HouseOnly => ApiError::forbidden(),
        SellerRefusal::Failed(failure) => failure.into(),
        _ => ApiError::busy(),
    }
}
