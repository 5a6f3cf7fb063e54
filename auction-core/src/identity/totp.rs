//! Codes that an authenticator shows: RFC 4226 (HOTP) and RFC 6238 (TOTP).

use crate::identity::{Code, Email};
use crate::ports::Entropy;
use crate::time::{Span, Timestamp};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt::Write;
use zeroize::Zeroize;

/// The length of a secret, in bytes: that of the digest (RFC 4226, 4).
pub const TOTP_SECRET_BYTES: usize = 20;

/// For how long an authenticator shows a code.
pub const TOTP_PERIOD: Span = Span::from_secs(30);

/// How many steps a clock may be ahead or behind.
pub const TOTP_WINDOW_STEPS: u64 = 1;

/// What an authenticator and the house share. It is a secret: only its owner sees it, once.
///
/// SHA-1, six digits, 30 seconds: what every authenticator understands.
pub struct TotpSecret([u8; TOTP_SECRET_BYTES]);

/// A stretch of [`TOTP_PERIOD`], counted from 1970: it has one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TotpStep(u64);

impl TotpSecret {
    /// Draws a secret.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut secret = Self([0; TOTP_SECRET_BYTES]);
        entropy.fill(&mut secret.0);
        secret
    }

    /// The secret with these bytes; `None` where there are too many or too few.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes, to be sealed.
    pub const fn as_bytes(&self) -> &[u8; TOTP_SECRET_BYTES] {
        &self.0
    }

    /// In base 32, to be typed into an authenticator.
    pub fn reveal(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that an authenticator reads from a QR code.
    pub fn uri(&self, issuer: &str, email: &Email) -> String {
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(email.typed()));
        let (secret, period) = (self.reveal(), TOTP_PERIOD.secs());
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={period}"
        )
    }

    /// The code of a step (RFC 4226, 5.3).
    pub fn code(&self, step: TotpStep) -> Code {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(&self.0).expect("invariant: HMAC takes keys of any length");
        mac.update(&step.0.to_be_bytes());
        let digest: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(digest[19] & 0x0f);
        let chosen = [digest[offset], digest[offset + 1], digest[offset + 2], digest[offset + 3]];
        Code::of(u32::from_be_bytes(chosen) & 0x7fff_ffff)
    }

    /// The step whose code this is, among those that count at `at` and come after the last that was accepted.
    ///
    /// A step that is not later is dead whatever the clock says, so that no code is ever taken twice.
    pub fn step_of(&self, code: &Code, at: Timestamp, accepted: Option<TotpStep>) -> Option<TotpStep> {
        let now = TotpStep::at(at).0;
        let steps = now.saturating_sub(TOTP_WINDOW_STEPS)..=now + TOTP_WINDOW_STEPS;
        // All are compared, so that the time it takes tells nothing.
        let matching = steps.map(TotpStep).filter(|step| self.code(*step).is(code)).collect::<Vec<_>>();
        matching.into_iter().find(|step| accepted.is_none_or(|accepted| *step > accepted))
    }
}

impl Drop for TotpSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl TotpStep {
    /// The step in which this time lies.
    pub const fn at(at: Timestamp) -> Self {
        Self(at.micros().unsigned_abs() / TOTP_PERIOD.micros().unsigned_abs())
    }

    /// The step with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Everything but letters, digits and `-._~` as `%` and two digits (RFC 3986, 2.1).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.write_char(char::from(byte))
            }
            _ => write!(encoded, "%{byte:02X}"),
        };
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_micros(secs * 1_000_000).unwrap()
    }

    fn step(code: &Code, secs: i64, accepted: Option<u64>) -> Option<u64> {
        secret().step_of(code, at(secs), accepted.map(TotpStep::new)).map(TotpStep::number)
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes = (0..10).map(|step| secret().code(TotpStep::new(step)).reveal().to_owned());
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
    }

    /// The RFC shows eight digits; six are the last six of them.
    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (secs, digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let code = secret().code(TotpStep::at(at(secs)));
            assert_eq!(code.reveal(), &digits[2..], "at {secs}");
            let expected = u64::try_from(secs).unwrap() / 30;
            assert_eq!(step(&code, secs, None), Some(expected), "at {secs}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off() {
        let code = secret().code(TotpStep::new(10));
        for secs in [270, 299, 300, 329, 330, 359] {
            assert_eq!(step(&code, secs, None), Some(10), "at {secs}");
        }
        for secs in [0, 269, 360, 390] {
            assert_eq!(step(&code, secs, None), None, "at {secs}");
        }
        let first = secret().code(TotpStep::new(0));
        assert_eq!(step(&first, 0, None), Some(0));
    }

    #[test]
    fn a_step_is_dead_once_it_or_a_later_one_was_accepted_whatever_the_clock_says() {
        let code = secret().code(TotpStep::new(10));
        assert_eq!(step(&code, 300, Some(9)), Some(10));
        for accepted in [10, 11, 1_000] {
            for secs in [270, 300, 359] {
                assert_eq!(step(&code, secs, Some(accepted)), None, "{accepted} at {secs}");
            }
        }
    }

    #[test]
    fn a_secret_is_told_in_base_32_and_as_an_address() {
        let uri = secret().uri("My House", &Email::parse("Ann+1@Example.com").unwrap());
        let expected = "otpauth://totp/My%20House:Ann%2B1%40Example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
                        &issuer=My%20House&algorithm=SHA1&digits=6&period=30";
        assert_eq!(uri, expected);
        assert!(TotpSecret::from_bytes(&[1; 19]).is_none());
    }
}
