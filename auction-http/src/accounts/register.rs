//! Registering, and proving that an address is one's own.

use super::accounting::{did, tried};
use super::{BODY_BYTES_MAX, retry_after_secs, unseen, wire};
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::extract::{BLANK, Fields, JsonText, parsed};
use crate::people::People;
use crate::wire::problem::{Problem, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::identity::{Code, Email, Password, PersonName, Username};
use auction_core::ports::HashError;
use auction_core::service::accounts::{Register, RegisterRefusal, Registered, ResendRefusal, VerifyRefusal};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::value::RawValue;
use std::sync::Arc;

/// Registers an address and mails a code to it. An address that has an account gets the same answer.
#[utoipa::path(
    post,
    path = "/api/register/",
    tag = "accounts",
    request_body = wire::Register,
    responses(
        WriteProblems,
        (status = 201, body = wire::Detail, description = "A code was mailed; where the house asks for no proof of an address, one can sign in."),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 429, body = Problem, description = "This address got many mails."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn register(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<(StatusCode, Json<wire::Detail>)> {
    let register = read_registration(&body)?;
    let (email, at) = (register.email.clone(), people.now());
    let created = |detail| Ok((StatusCode::CREATED, Json(wire::Detail { detail })));
    let registered = people.accounts().register(register, at).await;
    let noted = match &registered {
        Ok(_) => Some((AuditAction::Registered, email.typed())),
        Err(RegisterRefusal::Wait(_)) => Some((AuditAction::Throttled, "registration")),
        Err(_) => None,
    };
    if let Some((action, detail)) = noted {
        tried(&people, &origin, at, None, action, detail).await?;
    }
    match registered {
        Ok(Registered::CodeMailed) => created("OTP sent to your email."),
        Ok(Registered::Created) => created(SIGN_IN),
        Ok(Registered::Known) => {
            let telling = Arc::clone(&people);
            unseen(&people, async move { telling.accounts().tell_registered(&email).await })?;
            created(SIGN_IN)
        }
        Err(RegisterRefusal::UsernameTaken) => Err(ApiError::field("username", USERNAME_TAKEN)),
        Err(RegisterRefusal::Password(flaws)) => {
            Err(ApiError::fields(flaws.iter().map(|flaw| ("password".to_owned(), flaw.to_string()))))
        }
        Err(RegisterRefusal::Wait(wait)) => Err(many_mails(retry_after_secs(wait))),
        Err(RegisterRefusal::Hash(error)) => Err(hashing(error)),
        Err(_) => Err(ApiError::busy()),
    }
}

/// Proves with the mailed code that an address is one's own.
#[utoipa::path(
    post,
    path = "/api/verify-otp/",
    tag = "accounts",
    request_body = wire::VerifyOtp,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail, description = "The account is verified."),
        (status = 400, body = Problem, description = "`invalid_otp` or `expired_otp`."),
    )
)]
pub(super) async fn verify_otp(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let email = fields.required("email", parsed(Email::parse));
    let code = fields.required("otp", code(Code::parse));
    let (email, code) = fields.complete(email.zip(code))?;
    let invalid = || ApiError::new(StatusCode::BAD_REQUEST, "invalid_otp", "Invalid OTP.");
    // What is no code is not a code of this address either.
    let code = code.map_err(|_| invalid())?;
    let at = people.now();
    let verified = people.accounts().verify(&email, &code, at).await;
    if let Err(VerifyRefusal::Invalid | VerifyRefusal::Expired) = &verified {
        tried(&people, &origin, at, None, AuditAction::VerificationRefused, "").await?;
    }
    match verified {
        Ok(account) => {
            people.forget(account.id);
            did(&people, &origin, at, account.id, AuditAction::Verified).await?;
            Ok(Json(wire::Detail { detail: "Account verified successfully." }))
        }
        Err(VerifyRefusal::Invalid) => Err(invalid()),
        Err(VerifyRefusal::Expired) => {
            Err(ApiError::new(StatusCode::BAD_REQUEST, "expired_otp", "Expired OTP."))
        }
        Err(VerifyRefusal::Failed(failure)) => Err(failure.into()),
        Err(_) => Err(ApiError::busy()),
    }
}

