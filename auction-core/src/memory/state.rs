//! What the mutex guards: all auctions, and when each is due.

use super::categories::Categories;
use super::row::Row;
use crate::auction::{Auction, Event, Recorded, Status};
use crate::catalog::{CategoryId, Listing};
use crate::id::{AUCTION_ID_MAX, AuctionId};
use crate::ports::{
    Batch, Claim, CommitResult, Entry, Failure, FailureKind, Found, MEMBERS_PAGE_MAX, MembersQuery,
    NewAuction, ReceiptKey, Relisted, Wanted,
};
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All auctions, and when each is due.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The auction with number `n` stands at index `n - 1`, unless it was a draft and is discarded.
    rows: Vec<Option<Row>>,
    deadlines: BTreeSet<(Timestamp, AuctionId)>,
    /// How many batches were checked.
    batches: u64,
    pub(super) categories: Categories,
}

impl State {
    pub(super) fn create(&mut self, new: &NewAuction) -> Result<Auction, Failure> {
        let number = self.rows.len() as u64 + 1;
        let id = match AuctionId::new(number) {
            Ok(id) if number <= AUCTION_ID_MAX => id,
            _ => return Err(failure("create auction", "there are no more numbers")),
        };
        let event = Event::Created { charter: Arc::clone(&new.charter), draft: new.draft };
        let first = Recorded { revision: 1, version: 0, at: new.at, event };
        let auction = Auction::created(id, &first).expect("invariant: the event above is a creation");
        self.deadlines.extend(auction.deadline().map(|deadline| (deadline, id)));
        self.rows.push(Some(Row::new(new, auction.clone(), first)));
        Ok(auction)
    }

    pub(super) fn row(&self, id: AuctionId) -> Option<&Row> {
        self.rows.get(index(id))?.as_ref()
    }

    fn row_mut(&mut self, id: AuctionId) -> Option<&mut Row> {
        self.rows.get_mut(index(id))?.as_mut()
    }

    /// All auctions, by number.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().flatten()
    }

    /// The lots of a group that are asked for.
    pub(super) fn members(&self, query: &MembersQuery) -> Vec<AuctionId> {
        let members = self.rows().map(Row::auction).filter(|auction| query.holds(auction));
        members.map(Auction::id).take(MEMBERS_PAGE_MAX).collect()
    }

    /// Replaces a listing that still is `before`.
    pub(super) fn relist(&mut self, id: AuctionId, before: &Listing, after: &Listing) -> Relisted {
        match self.row_mut(id) {
            None => Relisted::Unknown,
            Some(row) if row.listing() != before => Relisted::Changed,
            Some(row) => {
                row.relist(after.clone());
                Relisted::Done
            }
        }
    }

    /// Forgets a draft, which has no deadline; false where it is none.
    pub(super) fn discard(&mut self, id: AuctionId) -> bool {
        let Some(row) = self.rows.get_mut(index(id)) else { return false };
        row.take_if(|row| *row.auction().status() == Status::Draft).is_some()
    }

    /// Removes a category, also from the auctions that are filed under it.
    pub(super) fn remove_category(&mut self, category: CategoryId) -> bool {
        let filed = self.rows.iter_mut().flatten();
        for row in filed.filter(|row| row.listing().category() == Some(category)) {
            row.relist(row.listing().clone().with_category(None));
        }
        self.categories.remove(category)
    }

    pub(super) fn load(&self, wanted: &Wanted) -> Found {
        let receipt = |key: &ReceiptKey| self.row(key.auction).and_then(|row| row.receipt(key));
        Found {
            auctions: wanted
                .auctions
                .iter()
                .map(|id| self.row(*id).map(|row| row.auction().clone()))
                .collect(),
            standings: wanted
                .standings
                .iter()
                .map(|(id, user)| self.row(*id).map(|row| row.standing(*user)).unwrap_or_default())
                .collect(),
            receipts: wanted.receipts.iter().map(receipt).collect(),
        }
    }

    /// Writes the entries that rest on the revision that their auctions have; of a malformed batch nothing.
    pub(super) fn commit(&mut self, batch: &Batch) -> Result<Vec<CommitResult>, Failure> {
        self.check(batch)?;
        Ok(batch.entries().iter().map(|entry| self.write(batch, entry)).collect())
    }

    fn check(&mut self, batch: &Batch) -> Result<(), Failure> {
        self.batches += 1;
        for entry in batch.entries() {
            let id = entry.auction().id();
            let batch_number = self.batches;
            if let Some(row) = self.row_mut(id)
                && !row.check_in(batch_number)
            {
                return Err(failure("commit", "a batch has two entries for one auction"));
            }
            let mut revision = entry.before();
            for recorded in batch.events_of(entry) {
                revision += 1;
                if recorded.revision != revision {
                    return Err(failure("commit", "the events do not continue the log"));
                }
            }
            if entry.auction().revision() != revision {
                return Err(failure("commit", "the state is not that after the last event"));
            }
            if batch.receipts_of(entry).iter().any(|(key, _)| key.auction != id) {
                return Err(failure("commit", "a receipt is for another auction"));
            }
        }
        Ok(())
    }

    fn write(&mut self, batch: &Batch, entry: &Entry) -> CommitResult {
        let id = entry.auction().id();
        let Some(row) = self.row_mut(id) else { return CommitResult::Conflict };
        if row.auction().revision() != entry.before() {
            return CommitResult::Conflict;
        }
        let (before, after) = (row.auction().deadline(), entry.deadline());
        row.write(batch, entry);
        if before != after {
            row.release();
            if let Some(deadline) = before {
                self.deadlines.remove(&(deadline, id));
            }
            self.deadlines.extend(after.map(|deadline| (deadline, id)));
        }
        CommitResult::Committed
    }

    pub(super) fn claim(&mut self, claim: &Claim) -> Vec<AuctionId> {
        let rows = &mut self.rows;
        let mut claimed = Vec::new();
        for (deadline, id) in &self.deadlines {
            if *deadline > claim.due_by || claimed.len() >= claim.auctions_max {
                break;
            }
            if let Some(row) = rows[index(*id)].as_mut()
                && row.is_free(claim.now)
            {
                row.lease(claim.now.after(claim.lease));
                claimed.push(*id);
            }
        }
        claimed
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let rows = self.deadlines.iter().filter_map(|(deadline, id)| Some((*deadline, self.row(*id)?)));
        rows.map(|(deadline, row)| row.free_from(deadline)).min()
    }
}

/// Where the row of an auction stands.
fn index(id: AuctionId) -> usize {
    usize::try_from(id.number() - 1).unwrap_or(usize::MAX)
}

/// A repetition would fail in the same way.
pub(super) fn failure(operation: &'static str, why: &'static str) -> Failure {
    Failure::new(FailureKind::Other, operation, why)
}
