//! Short-lived tokens that are refreshed, and signing in with a mailed code.

use super::fields::{BLANK, Fields};
use super::refusals::{factor, refused};
use super::register::password;
use super::sessions::{device, identifier, sign_in_refused};
use super::wire;
use crate::error::{ApiError, ApiResult};
use crate::people::{ClientSource, People};
use auction_core::identity::{Code, Email, FactorProof};
use auction_core::service::accounts::{SignIn, SignedIn, TokenRefusal};
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
        (status = 200, body = wire::Tokens),
        (status = 400, body = wire::Refusal, description = "`invalid_code`; or what is wrong with each field."),
        (status = 401, body = wire::Refusal, description = "`invalid_credentials`, or `two_factor_required`."),
        (status = 403, body = wire::Refusal, description = "`account_not_verified` or `account_banned`: the password is right."),
        (status = 429, body = wire::Refusal, description = "Too many failures."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    )
)]
pub(super) async fn token(
    State(people): State<Arc<People>>,
    ClientSource(source): ClientSource,
    headers: HeaderMap,
    mut fields: Fields,
) -> ApiResult<Json<wire::Tokens>> {
    let identifier = identifier(&mut fields);
    let password = password(&mut fields);
    let otp = optional_factor(&mut fields);
    let (Some(identifier), Some(password), Some(otp)) = (identifier, password, otp) else {
        return Err(fields.refusal());
    };
    let sign_in = SignIn { identifier, password, source, device: device(&headers) };
    let signed_in = people.accounts().sign_in_refreshed(sign_in, otp, people.now()).await;
    Ok(Json(tokens(&people, &signed_in.map_err(|refusal| token_refused(refusal, invalid_code()))?)))
}

/// Fetches the next tokens. Where they rotate, a refresh token that was used ends the session.
#[utoipa::path(
    post,
    path = "/api/token/refresh/",
    tag = "tokens",
    request_body = wire::Refresh,
    responses(
        (status = 200, body = wire::Tokens),
        (status = 400, description = "What is wrong with each field."),
        (status = 401, body = wire::Refusal, description = "`invalid_token`: it is none, too old, or was used."),
    )
)]
pub(super) async fn refresh(
    State(people): State<Arc<People>>,
    mut fields: Fields,
) -> ApiResult<Json<wire::Tokens>> {
    let at = people.now();
    let refreshing = fields.required("refresh", |text| match text.trim() {
        "" => Err(BLANK),
        text => Ok(people.token_key().read_refresh(text, at)),
    });
    let refreshing = refreshing.ok_or_else(|| fields.refusal())?.ok_or_else(ApiError::invalid_token)?;
    let refreshed = people.accounts().refresh(refreshing.session, &refreshing.secret, at).await;
    // Whether a token was used before is told by the end of the session.
    let refreshed = refreshed.inspect_err(|_| people.forget_session(refreshing.session));
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
        (status = 200, body = wire::Detail),
        (status = 400, description = "What is wrong with each field."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    )
)]
pub(super) async fn request_otp(
    State(people): State<Arc<People>>,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let Some(email) = fields.required("email", Email::parse) else { return Err(fields.refusal()) };
    let (mailing, at) = (Arc::clone(&people), people.now());
    // Nobody waits for it: how long it takes would tell whether there is an account.
    let errand = async move {
        if let Err(failure) = mailing.accounts().request_sign_in_code(&email, at).await {
            let _logged = ApiError::from(failure);
        }
    };
    people.errands().run(errand).map_err(|_| ApiError::busy())?;
    Ok(Json(wire::Detail { detail: "OTP sent (if the email exists)." }))
}

/// Signs somebody in with the mailed code. Where a second factor is enabled, `otp` is its code.
#[utoipa::path(
    post,
    path = "/api/otp/verify/",
    tag = "tokens",
    request_body = wire::CodeLogin,
    responses(
        (status = 200, body = wire::Tokens),
        (status = 400, body = wire::Refusal, description = "`invalid_otp` or `invalid_code`; or what is wrong with each field."),
        (status = 401, body = wire::Refusal, description = "`two_factor_required`: the mailed code is right."),
        (status = 403, body = wire::Refusal, description = "`account_banned`: the mailed code is right."),
        (status = 429, body = wire::Refusal, description = "Too many wrong codes of the second factor."),
    )
)]
pub(super) async fn verify_otp(
    State(people): State<Arc<People>>,
    headers: HeaderMap,
    mut fields: Fields,
) -> ApiResult<Json<wire::Tokens>> {
    fields.code_as_text("code");
    let email = fields.required("email", Email::parse);
    let code = fields.required("code", |text| match text.trim() {
        "" => Err(BLANK),
        text => Ok(Code::parse(text)),
    });
    let otp = optional_factor(&mut fields);
    let (Some(email), Some(code), Some(otp)) = (email, code, otp) else { return Err(fields.refusal()) };
    let invalid = || refused("invalid_otp", "Invalid or expired code.");
    let code = code.map_err(|_| invalid())?;
    let (accounts, at) = (people.accounts(), people.now());
    let signed_in = accounts.sign_in_with_code(&email, &code, otp, device(&headers), at).await;
    Ok(Json(tokens(&people, &signed_in.map_err(|refusal| token_refused(refusal, invalid()))?)))
}

/// The field `otp`, which may be missing: a code of the second factor, or a recovery code.
fn optional_factor(fields: &mut Fields) -> Option<Option<FactorProof>> {
    fields.code_as_text("otp");
    if fields.is_silent("otp") {
        return Some(None);
    }
    fields.required("otp", |text| Ok::<_, &str>(Some(FactorProof::parse(text))))
}

fn tokens(people: &People, signed_in: &SignedIn) -> wire::Tokens {
    let (user, session, at) = (signed_in.account.id, signed_in.session, people.now());
    let key = people.token_key();
    wire::Tokens {
        access: key.access(user, session, at),
        refresh: key.refresh(user, session, &signed_in.token, at),
    }
}

fn invalid_code() -> ApiError {
    super::refusals::wrong_code()
}

fn token_refused(refusal: TokenRefusal, invalid: ApiError) -> ApiError {
    match refusal {
        TokenRefusal::SignIn(refusal) => sign_in_refused(refusal),
        TokenRefusal::CodeMissing => {
            let detail = "A two-factor code is required.";
            ApiError::new(StatusCode::UNAUTHORIZED, "two_factor_required", detail)
        }
        TokenRefusal::Factor(refusal) => factor(refusal),
        TokenRefusal::Invalid => invalid,
        _ => ApiError::busy(),
    }
}
