//! Things that must not be shown.

use std::fmt;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The shortest key from which other keys are made in production, in bytes.
pub const SECRET_KEY_BYTES_MIN: usize = 32;

/// A text that is never shown, and wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a text to itself.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the one who needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Settings are printed when something is looked for; secrets among them are not.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What other keys are made of.
#[derive(Clone, Debug)]
pub enum SecretKey {
    /// It was given.
    Given(Secret),
    /// It is kept in this file, and made with the first start. Development only.
    Kept(PathBuf),
}
