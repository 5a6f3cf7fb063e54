//! Who sends a request, as far as rooms that sell things care.
//!
//! Accounts are kept elsewhere: the rooms of auctions ask the port [`Visitors`], which the server's own accounts
//! answer, and which a host with people of its own answers for them.

use crate::error::{ApiError, ApiResult};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::admin::AuditEntry;
use auction_core::auction::BidderFacts;
use auction_core::ports::Failure;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::sync::Arc;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who.
    pub user: UserId,
    /// What the engine has to know of them, a second old at most.
    pub facts: BidderFacts,
    /// Whether they may put things up for sale. Staff always may.
    pub may_sell: bool,
    /// The address by which they know themselves.
    pub address: Arc<str>,
}

/// Knows people.
///
/// # Contract
/// An answer may be a second old. [`recognise`](Visitors::recognise) stands in the path of every bid.
#[async_trait]
pub trait Visitors: Send + Sync {
    /// Who sends a request with these headers; `None` where they do not say who they are.
    ///
    /// # Errors
    /// 401 for a token that is none, or none any more; a failure.
    async fn recognise(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>>;

    /// The same for somebody who opens a socket or has one open, and not from what is remembered. It is asked every
    /// second for each socket, by many at the same moment. A host that remembers nothing leaves it out: then it is
    /// [`recognise`](Visitors::recognise).
    ///
    /// # Errors
    /// As there.
    async fn recognise_again(&self, headers: &HeaderMap) -> ApiResult<Option<Visitor>> {
        self.recognise(headers).await
    }

    /// The addresses of people, in the order of the question; `None` for somebody who is gone.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn addresses(&self, people: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure>;

    /// Writes down what a member of the staff has done, durably. A host that does not account for that leaves it out.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn account_for(&self, entry: AuditEntry) -> Result<(), Failure> {
        drop(entry);
        Ok(())
    }
}

/// Whoever sends the request, signed in or not.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Visitor>);

/// Somebody who is signed in; others are answered 401.
#[derive(Clone, Debug)]
pub struct Member(pub Visitor);

impl Visitor {
    /// Belongs to the staff.
    pub const fn is_staff(&self) -> bool {
        self.facts.staff && !self.facts.banned
    }
}

impl Anyone {
    /// Their number.
    pub fn user(&self) -> Option<UserId> {
        self.0.as_ref().map(|visitor| visitor.user)
    }

    /// The visitor, or 401.
    ///
    /// # Errors
    /// 401.
    pub fn signed_in(&self) -> ApiResult<&Visitor> {
        self.0.as_ref().ok_or_else(ApiError::not_authenticated)
    }
}

impl<S> FromRequestParts<S> for Anyone
where
    S: Send + Sync,
    Arc<dyn Visitors>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let visitors = Arc::<dyn Visitors>::from_ref(state);
        visitors.recognise(&parts.headers).await.map(Self)
    }
}

impl<S> FromRequestParts<S> for Member
where
    S: Send + Sync,
    Arc<dyn Visitors>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Anyone(visitor) = Anyone::from_request_parts(parts, state).await?;
        visitor.map(Self).ok_or_else(ApiError::not_authenticated)
    }
}
