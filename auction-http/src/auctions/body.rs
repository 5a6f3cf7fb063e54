//! The parts of a request: number of the auction, idempotency key; and how long its body may be.

use crate::error::{ApiError, ApiResult};
use auction_core::AuctionId;
use auction_core::ports::IdempotencyKey;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

/// The longest body of a bid, in bytes.
pub(super) const BID_BYTES_MAX: usize = 4 * 1024;
/// The longest body with a reason, in bytes.
pub(super) const REASON_BODY_BYTES_MAX: usize = 4 * 1024;
/// The longest body of a category, in bytes.
pub(super) const CATEGORY_BYTES_MAX: usize = 16 * 1024;
/// The longest body of an auction, in bytes: its description and its terms, with every character escaped.
pub(super) const AUCTION_BYTES_MAX: usize = 512 * 1024;

/// The header that names a command.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The number of an auction in a path; `None` for what is no number, of which there is no auction.
pub(super) struct Id(pub(super) Option<AuctionId>);

/// The number of an auction and the place of one of its pictures in a path; `None` for what is no number.
pub(super) struct ImageId(pub(super) Option<AuctionId>, pub(super) Option<usize>);

/// The idempotency key of a request, or why it is none. That is said only after what comes before it.
pub(super) struct Key(pub(super) ApiResult<Option<IdempotencyKey>>);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Ok(Self(plain(&text).and_then(|number| AuctionId::new(number).ok())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ImageId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Path((auction, place)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found())?;
        let auction = plain(&auction).and_then(|number| AuctionId::new(number).ok());
        Ok(Self(auction, plain(&place).and_then(|place| place.try_into().ok())))
    }
}

fn plain(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(key(&parts.headers)))
    }
}

fn key(headers: &HeaderMap) -> ApiResult<Option<IdempotencyKey>> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| IdempotencyKey::new(text).ok());
    match (key, values.next()) {
        (Some(key), None) => Ok(Some(key)),
        _ => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "invalid_idempotency_key",
            "An idempotency key has 1 to 64 visible ASCII characters.",
        )),
    }
}
