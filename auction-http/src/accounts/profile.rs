//! What people say about themselves.

use super::register::USERNAME_TAKEN;
use super::{BODY_BYTES_MAX, wire};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText, parsed};
use crate::people::{People, SignedIn};
use crate::wire::problem::{Problem, ReadProblems, WriteProblems};
use auction_core::identity::{Note, PersonName, Username};
use auction_core::ports::{Profile, Updated};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Who one is.
#[utoipa::path(
    get,
    path = "/api/me/",
    tag = "accounts",
    responses(ReadProblems, (status = 200, body = wire::Me)),
    security(("token" = []))
)]
pub(super) async fn me(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
) -> ApiResult<Json<wire::Me>> {
    let accounts = people.accounts().accounts(&[person.id]).await?;
    let account = accounts.into_iter().flatten().next().ok_or_else(ApiError::invalid_token)?;
    Ok(Json(wire::Me::new(&account, people.now())))
}

/// Changes what one says about oneself; what is missing stays.
#[utoipa::path(
    patch,
    path = "/api/me/",
    tag = "accounts",
    request_body = wire::ChangeMe,
    responses(
        WriteProblems,
        (status = 200, body = wire::Me),
        (status = 400, body = Problem, description = "What is wrong with each field."),
    ),
    security(("token" = []))
)]
pub(super) async fn change_me(
    State(people): State<Arc<People>>,
    SignedIn(person): SignedIn,
    JsonText(body): JsonText<BODY_BYTES_MAX>,
) -> ApiResult<Json<wire::Me>> {
    let mut fields = Fields::parse(&body)?;
    let profile = Profile {
        first_name: fields.optional("first_name", parsed(PersonName::parse)),
        last_name: fields.optional("last_name", parsed(PersonName::parse)),
        username: fields.optional("username", parsed(Username::parse)),
        phone: fields.optional("phone", parsed(Note::parse)),
        address: fields.optional("address", parsed(Note::parse)),
    };
    let profile = fields.complete(Some(profile))?;
    match people.accounts().update(person.id, &profile).await? {
        Some(Updated::Account(account)) => Ok(Json(wire::Me::new(&account, people.now()))),
        Some(Updated::UsernameTaken) => Err(ApiError::field("username", USERNAME_TAKEN)),
        None => Err(ApiError::invalid_token()),
    }
}
