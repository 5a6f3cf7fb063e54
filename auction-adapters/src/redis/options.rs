//! How Redis is used.

use auction_core::ports::{Failure, FailureKind};

/// How long a prefix is at most.
const PREFIX_BYTES_MAX: usize = 64;

/// How Redis is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisOptions {
    /// How the names of the channel and of all keys begin, up to 64 bytes. Houses that share a Redis have different
    /// ones, and all nodes of a house the same.
    pub prefix: String,
    /// Certificates in PEM that are trusted besides those of the public authorities that are built in. They only matter
    /// where the URL begins with `rediss://`.
    pub authorities: Option<Vec<u8>>,
}

impl Default for RedisOptions {
    /// Everything begins with `auction`, and the public authorities are trusted.
    fn default() -> Self {
        Self { prefix: "auction".to_owned(), authorities: None }
    }
}

impl RedisOptions {
    /// The prefix, if it is short enough.
    pub(super) fn prefix(&self) -> Result<&str, Failure> {
        if self.prefix.len() > PREFIX_BYTES_MAX {
            let text = format!("the prefix is longer than {PREFIX_BYTES_MAX} bytes");
            return Err(Failure::new(FailureKind::Other, "read the options of Redis", text));
        }
        Ok(&self.prefix)
    }
}
