//! How passwords are hashed.

use crate::identity::{Password, PasswordHash};
use crate::ports::Failure;
use async_trait::async_trait;

/// Hashes passwords, slowly on purpose.
///
/// # Contract
/// - Each hash has a salt of its own, and says by itself how it was made.
/// - The password counts whole: no byte is cut off, no Unicode form is changed.
/// - How many hashes are computed at once and how many wait is bounded; beyond that the answer is
///   [`HashError::Busy`], at once. Other futures go on while a hash is computed.
/// - [`verify`](Self::verify) takes as long without a hash as with one.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// What is stored of a password.
    ///
    /// # Errors
    /// [`HashError`].
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError>;

    /// Whether this is the password of which the hash was stored; never so without a hash.
    ///
    /// # Errors
    /// [`HashError`].
    async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, HashError>;
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// Too many hashes are waiting.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] Failure),
}
