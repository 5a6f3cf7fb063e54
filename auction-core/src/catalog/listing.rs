//! What people read about a lot.

use crate::catalog::CategoryId;
use serde::{Deserialize, Serialize};

/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest description, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 20_000;

/// The most pictures that an auction house should let a lot have; a [`Listing`] itself takes any number.
pub const IMAGES_MAX: usize = 10;

/// What people read about a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    title: String,
    description: String,
    category: Option<CategoryId>,
    images: Vec<String>,
}

/// What is wrong with a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidListing {
    /// There is no title.
    #[error("a title is not blank")]
    BlankTitle,
    /// The title is too long.
    #[error("a title has at most {TITLE_CHARS_MAX} characters")]
    LongTitle,
    /// The description is too long.
    #[error("a description has at most {DESCRIPTION_CHARS_MAX} characters")]
    LongDescription,
}

impl Listing {
    /// A listing without pictures. Blanks around title and description are cut off.
    ///
    /// # Errors
    /// A blank or overlong title, an overlong description.
    pub fn new(title: &str, description: &str, category: Option<CategoryId>) -> Result<Self, InvalidListing> {
        let (title, description) = (title.trim(), description.trim());
        if title.is_empty() {
            return Err(InvalidListing::BlankTitle);
        }
        if title.chars().count() > TITLE_CHARS_MAX {
            return Err(InvalidListing::LongTitle);
        }
        if description.chars().count() > DESCRIPTION_CHARS_MAX {
            return Err(InvalidListing::LongDescription);
        }
        Ok(Self {
            title: title.to_owned(),
            description: description.to_owned(),
            category,
            images: Vec::new(),
        })
    }

    /// The same with these pictures, as paths below the media folder, the first of them on cards.
    #[must_use]
    pub fn with_images(self, images: Vec<String>) -> Self {
        Self { images, ..self }
    }

    /// The same under another category, or none.
    #[must_use]
    pub fn with_category(self, category: Option<CategoryId>) -> Self {
        Self { category, ..self }
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The description.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The category.
    pub const fn category(&self) -> Option<CategoryId> {
        self.category
    }

    /// Pictures, as paths below the media folder.
    pub fn images(&self) -> &[String] {
        &self.images
    }
}
