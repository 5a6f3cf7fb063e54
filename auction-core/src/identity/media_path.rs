//! Where a picture is, below the folder of pictures.

/// The longest path of a picture, in bytes.
pub const MEDIA_PATH_BYTES_MAX: usize = 200;

/// Where a picture is, below the folder of pictures: plain names with slashes between them. It never leads out of
/// that folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPath(String);

/// Not the path of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a picture")]
#[non_exhaustive]
pub struct InvalidMediaPath;

impl MediaPath {
    /// Reads a path: names of ASCII letters, digits and `-_.` that do not begin with a dot.
    ///
    /// # Errors
    /// [`InvalidMediaPath`].
    pub fn parse(text: &str) -> Result<Self, InvalidMediaPath> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain);
        if text.len() > MEDIA_PATH_BYTES_MAX || !text.split('/').all(is_name) {
            return Err(InvalidMediaPath);
        }
        Ok(Self(text.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_plain_names_only() {
        assert_eq!(MediaPath::parse("avatars/7-ab_c.png").unwrap().as_str(), "avatars/7-ab_c.png");
        for text in
            ["", "/a.png", "a//b.png", "../a.png", "a/../b.png", ".a.png", "a b.png", "a\\b.png", "a%2f.png"]
        {
            assert_eq!(MediaPath::parse(text), Err(InvalidMediaPath), "{text}");
        }
        assert_eq!(MediaPath::parse(&"a".repeat(MEDIA_PATH_BYTES_MAX + 1)), Err(InvalidMediaPath));
    }
}
