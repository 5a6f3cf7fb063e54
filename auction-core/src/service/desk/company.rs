//! Auctions to which other processes write as well.
//!
//! A shard decides from memory as long as nobody else writes. Where somebody does, a commit on what is remembered is a
//! conflict, which costs more than to read first: so after a conflict the auction is read together with the receipts
//! that are looked up anyway, until nobody else has written for a while. That is about cost alone: what is committed is
//! right in any case.
//!
//! It does not lock before it reads. One way to the database more for each auction alone costs more than the conflicts
//! that are left.

use super::request::{Reply, Request};
use super::shard::Shard;
use super::sharing::Group;
use crate::id::AuctionId;
use crate::ports::Change;
use rustc_hash::FxHashSet;

/// After how many reads in a row between which nobody else has written memory will do again. To read too often costs
/// little, a conflict much.
const QUIET_READS: u8 = 8;

/// Whether others write to an auction as well, as far as a shard has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Nobody else does: it is decided from memory.
    None,
    /// Others do: it is read before it is decided.
    Others {
        /// How many reads there have been since they wrote.
        quiet: u8,
    },
}

/// Auctions that are read before they are decided.
#[derive(Default)]
pub(super) struct Fresh {
    auctions: FxHashSet<AuctionId>,
    /// Those that were remembered: at which revision, and with what company.
    remembered: Vec<(AuctionId, u64, Company)>,
}

impl Company {
    /// After a conflict.
    const CONFLICT: Self = Self::Others { quiet: 0 };

    /// Perhaps there is somebody: one read tells.
    const DOUBTED: Self = Self::Others { quiet: QUIET_READS - 1 };

    const fn after_a_read(self, others_wrote: bool) -> Self {
        match self {
            Self::None => Self::None,
            Self::Others { .. } if others_wrote => Self::Others { quiet: 0 },
            Self::Others { quiet } if quiet + 1 < QUIET_READS => Self::Others { quiet: quiet + 1 },
            Self::Others { .. } => Self::None,
        }
    }
}

impl Fresh {
    /// Whether what is known of it is not older than the requests.
    pub(super) fn has(&self, auction: AuctionId) -> bool {
        self.auctions.contains(&auction)
    }
}

impl Shard {
    /// Refusals rest on what is remembered of these: they are read when they are decided again.
    pub(super) fn doubt(&mut self, groups: &[Group<'_>]) {
        for group in groups {
            self.keep(group.auction, Company::DOUBTED);
        }
    }

    /// Forgets what others write to, so that it is read again, and says what will be read.
    pub(super) fn forget_shared(&mut self, groups: &[Group<'_>]) -> Fresh {
        let mut fresh = Fresh::default();
        if self.store.is_exclusive() {
            return fresh;
        }
        for Group { auction, .. } in groups {
            if let Some(slot) = self.slots.peek(auction) {
                if slot.company == Company::None {
                    continue;
                }
                fresh.remembered.push((*auction, slot.auction.revision(), slot.company));
                self.slots.pop(auction);
            }
            fresh.auctions.insert(*auction);
        }
        fresh
    }

    /// They were read.
    pub(super) fn note_read(&mut self, fresh: &Fresh) {
        for &(auction, revision, company) in &fresh.remembered {
            let read = self.slots.peek(&auction).map(|slot| slot.auction.revision());
            self.keep(auction, company.after_a_read(read != Some(revision)));
        }
    }

    /// Settles a group whose commit was a conflict.
    pub(super) async fn settle_conflict(
        &mut self,
        group: Group<'_>,
        requests: &[Request],
        replies: &mut [Reply],
        changes: &mut Vec<Change>,
    ) {
        self.settle(group, None, requests, replies, changes).await;
        self.keep(group.auction, Company::CONFLICT);
    }

    fn keep(&mut self, auction: AuctionId, company: Company) {
        if let Some(slot) = self.slots.peek_mut(&auction) {
            slot.company = company;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_will_do_again_when_others_have_been_quiet_for_a_while() {
        let after = |reads: u8| (0..reads).fold(Company::CONFLICT, |company, _| company.after_a_read(false));
        assert_ne!(after(QUIET_READS - 1), Company::None);
        assert_eq!(
            after(QUIET_READS - 1).after_a_read(true),
            Company::CONFLICT,
            "others wrote: it begins again"
        );
        assert_eq!(after(QUIET_READS), Company::None);
    }

    #[test]
    fn one_read_clears_a_doubt_or_confirms_it() {
        assert_eq!(Company::DOUBTED.after_a_read(false), Company::None);
        assert_eq!(Company::DOUBTED.after_a_read(true), Company::CONFLICT);
    }
}
