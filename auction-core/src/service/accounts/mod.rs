//! Registration, signing in and out, second factors, passwords and addresses, and what people say about themselves.
//!
//! Whoever asks must not learn from the answer, nor from how long it takes, whether an address has an account: known
//! and unknown addresses go the same way, and passwords are hashed for addresses that do not exist as well.
//!
//! Whoever changes how they sign in has to show the password again, and a code where a second factor is enabled.

mod credentials;
mod mails;
mod registering;
mod second_factor;
mod sessions;
mod signing_in;
mod standing;
mod tokens;
mod trying;

pub use credentials::{ChangeRefusal, Proof};
pub use registering::{
    AdminRefusal, NewAdmin, Register, RegisterRefusal, Registered, Renewed, ResendRefusal, VerifyRefusal,
};
pub use second_factor::{FactorRefusal, FactorStatus};
pub use tokens::TokenRefusal;

use signing_in::PasswordRefusal;
pub use signing_in::{Identifier, SignIn, SignInRefusal, SignInStep, SignedIn, Source};
pub use standing::{SellerRefusal, SellerStep};

use crate::identity::{CodeKey, EmailVerification, RefreshPolicy, SealKey, SellerPolicy, ThrottleRule};
use crate::ports::{AccountStore, Entropy, Failure, Limiter, Mail, Mailer, PasswordHasher};
use crate::time::Span;
use std::num::NonZeroUsize;
use std::sync::Arc;
use trying::{SigningIn, Trying};

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
    /// The key with which secrets are sealed that have to be read again.
    pub seal_key: Arc<SealKey>,
    /// The address of the site that links in mails lead to.
    pub site_url: Arc<str>,
    /// When people have to prove that an address is theirs.
    pub email_verification: EmailVerification,
    /// How people become sellers.
    pub sellers: SellerPolicy,
    /// What becomes of the secrets of sessions that are refreshed.
    pub refresh_tokens: RefreshPolicy,
    /// How often things may be tried.
    pub limits: AccountLimits,
    /// What counts how often they were. Where it fails, each process counts for itself, from none on: tries are never
    /// let through uncounted.
    pub limiter: Arc<dyn Limiter>,
}

/// How often things may be tried. For how many keys tries are remembered is up to the [`Limiter`]; `keys_max` bounds what
/// is counted where that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// Wrong passwords for one account from one source.
    pub sign_in: ThrottleRule,
    /// Wrong passwords from one source, whatever the account.
    pub sign_in_source: ThrottleRule,
    /// Mails to one address that anybody can ask for.
    pub codes: ThrottleRule,
}

/// Registration, signing in and out, and what people say about themselves.
pub struct Accounts {
    parts: AccountsParts,
    sign_ins: SigningIn,
    codes: Trying,
}

impl AccountLimits {
    /// Ten wrong passwords for one account from one source, and 200 from one source, in 15 minutes; ten mails that
    /// anybody can ask for to one address in an hour.
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
        let sign_ins = SigningIn::new(&parts.limiter, &parts.limits);
        let codes = Trying::new(Arc::clone(&parts.limiter), parts.limits.codes);
        Self { parts, sign_ins, codes }
    }

    /// Where everything is kept.
    pub fn store(&self) -> &dyn AccountStore {
        &*self.parts.store
    }

    /// The address of the site that links lead to.
    pub fn site_url(&self) -> &str {
        &self.parts.site_url
    }

    /// Hands a mail over.
    async fn mail(&self, mail: &Mail) -> Result<(), Failure> {
        Ok(self.parts.mailer.send(mail).await?)
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}
