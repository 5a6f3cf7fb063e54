//! Secrets that let somebody do one thing, once, for a short time.

use crate::id::UserId;
use crate::identity::TokenDigest;
use crate::time::{Span, Timestamp};

/// How long somebody has to show the second factor after the password.
pub const CHALLENGE_LIFETIME: Span = Span::from_secs(5 * 60);

/// How many tries that takes at most.
pub const CHALLENGE_ATTEMPTS_MAX: u8 = 5;

/// How many sign-ins of one person may wait for the second factor; the oldest gives way.
pub const CHALLENGES_PER_USER_MAX: usize = 10;

/// How long the link in a mail about a forgotten password works.
pub const RESET_LIFETIME: Span = Span::from_secs(60 * 60);

/// A secret that lets somebody do one thing, once, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// For what.
    pub purpose: Purpose,
    /// Whose.
    pub user: UserId,
    /// What is stored of the secret.
    pub token: TokenDigest,
    /// It is valid before this time.
    pub expires_at: Timestamp,
    /// How often somebody tried.
    pub attempts: u8,
}

/// What a ticket is for. It is worth nothing anywhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The password was right; the second factor is missing.
    SecondFactor,
    /// The password is forgotten.
    PasswordReset,
}

impl Ticket {
    /// Whether it still counts.
    pub fn is_live(&self, at: Timestamp) -> bool {
        at < self.expires_at
    }
}

impl Purpose {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The purpose with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::SecondFactor, Self::PasswordReset].into_iter().find(|purpose| purpose.name() == name)
    }

    /// How many of one person count at once; the oldest give way.
    pub const fn per_user_max(self) -> usize {
        match self {
            Self::SecondFactor => CHALLENGES_PER_USER_MAX,
            // An older link dies when a newer one is sent.
            Self::PasswordReset => 1,
        }
    }
}
