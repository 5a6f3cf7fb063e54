//! What is told when somebody may not change how they sign in.

use super::register::hashing;
use super::retry_after_secs;
use crate::error::ApiError;
use auction_core::Span;
use auction_core::service::accounts::{ChangeRefusal, FactorRefusal};
use axum::http::StatusCode;

/// About a second factor.
pub(super) fn factor(refusal: FactorRefusal) -> ApiError {
    match refusal {
        FactorRefusal::NotVerified => not_verified(),
        FactorRefusal::AlreadyEnabled => {
            let detail = "2FA is already enabled. Disable it first to set up again.";
            refused("two_factor_enabled", detail)
        }
        FactorRefusal::Missing => refused("two_factor_missing", "2FA is not set up."),
        FactorRefusal::Expired => {
            refused("invalid_session", "Invalid or expired session. Please login again.")
        }
        FactorRefusal::Wait(wait) => wait_for(wait),
        FactorRefusal::WrongPassword => refused("invalid_password", "Invalid password."),
        FactorRefusal::WrongCode => wrong_code(),
        FactorRefusal::Hash(error) => hashing(error),
        _ => ApiError::busy(),
    }
}

/// About a password or an address, which stands in `field`; `invalid` says that the link or the code is none.
pub(super) fn change(refusal: ChangeRefusal, field: &str, invalid: ApiError) -> ApiError {
    match refusal {
        ChangeRefusal::Password(flaws) => {
            ApiError::fields(flaws.iter().map(|flaw| (field.to_owned(), flaw.to_string())))
        }
        ChangeRefusal::NotVerified => not_verified(),
        ChangeRefusal::CodeMissing => refused("code_required", "A verification code is required."),
        ChangeRefusal::Invalid => invalid,
        ChangeRefusal::Proof(refusal) => factor(refusal),
        _ => ApiError::busy(),
    }
}

/// The address is not known to be theirs.
pub(super) fn not_verified() -> ApiError {
    let detail = "Account is not verified. Please verify your email.";
    ApiError::new(StatusCode::FORBIDDEN, "account_not_verified", detail)
}

/// The code is wrong, was used, or is none.
pub(super) fn wrong_code() -> ApiError {
    refused("invalid_code", "Invalid verification code.")
}

/// Too many tries.
pub(super) fn wait_for(wait: Span) -> ApiError {
    let detail = "Too many failed tries. Try again later.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(retry_after_secs(wait))
}

pub(super) fn refused(code: &str, detail: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, detail)
}
