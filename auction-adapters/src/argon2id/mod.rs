//! Passwords hashed with Argon2id, a few at once, on threads that stand back.

mod workers;

pub use workers::NICENESS;

use ::argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier, phc};
use ::argon2::{ARGON2ID_IDENT, Argon2, Params};
use async_trait::async_trait;
use auction_core::identity::{Password, PasswordHash};
use auction_core::ports::{Entropy, Failure, FailureKind, HashError, PasswordHasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::oneshot;
use workers::Workers;

/// The length of a salt, in bytes.
const SALT_BYTES: usize = 16;

/// How dear a hash is, and how many are computed and wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2idSettings {
    /// Memory for one hash, in KiB.
    pub memory_kib: u32,
    /// How often the memory is gone through.
    pub passes: u32,
    /// How many hashes are computed at once.
    pub hashes_at_once_max: usize,
    /// How many wait for their turn; the next one is refused.
    pub hashes_waiting_max: usize,
}

/// Hashes passwords with Argon2id on threads of their own, a few at once. Where processors are short the threads
/// [stand back](NICENESS).
pub struct Argon2id {
    settings: Argon2idSettings,
    params: Params,
    entropy: Arc<dyn Entropy>,
    workers: Workers,
    /// Those that are computed and those that wait.
    hashes: Arc<AtomicUsize>,
    /// The hash with which passwords of nobody are compared.
    nobody: phc::PasswordHash,
}

impl Argon2idSettings {
    /// 19 MiB and two passes (the first choice of the OWASP cheat sheet on storing passwords), two at once, 64 waiting.
    pub const DEFAULT: Self =
        Self { memory_kib: 19 * 1_024, passes: 2, hashes_at_once_max: 2, hashes_waiting_max: 64 };
}

impl Default for Argon2idSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Argon2id {
    /// A hasher with these settings. It computes one hash, which takes its time.
    ///
    /// # Errors
    /// A [`Failure`] where the settings are out of the bounds of Argon2, or there are no threads.
    pub fn new(settings: Argon2idSettings, entropy: Arc<dyn Entropy>) -> Result<Self, Failure> {
        let params = Params::new(settings.memory_kib, settings.passes, 1, None).map_err(failure)?;
        let nobody = compute(&[], &salt(&*entropy), params.clone())?;
        let workers = Workers::start(settings.hashes_at_once_max.max(1))?;
        Ok(Self { settings, params, entropy, workers, hashes: Arc::default(), nobody })
    }

    /// Does the work on one of the threads when it is its turn, unless nobody waits for it any more.
    async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, HashError> {
        let place = Place::take(&self.hashes, self.settings).ok_or(HashError::Busy)?;
        let (reply, done) = oneshot::channel();
        self.workers.run(move || {
            let result = (!reply.is_closed()).then(work);
            // It is free before anybody learns of the result.
            drop(place);
            if let Some(result) = result {
                // Who waited may have gone meanwhile.
                let _ = reply.send(result);
            }
        });
        Ok(done.await.map_err(failure)??)
    }
}

#[async_trait]
impl PasswordHasher for Argon2id {
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError> {
        let (salt, params) = (salt(&*self.entropy), self.params.clone());
        let hash = self.take_turn(move || compute(password.as_bytes(), &salt, params)).await?;
        Ok(PasswordHash::new(hash.to_string()))
    }

    async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, HashError> {
        let is_somebody = hash.is_some();
        let stored = match hash {
            Some(hash) => phc::PasswordHash::new(hash.as_str())
                .map_err(|error| Failure::new(FailureKind::Corrupt, "read a password hash", error))?,
            None => self.nobody.clone(),
        };
        let is_right = self
            .take_turn(move || Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()))
            .await?;
        Ok(is_right && is_somebody)
    }
}

