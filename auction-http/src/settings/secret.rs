//! Things that must not be shown.

use super::sources::others_may_read;
use auction_core::ports::Entropy;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};
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

/// The key that was made cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("the secret key {path}: {source}")]
pub struct KeyError {
    path: PathBuf,
    source: io::Error,
}

impl SecretKey {
    /// The key. Where it is kept in a file that does not exist yet, it is made, and only the owner can read it.
    ///
    /// # Errors
    /// A file that cannot be read or written, is empty, or can be read by others.
    pub fn open(&self, entropy: &dyn Entropy) -> Result<Secret, KeyError> {
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::Kept(path) => kept(path, entropy).map_err(|source| KeyError { path: path.clone(), source }),
        }
    }
}

fn kept(path: &Path, entropy: &dyn Entropy) -> io::Result<Secret> {
    let text = match open_new(path) {
        Ok(mut file) => {
            let mut bytes = Zeroizing::new([0; SECRET_KEY_BYTES_MIN]);
            entropy.fill(bytes.as_mut_slice());
            let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            text
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if others_may_read(&fs::metadata(path)?) {
                return Err(io::Error::other("others can read it; `chmod 600` it, or make a new one"));
            }
            fs::read_to_string(path)?.trim().to_owned()
        }
        Err(error) => return Err(error),
    };
    match text.len() {
        SECRET_KEY_BYTES_MIN.. => Ok(Secret::new(text)),
        _ => Err(io::Error::other(format!("it is shorter than {SECRET_KEY_BYTES_MIN} bytes"))),
    }
}

/// A file that did not exist before and that only the owner can read.
fn open_new(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