/// Mails a new code once the one before is dead. Unknown addresses get the answers that known ones would.
#[utoipa::path(
    post,
    path = "/api/resend-otp/",
    tag = "accounts",
    request_body = wire::Address,
    responses(
        WriteProblems,
        (status = 200, body = wire::Detail, description = "A code was mailed."),
        (status = 400, body = Problem, description = "The code before is still valid."),
        (status = 429, body = Problem, description = "This address got many mails."),
    )
)]
pub(super) async fn resend_otp(
    State(people): State<Arc<People>>,
    origin: Origin,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Detail>> {
    let mut fields = Fields::parse(&body)?;
    let email = fields.required("email", parsed(Email::parse));
    let email = fields.complete(email)?;
    let at = people.now();
    let resent = people.accounts().renew_code(&email, at).await;
    if let Err(ResendRefusal::Wait(_)) = &resent {
        tried(&people, &origin, at, None, AuditAction::Throttled, "code").await?;
    }
    match resent {
        Ok(renewed) => {
            let mailing = Arc::clone(&people);
            unseen(&people, async move { mailing.accounts().mail_renewed(&renewed).await })?;
            Ok(Json(wire::Detail { detail: "A new OTP has been sent to your email." }))
        }
        Err(ResendRefusal::StillValid) => {
            Err(ApiError::new(StatusCode::BAD_REQUEST, "otp_still_valid", "The previous OTP is still valid."))
        }
        Err(ResendRefusal::Wait(wait)) => Err(many_mails(retry_after_secs(wait))),
        Err(ResendRefusal::Failed(failure)) => Err(failure.into()),
        Err(_) => Err(ApiError::busy()),
    }
}

/// What is told where the house asks for no proof of an address.
const SIGN_IN: &str = "Account created. You can sign in now.";

/// What is told where somebody has a name to sign in with.
pub(super) const USERNAME_TAKEN: &str = "A user with that username already exists.";

/// Why nothing was hashed.
pub(super) fn hashing(error: HashError) -> ApiError {
    match error {
        HashError::Failed(failure) => failure.into(),
        _ => ApiError::busy(),
    }
}

/// A password as it was typed: white space counts.
pub(super) fn password(fields: &mut Fields<'_>) -> Option<Password> {
    named_password(fields, "password")
}

/// The same in another field.
pub(super) fn named_password(fields: &mut Fields<'_>, field: &str) -> Option<Password> {
    let read = |text: &str| match text {
        "" => Err(BLANK.to_owned()),
        text => Password::new(text.to_owned()).map_err(|error| error.to_string()),
    };
    fields.required(field, parsed(read))
}

/// A text that is not blank, as `parse` reads it without the white space around it.
pub(super) fn filled<T>(parse: impl FnOnce(&str) -> T) -> impl FnOnce(&RawValue) -> Result<T, String> {
    parsed(move |text: &str| match text.trim() {
        "" => Err(BLANK),
        text => Ok(parse(text)),
    })
}

/// A code, which may also be written as a number, as `parse` reads it.
pub(super) fn code<T>(parse: impl FnOnce(&str) -> T) -> impl FnOnce(&RawValue) -> Result<T, String> {
    move |raw| match raw.get().parse::<u64>() {
        Ok(number) => Ok(parse(&format!("{number:06}"))),
        Err(_) => filled(parse)(raw),
    }
}

/// Everything that is wrong is told at once, the password included.
fn read_registration(body: &[u8]) -> ApiResult<Register> {
    let mut fields = Fields::parse(body)?;
    let email = fields.required("email", parsed(Email::parse));
    let first_name = fields.required("first_name", parsed(PersonName::parse));
    let last_name = fields.required("last_name", parsed(PersonName::parse));
    let username = read_username(&mut fields);
    let password = password(&mut fields);
    if let Some(password) = &password {
        let names = first_name.iter().chain(&last_name).collect::<Vec<_>>();
        for flaw in password.flaws(email.as_ref(), &names) {
            fields.wrong("password", flaw.to_string());
        }
    }
    let read = match (email, password, first_name, last_name) {
        (Some(email), Some(password), Some(first_name), Some(last_name)) => {
            Some(Register { email, password, first_name, last_name, username })
        }
        _ => None,
    };
    fields.complete(read)
}

/// A name to sign in with is not asked for: null or a blank is as good as none.
fn read_username(fields: &mut Fields<'_>) -> Option<Username> {
    if fields.is_silent("username") {
        return None;
    }
    fields.optional("username", parsed(Username::parse))
}

fn many_mails(secs: u32) -> ApiError {
    let detail = "Too many mails to this address. Try again later.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(secs)
}
