//! Where pictures and other files are kept.

use crate::ports::Failure;
use async_trait::async_trait;
use std::fmt;

/// The longest name of a blob, in bytes.
pub const BLOB_NAME_BYTES_MAX: usize = 200;
/// How many folders deep a blob may be, its own name included.
pub const BLOB_SEGMENTS_MAX: usize = 4;

/// Where blobs are kept: bytes under a name, which never change.
///
/// # Contract
/// - A name is given once: [`put`](Self::put) under one that is taken changes nothing and says so. Of several that
///   come at once one wins.
/// - A blob is there whole or not at all, and is durable once that was answered.
/// - What was removed is gone, and its name is free.
/// - A failed call leaves open whether it was done.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Keeps `content` under a new name; `false` where the name is taken.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn put(&self, name: &BlobName, content: Vec<u8>) -> Result<bool, Failure>;

    /// What is kept under a name; `None` where there is nothing.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn read(&self, name: &BlobName) -> Result<Option<Vec<u8>>, Failure>;

    /// Removes a blob; `false` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn remove(&self, name: &BlobName) -> Result<bool, Failure>;
}

/// The name of a blob: a plain path such as `auctions/7/0a1b.jpg`, of 1 to [`BLOB_SEGMENTS_MAX`] segments and at most
/// [`BLOB_NAME_BYTES_MAX`] bytes. Segments are ASCII letters, digits, `-`, `_` and `.`, do not begin with a dot, and
/// the last has an extension. So a name means the same on every file system, but where capital and small letters are
/// one, and never leads out of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

/// A text that is no name of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a blob is a plain path with an extension")]
#[non_exhaustive]
pub struct InvalidBlobName;

impl BlobName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`InvalidBlobName`].
    pub fn parse(text: &str) -> Result<Self, InvalidBlobName> {
        let is_plain = |segment: &str| {
            let is_visible = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(is_visible)
        };
        let has_extension = matches!(text.rsplit_once('.'), Some((_, extension))
            if !extension.is_empty() && !extension.contains('/'));
        let is_short = text.len() <= BLOB_NAME_BYTES_MAX && text.split('/').count() <= BLOB_SEGMENTS_MAX;
        if has_extension && is_short && text.split('/').all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidBlobName)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the last dot.
    pub fn extension(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_with_an_extension_are_names() {
        for good in ["samples/a-1.png", "a.b", "auctions/7/0a_1.full.jpg", "a/b/c/d.png"] {
            assert_eq!(BlobName::parse(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        assert_eq!(BlobName::parse("a/b.c.jpg").unwrap().extension(), "jpg");
        let long = format!("{}.png", "a".repeat(BLOB_NAME_BYTES_MAX - 3));
        for bad in [
            "../secret.png",
            "samples/../../x.png",
            "/etc/x.png",
            ".hidden.png",
            "a/.hidden.png",
            "a//b.png",
            "a.png/",
            "a.b/c",
            "a.",
            "a\\b.png",
            "a%2fb.png",
            "a b.png",
            "a:b.png",
            "a/b/c/d/e.png",
            "",
            "png",
            "a\0.png",
            "\u{fc}.png",
            &long,
        ] {
            assert_eq!(BlobName::parse(bad), Err(InvalidBlobName), "{bad}");
        }
    }
}
