//! What rooms that know nothing of accounts ask about people.

use super::extract::token;
use super::{People, Person};
use crate::error::{ApiError, ApiResult};
use crate::server::Identify;
use crate::visitors::{Visitor, Visitors};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::admin::AuditEntry;
use auction_core::ports::Failure;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::sync::Arc;

impl From<Person> for Visitor {
    fn from(person: Person) -> Self {
        Self { user: person.id, facts: person.facts(), may_sell: person.can_sell, address: person.email }
    }
}

#[async_trait]
impl Visitors for People {
    async fn recognise(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        let Some(token) = token(headers)? else { return Ok(None) };
        let person = self.authenticate(token).await?.ok_or_else(ApiError::invalid_token)?;
        Ok(Some(person.into()))
    }

    async fn recognise_again(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        let Some(token) = token(headers)? else { return Ok(None) };
        // A failure was logged once for all for whom was asked.
        let person = self.renew(token).await.map_err(|failure| failure.kind)?;
        Ok(Some(person.ok_or_else(ApiError::invalid_token)?.into()))
    }

    async fn addresses(&self, people: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure> {
        self.labels(people).await
    }

    async fn account_for(&self, entry: AuditEntry) -> Result<(), Failure> {
        self.audit().record(entry).await
    }
}

#[async_trait]
impl Identify for People {
    async fn identify(&self, request: &Parts) -> Option<UserId> {
        let token = token(&request.headers).ok()??;
        self.authenticate(token).await.ok()?.map(|person| person.id)
    }
}
