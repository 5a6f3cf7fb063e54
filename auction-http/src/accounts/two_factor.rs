//! Authenticators: setting one up, enabling and disabling it, and signing in with it.

use super::accounting::{self, RecoveryUse, did, proof_refused, tried};
use super::refusals::{factor, wrong_code};
use super::register::{code, filled, password};
use super::sessions::device;
use super::{BODY_BYTES_MAX, qr, wire};
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText};
use crate::people::{ClientSource, People, SignedIn};
use crate::wire::problem::{Problem, ReadProblems, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::identity::{Code, FactorProof, Token};
use auction_core::service::accounts::FactorRefusal;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use std::sync::Arc;

/// How the house is called in an authenticator.
const ISSUER: &str = "Auction";

/// Draws a secret for an authenticator. It counts once `2fa/enable/` was called; until then a new one can be drawn.
#[utoipa::path(
    post,
    path = "/api/2fa/setup/",
    tag = "two factors",
    responses(
        WriteProblems,
        (status = 200, body = wire::Enrolment, description = "It is shown this once."),
        (status = 400, body = Problem, description = "`two_factor_enabled`."),
    ),
    security(("token" = []))
)]
pub(super) async fn setup(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
) -> ApiResult<Json<wire::Enrolment>> {
    let accounts = people.accounts();
    let account = accounts.accounts(&[person.id]).await?.into_iter().flatten().next();
    let account = account.ok_or_else(ApiError::invalid_token)?;
    let secret = accounts.set_up_factor(person.id).await.map_err(factor)?;
    let uri = secret.uri(ISSUER, &account.email);
    let png = qr::data_uri(&uri)?;
    Ok(Json(wire::Enrolment { secret: secret.reveal(), qr_uri: uri, qr_png: png }))
}

/// Enables the authenticator that was set up, with the code that it shows.
#[utoipa::path(
    post,
    path = "/api/2fa/enable/",
    tag = "two factors",
    request_body = wire::FactorCode,
    responses(
        WriteProblems,
        (status = 200, body = wire::Enabled, description = "The recovery codes are shown this once."),
        (status = 400, body = Problem, description = "`invalid_code`, `two_factor_enabled` or `two_factor_missing`; or what is wrong with each field."),
        (status = 429, body = Problem, description = "Too many wrong codes."),
    ),
    security(("token" = []))
)]
pub(super) async fn enable(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Enabled>> {
    let mut fields = Fields::parse(&body)?;
    let code = fields.required("code", code(Code::parse));
    let code = fields.complete(code)?.map_err(|_| wrong_code())?;
    let at = people.now();
    let codes = people.accounts().enable_factor(person.id, &code, at).await;
    if let Err(refusal) = &codes {
        proof_refused(&people, &origin, at, person.id, refusal).await?;
    }
    let codes = codes.map_err(factor)?;
    did(&people, &origin, at, person.id, AuditAction::SecondFactorEnabled).await?;
    Ok(Json(wire::Enabled {
        detail: "2FA has been enabled successfully.",
        recovery_codes: codes.iter().map(|code| code.reveal()).collect(),
    }))
}

/// Removes the authenticator and all recovery codes.
#[utoipa::path(
    post,
    path = "/api/2fa/disable/",
    tag = "two factors",
    request_body = wire::Disable,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "`invalid_password`, `invalid_code` or `two_factor_missing`; or what is wrong with each field."),
        (status = 429, body = Problem, description = "Too many wrong passwords or codes."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    ),
    security(("token" = []))
)]
pub(super) async fn disable(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
    ClientSource(source): ClientSource,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let password = password(&mut fields);
    let proof = fields.required("code", code(FactorProof::parse));
    let (password, proof) = fields.complete(password.zip(proof))?;
    let (at, used) = (people.now(), RecoveryUse::of(Some(&proof)));
    let disabled = people.accounts().disable_factor(person.id, password, proof, source, at).await;
    if let Err(refusal) = &disabled {
        proof_refused(&people, &origin, at, person.id, refusal).await?;
    }
    disabled.map_err(factor)?;
    people.forget(person.id);
    if used == RecoveryUse::Used {
        did(&people, &origin, at, person.id, AuditAction::RecoveryCodeUsed).await?;
    }
    did(&people, &origin, at, person.id, AuditAction::SecondFactorDisabled).await?;
    Ok(Json(wire::Detail { detail: "2FA has been disabled successfully." }))
}

/// Whether a code is asked for at sign-in.
#[utoipa::path(
    get,
    path = "/api/2fa/status/",
    tag = "two factors",
    responses(ReadProblems, (status = 200, body = wire::FactorStatus)),
    security(("token" = []))
)]
pub(super) async fn status(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
) -> ApiResult<Json<wire::FactorStatus>> {
    let status = people.accounts().factor_status(person.id).await?;
    let recovery_codes_left = status.recovery_codes_left;
    Ok(Json(wire::FactorStatus { enabled: status.is_enabled, recovery_codes_left }))
}

/// Completes a sign-in with the code that the authenticator shows, or with a recovery code.
#[utoipa::path(
    post,
    path = "/api/2fa/verify/",
    tag = "two factors",
    request_body = wire::CompleteLogin,
    responses(
        WriteProblems,
        (status = 200, body = wire::Token),
        (status = 400, body = Problem, description = "`invalid_session` or `invalid_code`; or what is wrong with each field."),
        (status = 429, body = Problem, description = "Too many wrong codes."),
    )
)]
pub(super) async fn verify(
    State(people): State<Arc<People>>,
    origin: Origin,
    headers: HeaderMap,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Token>> {
    let mut fields = Fields::parse(&body)?;
    let challenge = fields.required("temp_token", filled(Token::parse));
    let proof = fields.required("code", code(FactorProof::parse));
    let (challenge, proof) = fields.complete(challenge.zip(proof))?;
    let challenge = challenge.map_err(|_| factor(FactorRefusal::Expired))?;
    let (accounts, at, used) = (people.accounts(), people.now(), RecoveryUse::of(Some(&proof)));
    let signed_in = accounts.complete_sign_in(&challenge, proof, device(&headers), at).await;
    if let Err(refusal) = &signed_in {
        let (action, why) = match refusal {
            FactorRefusal::Wait(_) => (AuditAction::Throttled, "second factor"),
            FactorRefusal::Expired => (AuditAction::SecondFactorRefused, "too late"),
            _ => (AuditAction::SecondFactorRefused, ""),
        };
        tried(&people, &origin, at, accounts.challenged(&challenge).await?, action, why).await?;
    }
    let signed_in = signed_in.map_err(factor)?;
    let with = "password and second factor";
    accounting::signed_in(&people, &origin, at, signed_in.account.id, with, used).await?;
    Ok(Json(wire::Token { token: signed_in.token.reveal() }))
}

/// A code of the second factor or a recovery code, which may be missing.
pub(super) fn optional_factor(fields: &mut Fields<'_>, field: &str) -> Option<Option<FactorProof>> {
    if fields.is_silent(field) {
        return Some(None);
    }
    fields.required(field, code(FactorProof::parse)).map(Some)
}
