//! Somebody who would like to have an address.

use crate::identity::{Code, CodeKey, Email, LiveCode, PasswordHash, PersonName, Username};
use crate::time::Timestamp;

/// Somebody who would like to have an address, and the one code that proves that it is theirs.
///
/// There is at most one for each address: a new registration takes the place of the one before, with its code.
///
/// It is also written where the address is taken, and without an applicant, as a blind, where somebody asked for a
/// code for an address that was never registered: so the next answer is the one that any other address would get.
/// Nobody is told the code then.
#[derive(Clone)]
pub struct Registration {
    /// The address.
    pub email: Email,
    /// Who would like to have it; `None` for a blind.
    pub applicant: Option<Applicant>,
    /// The code.
    pub code: LiveCode,
    /// When it was last registered or asked for.
    pub at: Timestamp,
}

/// Who would like to have an address.
#[derive(Clone)]
pub struct Applicant {
    /// A name to sign in with, if it is still free when the address is confirmed.
    pub username: Option<Username>,
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// What is stored of the password that counts if this registration is confirmed.
    pub password_hash: PasswordHash,
}

/// When people have to prove that an address is theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EmailVerification {
    /// Before they can sign in: registering makes no account.
    #[default]
    Required,
    /// Before they bid, join, sell, or change how they sign in: registering makes an account that is not verified.
    BeforeFirstBid,
    /// Never: registering makes an account that counts as verified.
    Off,
}

/// What a code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It is the code, in time.
    Right,
    /// It is another one, or nobody was told the code.
    Wrong,
    /// It is the code, too late. (Who does not know the code is not told that there was one.)
    Expired,
}

impl Registration {
    /// What a code is worth. The attempt must have been counted before: `code.attempts` is at least 1.
    pub fn judge(&self, key: &CodeKey, code: &Code, at: Timestamp) -> CodeVerdict {
        let is_right = self.code.matches(key, code);
        if !is_right || self.applicant.is_none() {
            CodeVerdict::Wrong
        } else if at >= self.code.expires_at {
            CodeVerdict::Expired
        } else {
            CodeVerdict::Right
        }
    }
}
