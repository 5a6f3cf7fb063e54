//! A hasher that costs nothing.

use crate::identity::{Password, PasswordHash};
use crate::ports::{HashError, PasswordHasher};
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Hashes at once and without salt, and counts how often.
///
/// **Not for real passwords**: it is for tests and simulations, which sign people in by the thousand.
#[derive(Debug, Default)]
pub struct QuickHasher {
    hashes: AtomicUsize,
}

impl QuickHasher {
    /// How many hashes were computed.
    pub fn hashes(&self) -> usize {
        self.hashes.load(Ordering::SeqCst)
    }

    fn compute(&self, password: &Password) -> PasswordHash {
        self.hashes.fetch_add(1, Ordering::SeqCst);
        PasswordHash::new(format!("quick${:x?}", Sha256::digest(password.as_bytes()).as_slice()))
    }
}

#[async_trait]
impl PasswordHasher for QuickHasher {
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError> {
        Ok(self.compute(&password))
    }

    async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, HashError> {
        let computed = self.compute(&password);
        Ok(hash.is_some_and(|hash| hash == computed))
    }
}
