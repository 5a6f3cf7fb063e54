//! A code that was mailed to somebody who has an account.

use crate::id::UserId;
use crate::identity::{Code, CodeKey, Email, LiveCode};
use crate::time::{Span, Timestamp};

/// How long such a code is valid.
pub const MAILED_CODE_LIFETIME: Span = Span::from_secs(10 * 60);

/// A code that was mailed to somebody who has an account, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailedCode {
    /// Whose.
    pub user: UserId,
    /// What it lets them do.
    pub use_of: CodeUse,
    /// Where it was sent.
    pub email: Email,
    /// The code.
    pub code: LiveCode,
}

/// What a mailed code lets somebody do. It is worth nothing for anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeUse {
    /// Sign in without a password.
    SignIn,
    /// Have this address from now on.
    EmailChange,
}

impl MailedCode {
    /// Whether this is the code, in time. The attempt must have been counted before.
    pub fn matches(&self, key: &CodeKey, code: &Code, at: Timestamp) -> bool {
        self.code.matches(key, code) && at < self.code.expires_at
    }
}

impl CodeUse {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::EmailChange => "email_change",
        }
    }

    /// The use with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::SignIn, Self::EmailChange].into_iter().find(|one| one.name() == name)
    }
}
