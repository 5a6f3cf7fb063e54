//! Where it is kept what the house lets people do.

use crate::id::UserId;
use crate::identity::{Account, StandingChange};
use crate::ports::Failure;
use async_trait::async_trait;

/// The longest page of accounts.
pub const ACCOUNTS_PAGE_MAX: usize = 500;

/// Where it is kept what the house lets people do.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - A [ban from everything](crate::identity::BanScope::Everything) is one transaction with the end of all sessions,
///   tickets and mailed codes.
#[async_trait]
pub trait StandingStore: Send + Sync {
    /// Changes what somebody may do, and answers the account as it is then; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure>;

    /// Ends all sessions of somebody, with all tickets and mailed codes.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure>;

    /// Accounts with numbers above `after`, all where it is `None`, in the order of their numbers: at most `max`,
    /// and never more than [`ACCOUNTS_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure>;
}
