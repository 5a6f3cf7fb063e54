//! Sessions whose secret changes with each use.

use crate::identity::{Account, Session, SessionId, TokenDigest};
use crate::ports::Failure;
use crate::time::Timestamp;
use async_trait::async_trait;

/// Sessions whose secret changes with each use.
///
/// # Contract
/// Every call is atomic, also across processes. Of many who show the same secret at once, one gets a new one.
#[async_trait]
pub trait RefreshStore: Send + Sync {
    /// The session with this number, whether or not it still lasts, and whose it is.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn session_by_number(&self, session: SessionId) -> Result<Option<(Session, Account)>, Failure>;

    /// Gives a session another secret and another end, where its secret is still the one that is shown. Where it is
    /// another by now, somebody shows a secret that was used, and the session is removed.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure>;
}

/// A session is to get another secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Which.
    pub session: SessionId,
    /// What is stored of the secret that is shown.
    pub shown: TokenDigest,
    /// What is stored of the next one.
    pub next: TokenDigest,
    /// Until when it lasts then.
    pub expires_at: Timestamp,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// It has the next secret.
    Done,
    /// The secret was used before; the session is gone.
    Reused,
    /// There is no such session.
    Missing,
}
