//! What becomes of a mail after a try.

use super::preparing::Ready;
use super::{Courier, Ends, GIVE_UP_AFTER, RETRY_AFTER_MAX, RETRY_AFTER_MIN, TRIES_MIN};
use crate::notify::{MailClass, MailEnd};
use crate::ports::{Failure, Unsent, UnsentKind};
use crate::service::{doubled, lock, random};
use crate::time::{Span, Timestamp};

impl Courier {
    /// What becomes of a mail.
    pub(super) fn end(&self, ready: &Ready, sent: &Result<(), Unsent>, now: Timestamp) -> MailEnd {
        let Err(unsent) = sent else { return MailEnd::Sent };
        // The source may quote the mail.
        let reason = format!("{}: {}", unsent.kind, unsent.failure);
        match (unsent.kind, ready.class) {
            (UnsentKind::Down, _) => MailEnd::Untried { due_at: now },
            (UnsentKind::Never, _) | (UnsentKind::Unknown, MailClass::Secret) => MailEnd::Dead { reason },
            (UnsentKind::Later, _) | (UnsentKind::Unknown, MailClass::Notice) => {
                let due_at = now.after(self.backoff(ready.attempts));
                let is_old = now.since(ready.written_at) >= GIVE_UP_AFTER && ready.attempts + 1 >= TRIES_MIN;
                if is_old || due_at >= ready.expires_at {
                    MailEnd::Dead { reason }
                } else {
                    MailEnd::Later { due_at, reason }
                }
            }
        }
    }

    /// How long to wait after so many tries before this one: doubled each time, and chance of a quarter more, so that
    /// not all come back at once.
    fn backoff(&self, attempts: u32) -> Span {
        let wait = doubled(RETRY_AFTER_MIN, attempts, RETRY_AFTER_MAX);
        let millis = u32::try_from(wait.micros() / 1_000).unwrap_or(u32::MAX);
        let chance = random(&*self.parts.entropy) % u64::from(millis / 4 + 1);
        Span::from_millis(millis.saturating_add(u32::try_from(chance).unwrap_or(0)))
    }

    /// Writes what became of mails; where that fails it is written by the next tick.
    pub(super) async fn settle(&self, ends: Ends) -> Result<(), Failure> {
        let settled = self.parts.outbox.settle_mails(ends.token, &ends.ends).await;
        if settled.is_err() {
            lock(&self.state).unsettled = Some(ends);
        }
        settled
    }

    /// Writes what could not be written before.
    pub(super) async fn settle_again(&self) -> Result<(), Failure> {
        let unsettled = lock(&self.state).unsettled.take();
        match unsettled {
            Some(ends) => self.settle(ends).await,
            None => Ok(()),
        }
    }
}
