//! A timetable that can be broken.

use super::faults::Fault;
use crate::auction::{Auction, Status};
use crate::id::AuctionId;
use crate::ports::Claim;
use crate::time::{Span, Timestamp};
use std::collections::BTreeMap;

/// When each auction is due, and until when it is claimed.
#[derive(Default)]
pub(super) struct Planner {
    rows: BTreeMap<AuctionId, (Timestamp, Option<Timestamp>)>,
}

impl Planner {
    pub(super) fn create(&mut self, fault: Option<Fault>, auction: &Auction) {
        let deadline = match auction.status() {
            Status::Draft if fault == Some(Fault::PlansDrafts) => Some(auction.starts_at()),
            _ => auction.deadline(),
        };
        self.rows.extend(deadline.map(|deadline| (auction.id(), (deadline, None))));
    }

    pub(super) fn commit(&mut self, fault: Option<Fault>, auction: &Auction) {
        let id = auction.id();
        let deadline = match (fault, auction.status()) {
            (Some(Fault::LosesDeadlines), _)
            | (Some(Fault::PlansEnded), Status::Ended { .. })
            | (Some(Fault::PlansPaused), Status::Paused { .. }) => return,
            _ => auction.deadline(),
        };
        let before = self.rows.remove(&id);
        let lease = before.and_then(|(before, lease)| {
            let is_kept = Some(before) == deadline || fault == Some(Fault::KeepsClaimsOnOldDeadlines);
            lease.filter(|_| is_kept && fault != Some(Fault::FreesClaimsOnEveryCommit))
        });
        self.rows.extend(deadline.map(|deadline| (id, (deadline, lease))));
    }

    pub(super) fn claim(&mut self, fault: Option<Fault>, claim: &Claim) -> Vec<AuctionId> {
        let due_by = match fault {
            Some(Fault::ClaimsEarly) => claim.due_by.after(Span::from_secs(1)),
            Some(Fault::ClaimsLate) => claim.due_by.before(Span::from_micros(1)),
            _ => claim.due_by,
        };
        let lease = match fault {
            Some(Fault::LeasesEndEarly) => claim.now.after(claim.lease).before(Span::from_micros(1)),
            Some(Fault::LeasesNeverEnd) => Timestamp::MAX,
            _ => claim.now.after(claim.lease),
        };
        let mut due: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, (deadline, lease))| {
                let is_free = lease.is_none_or(|until| until <= claim.now);
                *deadline <= due_by && (is_free || fault == Some(Fault::IgnoresLeases))
            })
            .map(|(id, (deadline, _))| (*deadline, *id))
            .collect();
        match fault {
            Some(Fault::ClaimsInOrderOfNumbers) => due.sort_unstable_by_key(|(_, id)| *id),
            _ => due.sort_unstable(),
        }
        if fault != Some(Fault::ClaimsMoreThanAsked) {
            due.truncate(claim.auctions_max);
        }
        for (_, id) in &due {
            if let Some(row) = self.rows.get_mut(id) {
                row.1 = Some(lease);
            }
        }
        due.into_iter().map(|(_, id)| id).collect()
    }

    pub(super) fn next_due(&self, fault: Option<Fault>) -> Option<Timestamp> {
        let free_from = |(deadline, lease): &(Timestamp, Option<Timestamp>)| match (fault, lease) {
            (Some(Fault::NextDueIgnoresLeases), _) | (_, None) => Some(*deadline),
            (Some(Fault::NextDueForgetsClaimed), Some(_)) => None,
            (_, Some(until)) => Some(*until.max(deadline)),
        };
        let next = self.rows.values().filter_map(free_from).min();
        if fault == Some(Fault::NextDueIsAlwaysSomething) { next.or(Some(Timestamp::EPOCH)) } else { next }
    }

    pub(super) fn forget(&mut self) {
        self.rows.clear();
    }
}
