//! Where it is kept what people say about themselves.

use crate::id::UserId;
use crate::identity::Profile;
use crate::ports::Failure;
use async_trait::async_trait;

/// Where it is kept what people say about themselves. It is written by
/// [`AccountStore::update`](crate::ports::AccountStore::update), together with the names of the account.
///
/// # Contract
/// Every account has a profile, which is empty until something is told.
#[async_trait]
pub trait ProfileStore: Send + Sync {
    /// What somebody says about themselves; `None` where there is no such account.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn profile(&self, user: UserId) -> Result<Option<Profile>, Failure>;
}
