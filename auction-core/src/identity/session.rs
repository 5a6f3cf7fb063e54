//! Where somebody is signed in.

use crate::id::UserId;
use crate::identity::hexadecimal;
use crate::ports::Entropy;
use crate::time::{Span, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroize;

/// How long a session lasts.
pub const SESSION_LIFETIME: Span = Span::from_secs(14 * 24 * 60 * 60);

/// How long a short-lived token lets somebody in.
pub const ACCESS_LIFETIME: Span = Span::from_secs(60 * 60);

/// How long a session of short-lived tokens lasts after it was last refreshed.
pub const REFRESH_LIFETIME: Span = Span::from_secs(7 * 24 * 60 * 60);

/// In how many places somebody can be signed in at once; the oldest session gives way.
pub const SESSIONS_PER_USER_MAX: usize = 50;

/// How much of the name of a program is kept, in characters.
const DEVICE_CHARS_MAX: usize = 200;

/// The length of a token, in bytes.
const TOKEN_BYTES: usize = 32;

/// What somebody who is signed in shows. It is a secret: nothing shows it but [`reveal`](Self::reveal).
pub struct Token([u8; TOKEN_BYTES]);

/// Not written like a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
#[non_exhaustive]
pub struct InvalidToken;

/// What is stored of a token: its SHA-256. (A token has 256 random bits, so that a plain digest is enough.)
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

/// The number of a session: an integer from 1 that the store issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u64);

/// What a session is found by. There is no other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKey {
    /// What is stored of its token.
    Token(TokenDigest),
    /// Its number.
    Number(SessionId),
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Who.
    pub user: UserId,
    /// How it is shown.
    pub style: SessionStyle,
    /// With what.
    pub device: Device,
    /// Since when.
    pub created_at: Timestamp,
    /// It lasts until just before this time.
    pub expires_at: Timestamp,
}

/// How somebody shows that they are signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SessionStyle {
    /// With the secret of the session.
    #[default]
    Opaque,
    /// With short-lived tokens, which are fetched with the secret of the session.
    Refreshed,
}

/// What becomes of the secret of a session that is refreshed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RefreshPolicy {
    /// It is another after each use; one that is used again ends the session.
    #[default]
    Rotating,
    /// It stays.
    Fixed,
}

/// How a program calls itself, cut off where it says too much. It is shown to nobody but the owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device(String);

impl Token {
    /// Draws a token.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut token = Self([0; TOKEN_BYTES]);
        entropy.fill(&mut token.0);
        token
    }

    /// Reads a token: 64 hexadecimal digits in lower case.
    ///
    /// # Errors
    /// [`InvalidToken`].
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(InvalidToken),
        };
        let text: &[u8; TOKEN_BYTES * 2] = text.as_bytes().try_into().map_err(|_| InvalidToken)?;
        let mut token = Self([0; TOKEN_BYTES]);
        for (byte, pair) in token.0.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(token)
    }

    /// The same once more, for its owner.
    pub(crate) const fn again(&self) -> Self {
        Self(self.0)
    }

    /// The token as text, for its owner.
    pub fn reveal(&self) -> String {
        hexadecimal(&self.0)
    }

    /// What is stored of it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0).into())
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl TokenDigest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(..)")
    }
}

impl SessionId {
    /// The id with this number; `None` for 0 and for numbers above [`ID_MAX`](crate::ID_MAX).
    pub const fn new(number: u64) -> Option<Self> {
        if number == 0 || number > crate::ID_MAX { None } else { Some(Self(number)) }
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl SessionStyle {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opaque => "opaque",
            Self::Refreshed => "refreshed",
        }
    }

    /// The style with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Opaque, Self::Refreshed].into_iter().find(|style| style.name() == name)
    }
}

impl Session {
    /// Whether it still lasts.
    pub fn is_live(&self, at: Timestamp) -> bool {
        at < self.expires_at
    }
}

impl Device {
    /// Keeps what can be shown.
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(|character| !character.is_control()).take(DEVICE_CHARS_MAX).collect())
    }

    /// How the program calls itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "memory")]
    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = Token::draw(&crate::memory::SeededEntropy::new(3));
        let text = token.reveal();
        assert_eq!(text.len(), 64);
        assert!(Token::parse(&text).unwrap().digest() == token.digest());
        assert!(Token::parse(&text.to_uppercase()).is_err());
        assert!(Token::parse(&text[1..]).is_err());
        assert!(Token::parse(&format!("{text}0")).is_err());
    }

    #[test]
    fn a_device_is_one_short_line() {
        assert_eq!(Device::new("curl/8\r\nX: y").as_str(), "curl/8X: y");
        assert_eq!(Device::new(&"é".repeat(500)).as_str().chars().count(), 200);
    }
}
