//! One auction and all that is kept with it.

use super::chain::Chain;
use super::receipts::Receipts;
use crate::auction::{Auction, Recorded, Standing};
use crate::catalog::{ListedAuction, Listing};
use crate::id::UserId;
use crate::ports::{Batch, CommitId, Entry, HISTORY_PAGE_MAX, NewAuction, Receipt, ReceiptKey, Share};
use crate::time::Timestamp;
use rustc_hash::FxHashMap;

/// One auction and all that is kept with it.
#[derive(Debug)]
pub(super) struct Row {
    auction: Auction,
    listing: Listing,
    created_at: Timestamp,
    /// The event with revision `n` stands at index `n - 1`.
    log: Chain<Recorded>,
    standings: FxHashMap<UserId, Standing>,
    /// Who has bought units, or was awarded some.
    shares: FxHashMap<UserId, Vec<Share>>,
    receipts: Receipts,
    /// Each commit, and the revision of its last event.
    commits: Chain<(CommitId, u64)>,
    /// Until when somebody has claimed it.
    lease_until: Option<Timestamp>,
    /// The last batch that was checked with an entry for it.
    checked_in: u64,
}

impl Row {
    pub(super) fn new(new: &NewAuction, auction: Auction, first: Recorded) -> Self {
        let (mut log, mut commits) = (Chain::new(), Chain::new());
        let first_revision = first.revision;
        log.push(first);
        commits.push((new.commit, first_revision));
        Self {
            auction,
            listing: new.listing.clone(),
            created_at: new.at,
            log,
            standings: FxHashMap::default(),
            shares: FxHashMap::default(),
            receipts: Receipts::new(),
            commits,
            lease_until: None,
            checked_in: 0,
        }
    }

    pub(super) const fn auction(&self) -> &Auction {
        &self.auction
    }

    pub(super) const fn listing(&self) -> &Listing {
        &self.listing
    }

    pub(super) fn relist(&mut self, listing: Listing) {
        self.listing = listing;
    }

    pub(super) fn listed(&self) -> ListedAuction {
        ListedAuction {
            auction: self.auction.clone(),
            listing: self.listing.clone(),
            created_at: self.created_at(),
        }
    }

    pub(super) const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Everything that happened.
    pub(super) const fn log(&self) -> &Chain<Recorded> {
        &self.log
    }

    pub(super) fn standing(&self, user: UserId) -> Standing {
        self.standings.get(&user).copied().unwrap_or_default()
    }

    /// Everybody whom it knows, in any order.
    pub(super) fn standings(&self) -> impl Iterator<Item = (UserId, Standing)> {
        self.standings.iter().map(|(user, standing)| (*user, *standing))
    }

    /// The units that somebody has bought or was awarded.
    pub(super) fn shares(&self, user: UserId) -> &[Share] {
        self.shares.get(&user).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn receipt(&self, key: &ReceiptKey) -> Option<Receipt> {
        self.receipts.find(key)
    }

    /// Whether a commit wrote to it after a revision.
    pub(super) fn committed(&self, commit: CommitId, after_revision: u64) -> bool {
        let mut commits = self.commits.latest_first().take_while(|(_, last)| *last > after_revision);
        commits.any(|(known, _)| *known == commit)
    }

    pub(super) fn history(&self, after_revision: u64, events_max: usize) -> Vec<Recorded> {
        let start = usize::try_from(after_revision).unwrap_or(usize::MAX);
        self.log.from(start).take(events_max.min(HISTORY_PAGE_MAX)).cloned().collect()
    }

    /// Remembers that this batch has an entry for it; false where it had one already.
    pub(super) fn check_in(&mut self, batch: u64) -> bool {
        let is_first = self.checked_in != batch;
        self.checked_in = batch;
        is_first
    }

    /// Writes all of an entry that was found to be well-formed and to rest on the revision that the auction has.
    pub(super) fn write(&mut self, batch: &Batch, entry: &Entry) {
        self.auction.clone_from(entry.auction());
        self.log.extend(batch.events_of(entry).iter().cloned());
        self.standings.extend(batch.standings_of(entry).iter().copied());
        for award in batch.events_of(entry).iter().flat_map(|recorded| recorded.event.shares()) {
            let share = Share { units: award.units, price: award.price };
            self.shares.entry(award.bidder).or_default().push(share);
        }
        for (key, receipt) in batch.receipts_of(entry) {
            self.receipts.keep(key, *receipt);
        }
        self.commits.push((batch.commit(), entry.auction().revision()));
    }

    /// Whether it can be claimed by somebody whose clock shows `now`.
    pub(super) fn is_free(&self, now: Timestamp) -> bool {
        self.lease_until.is_none_or(|until| until <= now)
    }

    pub(super) const fn lease(&mut self, until: Timestamp) {
        self.lease_until = Some(until);
    }

    /// Its deadline changed: whoever claimed it claimed something else.
    pub(super) const fn release(&mut self) {
        self.lease_until = None;
    }

    /// From when it can be claimed: its deadline, or the end of a lease that is later.
    pub(super) fn free_from(&self, deadline: Timestamp) -> Timestamp {
        self.lease_until.map_or(deadline, |until| until.max(deadline))
    }
}
