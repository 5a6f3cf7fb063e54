//! How mail leaves the house.

use crate::identity::Email;
use crate::notify::MailClass;
use crate::ports::Failure;
use crate::time::Span;
use async_trait::async_trait;
use std::fmt;

/// Sends mail.
///
/// # Contract
/// - A mail goes to exactly one address and has exactly the headers that the mailer gives it, whatever stands in
///   its subject and texts.
/// - Neither subject nor texts reach a log: they may hold a secret.
/// - Once it has answered, the mail has been handed over for good, or [`Unsent`] says what is known of it.
/// - The id makes the `Message-ID`, so that a mail that is sent twice can be recognised.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends a mail.
    ///
    /// # Errors
    /// [`Unsent`].
    async fn send(&self, mail: &Mail) -> Result<(), Unsent>;
}

/// A mail was not sent, or nobody knows whether it was.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Unsent {
    /// What can be done about it.
    pub kind: UnsentKind,
    /// Why.
    #[source]
    pub failure: Failure,
}

/// What can be done about a mail that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsentKind {
    /// Nothing is sent at present: there is no connection, or nobody is let in. Other mails would fare the same.
    Down,
    /// This mail was not taken for now. It can be tried again.
    Later,
    /// This mail will never be taken.
    Never,
    /// It was handed over, and no answer came: it may have been sent.
    Unknown,
}

impl Unsent {
    /// A mail that was not sent.
    pub const fn new(kind: UnsentKind, failure: Failure) -> Self {
        Self { kind, failure }
    }
}

impl fmt::Display for UnsentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down => "no mail is sent at present",
            Self::Later => "the mail was not taken for now",
            Self::Never => "the mail was refused",
            Self::Unknown => "the mail may have been sent",
        })
    }
}

/// For those who cannot wait until it is tried again.
impl From<Unsent> for Failure {
    fn from(unsent: Unsent) -> Self {
        unsent.failure
    }
}

/// A mail.
#[derive(Clone)]
pub struct Mail {
    /// What makes it different from every other mail: letters and digits.
    pub id: String,
    /// To whom.
    pub to: Email,
    /// The subject, on one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// How often it may arrive.
    pub class: MailClass,
    /// For how long it is of use.
    pub lifetime: Span,
}

/// Only the id: the rest may hold a secret.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).finish_non_exhaustive()
    }
}
