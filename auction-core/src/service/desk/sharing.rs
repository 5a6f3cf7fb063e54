//! Which requests of a batch concern which auction.

use super::request::Request;
use crate::id::AuctionId;
use rustc_hash::FxHashMap;

/// The indices of a batch's requests: those of an auction together and in order of arrival, auctions in the order
/// in which they are met.
pub(super) struct Members(Vec<u32>);

/// The requests of one batch that concern one auction, as indices in order of arrival.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) auction: AuctionId,
    pub(super) members: &'a [u32],
}

impl Members {
    pub(super) fn of(requests: &[Request]) -> Self {
        if let [_] = requests {
            return Self(vec![0]);
        }
        let mut places: FxHashMap<AuctionId, u32> = FxHashMap::default();
        let mut order: Vec<(u32, u32)> = (0_u32..)
            .zip(requests)
            .map(|(index, request)| {
                let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
                (*places.entry(request.auction).or_insert(next), index)
            })
            .collect();
        order.sort_unstable();
        Self(order.into_iter().map(|(_, index)| index).collect())
    }

    /// A group for each auction.
    pub(super) fn groups(&self, requests: &[Request]) -> Vec<Group<'_>> {
        let auction = |index: u32| requests[index as usize].auction;
        let same = |a: &u32, b: &u32| auction(*a) == auction(*b);
        self.0.chunk_by(same).map(|members| Group { auction: auction(members[0]), members }).collect()
    }
}
