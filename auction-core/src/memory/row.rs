//! One auction and all that is kept with it.

use crate::auction::{Auction, Recorded, Standing};
use crate::catalog::{ListedAuction, Listing};
use crate::id::UserId;
use crate::ports::{
    Batch, CommitId, Entry, HISTORY_PAGE_MAX, IdempotencyKey, NewAuction, Receipt, ReceiptKey,
};
use crate::time::Timestamp;
use rustc_hash::FxHashMap;
use std::collections::HashMap;

/// One auction and all that is kept with it.
#[derive(Debug)]
pub(super) struct Row {
    auction: Auction,
    listing: Listing,
    /// The event with revision `n` stands at index `n - 1`.
    log: Vec<Recorded>,
    standings: FxHashMap<UserId, Standing>,
    receipts: Vec<Receipt>,
    /// Where each receipt stands in the list. Clients choose the keys, so that they are hashed with a secret.
    receipts_by_key: HashMap<(UserId, IdempotencyKey), usize>,
    commits: Vec<CommitId>,
    /// Until when somebody has claimed it.
    lease_until: Option<Timestamp>,
    /// The last batch that was checked with an entry for it.
    checked_in: u64,
}

impl Row {
    pub(super) fn new(new: &NewAuction, auction: Auction, first: Recorded) -> Self {
        Self {
            auction,
            listing: new.listing.clone(),
            log: vec![first],
            standings: FxHashMap::default(),
            receipts: Vec::new(),
            receipts_by_key: HashMap::default(),
            commits: vec![new.commit],
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

    pub(super) fn created_at(&self) -> Timestamp {
        self.log[0].at
    }

    /// Everything that happened.
    pub(super) fn log(&self) -> &[Recorded] {
        &self.log
    }

    pub(super) fn standing(&self, user: UserId) -> Standing {
        self.standings.get(&user).copied().unwrap_or_default()
    }

    pub(super) fn receipt(&self, key: &ReceiptKey) -> Option<Receipt> {
        self.receipts_by_key.get(&(key.user, key.key)).map(|place| self.receipts[*place])
    }

    /// Whether a commit wrote to it.
    pub(super) fn committed(&self, commit: CommitId) -> bool {
        // What is asked for is nearly always among the latest.
        self.commits.iter().rev().any(|known| *known == commit)
    }

    pub(super) fn history(&self, after_revision: u64, events_max: usize) -> Vec<Recorded> {
        let start = usize::try_from(after_revision).unwrap_or(usize::MAX).min(self.log.len());
        let length = events_max.min(HISTORY_PAGE_MAX).min(self.log.len() - start);
        self.log[start..start + length].to_vec()
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
        self.log.extend_from_slice(batch.events_of(entry));
        self.standings.extend(batch.standings_of(entry).iter().copied());
        for (key, receipt) in batch.receipts_of(entry) {
            self.receipts_by_key.insert((key.user, key.key), self.receipts.len());
            self.receipts.push(*receipt);
        }
        self.commits.push(batch.commit());
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
