//! Becoming a seller.

use super::wire;
use crate::error::{ApiError, ApiResult};
use crate::people::{People, SignedIn};
use crate::wire::problem::{Problem, WriteProblems};
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
) -> ApiResult<(StatusCode, Json<wire::Detail>)> {
    let step = people.accounts().become_seller(person.id, people.now()).await.map_err(refused)?;
    people.forget(person.id);
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
        SellerRefusal::NotVerified => {
            let detail = "Account is not verified. Please verify your email.";
            ApiError::new(StatusCode::FORBIDDEN, "account_not_verified", detail)
        }
        SellerRefusal::Banned => {
            ApiError::new(StatusCode::FORBIDDEN, "account_banned", "This account is banned.")
        }
        SellerRefusal::HouseOnly => ApiError::forbidden(),
        SellerRefusal::Failed(failure) => failure.into(),
        _ => ApiError::busy(),
    }
}
