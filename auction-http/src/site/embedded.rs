//! The pages that are part of the binary.

use super::bundle::File;
use axum::body::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;

/// What stands in `ui/dist`, as it was when this was compiled: nothing, where the pages were not built.
#[derive(RustEmbed)]
#[folder = "ui/dist/"]
#[allow_missing = true]
struct Files;

/// A file by its name.
pub(super) fn file(name: &str) -> Option<File> {
    let file = Files::get(name)?;
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Some(File { bytes, hash: file.metadata.sha256_hash() })
}
