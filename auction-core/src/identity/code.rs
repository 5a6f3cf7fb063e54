//! One-time codes.

use super::recovery::RECOVERY_CHARS;
use crate::id::UserId;
use crate::ports::Entropy;
use crate::time::{Span, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// How many digits a code has.
pub const CODE_DIGITS: usize = 6;

/// How long a code is valid.
pub const CODE_LIFETIME: Span = Span::from_secs(3 * 60);

/// How many tries a code has.
pub const CODE_ATTEMPTS_MAX: u8 = 5;

/// How many codes there are.
const CODES: u32 = 1_000_000;

/// How many numbers are drawn at most until one of them is fair: after so many only broken chance goes on.
const DRAWS_MAX: usize = 32;

/// A code of six digits. It is a secret: nothing shows it but [`reveal`](Self::reveal).
pub struct Code([u8; CODE_DIGITS]);

/// Not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code is six digits")]
#[non_exhaustive]
pub struct InvalidCode;

/// The key with which codes are digested. Who has the stored digests but not the key cannot try all codes.
pub struct CodeKey([u8; 32]);

/// What is stored of a code.
#[derive(Clone, Copy)]
pub struct CodeDigest([u8; 32]);

/// Which code it is; random, and no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeId([u8; 16]);

/// The one code that is valid for an address, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveCode {
    /// Which code it is.
    pub id: CodeId,
    /// Its digest.
    pub digest: CodeDigest,
    /// It is valid before this time.
    pub expires_at: Timestamp,
    /// How often somebody tried.
    pub attempts: u8,
}

impl Code {
    /// Draws a code; all are equally likely.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let fair_below = u32::MAX - u32::MAX % CODES;
        let mut bytes = [0; 4];
        for _ in 0..DRAWS_MAX {
            entropy.fill(&mut bytes);
            if u32::from_le_bytes(bytes) < fair_below {
                break;
            }
        }
        let number = u32::from_le_bytes(bytes);
        bytes.zeroize();
        Self::of(number)
    }

    /// The last six digits of a number.
    pub(super) fn of(mut number: u32) -> Self {
        let mut digits = [b'0'; CODE_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
        }
        Self(digits)
    }

    /// Reads a code; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidCode`] for all but six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        let digits: [u8; CODE_DIGITS] = text.trim().as_bytes().try_into().map_err(|_| InvalidCode)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(InvalidCode) }
    }

    /// The code as text, to be mailed to its owner.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).expect("invariant: only ASCII digits are stored")
    }

    /// Whether it is the same code; takes the same time whatever is compared.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl CodeKey {
    /// Derives the key from a secret of the host.
    pub fn derive(secret: &[u8]) -> Self {
        Self(authenticate(secret, &[b"auction: key of one-time codes, 1"]))
    }

    /// What is stored of a text of somebody's that is used like a code. (What is digested has another length than
    /// that of a code, so that neither is ever taken for the other.)
    pub(super) fn digest_text(&self, user: UserId, text: &[u8; RECOVERY_CHARS]) -> CodeDigest {
        CodeDigest(authenticate(&self.0, &[b"recovery", &user.number().to_le_bytes(), text]))
    }

    fn digest(&self, id: CodeId, code: &Code) -> CodeDigest {
        CodeDigest(authenticate(&self.0, &[&id.0, &code.0]))
    }
}

impl Drop for CodeKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl CodeDigest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for CodeDigest {
    /// Takes the same time whatever is compared.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeDigest {}

impl fmt::Debug for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigest(..)")
    }
}

impl CodeId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be stored.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl LiveCode {
    /// A new code, and what is stored of it.
    pub fn issue(key: &CodeKey, entropy: &dyn Entropy, at: Timestamp) -> (Code, Self) {
        Self::lasting(CODE_LIFETIME, key, entropy, at)
    }

