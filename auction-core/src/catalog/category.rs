//! Categories.

use crate::id::InvalidId;
use serde::{Deserialize, Serialize};

/// The most categories that an auction house should have: all of them are answered at once.
pub const CATEGORIES_MAX: usize = 1_000;
/// The longest name of a category, in characters.
pub const CATEGORY_NAME_CHARS_MAX: usize = 100;
/// The longest slug, in bytes.
pub const SLUG_BYTES_MAX: usize = 100;
/// The longest description of a category, in characters.
pub const CATEGORY_DESCRIPTION_CHARS_MAX: usize = 2_000;

/// A category, from 1 to [`ID_MAX`](crate::ID_MAX).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct CategoryId(u64);

/// What auctions can be filed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// What people read.
    pub name: String,
    /// What stands in addresses; no two categories share it.
    pub slug: String,
    /// What belongs there.
    pub description: String,
}

/// A category that has no number yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCategory {
    /// See [`Category::name`].
    pub name: String,
    /// See [`Category::slug`].
    pub slug: String,
    /// See [`Category::description`].
    pub description: String,
}

/// What is wrong with a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCategory {
    /// There is no name.
    #[error("a name is not blank")]
    BlankName,
    /// The name is too long.
    #[error("a name has at most {CATEGORY_NAME_CHARS_MAX} characters")]
    LongName,
    /// The slug is none.
    #[error("a slug has 1 to {SLUG_BYTES_MAX} small letters a to z, digits and hyphens, not digits alone")]
    Slug,
    /// The description is too long.
    #[error("a description has at most {CATEGORY_DESCRIPTION_CHARS_MAX} characters")]
    LongDescription,
}

/// A name as a category may have it: without blanks around it.
///
/// # Errors
/// A blank or overlong name.
pub fn category_name(text: &str) -> Result<String, InvalidCategory> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err(InvalidCategory::BlankName),
        1..=CATEGORY_NAME_CHARS_MAX => Ok(name.to_owned()),
        _ => Err(InvalidCategory::LongName),
    }
}

/// A description as a category may have it: without blanks around it.
///
/// # Errors
/// An overlong description.
pub fn category_description(text: &str) -> Result<String, InvalidCategory> {
    let description = text.trim();
    match description.chars().count() {
        0..=CATEGORY_DESCRIPTION_CHARS_MAX => Ok(description.to_owned()),
        _ => Err(InvalidCategory::LongDescription),
    }
}

/// A slug: small letters, digits and single hyphens between them. It is not digits alone, which are the number of a
/// category.
///
/// # Errors
/// Everything else.
pub fn category_slug(text: &str) -> Result<String, InvalidCategory> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() <= SLUG_BYTES_MAX && !is_number && text.split('-').all(is_word) {
        Ok(text.to_owned())
    } else {
        Err(InvalidCategory::Slug)
    }
}

/// The slug that a name makes: `Clocks & Watches` is `clocks-watches`; `None` where it has nothing that a slug may
/// have, as names in other scripts do.
///
/// ```
/// use auction_core::catalog::slug_of;
/// assert_eq!(slug_of("Clocks & Watches").as_deref(), Some("clocks-watches"));
/// assert_eq!(slug_of("\u{6642}\u{8a08}"), None);
/// ```
pub fn slug_of(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|character: char| !character.is_ascii_alphanumeric());
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        let hyphen = if slug.is_empty() { "" } else { "-" };
        if slug.len() + hyphen.len() + word.len() > SLUG_BYTES_MAX {
            break;
        }
        slug.push_str(hyphen);
        slug.push_str(word);
    }
    category_slug(&slug).ok()
}

impl CategoryId {
    /// The category with this number.
    ///
    /// # Errors
    /// [`InvalidId`] for 0 and for numbers above [`ID_MAX`](crate::ID_MAX).
    pub const fn new(number: u64) -> Result<Self, InvalidId> {
        if number == 0 || number > crate::ID_MAX { Err(InvalidId) } else { Ok(Self(number)) }
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for CategoryId {
    type Error = InvalidId;
    fn try_from(number: u64) -> Result<Self, InvalidId> {
        Self::new(number)
    }
}

impl From<CategoryId> for u64 {
    fn from(id: CategoryId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_no_numbers() {
        let long = "a".repeat(SLUG_BYTES_MAX);
        for good in ["rugs", "rugs-2", "2-rugs", "a", &long] {
            assert_eq!(category_slug(good), Ok(good.to_owned()));
        }
        let longer = "a".repeat(SLUG_BYTES_MAX + 1);
        for bad in ["", "-", "7", "Rugs", "a b", "-a", "a-", "a--b", "a/b", "\u{e9}", &longer] {
            assert_eq!(category_slug(bad), Err(InvalidCategory::Slug), "{bad}");
        }
    }

    #[test]
    fn a_name_makes_a_slug_where_it_can() {
        assert_eq!(slug_of(" Caf\u{e9} chairs, 1950-60! ").as_deref(), Some("caf-chairs-1950-60"));
        assert_eq!(slug_of("1950"), None);
        let long = slug_of(&"words ".repeat(50)).unwrap();
        assert!(long.len() <= SLUG_BYTES_MAX && category_slug(&long).is_ok(), "{long}");
        assert_eq!(slug_of(&"w".repeat(SLUG_BYTES_MAX + 1)), None);
    }

    #[test]
    fn names_and_descriptions_are_bounded() {
        assert_eq!(category_name("  Rugs "), Ok("Rugs".to_owned()));
        assert_eq!(category_name(" "), Err(InvalidCategory::BlankName));
        assert_eq!(category_name(&"\u{e9}".repeat(101)), Err(InvalidCategory::LongName));
        assert!(category_name(&"\u{e9}".repeat(100)).is_ok());
        assert_eq!(category_description(&"\u{e9}".repeat(2_001)), Err(InvalidCategory::LongDescription));
        assert!(category_description(&"\u{e9}".repeat(2_000)).is_ok());
    }
}
