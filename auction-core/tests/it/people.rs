//! Who takes part in the tests.

use auction_core::auction::BidderFacts;
use auction_core::money::Amount;
use auction_core::{AuctionId, UserId};

/// The auction of every test.
pub(crate) fn auction_id() -> AuctionId {
    AuctionId::new(7).expect("a positive number")
}

/// The user with this number.
pub(crate) fn user(number: u64) -> UserId {
    UserId::new(number).expect("a positive number")
}

/// Somebody with a part in an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    /// One of the bidders, by number from 0.
    Bidder(u8),
    /// The seller.
    Seller,
    /// A member of the staff.
    Staff,
    /// Somebody who is shut out.
    Banned,
    /// Somebody who is not verified yet.
    Unverified,
    /// The house itself.
    House,
}

/// How many bidders there are.
pub(crate) const BIDDERS: u8 = 4;

/// The bidder whose spending may be limited.
pub(crate) const LIMITED: Person = Person::Bidder(3);

impl Person {
    /// The number of the account; the house has none.
    pub(crate) fn number(self) -> Option<u64> {
        match self {
            Self::Bidder(number) => Some(1 + u64::from(number)),
            Self::Seller => Some(100),
            Self::Staff => Some(200),
            Self::Banned => Some(300),
            Self::Unverified => Some(400),
            Self::House => None,
        }
    }

    /// What the host says of this person, where the limited bidder may spend `limit` minor units.
    pub(crate) fn facts(self, limit: Option<i64>) -> BidderFacts {
        match self {
            Self::Staff => BidderFacts::STAFF,
            Self::Banned => BidderFacts::VERIFIED.banned(),
            Self::Unverified => BidderFacts::UNVERIFIED,
            Self::Bidder(_) | Self::Seller | Self::House => match limit {
                Some(limit) if self == LIMITED => {
                    BidderFacts::VERIFIED.with_spendable(Amount::from_minor(limit).expect("a limit in range"))
                }
                _ => BidderFacts::VERIFIED,
            },
        }
    }
}
