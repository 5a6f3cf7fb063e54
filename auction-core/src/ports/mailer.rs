//! How mail leaves the house.

use crate::identity::Email;
use crate::ports::Failure;
use async_trait::async_trait;
use std::fmt;

/// Sends mail.
///
/// # Contract
/// - A mail goes to exactly one address and has exactly the headers that the mailer gives it, whatever stands in
///   its subject and texts.
/// - Neither subject nor texts reach a log: they may hold a secret.
/// - Once it has answered, the mail has been handed over for good, or a [`Failure`] says that it may not have been.
/// - The id makes the `Message-ID`, so that a mail that is sent twice can be recognised.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends a mail.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn send(&self, mail: &Mail) -> Result<(), Failure>;
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
}

/// Only the id: the rest may hold a secret.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).finish_non_exhaustive()
    }
}
