//! Where codes are kept that were mailed to people who have an account.

use crate::id::UserId;
use crate::identity::{CodeId, CodeUse, MailedCode};
use crate::ports::Failure;
use async_trait::async_trait;

/// Where codes are kept that were mailed to people who have an account.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - Somebody has at most one code for each use; a code is redeemed once.
#[async_trait]
pub trait MailedCodeStore: Send + Sync {
    /// Writes a code in the place of the one before.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn issue_code(&self, code: &MailedCode) -> Result<(), Failure>;

    /// Counts an attempt, and answers the code with this attempt counted; `None` where there is none, or
    /// [`CODE_ATTEMPTS_MAX`](crate::identity::CODE_ATTEMPTS_MAX) are used up.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn attempt_code(&self, user: UserId, use_of: CodeUse) -> Result<Option<MailedCode>, Failure>;

    /// Removes a code; `true` for the one who did.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn redeem_code(&self, user: UserId, use_of: CodeUse, code: CodeId) -> Result<bool, Failure>;
}
