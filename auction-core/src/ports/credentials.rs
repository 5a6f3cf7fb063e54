//! What changes how somebody signs in.

use crate::id::UserId;
use crate::identity::{Account, CodeId, PasswordHash, SessionId, TokenDigest};
use crate::ports::Failure;
use crate::time::Timestamp;
use async_trait::async_trait;

/// Changes how somebody signs in.
///
/// # Contract
/// Every change is one transaction with its consequences: all tickets and mailed codes of the person die, and all
/// sessions but the one that is named.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// Writes a password; `None` where there is no such account.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn change_password(
        &self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure>;

    /// Redeems a ticket for a forgotten password and writes the password. `None`, and nothing changes, where there
    /// is no such ticket, or it is not [live](crate::identity::Ticket::is_live) at `at`.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn reset_password(
        &self,
        token: &TokenDigest,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure>;

    /// Redeems the code for a change of the address and writes the address. `None`, and nothing changes, where
    /// there is no such code, or somebody has the address.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn change_email(
        &self,
        user: UserId,
        code: CodeId,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure>;
}
