//! Where authenticators and recovery codes are kept.

use crate::id::UserId;
use crate::identity::{CodeDigest, Sealed, SecondFactor, TotpStep};
use crate::ports::Failure;
use crate::time::{Span, Timestamp};
use async_trait::async_trait;

/// Where authenticators and recovery codes are kept.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - Somebody has at most one authenticator.
/// - A step is accepted once: none is accepted that is not later than all before it.
/// - A recovery code is taken once.
#[async_trait]
pub trait SecondFactorStore: Send + Sync {
    /// Somebody's authenticator, enabled or not.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Failure>;

    /// Writes an authenticator that is not enabled, in the place of one that was not enabled either. Tries that
    /// were counted stay. `false`, and nothing changes, where one is enabled or there is no such account.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn propose_factor(&self, user: UserId, secret: &Sealed) -> Result<bool, Failure>;

    /// Counts a try at the authenticator or a recovery code of somebody, and answers what it is to be compared with.
    ///
    /// There are at most [`FACTOR_TRIES_MAX`](crate::identity::FACTOR_TRIES_MAX) in a stretch of
    /// [`FACTOR_WINDOW`](crate::identity::FACTOR_WINDOW), which begins with its first try.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn attempt_factor(&self, user: UserId, at: Timestamp) -> Result<FactorAttempt, Failure>;

    /// Accepts a step of an enabled authenticator and forgets the tries. `false`, and nothing changes, where it is
    /// not later than the last that was accepted, or the secret is another by now.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn accept_step(&self, factor: &SecondFactor, step: TotpStep) -> Result<bool, Failure>;

    /// Takes a recovery code of an enabled authenticator out and forgets the tries; `false` where there is no such
    /// code.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn redeem_recovery_code(&self, user: UserId, code: &CodeDigest) -> Result<bool, Failure>;

    /// Enables an authenticator whose code was shown, with these recovery codes, accepts the step, and forgets the
    /// tries. `false`, and nothing changes, where it is enabled, or the secret is another by now.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn enable_factor(
        &self,
        factor: &SecondFactor,
        step: TotpStep,
        recovery_codes: &[CodeDigest],
    ) -> Result<bool, Failure>;

    /// Removes somebody's authenticator, enabled or not, with all recovery codes; `false` where there was none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn remove_factor(&self, user: UserId) -> Result<bool, Failure>;
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorAttempt {
    /// It is counted; the code is to be compared with this.
    Counted(SecondFactor),
    /// There were too many; the next one has to wait this long.
    Wait(Span),
    /// There is no authenticator.
    Missing,
}
