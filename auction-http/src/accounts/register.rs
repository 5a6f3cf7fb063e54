//! Registering, and proving that an address is one's own.

use super::fields::{BLANK, Fields};
use super::{retry_after_secs, wire};
use crate::error::{ApiError, ApiResult};
use crate::people::People;
use crate::wire::problem::{Problem, WriteProblems};
use auction_core::identity::{Code, Email, Password, PersonName, Username};
use auction_core::ports::HashError;
use auction_core::service::accounts::{Register, RegisterRefusal, ResendRefusal, VerifyRefusal};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// Registers an address and mails a code to it. An address that has an account gets the same answer.
#[utoipa::path(
    post,
    path = "/api/register/",
    tag = "accounts",
    request_body = wire::Register,
    responses(
        WriteProblems,
        (status = 201, body = wire::Detail, description = "A code was mailed."),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 429, body = Problem, description = "This address got many mails."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn register(
    State(people): State<Arc<People>>,
    mut fields: Fields,
) -> ApiResult<(StatusCode, Json<wire::Detail>)> {
    let register = read_registration(&mut fields)?;
    match people.accounts().register(register, people.now()).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(wire::Detail { detail: "OTP sent to your email." }))),
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
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    fields.code_as_text("otp");
    let email = fields.required("email", Email::parse);
    // What is no code is not a code of this address either.
    let code = fields.required("otp", |text| match text.trim() {
        "" => Err(BLANK),
        text => Ok(Code::parse(text)),
    });
    let (Some(email), Some(code)) = (email, code) else { return Err(fields.refusal()) };
    let invalid = || ApiError::new(StatusCode::BAD_REQUEST, "invalid_otp", "Invalid OTP.");
    let code = code.map_err(|_| invalid())?;
    match people.accounts().verify(&email, &code, people.now()).await {
        Ok(_) => Ok(Json(wire::Detail { detail: "Account verified successfully." })),
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
    mut fields: Fields,
) -> ApiResult<Json<wire::Detail>> {
    let Some(email) = fields.required("email", Email::parse) else { return Err(fields.refusal()) };
    match people.accounts().resend_code(&email, people.now()).await {
        Ok(()) => Ok(Json(wire::Detail { detail: "A new OTP has been sent to your email." })),
        Err(ResendRefusal::StillValid) => {
            Err(ApiError::new(StatusCode::BAD_REQUEST, "otp_still_valid", "The previous OTP is still valid."))
        }
        Err(ResendRefusal::Wait(wait)) => Err(many_mails(retry_after_secs(wait))),
        Err(ResendRefusal::Failed(failure)) => Err(failure.into()),
        Err(_) => Err(ApiError::busy()),
    }
}

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
pub(super) fn password(fields: &mut Fields) -> Option<Password> {
    fields.required("password", |text| match text {
        "" => Err(BLANK.to_owned()),
        text => Password::new(text.to_owned()).map_err(|error| error.to_string()),
    })
}

/// Everything that is wrong is told at once, the password included.
fn read_registration(fields: &mut Fields) -> ApiResult<Register> {
    let email = fields.required("email", Email::parse);
    let first_name = fields.required("first_name", PersonName::parse);
    let last_name = fields.required("last_name", PersonName::parse);
    let username = read_username(fields);
    let password = password(fields);
    if let Some(password) = &password {
        let names = first_name.iter().chain(&last_name).collect::<Vec<_>>();
        for flaw in password.flaws(email.as_ref(), &names) {
            fields.refuse("password", flaw.to_string());
        }
    }
    match (email, password, first_name, last_name) {
        (Some(email), Some(password), Some(first_name), Some(last_name)) if fields.is_fine() => {
            Ok(Register { email, password, first_name, last_name, username })
        }
        _ => Err(fields.refusal()),
    }
}

/// A name to sign in with is not asked for: null or a blank is as good as none.
fn read_username(fields: &mut Fields) -> Option<Username> {
    if fields.is_silent("username") {
        return None;
    }
    fields.optional("username", Username::parse)
}

fn many_mails(secs: u32) -> ApiError {
    let detail = "Too many mails to this address. Try again later.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(secs)
}
