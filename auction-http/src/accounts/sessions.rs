//! Signing in and out, and where somebody is signed in.

use super::accounting::{self, RecoveryUse, did, tried};
use super::refusals::not_verified;
use super::register::{filled, hashing, password};
use super::{BODY_BYTES_MAX, retry_after_secs, wire};
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText};
use crate::people::{ClientSource, CurrentSession, People};
use crate::wire::problem::{Problem, ReadProblems, WriteProblems};
use auction_core::admin::AuditAction;
use auction_core::identity::{Device, SessionId};
use auction_core::service::accounts::{Identifier, SignIn, SignInRefusal, SignInStep};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use std::sync::Arc;

/// Signs somebody in, or asks for the second factor: `2fa/verify/`.
#[utoipa::path(
    post,
    path = "/api/login/",
    tag = "accounts",
    request_body = wire::Login,
    responses(
        WriteProblems,
        (status = 200, body = wire::LoginAnswer),
        (status = 400, body = Problem, description = "What is wrong with each field."),
        (status = 401, body = Problem, description = "There is no such person, or the password is another."),
        (status = 403, body = Problem, description = "`account_not_verified` or `account_banned`: the password is right."),
        (status = 429, body = Problem, description = "Too many failures."),
        (status = 503, body = Problem, description = "Too much is waiting."),
    )
)]
pub(super) async fn login(
    State(people): State<Arc<People>>,
    ClientSource(source): ClientSource,
    origin: Origin,
    headers: HeaderMap,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::LoginAnswer>> {
    let mut fields = Fields::parse(&body)?;
    let identifier = identifier(&mut fields);
    let password = password(&mut fields);
    let (identifier, password) = fields.complete(identifier.zip(password))?;
    let at = people.now();
    let sign_in = SignIn { identifier: identifier.clone(), password, source, device: device(&headers) };
    let step = people.accounts().sign_in(sign_in, at).await;
    if let Err(refusal) = &step {
        accounting::sign_in_refused(&people, &origin, at, &identifier, refusal).await?;
    }
    match step.map_err(sign_in_refused)? {
        SignInStep::Done(signed_in) => {
            let user = signed_in.account.id;
            accounting::signed_in(&people, &origin, at, user, "password", RecoveryUse::NotUsed).await?;
            Ok(Json(wire::LoginAnswer::SignedIn { token: signed_in.token.reveal(), requires_2fa: false }))
        }
        SignInStep::SecondFactor(challenge) => {
            let user = people.accounts().challenged(&challenge).await?;
            tried(&people, &origin, at, user, AuditAction::SecondFactorAsked, "").await?;
            Ok(Json(wire::LoginAnswer::SecondFactor { requires_2fa: true, temp_token: challenge.reveal() }))
        }
    }
}

/// Whom somebody says to be: an address or a name.
pub(super) fn identifier(fields: &mut Fields<'_>) -> Option<Identifier> {
    let named = ["email", "username"].into_iter().find(|field| fields.has(field)).unwrap_or("email");
    fields.required(named, filled(Identifier::parse))
}

/// How the program that asks calls itself.
pub(super) fn device(headers: &HeaderMap) -> Device {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::new(agent.unwrap_or_default())
}

/// Ends the session with which this is asked.
#[utoipa::path(
    post,
    path = "/api/logout/",
    tag = "accounts",
    responses(WriteProblems, (status = 204)),
    security(("token" = []))
)]
pub(super) async fn logout(
    State(people): State<Arc<People>>,
    CurrentSession { person, session }: CurrentSession,
    origin: Origin,
) -> ApiResult<StatusCode> {
    people.accounts().sign_out(person.id, session).await?;
    people.forget(person.id);
    did(&people, &origin, people.now(), person.id, AuditAction::SignedOut).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where one is signed in, newest first.
#[utoipa::path(
    get,
    path = "/api/sessions/",
    tag = "accounts",
    responses(ReadProblems, (status = 200, body = [wire::SessionRow])),
    security(("token" = []))
)]
pub(super) async fn list(
    State(people): State<Arc<People>>,
    CurrentSession { person, session: current }: CurrentSession,
) -> ApiResult<Json<Vec<wire::SessionRow>>> {
    let sessions = people.accounts().sessions(person.id, people.now()).await?;
    Ok(Json(sessions.iter().map(|session| wire::SessionRow::new(session, current)).collect()))
}

/// Ends one of one's own sessions.
#[utoipa::path(
    delete,
    path = "/api/sessions/{id}/",
    tag = "accounts",
    params(("id" = u64, Path)),
    responses(WriteProblems, (status = 204)),
    security(("token" = []))
)]
pub(super) async fn end(
    State(people): State<Arc<People>>,
    CurrentSession { person, .. }: CurrentSession,
    origin: Origin,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let session = id.parse().ok().and_then(SessionId::new).ok_or_else(ApiError::not_found)?;
    if !people.accounts().sign_out(person.id, session).await? {
        return Err(ApiError::not_found());
    }
    people.forget(person.id);
    did(&people, &origin, people.now(), person.id, AuditAction::SessionEnded).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn sign_in_refused(refusal: SignInRefusal) -> ApiError {
    match refusal {
        SignInRefusal::InvalidCredentials => {
            ApiError::new(StatusCode::UNAUTHORIZED, "invalid_credentials", "Invalid credentials.")
        }
        SignInRefusal::NotVerified => not_verified(),
        SignInRefusal::Banned => {
            ApiError::new(StatusCode::FORBIDDEN, "account_banned", "This account is banned.")
        }
        SignInRefusal::Wait(wait) => {
            let detail = "Too many failed sign-ins. Try again later.";
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail)
                .retry_after(retry_after_secs(wait))
        }
        SignInRefusal::Hash(error) => hashing(error),
        _ => ApiError::busy(),
    }
}
