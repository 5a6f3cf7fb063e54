//! Identifiers that the store issues: integers below 2^53, so that every JSON reader keeps them exact.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The largest identifier, 2^53 - 1: the last integer that a JavaScript number holds exactly.
pub const ID_MAX: u64 = (1 << 53) - 1;

/// An identifier that is zero or above [`ID_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is an integer from 1 to {ID_MAX}")]
#[non_exhaustive]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// From 1 to [`ID_MAX`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name(u64);

        impl $name {
            /// The identifier with this number.
            ///
            /// # Errors
            /// [`InvalidId`] for 0 and for numbers above [`ID_MAX`].
            pub const fn new(number: u64) -> Result<Self, InvalidId> {
                if number == 0 || number > ID_MAX { Err(InvalidId) } else { Ok(Self(number)) }
            }

            /// Its number.
            #[inline]
            pub const fn number(self) -> u64 {
                self.0
            }
        }

        impl TryFrom<u64> for $name {
            type Error = InvalidId;
            fn try_from(number: u64) -> Result<Self, InvalidId> {
                Self::new(number)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> u64 {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id! {
    /// An auction.
    AuctionId
}
id! {
    /// A person: a bidder, a seller or a member of the staff. The engine knows no more of people than this
    /// number and the [`BidderFacts`](crate::auction::BidderFacts) that the host hands in.
    UserId
}
id! {
    /// A row of the bid history.
    ///
    /// It is the auction and the version of the row in one number, so that no store has to issue or index it:
    /// `auction * 2^24 + version`.
    BidId
}

/// How many bits of a [`BidId`] hold the version.
const VERSION_BITS: u32 = 24;

/// The highest version that an auction may reach by bids: 2^24 - 1.
pub const VERSION_MAX: u64 = (1 << VERSION_BITS) - 1;

/// The highest number of an auction: 2^29 - 1, so that a [`BidId`] fits.
pub const AUCTION_ID_MAX: u64 = (1 << (53 - VERSION_BITS)) - 1;

impl BidId {
    /// The row of the history of `auction` that has this public version.
    ///
    /// # Errors
    /// [`InvalidId`] where the auction is above [`AUCTION_ID_MAX`] or the version above [`VERSION_MAX`].
    ///
    /// ```
    /// use auction_core::{AuctionId, BidId};
    /// # fn main() -> Result<(), auction_core::InvalidId> {
    /// let bid = BidId::of(AuctionId::new(7)?, 31)?;
    /// assert_eq!(bid.auction(), AuctionId::new(7)?);
    /// assert_eq!(bid.version(), 31);
    /// # Ok(()) }
    /// ```
    pub const fn of(auction: AuctionId, version: u64) -> Result<Self, InvalidId> {
        if auction.0 > AUCTION_ID_MAX || version > VERSION_MAX {
            return Err(InvalidId);
        }
        Self::new((auction.0 << VERSION_BITS) | version)
    }

    /// The auction that it belongs to.
    pub const fn auction(self) -> AuctionId {
        AuctionId(self.0 >> VERSION_BITS)
    }

    /// The public version of the auction that it made.
    pub const fn version(self) -> u64 {
        self.0 & VERSION_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_positive_and_below_two_to_the_53() {
        assert_eq!(AuctionId::new(0), Err(InvalidId));
        assert_eq!(AuctionId::new(ID_MAX + 1), Err(InvalidId));
        assert_eq!(UserId::new(ID_MAX).map(UserId::number), Ok(ID_MAX));
    }

    #[test]
    fn the_largest_bid_id_is_still_an_exact_number() {
        let auction = AuctionId::new(AUCTION_ID_MAX).unwrap();
        let bid = BidId::of(auction, VERSION_MAX).unwrap();
        assert_eq!(bid.number(), ID_MAX);
        assert_eq!((bid.auction(), bid.version()), (auction, VERSION_MAX));
        assert_eq!(BidId::of(auction, VERSION_MAX + 1), Err(InvalidId));
        assert_eq!(BidId::of(AuctionId::new(AUCTION_ID_MAX + 1).unwrap(), 1), Err(InvalidId));
    }
}
