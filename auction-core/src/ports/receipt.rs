//! Answers that are kept, so that a command which is sent twice counts once.

use crate::auction::Phase;
use crate::id::{AuctionId, BidId, UserId};
use crate::money::{Amount, Currency};
use crate::time::Timestamp;
use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest idempotency key, in bytes.
pub const KEY_BYTES_MAX: usize = 64;

/// A name that a client gives a command, so that it can be sent again: 1 to [`KEY_BYTES_MAX`] visible ASCII
/// characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "ArrayString<KEY_BYTES_MAX>", into = "ArrayString<KEY_BYTES_MAX>")]
pub struct IdempotencyKey(ArrayString<KEY_BYTES_MAX>);

/// A key that is empty, too long, or has other than visible ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key has 1 to {KEY_BYTES_MAX} visible ASCII characters")]
#[non_exhaustive]
pub struct InvalidKey;

impl IdempotencyKey {
    /// The key with this text.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn new(text: &str) -> Result<Self, InvalidKey> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidKey);
        }
        ArrayString::from(text).map(Self).map_err(|_| InvalidKey)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<ArrayString<KEY_BYTES_MAX>> for IdempotencyKey {
    type Error = InvalidKey;
    fn try_from(text: ArrayString<KEY_BYTES_MAX>) -> Result<Self, InvalidKey> {
        Self::new(&text)
    }
}

impl From<IdempotencyKey> for ArrayString<KEY_BYTES_MAX> {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotencyKey({:?})", self.as_str())
    }
}

/// Under what a receipt is found: keys of different people, or for different auctions, have nothing to do with
/// each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReceiptKey {
    /// The auction.
    pub auction: AuctionId,
    /// Who sent the command.
    pub user: UserId,
    /// What they called it.
    pub key: IdempotencyKey,
}

/// The answer of an accepted command, kept under its key. Refusals leave none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Tells the command from another one under the same key.
    pub fingerprint: u64,
    /// What was answered.
    pub answer: Accepted,
}

/// What the sender of an accepted command learns, and learns again from its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The auction.
    pub auction: AuctionId,
    /// The currency of every amount.
    pub currency: Currency,
    /// The row in the bid history: the command's own, or where it made none the sender's last one.
    pub row: Option<BidId>,
    /// The public version of the auction at that row; without one, after the command.
    pub version: u64,
    /// When it was.
    pub at: Timestamp,
    /// The amount that was bid, or paid for the lot.
    pub amount: Option<Amount>,
    /// Whether the sender leads, or has bought the lot.
    pub leading: bool,
    /// The price after the command; that of the sale where it bought the lot.
    pub price: Amount,
    /// The least that somebody who does not lead has to bid after it.
    pub minimum_bid: Option<Amount>,
    /// The end of the auction after it.
    pub ends_at: Timestamp,
    /// What the auction is after it.
    pub phase: Phase,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_visible() {
        assert_eq!(IdempotencyKey::new("a-1").map(|key| key.as_str().len()), Ok(3));
        let longest = "k".repeat(KEY_BYTES_MAX);
        assert!(IdempotencyKey::new(&longest).is_ok());
        for bad in ["", "two words", "new\nline", "schl\u{fc}ssel", &format!("{longest}k")] {
            assert_eq!(IdempotencyKey::new(bad), Err(InvalidKey), "{bad:?}");
        }
    }
}
