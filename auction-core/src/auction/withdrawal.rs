//! Bids that are taken back by their bidder or struck by the house.

use crate::auction::format::Book;
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest reason, in bytes.
pub const REASON_BYTES_MAX: usize = 500;

/// Why bids were taken back or struck: 1 to [`REASON_BYTES_MAX`] bytes, and not only blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(Arc<str>);

/// A reason that is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reason has 1 to {REASON_BYTES_MAX} bytes")]
#[non_exhaustive]
pub struct InvalidReason;

impl Reason {
    /// The reason with this text, without blanks around it.
    ///
    /// # Errors
    /// [`InvalidReason`].
    pub fn new(text: &str) -> Result<Self, InvalidReason> {
        let text = text.trim();
        if text.is_empty() || text.len() > REASON_BYTES_MAX {
            return Err(InvalidReason);
        }
        Ok(Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reason {
    type Error = InvalidReason;
    fn try_from(text: String) -> Result<Self, InvalidReason> {
        Self::new(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0.as_ref().to_owned()
    }
}

impl Withdrawal {
    /// The same without what is private.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            revisions: Vec::new(),
            versions: self.versions.clone(),
            book: self.book.masked(),
            bids: 0,
            maximum: None,
            reason: None,
            ..*self
        }
    }
}

/// Which bids the house strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Removal {
    /// All of one bidder.
    Of(UserId),
    /// The one whose event has this revision, with the changes of its maximum that nobody saw.
    One(u64),
    /// The one whose row in the public history has this version, with the changes of its maximum that nobody saw.
    Row(u64),
}

/// What became of an auction when bids were removed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Whose bids.
    pub bidder: UserId,
    /// The house struck them; else the bidder took them back.
    pub by_house: bool,
    /// Everybody can see that something changed. Else nobody but the bidder and the house learns of it.
    pub is_public: bool,
    /// Who leads now. Public.
    pub leader: Option<UserId>,
    /// The standing price now; `None` without bids. Public.
    pub price: Option<Amount>,
    /// How many bids of the public history are gone. Public.
    pub removed: u32,
    /// The public versions of the rows that are gone, in order. Public.
    pub versions: Vec<u64>,
    /// The revisions of the bids that are gone, in order. Private.
    pub revisions: Vec<u64>,
    /// What the bids that are left make of the auction. Private.
    pub book: Book,
    /// How many bids of the bidder stand. Private.
    pub bids: u32,
    /// The bidder's own maximum now. Private.
    pub maximum: Option<Amount>,
    /// Why. Private.
    pub reason: Option<Reason>,
}
