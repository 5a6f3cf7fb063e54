//! People: their addresses, passwords, one-time codes and sessions, as plain rules.
//!
//! Every function here takes the time and the chance that it needs as arguments. What joins these rules with
//! storage and mail is [`service::accounts`](crate::service::accounts). A host that has users of its own never
//! meets this room: the engine knows a bidder by number.
//!
//! Before an address is verified it belongs to nobody. A [`Registration`] says who would like to have it, and only
//! the code that was mailed there makes it an [`Account`]. A house may let people in before that
//! ([`EmailVerification`]); such an account gives way to whoever enters the code of another registration.
//!
//! A password may be joined by a second factor: the codes of an authenticator ([`TotpSecret`]), or one of ten
//! recovery codes where it is lost.

mod account;
mod birth_date;
mod code;
mod email;
mod mailed_code;
mod media_path;
mod name;
mod password;
mod profile;
mod recovery;
mod registration;
mod seal;
mod second_factor;
mod session;
mod standing;
mod throttle;
mod ticket;
mod totp;
mod website;

pub use account::{Account, PasswordHash, Role};
pub use birth_date::{BIRTH_YEAR_MIN, BirthDate, InvalidBirthDate};
pub use code::{
    CODE_ATTEMPTS_MAX, CODE_DIGITS, CODE_LIFETIME, Code, CodeDigest, CodeId, CodeKey, InvalidCode, LiveCode,
};
pub use email::{EMAIL_BYTES_MAX, EMAIL_LOCAL_BYTES_MAX, Email, InvalidEmail};
pub use mailed_code::{CodeUse, MAILED_CODE_LIFETIME, MailedCode};
pub use media_path::{InvalidMediaPath, MEDIA_PATH_BYTES_MAX, MediaPath};
pub use name::{InvalidName, NAME_CHARS_MAX, NOTE_CHARS_MAX, Note, PersonName, USERNAME_CHARS_MAX, Username};
pub use password::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, Password, PasswordFlaw, PasswordTooLong};
pub use profile::{BIO_CHARS_MAX, Bio, LOCATION_CHARS_MAX, Location, Profile, ProfileChange};
pub use recovery::{FactorProof, RECOVERY_CODES, RecoveryCode};
pub use registration::{Applicant, CodeVerdict, EmailVerification, Registration};
pub use seal::{SealKey, Sealed};
pub use second_factor::{FACTOR_TRIES_MAX, FACTOR_WINDOW, SecondFactor, Unopened};
pub use session::{
    ACCESS_LIFETIME, Device, InvalidToken, REFRESH_LIFETIME, RefreshPolicy, SESSION_LIFETIME,
    SESSIONS_PER_USER_MAX, Session, SessionId, SessionKey, SessionStyle, Token, TokenDigest,
};
pub use standing::{Ban, BanScope, SellerPolicy, Selling, StandingChange};
#[cfg(feature = "memory")]
pub(crate) use throttle::Tries;
pub use throttle::{Throttle, ThrottleRule};
pub use ticket::{
    CHALLENGE_ATTEMPTS_MAX, CHALLENGE_LIFETIME, CHALLENGES_PER_USER_MAX, Purpose, RESET_LIFETIME, Ticket,
};
pub use totp::{TOTP_PERIOD, TOTP_SECRET_BYTES, TOTP_WINDOW_STEPS, TotpSecret, TotpStep};
pub use website::{InvalidWebsite, WEBSITE_BYTES_MAX, Website};

/// Two hexadecimal digits for each byte.
fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
