//! Mails that are written down instead of being sent at once.

use super::Nudge;
use crate::identity::{Email, SealKey, Sealed};
use crate::ports::{Clock, Entropy, FailureKind, Letter, Mail, Mailer, OutboxStore, Unsent, UnsentKind};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What stands behind an [`Outbox`].
#[derive(Clone)]
pub struct OutboxParts {
    /// Where mails wait.
    pub store: Arc<dyn OutboxStore>,
    /// The key with which they are sealed while they wait.
    pub seal_key: Arc<SealKey>,
    /// Chance that nobody can guess.
    pub entropy: Arc<dyn Entropy>,
    /// The time of the house.
    pub clock: Arc<dyn Clock>,
    /// Wakes the [`Courier`](super::courier::Courier).
    pub mail_waits: Nudge,
}

/// A mailer that writes mails down, sealed, for the [`Courier`](super::courier::Courier) to send. Once it has answered,
/// the mail is durable.
pub struct Outbox {
    parts: OutboxParts,
}

impl Outbox {
    /// Joins the parts.
    pub const fn new(parts: OutboxParts) -> Self {
        Self { parts }
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        let OutboxParts { store, seal_key, entropy, clock, mail_waits } = &self.parts;
        let at = clock.now();
        let sealed = seal(mail, seal_key, &**entropy)?;
        let letter = Letter {
            message_id: mail.id.clone(),
            class: mail.class,
            sealed,
            at,
            expires_at: at.after(mail.lifetime),
        };
        let posted = store.post(&letter).await;
        posted.map_err(|failure| Unsent::new(UnsentKind::Unknown, failure))?;
        mail_waits();
        Ok(())
    }
}

/// What is sealed of a mail.
#[derive(Serialize, Deserialize)]
struct Enclosed {
    to: String,
    subject: String,
    text: String,
    html: Option<String>,
}

fn seal(mail: &Mail, key: &SealKey, entropy: &dyn Entropy) -> Result<Sealed, Unsent> {
    let enclosed = Enclosed {
        to: mail.to.typed().to_owned(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
    };
    let bytes = serde_json::to_vec(&enclosed).map(Zeroizing::new).map_err(|error| {
        Unsent::new(UnsentKind::Never, crate::ports::Failure::new(FailureKind::Other, "seal a mail", error))
    })?;
    Ok(key.seal(entropy, &place(&mail.id), &bytes))
}

/// To whom a sealed mail goes, and what is in it.
pub(super) struct Opened {
    pub(super) to: Email,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// Opens what was sealed under this message id; `None` where it was sealed with another key.
pub(super) fn open(message_id: &str, sealed: &Sealed, key: &SealKey) -> Option<Opened> {
    let bytes = key.open(&place(message_id), sealed)?;
    let Enclosed { to, subject, text, html } = serde_json::from_slice(&bytes).ok()?;
    Some(Opened { to: Email::parse(&to).ok()?, subject, text, html })
}

/// What a sealed mail is bound to.
fn place(message_id: &str) -> Vec<u8> {
    [b"mail:", message_id.as_bytes()].concat()
}
