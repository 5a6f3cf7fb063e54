//! The ports of the reference backend.

use super::state::{State, failure};
use crate::auction::{Auction, Recorded};
use crate::id::AuctionId;
use crate::ports::{
    AuctionStore, Batch, Claim, CommitId, CommitResult, Failure, Found, Locked, MembersQuery, NewAuction,
    Timetable, Wanted,
};
use crate::time::Timestamp;
use async_lock::{Mutex, MutexGuard};
use async_trait::async_trait;
use std::sync::Arc;

/// A store that keeps everything in memory, behind one mutex.
///
/// It does what the ports ask for, save that nothing outlives it. While somebody holds the
/// [`lock`](AuctionStore::lock) of one auction everybody waits, whatever they want: never await another call
/// while holding it.
///
/// A batch that makes no sense in itself (events that do not continue the log, a state that is not that after
/// the last event, two entries for one auction, receipts for another one) is a failure, and nothing of it is
/// written.
#[derive(Debug)]
pub struct MemoryStore {
    pub(super) state: Mutex<State>,
    is_exclusive: bool,
}

impl MemoryStore {
    /// An empty store for one process that writes.
    pub fn new() -> Self {
        Self { state: Mutex::new(State::default()), is_exclusive: true }
    }

    /// An empty store that says that others write, too: several desks over one such store are like several
    /// nodes over one database.
    pub fn shared() -> Self {
        Self { is_exclusive: false, ..Self::new() }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl AuctionStore for MemoryStore {
    fn is_exclusive(&self) -> bool {
        self.is_exclusive
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.state.lock().await.create(new)
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        Ok(self.state.lock().await.load(wanted))
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        Ok(self.state.lock().await.members(query))
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        self.state.lock().await.commit(batch)
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        Ok(Box::new(LockedAuction { state: self.state.lock().await, auction }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let state = self.state.lock().await;
        Ok(state.row(auction).map(|row| row.history(after_revision, events_max)).unwrap_or_default())
    }
}

#[async_trait]
impl Timetable for MemoryStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        Ok(self.state.lock().await.claim(claim))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.state.lock().await.next_due())
    }
}

/// The whole store, locked for the sake of one auction.
struct LockedAuction<'a> {
    state: MutexGuard<'a, State>,
    auction: AuctionId,
}