    /// A new code with another lifetime, and what is stored of it.
    pub fn lasting(lifetime: Span, key: &CodeKey, entropy: &dyn Entropy, at: Timestamp) -> (Code, Self) {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let id = CodeId(id);
        let code = Code::draw(entropy);
        let digest = key.digest(id, &code);
        (code, Self { id, digest, expires_at: at.after(lifetime), attempts: 0 })
    }

    /// Whether it can still be entered, so that no other one is sent.
    pub fn is_live(&self, at: Timestamp) -> bool {
        at < self.expires_at && self.attempts < CODE_ATTEMPTS_MAX
    }

    /// Whether this is the code; takes the same time whatever is compared.
    pub fn matches(&self, key: &CodeKey, code: &Code) -> bool {
        self.digest == key.digest(self.id, code)
    }
}

/// HMAC-SHA256 over the parts, one after the other; all but the last have a fixed length.
pub(super) fn authenticate(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("invariant: HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// Answers with the numbers it was given, then with zeros.
    struct Given(Mutex<Vec<u32>>);

    impl Entropy for Given {
        fn fill(&self, bytes: &mut [u8]) {
            let number = self.0.lock().unwrap().pop().unwrap_or(0);
            bytes.copy_from_slice(&number.to_le_bytes());
        }
    }

    fn drawn(numbers: &[u32]) -> String {
        Code::draw(&Given(Mutex::new(numbers.iter().rev().copied().collect()))).reveal().to_owned()
    }

    #[test]
    fn a_code_has_six_digits_with_leading_zeros() {
        assert_eq!(drawn(&[7]), "000007");
        assert_eq!(drawn(&[999_999]), "999999");
        assert_eq!(drawn(&[1_000_000]), "000000");
    }

    #[test]
    fn numbers_of_the_last_incomplete_million_are_drawn_again() {
        assert_eq!(drawn(&[4_293_999_999, 5]), "999999");
        assert_eq!(drawn(&[4_294_000_000, 5]), "000005");
        assert_eq!(drawn(&[u32::MAX, 5]), "000005");
    }

    #[test]
    fn broken_chance_does_not_draw_for_ever() {
        assert_eq!(drawn(&[u32::MAX; 100]), "967295");
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        assert_eq!(Code::parse(" 012345\n").unwrap().reveal(), "012345");
        for text in ["", "12345", "1234567", "12345a", "+12345", "１２３４５６", "12 456"] {
            assert!(Code::parse(text).is_err(), "{text:?}");
        }
    }

    #[cfg(feature = "memory")]
    #[test]
    fn a_code_matches_its_own_digest_under_its_own_key_only() {
        let entropy = crate::memory::SeededEntropy::new(1);
        let (key, other) = (CodeKey::derive(b"one"), CodeKey::derive(b"two"));
        let (code, live) = LiveCode::issue(&key, &entropy, Timestamp::EPOCH);
        let (_, of_another) = LiveCode::issue(&key, &entropy, Timestamp::EPOCH);
        assert!(live.matches(&key, &code));
        assert!(!live.matches(&other, &code));
        assert!(!LiveCode { digest: of_another.digest, ..live }.matches(&key, &code));
        assert!(!LiveCode { id: of_another.id, ..live }.matches(&key, &code));
        assert!(!of_another.matches(&key, &code));
        assert!(!live.digest.as_bytes().windows(6).any(|bytes| bytes == code.reveal().as_bytes()));
    }

    #[cfg(feature = "memory")]
    #[test]
    fn a_code_is_live_for_three_minutes_and_five_tries() {
        let entropy = crate::memory::SeededEntropy::new(1);
        let (_, live) = LiveCode::issue(&CodeKey::derive(b"key"), &entropy, Timestamp::EPOCH);
        assert!(live.is_live(Timestamp::EPOCH.after(Span::from_micros(179_999_999))));
        assert!(!live.is_live(Timestamp::EPOCH.after(Span::from_secs(180))));
        assert!(LiveCode { attempts: 4, ..live }.is_live(Timestamp::EPOCH));
        assert!(!LiveCode { attempts: 5, ..live }.is_live(Timestamp::EPOCH));
    }
}
