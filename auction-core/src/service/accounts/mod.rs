//! Registration, signing in and out, and what people say about themselves.
//!
//! Whoever asks must not learn from the answer, nor from how long it takes, whether an address has an account: known
//! and unknown addresses go the same way, and passwords are hashed for addresses that do not exist as well.
//!
//! What this does not do: second factors, forgotten passwords and changes of the address.

mod mails;
mod registering;
mod sessions;
mod signing_in;

pub use registering::{AdminRefusal, NewAdmin, Register, RegisterRefusal, ResendRefusal, VerifyRefusal};
pub use signing_in::{Identifier, SignIn, SignInRefusal, SignedIn, Source};

use crate::identity::{CodeKey, Throttle, ThrottleRule};
use crate::ports::{AccountStore, Entropy, Mailer, PasswordHasher};
use crate::time::Span;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// For how many addresses or accounts tries are remembered.
const THROTTLE_KEYS_MAX: NonZeroUsize = NonZeroUsize::new(100_000).expect("invariant: not zero");

/// For how many sources tries are remembered. (Each has up to 200.)
const THROTTLE_SOURCES_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("invariant: not zero");

/// How long a registration is kept that nobody confirms.
pub const REGISTRATION_KEPT: Span = Span::from_secs(7 * 24 * 60 * 60);

/// What stands behind [`Accounts`].
#[derive(Clone)]
pub struct AccountsParts {
    /// Where everything is kept.
    pub store: Arc<dyn AccountStore>,
    /// How mail leaves the house.
    pub mailer: Arc<dyn Mailer>,
    /// How passwords are hashed.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Chance that nobody can guess.
    pub entropy: Arc<dyn Entropy>,
    /// The key with which codes are digested.
    pub code_key: Arc<CodeKey>,
    /// How often things may be tried.
    pub limits: AccountLimits,
}

/// How often things may be tried. Tries are counted by each process for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// Wrong passwords for one account from one source.
    pub sign_in: ThrottleRule,
    /// Wrong passwords from one source, whatever the account.
    pub sign_in_source: ThrottleRule,
    /// Mails about registering to one address.
    pub codes: ThrottleRule,
}

/// Registration, signing in and out, and what people say about themselves.
pub struct Accounts {
    parts: AccountsParts,
    sign_ins: Mutex<signing_in::Throttles>,
    codes: Mutex<Throttle<String>>,
}

impl AccountLimits {
    /// Ten wrong passwords for one account from one source, and 200 from one source, in 15 minutes; ten mails about
    /// registering to one address in an hour.
    pub const DEFAULT: Self = {
        let window = Span::from_secs(15 * 60);
        Self {
            sign_in: ThrottleRule { tries_max: 10, window, keys_max: THROTTLE_KEYS_MAX },
            sign_in_source: ThrottleRule { tries_max: 200, window, keys_max: THROTTLE_SOURCES_MAX },
            codes: ThrottleRule {
                tries_max: 10,
                window: Span::from_secs(60 * 60),
                keys_max: THROTTLE_KEYS_MAX,
            },
        }
    };
}

impl Default for AccountLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Accounts {
    /// Joins the parts.
    pub fn new(parts: AccountsParts) -> Self {
        let sign_ins = Mutex::new(signing_in::Throttles::new(&parts.limits));
        let codes = Mutex::new(Throttle::new(parts.limits.codes));
        Self { parts, sign_ins, codes }
    }

    /// Where everything is kept.
    pub fn store(&self) -> &dyn AccountStore {
        &*self.parts.store
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

/// Counting cannot leave a throttle in a state that makes no sense, so that a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