impl std::fmt::Debug for Argon2id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argon2id").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A place among those that are computed and those that wait; given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, settings: Argon2idSettings) -> Option<Self> {
        let places = settings.hashes_at_once_max.max(1).saturating_add(settings.hashes_waiting_max);
        let one_more = |taken: usize| (taken < places).then_some(taken + 1);
        taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more)
            .is_ok()
            .then(|| Self(Arc::clone(taken)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn salt(entropy: &dyn Entropy) -> [u8; SALT_BYTES] {
    let mut salt = [0; SALT_BYTES];
    entropy.fill(&mut salt);
    salt
}

fn compute(password: &[u8], salt: &[u8], params: Params) -> Result<phc::PasswordHash, Failure> {
    let ident = Some(ARGON2ID_IDENT.as_str());
    Argon2::default().hash_password_customized(password, salt, ident, None, params).map_err(failure)
}

fn failure(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(FailureKind::Other, "hash a password", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::memory::SeededEntropy;
    use futures_util::stream::{FuturesUnordered, StreamExt};

    fn hasher() -> Argon2id {
        let settings =
            Argon2idSettings { memory_kib: 64, passes: 1, hashes_at_once_max: 1, hashes_waiting_max: 2 };
        Argon2id::new(settings, Arc::new(SeededEntropy::new(1))).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::new(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only_and_says_how_it_was_made() {
        let hasher = hasher();
        let hash = hasher.hash(password("one")).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(hash != hasher.hash(password("one")).await.unwrap());
        assert!(hasher.verify(password("one"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password("two"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(password(""), None).await.unwrap());
    }

    #[tokio::test]
    async fn the_password_counts_whole() {
        let (hasher, long) = (hasher(), "x".repeat(100));
        let hash = hasher.hash(password(&long)).await.unwrap();
        assert!(!hasher.verify(password(&long[..72]), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password(&format!("{long}y")), Some(hash.clone())).await.unwrap());
        assert!(hasher.verify(password(&long), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn unicode_forms_are_not_changed() {
        let hasher = hasher();
        let composed = hasher.hash(password("caf\u{e9}")).await.unwrap();
        assert!(!hasher.verify(password("cafe\u{301}"), Some(composed)).await.unwrap());
    }

    #[tokio::test]
    async fn more_than_can_wait_are_refused_at_once() {
        let hasher = hasher();
        let (release, held) = std::sync::mpsc::channel::<()>();
        hasher.workers.run(move || _ = held.recv());
        let mut answers = (0..10).map(|_| hasher.hash(password("one"))).collect::<FuturesUnordered<_>>();
        for _ in 0..7 {
            assert!(matches!(answers.next().await, Some(Err(HashError::Busy))));
        }
        drop(release);
        for _ in 0..3 {
            assert!(matches!(answers.next().await, Some(Ok(_))));
        }
        assert!(hasher.hash(password("one")).await.is_ok());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_computed_and_frees_its_place() {
        let hasher = hasher();
        let (release, held) = std::sync::mpsc::channel::<()>();
        hasher.workers.run(move || _ = held.recv());
        for _ in 0..3 {
            let mut waiting = Box::pin(hasher.hash(password("one")));
            assert!(futures_util::poll!(&mut waiting).is_pending());
        }
        assert!(matches!(hasher.hash(password("one")).await, Err(HashError::Busy)));
        drop(release);
        let (passed, done) = oneshot::channel();
        hasher.workers.run(move || _ = passed.send(()));
        done.await.unwrap();
        assert_eq!(hasher.hashes.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_panic_harms_one_hash_only() {
        let hasher = hasher();
        hasher.workers.run(|| panic!("a hash that went wrong"));
        assert!(hasher.hash(password("one")).await.is_ok());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_threads_stand_back_and_nobody_else_does() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        let (said, heard) = oneshot::channel();
        hasher().workers.run(move || _ = said.send(niceness()));
        assert_eq!((heard.await.unwrap(), niceness()), (NICENESS, before));
    }
}
