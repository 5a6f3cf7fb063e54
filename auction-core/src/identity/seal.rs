//! Secrets that have to be read again, and are encrypted while they are stored.

use super::code::authenticate;
use crate::ports::Entropy;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// The length of the number that is used once, in bytes: long enough to be drawn (XChaCha20).
const NONCE_BYTES: usize = 24;

/// The key with which secrets are sealed. Who has the database but not the key has nothing.
pub struct SealKey([u8; 32]);

/// A secret that is encrypted: XChaCha20-Poly1305, bound to what it belongs to.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl SealKey {
    /// Derives the key from a secret of the host.
    pub fn derive(secret: &[u8]) -> Self {
        Self(authenticate(secret, &[b"auction: key of sealed secrets, 1"]))
    }

    /// Seals a secret for one place: moved to another one it cannot be opened.
    pub fn seal(&self, entropy: &dyn Entropy, place: &[u8], secret: &[u8]) -> Sealed {
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload { msg: secret, aad: place };
        let encrypted = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.expect("invariant: our secrets are far below the bound of the cipher");
        Sealed([&nonce[..], &encrypted].concat())
    }

    /// Opens what was sealed; `None` where it was sealed with another key or for another place, or was changed.
    pub fn open(&self, place: &[u8], sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, encrypted) = sealed.0.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: encrypted, aad: place };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

impl Drop for SealKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Sealed {
    /// What was stored.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// To be stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

#[cfg(test)]
#[cfg(feature = "memory")]
mod tests {
    use super::*;
    use crate::memory::SeededEntropy;

    #[test]
    fn a_secret_is_opened_with_its_key_in_its_place_and_unchanged_only() {
        let entropy = SeededEntropy::new(1);
        let (key, other) = (SealKey::derive(b"one"), SealKey::derive(b"two"));
        let sealed = key.seal(&entropy, b"place", b"a secret");
        assert_eq!(key.open(b"place", &sealed).unwrap().as_slice(), b"a secret");
        assert!(other.open(b"place", &sealed).is_none());
        assert!(key.open(b"other place", &sealed).is_none());
        for byte in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[byte] ^= 1;
            assert!(key.open(b"place", &changed).is_none(), "byte {byte}");
        }
        assert!(key.open(b"place", &Sealed::from_bytes(vec![1; 23])).is_none());
    }

    #[test]
    fn what_is_stored_never_looks_the_same_twice_and_shows_nothing() {
        let (entropy, key) = (SeededEntropy::new(1), SealKey::derive(b"one"));
        let sealed = key.seal(&entropy, b"place", b"a secret");
        assert!(sealed != key.seal(&entropy, b"place", b"a secret"));
        assert!(!sealed.as_bytes().windows(8).any(|bytes| bytes == b"a secret"));
    }
}
