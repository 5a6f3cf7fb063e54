//! The ranks of bidders who see nothing else of each other.

use auction_core::UserId;
use auction_core::auction::Auction;
use auction_core::auction::format::Format;
use auction_core::auction::format::reverse::{Reverse, Visibility};
use auction_core::money::Amount;
use rustc_hash::FxHashMap;

/// The ranks of bidders who see nothing else of each other: 1 is the best.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranks(FxHashMap<UserId, u32>);

impl Ranks {
    /// Whether bidders of an auction see no more than their ranks.
    pub const fn are_shown(format: Format) -> bool {
        matches!(format, Format::Reverse(Reverse { visibility: Visibility::RankOnly, .. }))
    }

    /// Those of the bidders with these amounts, the lowest first. Equal amounts have equal ranks, save that the earlier of
    /// the best has the first one alone.
    pub fn of(auction: &Auction, amounts: &[(UserId, Amount)]) -> Self {
        let mut ranks = FxHashMap::default();
        let (mut rank, mut last) = (1, None);
        for (place, (user, amount)) in (1..).zip(amounts) {
            if last != Some(*amount) {
                (rank, last) = (place, Some(*amount));
            }
            let is_second = rank == 1 && auction.ahead() != Some(*user);
            ranks.insert(*user, if is_second { 2 } else { rank });
        }
        Self(ranks)
    }

    /// That of somebody; `None` where they have not bid.
    pub fn rank(&self, user: UserId) -> Option<u32> {
        self.0.get(&user).copied()
    }
}
