//! Where mails wait until they are sent.

use crate::identity::Sealed;
use crate::notify::{MailClass, MailEnd, MailId, MailReport, MailState, OutgoingMail};
use crate::ports::Failure;
use crate::ports::notices::RowClaim;
use crate::time::Timestamp;
use async_trait::async_trait;

/// The most rows that [`OutboxStore::mails`] answers at once.
pub const MAILS_PAGE_MAX: usize = 500;

/// How many mails of a state are counted, at most: enough to see that far too many wait.
pub const MAILS_COUNTED_MAX: u64 = 100_000;

/// Where mails wait until they are sent.
///
/// # Contract
/// - Every call is atomic, also across processes, and what was written before a call began is seen by it.
/// - Of several who claim at the same time each mail goes to one. A claim holds until its lease is over. A mail of the
///   class [`Secret`](MailClass::Secret) whose lease ran out is dead, since nobody knows whether it was sent; others can
///   be claimed again, with one more attempt.
/// - The mail of a notice becomes due with the notice.
/// - What was [posted](OutboxStore::post) is durable.
/// - A sealed content is gone once the mail is sent or dropped, or has expired.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Writes a mail that is due at once.
    ///
    /// # Errors
    /// A [`Failure`]; it may be sent nevertheless.
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure>;

    /// Claims mails that are due, earliest first.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure>;

    /// Writes what became of mails that were claimed with this token. One that somebody else holds by now is left
    /// alone.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure>;

    /// The earliest time at which there may be a mail to claim; `None` where none waits.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure>;

    /// Mails in one state, newest first, before this one or the newest, at most `rows_max` and [`MAILS_PAGE_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn mails(
        &self,
        state: MailState,
        before: Option<MailId>,
        rows_max: usize,
    ) -> Result<Vec<MailReport>, Failure>;

    /// How many mails there are in each state, those that were removed not counted, and of no state more than
    /// [`MAILS_COUNTED_MAX`].
    ///
    /// # Errors
    /// A [`Failure`].
    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure>;

    /// Makes a dead mail wait again, due at once and with no attempts counted. `false` where there is no such mail, it
    /// is not dead, or what was in it is erased.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure>;

    /// Erases sealed contents that have expired by `at`; removes mails that were sent or dropped before `before`, and
    /// read notices from before then.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure>;
}

/// A mail that is to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What makes its `Message-ID`: letters and digits, never used before.
    pub message_id: String,
    /// How often it may arrive.
    pub class: MailClass,
    /// The mail, encrypted.
    pub sealed: Sealed,
    /// When it is written.
    pub at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Timestamp,
}
