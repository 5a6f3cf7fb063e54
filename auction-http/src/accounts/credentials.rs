//! Forgotten passwords, and changes of the password and the address.

use super::fields::{BLANK, Fields};
use super::refusals::{change, refused};
use super::register::{named_password, password};
use super::wire;
use crate::error::{ApiError, ApiResult};
use crate::people::{ClientSource, CurrentSession, People};
use auction_core::identity::{Code, Email, FactorProof, Token};
use auction_core::service::accounts::{Proof, Source};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Mails a link with which a password can be set, where the address has an account. The answer is always the same.
#[utoipa::path(
    post,
    path = "/api/forgot-password/",
    tag = "accounts",
    request_body = wire::Address,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, description = "What is wrong with each field."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    )
)]
pub(super) async fn forgot_password(
    State(people): State<Arc<People>>,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let Some(email) = fields.required("email", Email::parse) else { return Err(fields.refusal()) };
    let (mailing, at) = (Arc::clone(&people), people.now());
    // Nobody waits for it: how long it takes would tell whether there is an account.
    let errand = async move {
        if let Err(failure) = mailing.accounts().forgot_password(&email, at).await {
            let _logged = ApiError::from(failure);
        }
    };
    people.errands().run(errand).map_err(|_| ApiError::busy())?;
    let detail = "If an account exists with this email, a password reset link has been sent.";
    Ok(Json(wire::Detail { detail }))
}

/// Sets a password with the secret of the mailed link. Every session ends; a second factor stays.
#[utoipa::path(
    post,
    path = "/api/reset-password/",
    tag = "accounts",
    request_body = wire::ResetPassword,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, body = wire::Refusal, description = "`invalid_reset_token`; or what is wrong with each field."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    )
)]
pub(super) async fn reset_password(
    State(people): State<Arc<People>>,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let token = fields.required("token", |text| match text.trim() {
        "" => Err(BLANK),
        text => Ok(Token::parse(text)),
    });
    let password = password(&mut fields);
    let (Some(token), Some(password)) = (token, password) else { return Err(fields.refusal()) };
    let invalid = || refused("invalid_reset_token", "Invalid or expired reset token.");
    let token = token.map_err(|_| invalid())?;
    let reset = people.accounts().reset_password(&token, password, people.now()).await;
    let account = reset.map_err(|refusal| change(refusal, "password", invalid()))?;
    people.forget(account.id);
    Ok(Json(wire::Detail { detail: "Password has been reset successfully." }))
}

/// Changes the password. All other sessions end.
#[utoipa::path(
    post,
    path = "/api/change-password/",
    tag = "accounts",
    request_body = wire::ChangePassword,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, body = wire::Refusal, description = "`invalid_password` or `invalid_code`; or what is wrong with each field."),
        (status = 401, body = wire::Refusal),
        (status = 429, body = wire::Refusal, description = "Too many wrong passwords or codes."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    ),
    security(("token" = []))
)]
pub(super) async fn change_password(
    State(people): State<Arc<People>>,
    current: CurrentSession,
    ClientSource(source): ClientSource,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let user = current.person.id;
    let proof = read_proof(&mut fields, current, source);
    let new = named_password(&mut fields, "new_password");
    let (Some(proof), Some(new)) = (proof, new) else { return Err(fields.refusal()) };
    let changed = people.accounts().change_password(proof, new, people.now()).await;
    changed.map_err(|refusal| change(refusal, "new_password", ApiError::invalid_token()))?;
    people.forget(user);
    Ok(Json(wire::Detail { detail: "Password has been changed successfully." }))
}

/// Mails a code to the address that one wants to have instead, and tells the one that one has. It changes with
/// `change-email/verify/`.
#[utoipa::path(
    post,
    path = "/api/change-email/",
    tag = "accounts",
    request_body = wire::ChangeEmail,
    responses(
        (status = 200, body = wire::Detail, description = "A code was mailed."),
        (status = 400, body = wire::Refusal, description = "`invalid_password` or `invalid_code`; or what is wrong with each field."),
        (status = 401, body = wire::Refusal),
        (status = 429, body = wire::Refusal, description = "Too many wrong passwords or codes, or too many mails."),
        (status = 503, body = wire::Refusal, description = "Too much is waiting."),
    ),
    security(("token" = []))
)]
pub(super) async fn change_email(
    State(people): State<Arc<People>>,
    current: CurrentSession,
    ClientSource(source): ClientSource,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let proof = read_proof(&mut fields, current, source);
    let email = fields.required("email", Email::parse);
    let (Some(proof), Some(email)) = (proof, email) else { return Err(fields.refusal()) };
    let changed = people.accounts().change_email(proof, email, people.now()).await;
    changed.map_err(|refusal| change(refusal, "email", ApiError::invalid_token()))?;
    Ok(Json(wire::Detail { detail: "OTP sent to your new email." }))
}

/// Changes the address with the code that was mailed to the new one. All other sessions end.
#[utoipa::path(
    post,
    path = "/api/change-email/verify/",
    tag = "accounts",
    request_body = wire::Otp,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, body = wire::Refusal, description = "`invalid_otp`; or what is wrong with each field."),
        (status = 401, body = wire::Refusal),
    ),
    security(("token" = []))
)]
pub(super) async fn confirm_email(
    State(people): State<Arc<People>>,
    CurrentSession { person, session }: CurrentSession,
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    fields.code_as_text("otp");
    let code = fields.required("otp", |text| match text.trim() {
        "" => Err(BLANK),
        text => Ok(Code::parse(text)),
    });
    let invalid = || refused("invalid_otp", "Invalid or expired OTP.");
    let code = code.ok_or_else(|| fields.refusal())?.map_err(|_| invalid())?;
    let confirmed = people.accounts().confirm_email(person.id, session, &code, people.now()).await;
    confirmed.map_err(|refusal| change(refusal, "otp", invalid()))?;
    people.forget(person.id);
    Ok(Json(wire::Detail { detail: "Email has been changed successfully." }))
}

/// What somebody shows who wants to change how they sign in: the password, and a code where one is enabled.
fn read_proof(fields: &mut Fields, current: CurrentSession, source: Source) -> Option<Proof> {
    fields.code_as_text("code");
    let password = password(fields);
    let code = if fields.is_silent("code") {
        Some(None)
    } else {
        fields.required("code", |text| Ok::<_, &str>(Some(FactorProof::parse(text))))
    };
    let CurrentSession { person, session } = current;
    Some(Proof { user: person.id, session, password: password?, code: code?, source })
}
