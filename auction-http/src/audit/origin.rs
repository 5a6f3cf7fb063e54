//! From where an action comes.

use crate::people::ClientSource;
use crate::server::RequestId;
use auction_core::Timestamp;
use auction_core::admin::{AuditAction, AuditActor, AuditEntry};
use auction_core::service::accounts::Source;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

/// From where an action comes, as far as an entry tells.
#[derive(Clone, Debug)]
pub struct Origin {
    source: Source,
    request: Option<RequestId>,
}

impl Origin {
    /// An entry with this origin.
    pub fn entry(&self, at: Timestamp, actor: AuditActor, action: AuditAction) -> AuditEntry {
        let request = self.request.as_ref().map(RequestId::as_str).unwrap_or_default();
        AuditEntry::new(at, actor, action).from(self.source.address()).asked_by(request)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let ClientSource(source) = ClientSource::from_request_parts(parts, state).await?;
        Ok(Self { source, request: parts.extensions.get::<RequestId>().cloned() })
    }
}
