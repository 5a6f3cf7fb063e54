//! Short-lived tokens that are refreshed, and signing in with a mailed code.

use super::accounting::{self, RecoveryUse, asked, tried};
use super::refusals::{factor, refused, wrong_code};
use super::register::{code, filled, password};
use super::sessions::{device, identifier, sign_in_refused};
use super::two_factor::optional_factor;
use super::{BODY_BYTES_MAX, unseen, wire};
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText, parsed};
use crate::people::{ClientSource, People};
use crate::wire::problem::{Problem, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::identity::{Code, Email};
use auction_core::service::accounts::{Identifier, SignIn, SignedIn, TokenRefusal};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::Arc;

/// Signs somebody in for a session of short-lived tokens.
#[utoipa::path(
    post,
    path = "/api/token/",
    tag = "tokens",
    request_body = wire::TokenLogin,
    responses(
        WriteProblems,
        (status = 200, body = wire::Tokens),
        (status = 400, body = Problem, description = "`invalid_code`; or what is wrong with each field."),
        (status = 401, body = Problem, description = "`invalid_credentials`, or `two_factor_required`."),
        (status = 403, body = Problem, description = "`account_not_verified` or `account_banned`: the password is right."),
        (status = 429, body = Problem, description = "Too many failures."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn token(
    State(people): State<Arc<People>>,
    ClientSource(source): ClientSource,
    origin: Origin,
    headers: HeaderMap,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Tokens>> {
    let mut fields = Fields::parse(&body)?;
    let identifier = identifier(&mut fields);
    let password = password(&mut fields);
    let otp = optional_factor(&mut fields, "otp");
    let ((identifier, password), otp) = fields.complete(identifier.zip(password).zip(otp))?;
    let (at, used) = (people.now(), RecoveryUse::of(otp.as_ref()));
    let sign_in = SignIn { identifier: identifier.clone(), password, source, device: device(&headers) };
    let signed_in = people.accounts().sign_in_refreshed(sign_in, otp, at).await;
    if let Err(refusal) = &signed_in {
        accounting::token_refused(&people, &origin, at, &identifier, refusal).await?;
    }
    let signed_in = signed_in.map_err(|refusal| token_refused(refusal, wrong_code()))?;
    accounting::signed_in(&people, &origin, at, signed_in.account.id, "password, for tokens", used).await?;
    Ok(Json(tokens(&people, &signed_in)))
}

/// Fetches the next tokens. Where they rotate, a refresh token that was used ends the session.
#[utoipa::path(
    post,
    path = "/api/token/refresh/",
    tag = "tokens",
    request_body = wire::Refresh,
    responses(
        WriteProblems,
        (status = 200, body = wire::Tokens),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 401, body = Problem, description = "`invalid_token`: it is none, too old, or was used."),
    )
)]
pub(super) async fn refresh(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Tokens>> {
    let mut fields = Fields::parse(&body)?;
    let at = people.now();
    let refreshing = fields.required("refresh", filled(|text| people.token_key().read_refresh(text, at)));
    let refreshing = fields.complete(refreshing)?.ok_or_else(ApiError::invalid_token)?;
    let refreshed = people.accounts().refresh(refreshing.session, &refreshing.secret, at).await;
    // Whether a token was used before is told by the end of the session.
    let refreshed = refreshed.inspect_err(|_| people.forget_session(refreshing.session));
    if let Err(TokenRefusal::Reused(user)) = refreshed {
        tried(&people, &origin, at, Some(user), AuditAction::RefreshReused, "").await?;
    }
    Ok(Json(tokens(
        &people,
        &refreshed.map_err(|refusal| token_refused(refusal, ApiError::invalid_token()))?,
    )))
}

/// Mails a code with which one can sign in, where the address has an account. The answer is always the same.
#[utoipa::path(
    post,
    path = "/api/otp/request/",
    tag = "tokens",
    request_body = wire::Address,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn request_otp(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let email = fields.required("email", parsed(Email::parse));
    let email = fields.complete(email)?;
    let (mailing, at) = (Arc::clone(&people), people.now());
    unseen(&people, async move {
        asked(&mailing, &origin, at, &email, AuditAction::SignInCodeAsked).await?;
        mailing.accounts().request_sign_in_code(&email, at).await
    })?;
    Ok(Json(wire::Detail { detail: "OTP sent (if the email exists)." }))
}

/// Signs somebody in with the mailed code. Where a second factor is enabled, `otp` is its code.
#[utoipa::path(
    post,
    operation_id = "verify_sign_in_code",
    path = "/api/otp/verify/",
    tag = "tokens",
    request_body = wire::CodeLogin,
    responses(
        WriteProblems,
        (status = 200, body = wire::Tokens),
        (status = 400, body = Problem, description = "`invalid_otp` or `invalid_code`; or what is wrong with each field."),
        (status = 401, body = Problem, description = "`two_factor_required`: the mailed code is right."),
        (status = 403, body = Problem, description = "`account_banned`: the mailed code is right."),
        (status = 429, body = Problem, description = "Too many wrong codes of the second factor."),
    )
)]
pub(super) async fn verify_otp(
    State(people): State<Arc<People>>,
    origin: Origin,
    headers: HeaderMap,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Tokens>> {
    let mut fields = Fields::parse(&body)?;
    let email = fields.required("email", parsed(Email::parse));
    let code = fields.required("code", code(Code::parse));
    let otp = optional_factor(&mut fields, "otp");
    let ((email, code), otp) = fields.complete(email.zip(code).zip(otp))?;
    let invalid = || refused("invalid_otp", "Invalid or expired code.");
    let code = code.map_err(|_| invalid())?;
    let (at, used) = (people.now(), RecoveryUse::of(otp.as_ref()));
    let signed_in = people.accounts().sign_in_with_code(&email, &code, otp, device(&headers), at).await;
    if let Err(refusal) = &signed_in {
        accounting::token_refused(&people, &origin, at, &Identifier::Email(email), refusal).await?;
    }
    let signed_in = signed_in.map_err(|refusal| token_refused(refusal, invalid()))?;
    accounting::signed_in(&people, &origin, at, signed_in.account.id, "mailed code", used).await?;
    Ok(Json(tokens(&people, &signed_in)))
}

fn tokens(people: &People, signed_in: &SignedIn) -> wire::Tokens {
    let (user, session, at) = (signed_in.account.id, signed_in.session, people.now());
    let key = people.token_key();
    wire::Tokens {
        access: key.access(user, session, at),
        refresh: key.refresh(user, session, &signed_in.token, at),
    }
}

fn token_refused(refusal: TokenRefusal, invalid: ApiError) -> ApiError {
    match refusal {
        TokenRefusal::SignIn(refusal) => sign_in_refused(refusal),
        TokenRefusal::CodeMissing => {
            let detail = "A two-factor code is required.";
            ApiError::new(StatusCode::UNAUTHORIZED, "two_factor_required", detail)
        }
        TokenRefusal::Factor(refusal) => factor(refusal),
        TokenRefusal::Invalid | TokenRefusal::Reused(_) => invalid,
        _ => ApiError::busy(),
    }
}
