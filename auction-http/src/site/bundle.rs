//! Where files come from.

use super::folder::Folder;
use crate::settings::Settings;
use axum::body::Bytes;

/// The document in which the pages run.
pub(super) const INDEX: &str = "index.html";

/// The longest name of a file, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// The built pages.
#[derive(Clone, Debug)]
pub struct Bundle(Place);

#[derive(Clone, Debug)]
enum Place {
    #[cfg(feature = "ui")]
    Embedded,
    Folder(Folder),
}

/// A file.
pub(super) struct File {
    pub(super) bytes: Bytes,
    /// The SHA-256 of what is in it.
    pub(super) hash: [u8; 32],
}

impl Bundle {
    /// The pages that the settings name, or else those in the binary; `None` where there are none.
    pub fn of(settings: &Settings) -> Option<Self> {
        match &settings.site.folder {
            Some(folder) => Some(Self(Place::Folder(Folder::new(folder.clone())))),
            None => Self::embedded(),
        }
    }

    /// The pages in the binary.
    #[cfg(feature = "ui")]
    fn embedded() -> Option<Self> {
        super::embedded::file(INDEX).map(|_| Self(Place::Embedded))
    }

    #[cfg(not(feature = "ui"))]
    fn embedded() -> Option<Self> {
        None
    }

    /// Whether there is a document, without which nothing can be shown.
    pub async fn is_complete(&self) -> bool {
        self.file(INDEX).await.is_some()
    }

    /// Whether files stay as they are for as long as the process runs.
    pub(super) fn is_fixed(&self) -> bool {
        !matches!(self.0, Place::Folder(_))
    }

    /// A file by its [`name`]; `None` where there is none.
    pub(super) async fn file(&self, name: &str) -> Option<File> {
        match &self.0 {
            #[cfg(feature = "ui")]
            Place::Embedded => super::embedded::file(name),
            Place::Folder(folder) => folder.file(name).await,
        }
    }
}

/// The name of the file that a path asks for; `None` where it asks for none. The document is no file, since something is
/// to be written into it, and neither are the compressed forms of files.
pub(super) fn name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let is_part = |part: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain)
    };
    let is_name = name.len() <= NAME_BYTES_MAX && name.split('/').all(is_part) && name.contains('.');
    let is_inner = name == INDEX || name.ends_with(".br") || name.ends_with(".gz");
    (is_name && !is_inner).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_names_of_files() {
        for path in ["/favicon.svg", "/assets/index-AaaB_BGi.js", "/a/b/c.txt"] {
            assert_eq!(name(path), Some(&path[1..]));
        }
        let long = format!("/{}.js", "x".repeat(NAME_BYTES_MAX));
        for path in [
            "/",
            "",
            "//a.js",
            "/assets/",
            "/assets/../a.js",
            "/../a.js",
            "/.env",
            "/assets/.a.js",
            "/assets/%2e%2e/a.js",
            "/assets\\a.js",
            "/a.js/",
            "/a:b.js",
            "/index.html",
            "/assets/index-AaaB_BGi.js.br",
            "/assets/index-AaaB_BGi.js.gz",
            &long,
        ] {
            assert_eq!(name(path), None, "{path}");
        }
    }
}