#[async_trait]
impl Locked for LockedAuction<'_> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        Ok(self.state.load(wanted))
    }

    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure> {
        Ok(self.state.row(self.auction).is_some_and(|row| row.committed(commit, after_revision)))
    }

    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure> {
        let row = self.state.row(self.auction);
        Ok(row.map(|row| row.history(after_revision, events_max)).unwrap_or_default())
    }

    async fn commit(mut self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        let wrong = || failure("commit under a lock", "the batch is not for the locked auction alone");
        match batch.entries() {
            [entry] if entry.auction().id() == self.auction => {
                self.state.commit(batch)?.first().copied().ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auction::{BidderFacts, Standing};
    use crate::auction::{Charter, Command, Saleroom, Schedule, TermsDocument};
    use crate::catalog::Listing;
    use crate::id::UserId;
    use crate::money::{Amount, Currency};
    use crate::ports::{Accepted, IdempotencyKey, NewAuction, Receipt, ReceiptKey};
    use pollster::block_on;

    /// A store with two scheduled auctions, and the rooms that they are.
    fn two_auctions() -> (MemoryStore, [Saleroom; 2]) {
        let store = MemoryStore::new();
        let second = |second: i64| Timestamp::from_micros(second * 1_000_000).unwrap();
        let terms = TermsDocument::default().terms(Currency::USD, Amount::ONE_MINOR).unwrap();
        let schedule = Schedule::new(second(10), second(20)).unwrap();
        let charter = Charter::new(UserId::new(1).unwrap(), schedule, terms).unwrap();
        let new = NewAuction {
            commit: CommitId(1),
            charter: Arc::new(charter.clone()),
            listing: Listing::new("A lot", "", None).unwrap(),
            draft: false,
            at: Timestamp::EPOCH,
        };
        let room = || {
            let id = block_on(store.create(&new)).unwrap().id();
            let mut room = Saleroom::open(id, charter.clone(), Timestamp::EPOCH);
            room.handle(&BidderFacts::VERIFIED, &Command::advance(second(10))).unwrap();
            room
        };
        let rooms = [room(), room()];
        (store, rooms)
    }

    /// Adds an entry.
    type Push<'a> = &'a dyn Fn(&mut Batch);

    /// A good entry for the first auction, and a second one.
    fn commit(
        store: &MemoryStore,
        [first, _]: &[Saleroom; 2],
        second: impl FnOnce(&mut Batch),
    ) -> Result<Vec<CommitResult>, Failure> {
        let mut batch = Batch::new(CommitId(2));
        batch.push(1, first.auction().clone(), first.log()[1..].to_vec(), [], []);
        second(&mut batch);
        block_on(store.commit(&Arc::new(batch)))
    }

    #[test]
    fn nothing_is_written_of_a_batch_that_makes_no_sense() {
        let (store, rooms) = two_auctions();
        let [_, second] = &rooms;
        let (state, events) = (second.auction().clone(), second.log()[1..].to_vec());
        let key = IdempotencyKey::new("key").unwrap();
        let user = UserId::new(2).unwrap();
        let elsewhere = ReceiptKey { auction: rooms[0].auction().id(), user, key };
        let answer = Accepted {
            auction: elsewhere.auction,
            currency: Currency::USD,
            row: None,
            version: 1,
            at: Timestamp::EPOCH,
            amount: None,
            leading: false,
            price: Amount::ONE_MINOR,
            minimum_bid: None,
            ends_at: Timestamp::EPOCH,
            phase: state.status().phase(),
        };
        let receipt = Receipt { fingerprint: 1, answer };
        let malformed: [(&str, Push<'_>); 5] = [
            ("no event", &|batch| batch.push(1, state.clone(), [], [], [])),
            ("a gap", &|batch| batch.push(0, state.clone(), events.clone(), [], [])),
            ("an event twice", &|batch| {
                batch.push(1, state.clone(), [events.clone(), events.clone()].concat(), [], []);
            }),
            ("a receipt elsewhere", &|batch| {
                batch.push(
                    1,
                    state.clone(),
                    events.clone(),
                    [(user, Standing::default())],
                    [(elsewhere, receipt)],
                );
            }),
            ("the first auction twice", &|batch| {
                batch.push(1, rooms[0].auction().clone(), rooms[0].log()[1..].to_vec(), [], []);
            }),
        ];
        for (what, second) in malformed {
            assert!(commit(&store, &rooms, second).is_err(), "{what}");
            let wanted = Wanted { auctions: vec![rooms[0].auction().id()], ..Wanted::NOTHING };
            let found = block_on(store.load(&wanted)).unwrap();
            assert_eq!(found.auctions[0].as_ref().map(Auction::revision), Some(1), "{what}");
        }
        let good = |batch: &mut Batch| batch.push(1, state.clone(), events.clone(), [], []);
        assert_eq!(commit(&store, &rooms, good).unwrap(), [CommitResult::Committed; 2]);
    }

    #[test]
    fn a_commit_under_a_lock_is_for_the_locked_auction_alone() {
        let (store, [first, second]) = two_auctions();
        let mut batch = Batch::new(CommitId(2));
        batch.push(1, second.auction().clone(), second.log()[1..].to_vec(), [], []);
        let batch = Arc::new(batch);
        let lock = |room: &Saleroom| block_on(store.lock(room.auction().id())).unwrap();
        assert!(block_on(lock(&first).commit(&batch)).is_err());
        assert!(block_on(lock(&second).commit(&Arc::new(Batch::new(CommitId(3))))).is_err());
        assert_eq!(block_on(lock(&second).commit(&batch)).unwrap(), CommitResult::Committed);
    }

    #[test]
    fn only_a_shared_store_says_that_others_write() {
        assert!(MemoryStore::default().is_exclusive());
        assert!(!MemoryStore::shared().is_exclusive());
    }
}
