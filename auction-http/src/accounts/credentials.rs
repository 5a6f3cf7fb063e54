//! Forgotten passwords, and changes of the password and the address.

use super::accounting::{RecoveryUse, asked, change_refused, did, tried};
use super::refusals::{change, refused};
use super::register::{code, filled, named_password, password};
use super::two_factor::optional_factor;
use super::{BODY_BYTES_MAX, unseen, wire};
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText, parsed};
use crate::people::{ClientSource, CurrentSession, People};
use crate::wire::problem::{Problem, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::identity::{Code, Email, Token};
use auction_core::service::accounts::{ChangeRefusal, Proof, Source};
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
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn forgot_password(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let email = fields.required("email", parsed(Email::parse));
    let email = fields.complete(email)?;
    let (mailing, at) = (Arc::clone(&people), people.now());
    unseen(&people, async move {
        asked(&mailing, &origin, at, &email, AuditAction::PasswordResetAsked).await?;
        mailing.accounts().forgot_password(&email, at).await
    })?;
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
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "`invalid_reset_token`; or what is wrong with each field."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn reset_password(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let token = fields.required("token", filled(Token::parse));
    let password = password(&mut fields);
    let (token, password) = fields.complete(token.zip(password))?;
    let invalid = || refused("invalid_reset_token", "Invalid or expired reset token.");
    let token = token.map_err(|_| invalid())?;
    let at = people.now();
    let reset = people.accounts().reset_password(&token, password, at).await;
    if let Err(ChangeRefusal::Invalid) = &reset {
        tried(&people, &origin, at, None, AuditAction::PasswordResetRefused, "").await?;
    }
    let account = reset.map_err(|refusal| change(refusal, "password", invalid()))?;
    people.forget(account.id);
    did(&people, &origin, at, account.id, AuditAction::PasswordReset).await?;
    Ok(Json(wire::Detail { detail: "Password has been reset successfully." }))
}

/// Changes the password. All other sessions end.
#[utoipa::path(
    post,
    path = "/api/change-password/",
    tag = "accounts",
    request_body = wire::ChangePassword,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "`invalid_password` or `invalid_code`; or what is wrong with each field."),
        (status = 429, body = Problem, description = "Too many wrong passwords or codes."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    ),
    security(("token" = []))
)]
pub(super) async fn change_password(
    State(people): State<Arc<People>>,
    current: CurrentSession,
    ClientSource(source): ClientSource,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let user = current.person.id;
    let proof = read_proof(&mut fields, current, source);
    let new = named_password(&mut fields, "new_password");
    let (proof, new) = fields.complete(proof.zip(new))?;
    let (at, used) = (people.now(), RecoveryUse::of(proof.code.as_ref()));
    let changed = people.accounts().change_password(proof, new, at).await;
    if let Err(refusal) = &changed {
        change_refused(&people, &origin, at, user, refusal).await?;
    }
    changed.map_err(|refusal| change(refusal, "new_password", ApiError::invalid_token()))?;
    people.forget(user);
    if used == RecoveryUse::Used {
        did(&people, &origin, at, user, AuditAction::RecoveryCodeUsed).await?;
    }
    did(&people, &origin, at, user, AuditAction::PasswordChanged).await?;
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
        WriteProblems,
        (status = 200, body = wire::Detail, description = "A code was mailed."),
        (status = 400, body = Problem, description = "`invalid_password` or `invalid_code`; or what is wrong with each field."),
        (status = 429, body = Problem, description = "Too many wrong passwords or codes, or too many mails."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    ),
    security(("token" = []))
)]
pub(super) async fn change_email(
    State(people): State<Arc<People>>,
    current: CurrentSession,
    ClientSource(source): ClientSource,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let user = current.person.id;
    let proof = read_proof(&mut fields, current, source);
    let email = fields.required("email", parsed(Email::parse));
    let (proof, email) = fields.complete(proof.zip(email))?;
    let (at, used) = (people.now(), RecoveryUse::of(proof.code.as_ref()));
    let changed = people.accounts().change_email(proof, email, at).await;
    if let Err(refusal) = &changed {
        change_refused(&people, &origin, at, user, refusal).await?;
    }
    changed.map_err(|refusal| change(refusal, "email", ApiError::invalid_token()))?;
    if used == RecoveryUse::Used {
        did(&people, &origin, at, user, AuditAction::RecoveryCodeUsed).await?;
    }
    did(&people, &origin, at, user, AuditAction::EmailChangeAsked).await?;
    Ok(Json(wire::Detail { detail: "OTP sent to your new email." }))
}

/// Changes the address with the code that was mailed to the new one. All other sessions end.
#[utoipa::path(
    post,
    path = "/api/change-email/verify/",
    tag = "accounts",
    request_body = wire::Otp,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail),
        (status = 400, body = Problem, description = "`invalid_otp`; or what is wrong with each field."),
    ),
    security(("token" = []))
)]
pub(super) async fn confirm_email(
    State(people): State<Arc<People>>,
    CurrentSession { person, session }: CurrentSession,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let code = fields.required("otp", code(Code::parse));
    let invalid = || refused("invalid_otp", "Invalid or expired OTP.");
    let code = fields.complete(code)?.map_err(|_| invalid())?;
    let at = people.now();
    let confirmed = people.accounts().confirm_email(person.id, session, &code, at).await;
    if let Err(refusal) = &confirmed {
        change_refused(&people, &origin, at, person.id, refusal).await?;
    }
    confirmed.map_err(|refusal| change(refusal, "otp", invalid()))?;
    people.forget(person.id);
    did(&people, &origin, at, person.id, AuditAction::EmailChanged).await?;
    Ok(Json(wire::Detail { detail: "Email has been changed successfully." }))
}

/// What somebody shows who wants to change how they sign in: the password, and a code where one is enabled.
fn read_proof(fields: &mut Fields<'_>, current: CurrentSession, source: Source) -> Option<Proof> {
    let password = password(fields);
    let code = optional_factor(fields, "code");
    let CurrentSession { person, session } = current;
    Some(Proof { user: person.id, session, password: password?, code: code?, source })
}
