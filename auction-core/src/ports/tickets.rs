//! Where tickets are kept.

use crate::identity::{Purpose, Ticket, TokenDigest};
use crate::ports::Failure;
use async_trait::async_trait;

/// Where tickets are kept: secrets that let somebody do one thing, once.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - Of one person and purpose at most [`Purpose::per_user_max`] are kept; the oldest give way.
/// - A ticket is worth nothing for another purpose, and is redeemed once.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// Writes a ticket.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn issue_ticket(&self, ticket: &Ticket) -> Result<(), Failure>;

    /// The ticket with this secret, whether or not it is still valid.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure>;

    /// Counts an attempt, and answers the ticket with this attempt counted; `None` where there is none, or
    /// [`CHALLENGE_ATTEMPTS_MAX`](crate::identity::CHALLENGE_ATTEMPTS_MAX) are used up.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn attempt_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure>;

    /// Removes a ticket; `true` for the one who did.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn redeem_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<bool, Failure>;
}
