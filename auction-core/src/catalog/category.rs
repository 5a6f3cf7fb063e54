//! Categories.

use crate::id::InvalidId;
use serde::{Deserialize, Serialize};

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
