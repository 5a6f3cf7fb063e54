//! What is due when.
//!
//! One process writes, so that its memory is the truth: deadlines are read from the tables once, at the start, and
//! kept by every commit; claims are not written down, since they end with the process that made them.

use auction_core::ports::Claim;
use auction_core::{AuctionId, Timestamp};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The deadlines of all auctions, and who is being worked on.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    in_order: BTreeSet<(Timestamp, AuctionId)>,
    by_auction: FxHashMap<AuctionId, Due>,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    deadline: Timestamp,
    lease_until: Option<Timestamp>,
}

impl Deadlines {
    /// Takes in the deadline that an auction has now; one that changed is nobody's.
    pub(super) fn set(&mut self, auction: AuctionId, deadline: Option<Timestamp>) {
        let before = self.by_auction.get(&auction).map(|due| due.deadline);
        if before == deadline {
            return;
        }
        if let Some(before) = before {
            self.in_order.remove(&(before, auction));
            self.by_auction.remove(&auction);
        }
        if let Some(deadline) = deadline {
            self.in_order.insert((deadline, auction));
            self.by_auction.insert(auction, Due { deadline, lease_until: None });
        }
    }

    pub(super) fn claim(&mut self, claim: &Claim) -> Vec<AuctionId> {
        let mut claimed = Vec::new();
        for (deadline, auction) in &self.in_order {
            if *deadline > claim.due_by || claimed.len() >= claim.auctions_max {
                break;
            }
            if let Some(due) = self.by_auction.get_mut(auction)
                && due.lease_until.is_none_or(|until| until <= claim.now)
            {
                due.lease_until = Some(claim.now.after(claim.lease));
                claimed.push(*auction);
            }
        }
        claimed
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let mut next: Option<Timestamp> = None;
        for (deadline, auction) in &self.in_order {
            if next.is_some_and(|next| next <= *deadline) {
                break;
            }
            let lease = self.by_auction.get(auction).and_then(|due| due.lease_until);
            let free_from = lease.map_or(*deadline, |until| until.max(*deadline));
            next = Some(next.map_or(free_from, |next| next.min(free_from)));
        }
        next
    }
}
