//! Somebody's authenticator, as it is stored.

use crate::id::UserId;
use crate::identity::{Code, SealKey, Sealed, TotpSecret, TotpStep};
use crate::ports::Entropy;
use crate::time::{Span, Timestamp};

/// How many codes of one person are looked at in [`FACTOR_WINDOW`].
///
/// It bounds who knows the password and guesses: at any time three of a million codes are right.
pub const FACTOR_TRIES_MAX: u32 = 10;

/// The stretch in which tries are counted; a right code ends it.
pub const FACTOR_WINDOW: Span = Span::from_secs(15 * 60);

/// Somebody's authenticator, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub user: UserId,
    /// What the authenticator knows too, sealed.
    pub secret: Sealed,
    /// It was shown that the authenticator has the secret; before that nothing asks for a code.
    pub is_enabled: bool,
    /// The last step that was accepted: it and all before it are dead.
    pub accepted: Option<TotpStep>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

/// What is stored does not open: the key of the host has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not open: has the secret key changed?")]
#[non_exhaustive]
pub struct Unopened;

impl SecondFactor {
    /// Seals a new secret for somebody.
    pub fn seal(key: &SealKey, entropy: &dyn Entropy, user: UserId, secret: &TotpSecret) -> Sealed {
        key.seal(entropy, &place(user), secret.as_bytes())
    }

    /// The step that a code belongs to, where it is right and was not used.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn step_of(&self, key: &SealKey, code: &Code, at: Timestamp) -> Result<Option<TotpStep>, Unopened> {
        let bytes = key.open(&place(self.user), &self.secret).ok_or(Unopened)?;
        let secret = TotpSecret::from_bytes(&bytes).ok_or(Unopened)?;
        Ok(secret.step_of(code, at, self.accepted))
    }
}

/// A secret that is moved to somebody else's row does not open there.
fn place(user: UserId) -> Vec<u8> {
    [&b"second factor "[..], &user.number().to_le_bytes()].concat()
}
