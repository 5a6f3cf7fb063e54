//! What people say about themselves.

use super::register::USERNAME_TAKEN;
use super::{BODY_BYTES_MAX, wire};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, JsonText, parsed};
use crate::people::{People, SignedIn};
use crate::wire::problem::{Problem, ReadProblems, WriteProblems};
use auction_core::Timestamp;
use auction_core::identity::{Bio, BirthDate, Location, Note, PersonName, ProfileChange, Username, Website};
use auction_core::ports::{AccountChange, Updated};
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
    let profile = people.accounts().profile(person.id).await?.ok_or_else(ApiError::invalid_token)?;
    Ok(Json(wire::Me::new(&account, &profile, people.accounts().site_url(), people.now())))
}

/// Changes what one says about oneself; what is missing stays, and null empties a field.
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
    let at = people.now();
    let change = AccountChange {
        first_name: fields.optional("first_name", parsed(PersonName::parse)),
        last_name: fields.optional("last_name", parsed(PersonName::parse)),
        username: fields.optional("username", parsed(Username::parse)),
        profile: read_profile(&mut fields, at),
    };
    let change = fields.complete(Some(change))?;
    match people.accounts().update(person.id, &change).await? {
        Some(Updated::Account(account, profile)) => {
            Ok(Json(wire::Me::new(&account, &profile, people.accounts().site_url(), at)))
        }
        Some(Updated::UsernameTaken) => Err(ApiError::field("username", USERNAME_TAKEN)),
        None => Err(ApiError::invalid_token()),
    }
}

/// What is said about oneself; the picture is not told but uploaded.
fn read_profile(fields: &mut Fields<'_>, at: Timestamp) -> ProfileChange {
    let note = |note: Option<Option<Note>>| note.map(Option::unwrap_or_default);
    ProfileChange {
        phone: note(emptiable(fields, "phone", Note::parse)),
        address: note(emptiable(fields, "address", Note::parse)),
        avatar: None,
        bio: emptiable(fields, "bio", Bio::parse),
        location: emptiable(fields, "location", Location::parse),
        website: emptiable(fields, "website", Website::parse),
        birth_date: emptiable(fields, "birth_date", |text| BirthDate::parse(text, at)),
    }
}

/// A text that may be left out; null and a blank empty the field.
fn emptiable<T, E: ToString>(
    fields: &mut Fields<'_>,
    field: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<Option<T>> {
    if fields.has(field) && fields.is_silent(field) {
        return Some(None);
    }
    fields.optional(field, parsed(parse)).map(Some)
}
