//! Who people are, as far as a mail has to know.

use crate::id::UserId;
use crate::identity::Email;
use crate::ports::Failure;
use async_trait::async_trait;

/// Knows the addresses of people. A host with users of its own brings its own.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Whom to write to, in the order of the question; `None` for those who are not to be written to: there is no such
    /// user, the address is not known to be theirs, or they are shut out.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn recipients(&self, users: &[UserId]) -> Result<Vec<Option<Recipient>>, Failure>;
}

/// Whom to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Where.
    pub email: Email,
    /// How they are addressed; may be empty.
    pub name: String,
}
