//! What handlers take to know who asks.

use crate::error::ApiError;
use crate::people::{People, Person};
use auction_core::identity::SessionId;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::sync::Arc;

/// Who asks, if they said so. A token that is none is refused with 401, also where nobody needs to be signed in.
#[derive(Clone, Debug)]
pub struct Caller(pub Option<Person>);

/// Who asks; 401 where nobody said.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Person);

/// Who asks, and the session they are signed in with; 401 where nobody said.
#[derive(Clone, Debug)]
pub struct CurrentSession {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: SessionId,
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Arc<People>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(session(parts, state).await?.map(|(person, _)| person)))
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Arc<People>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (person, _) = session(parts, state).await?.ok_or_else(ApiError::not_authenticated)?;
        Ok(Self(person))
    }
}

impl<S> FromRequestParts<S> for CurrentSession
where
    S: Send + Sync,
    Arc<People>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (person, session) = session(parts, state).await?.ok_or_else(ApiError::not_authenticated)?;
        Ok(Self { person, session })
    }
}

async fn session<S>(parts: &Parts, state: &S) -> Result<Option<(Person, SessionId)>, ApiError>
where
    Arc<People>: FromRef<S>,
{
    let Some(token) = token(&parts.headers)? else { return Ok(None) };
    let people = Arc::<People>::from_ref(state);
    people.session(token).await?.ok_or_else(ApiError::invalid_token).map(Some)
}

/// The token of `Authorization: Token x` or `Bearer x`; none where there is no such header, or one of another scheme.
pub(super) fn token(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut headers = headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else { return Ok(None) };
    let text = header.to_str().map_err(|_| ApiError::invalid_token())?.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let is_ours = ["Token", "Bearer"].iter().any(|ours| ours.eq_ignore_ascii_case(scheme));
    if headers.next().is_some() || (is_ours && token.trim().is_empty()) {
        return Err(ApiError::invalid_token());
    }
    Ok(is_ours.then(|| token.trim()))
}
