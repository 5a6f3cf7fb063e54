//! Codes for those who have lost their authenticator.

use crate::id::UserId;
use crate::identity::{Code, CodeDigest, CodeKey, InvalidCode};
use crate::ports::Entropy;
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroize;

/// How many recovery codes somebody gets at once.
pub const RECOVERY_CODES: usize = 10;

/// How many letters and digits of base 32 a recovery code has: 50 bits.
pub(super) const RECOVERY_CHARS: usize = 10;

/// How many bytes are drawn for one; what is more than 50 bits is dropped.
const DRAWN_BYTES: usize = 7;

/// Takes the place of an authenticator's code, once. It is a secret.
///
/// It has so many bits that a digest with a key is enough, also for somebody who has the key and the digests for a
/// while; and tries are counted.
pub struct RecoveryCode([u8; RECOVERY_CHARS]);

/// What somebody shows besides the password.
pub enum FactorProof {
    /// The code that an authenticator shows.
    Code(Code),
    /// A code for those who have lost it.
    Recovery(RecoveryCode),
    /// What was shown is no code; it counts as a try like any other.
    Nonsense,
}

impl RecoveryCode {
    /// Draws a code.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; DRAWN_BYTES];
        entropy.fill(&mut bytes);
        let mut text = BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        bytes.zeroize();
        let mut code = Self([0; RECOVERY_CHARS]);
        code.0.copy_from_slice(&text.as_bytes()[..RECOVERY_CHARS]);
        text.zeroize();
        code
    }

    /// Reads a code. Case, hyphens and white space do not matter.
    ///
    /// # Errors
    /// [`InvalidCode`].
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        let mut code = Self([0; RECOVERY_CHARS]);
        let mut places = code.0.iter_mut();
        for byte in text.bytes().filter(|byte| *byte != b'-' && !byte.is_ascii_whitespace()) {
            let byte = byte.to_ascii_lowercase();
            if !matches!(byte, b'a'..=b'z' | b'2'..=b'7') {
                return Err(InvalidCode);
            }
            *places.next().ok_or(InvalidCode)? = byte;
        }
        if places.next().is_some() { Err(InvalidCode) } else { Ok(code) }
    }

    /// The code as text, for its owner.
    pub fn reveal(&self) -> String {
        let text = std::str::from_utf8(&self.0).expect("invariant: only ASCII is stored");
        let (first, second) = text.split_at(RECOVERY_CHARS / 2);
        format!("{first}-{second}")
    }

    /// What is stored of it, for this person.
    pub fn digest(&self, key: &CodeKey, user: UserId) -> CodeDigest {
        key.digest_text(user, &self.0)
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl FactorProof {
    /// Reads an authenticator's code or a recovery code.
    pub fn parse(text: &str) -> Self {
        let recovery = |_| RecoveryCode::parse(text).map(Self::Recovery);
        Code::parse(text).map(Self::Code).or_else(recovery).unwrap_or(Self::Nonsense)
    }
}

#[cfg(test)]
#[cfg(feature = "memory")]
mod tests {
    use super::*;
    use crate::memory::SeededEntropy;

    fn user(number: u64) -> UserId {
        UserId::new(number).unwrap()
    }

    #[test]
    fn a_recovery_code_is_read_as_it_was_written_however_it_is_typed() {
        let (key, code) = (CodeKey::derive(b"key"), RecoveryCode::draw(&SeededEntropy::new(5)));
        let text = code.reveal();
        assert_eq!((text.len(), text.as_bytes()[5]), (11, b'-'));
        let digest = code.digest(&key, user(1));
        for typed in [text.clone(), text.to_uppercase(), text.replace('-', ""), text.replace('-', " ")] {
            assert!(RecoveryCode::parse(&typed).unwrap().digest(&key, user(1)) == digest, "{typed}");
        }
        for wrong in ["", &text[1..], &format!("{text}a"), "abcde-fghi1", "abcde-fghié"] {
            assert!(RecoveryCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_digest_belongs_to_one_code_one_person_and_one_key() {
        let entropy = SeededEntropy::new(5);
        let (code, other) = (RecoveryCode::draw(&entropy), RecoveryCode::draw(&entropy));
        let (key, other_key) = (CodeKey::derive(b"key"), CodeKey::derive(b"other"));
        let digest = code.digest(&key, user(1));
        assert!(digest == code.digest(&key, user(1)));
        assert!(digest != other.digest(&key, user(1)));
        assert!(digest != code.digest(&key, user(2)));
        assert!(digest != code.digest(&other_key, user(1)));
    }

    #[test]
    fn a_proof_is_either_kind_of_code_or_nonsense() {
        assert!(matches!(FactorProof::parse(" 123456 "), FactorProof::Code(_)));
        assert!(matches!(FactorProof::parse("ABCDE-fghij"), FactorProof::Recovery(_)));
        assert!(matches!(FactorProof::parse("12345"), FactorProof::Nonsense));
    }
}
