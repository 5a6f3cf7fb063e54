//! Somebody whose address is known to be theirs.

use crate::id::UserId;
use crate::identity::{Ban, BanScope, Email, PersonName, Selling, Username};
use crate::time::Timestamp;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Somebody whose address is known to be theirs.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: UserId,
    /// Its address.
    pub email: Email,
    /// Another name to sign in with.
    pub username: Option<Username>,
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// What is stored of the password.
    pub password_hash: PasswordHash,
    /// The address was confirmed.
    pub is_verified: bool,
    /// What it may do.
    pub role: Role,
    /// Whether it may sell.
    pub selling: Selling,
    /// What it is shut out from.
    pub ban: Option<Ban>,
    /// A code of an authenticator is asked for besides the password.
    pub has_second_factor: bool,
    /// When it came to be.
    pub created_at: Timestamp,
}

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Takes part.
    Client,
    /// Belongs to the staff of the house.
    Staff,
    /// Runs the house.
    Admin,
}

/// What is stored of a password: whatever the [`PasswordHasher`](crate::ports::PasswordHasher) made of it.
#[derive(Clone)]
pub struct PasswordHash(String);

impl Account {
    /// May create auctions at a time.
    pub fn can_sell(&self, at: Timestamp) -> bool {
        let may = self.selling == Selling::Allowed || self.role.is_staff();
        may && !self.is_banned_from(BanScope::Selling, at)
    }

    /// Is shut out from this at a time.
    pub fn is_banned_from(&self, scope: BanScope, at: Timestamp) -> bool {
        self.ban.as_ref().is_some_and(|ban| ban.covers(scope, at))
    }
}

/// Nothing of what people say about themselves, and nothing secret.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Role {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }

    /// Belongs to the staff of the house.
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Client => false,
            Self::Staff | Self::Admin => true,
        }
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Client, Self::Staff, Self::Admin].into_iter().find(|role| role.name() == name)
    }
}

impl PasswordHash {
    /// What a hasher made.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// To be stored, and for the hasher that made it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for PasswordHash {
    /// Takes the same time whatever is compared.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for PasswordHash {}

impl Drop for PasswordHash {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
