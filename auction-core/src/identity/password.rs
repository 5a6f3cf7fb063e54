//! Passwords, and what makes them bad.

use crate::identity::{Email, PersonName};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use zeroize::Zeroize;

/// The longest password, in bytes. A longer one is refused before anything is computed from it; nothing is ever
/// cut off.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// The shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// The shortest part of an address or a name that a password is compared with, in characters.
const PART_CHARS_MIN: usize = 3;

/// Common passwords, one a line, in lower case. The list was written by hand: words, rows of keys and dates that
/// are known to be common, with their usual endings. It is not a measured ranking.
static COMMON: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| include_str!("common-passwords.txt").lines().collect());

/// A password, exactly as it was typed: no white space is dropped, no Unicode form changed. It is a secret.
#[derive(Clone)]
pub struct Password(String);

/// A password of more than [`PASSWORD_BYTES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ensure this field has no more than {PASSWORD_BYTES_MAX} bytes.")]
#[non_exhaustive]
pub struct PasswordTooLong;

/// What makes a password bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordFlaw {
    /// Too few characters.
    #[error("This password is too short. It must contain at least {PASSWORD_CHARS_MIN} characters.")]
    TooShort,
    /// Many others have it.
    #[error("This password is too common.")]
    Common,
    /// Nothing but digits.
    #[error("This password is entirely numeric.")]
    Numeric,
    /// Little more than the address.
    #[error("The password is too similar to the email address.")]
    LikeEmail,
    /// Little more than the name.
    #[error("The password is too similar to the name.")]
    LikeName,
}

impl Password {
    /// Takes a password as it was typed.
    ///
    /// # Errors
    /// [`PasswordTooLong`].
    pub fn new(mut text: String) -> Result<Self, PasswordTooLong> {
        if text.len() > PASSWORD_BYTES_MAX {
            text.zeroize();
            return Err(PasswordTooLong);
        }
        Ok(Self(text))
    }

    /// Its bytes, for the hasher.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Everything that makes it bad, for somebody with this address and these names.
    pub fn flaws(&self, email: Option<&Email>, names: &[&PersonName]) -> Vec<PasswordFlaw> {
        let mut folded = self.0.to_lowercase();
        let chars = self.0.chars().count();
        let is_like = |part: &str| is_mostly(&folded, part);
        let is_like_email = |email: &Email| {
            let parts = email.local().split(|c: char| !c.is_alphanumeric());
            [email.key(), email.local()].into_iter().chain(parts).any(is_like)
        };
        let all_names = names.iter().map(|name| name.as_str().to_lowercase()).collect::<Vec<_>>();
        let is_like_name = all_names.iter().chain([&all_names.concat()]).any(|name| is_like(name));

        let found = [
            (chars < PASSWORD_CHARS_MIN).then_some(PasswordFlaw::TooShort),
            COMMON.contains(folded.as_str()).then_some(PasswordFlaw::Common),
            (chars > 0 && self.0.chars().all(char::is_numeric)).then_some(PasswordFlaw::Numeric),
            email.is_some_and(is_like_email).then_some(PasswordFlaw::LikeEmail),
            is_like_name.then_some(PasswordFlaw::LikeName),
        ];
        folded.zeroize();
        found.into_iter().flatten().collect()
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Whether the part makes up half of the password or more, or the password is a part of it.
fn is_mostly(password: &str, part: &str) -> bool {
    let (length, part_length) = (password.chars().count(), part.chars().count());
    if part_length < PART_CHARS_MIN || length < PART_CHARS_MIN {
        return false;
    }
    part.contains(password) || (part_length * 2 >= length && password.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaws(text: &str) -> Vec<PasswordFlaw> {
        let (first, last) = (PersonName::parse("Annabel").unwrap(), PersonName::parse("Li").unwrap());
        let email = Email::parse("annie.miller@example.com").unwrap();
        Password::new(text.to_owned()).unwrap().flaws(Some(&email), &[&first, &last])
    }

    #[test]
    fn every_flaw_is_told_at_once() {
        use PasswordFlaw::{Common, LikeEmail, LikeName, Numeric, TooShort};
        assert_eq!(flaws("123456"), [TooShort, Common, Numeric]);
        assert_eq!(flaws("Password1"), [Common]);
        assert_eq!(flaws("83920174"), [Numeric]);
        assert_eq!(flaws("Annie1"), [TooShort, LikeEmail]);
        assert_eq!(flaws("annabelli1"), [LikeName]);
        assert_eq!(flaws("miller2000"), [LikeEmail]);
        assert_eq!(flaws("ANNIE.MILLER@EXAMPLE.COM"), [LikeEmail]);
        assert_eq!(flaws(""), [TooShort]);
    }

    #[test]
    fn good_passwords_have_no_flaw() {
        for text in [
            "securepassword123",
            "tr0ub4dor&3",
            "        ",
            "пароль-для-торгов",
            "a name that has annie in it",
        ] {
            assert_eq!(flaws(text), [], "{text}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(flaws("äöüßéèê"), [PasswordFlaw::TooShort]);
        assert_eq!(flaws("äöüßéèêç"), []);
        assert!(Password::new("x".repeat(PASSWORD_BYTES_MAX)).is_ok());
        assert!(Password::new("x".repeat(PASSWORD_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn the_list_is_in_lower_case_without_blanks() {
        assert!(COMMON.len() > 2_000);
        assert!(COMMON.iter().all(|word| *word == word.trim().to_lowercase() && word.len() >= 6));
    }
}
