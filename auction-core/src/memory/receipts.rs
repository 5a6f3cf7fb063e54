//! The receipts of one auction.

use super::chain::Chain;
use crate::id::UserId;
use crate::ports::{IdempotencyKey, Receipt, ReceiptKey};
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};

type Kept = (UserId, IdempotencyKey, Receipt);

/// The receipts of one auction, found by user and key.
#[derive(Debug)]
pub(super) struct Receipts {
    kept: Chain<Kept>,
    /// Where each stands, beside its hash: a table that grows moves little, and touches no receipt.
    places: HashTable<(u64, usize)>,
    /// Clients choose the keys, so that they are hashed with a secret.
    secret: RandomState,
}

impl Receipts {
    pub(super) fn new() -> Self {
        Self { kept: Chain::new(), places: HashTable::new(), secret: RandomState::new() }
    }

    pub(super) fn find(&self, key: &ReceiptKey) -> Option<Receipt> {
        let hash = self.hash(key);
        let (_, place) = self.places.find(hash, |place| is_at(&self.kept, *place, hash, key))?;
        self.kept.get(*place).map(|(_, _, receipt)| *receipt)
    }

    /// Keeps a receipt, in the place of an earlier one under the same key.
    pub(super) fn keep(&mut self, key: &ReceiptKey, receipt: Receipt) {
        let hash = self.hash(key);
        let place = self.kept.len();
        let known = self.places.find_entry(hash, |known| is_at(&self.kept, *known, hash, key));
        match known {
            Ok(mut known) => known.get_mut().1 = place,
            Err(_) => {
                self.places.insert_unique(hash, (hash, place), |(hash, _)| *hash);
            }
        }
        self.kept.push((key.user, key.key, receipt));
    }

    fn hash(&self, key: &ReceiptKey) -> u64 {
        self.secret.hash_one((key.user, key.key))
    }
}

fn is_at(kept: &Chain<Kept>, (known, place): (u64, usize), hash: u64, key: &ReceiptKey) -> bool {
    known == hash && kept.get(place).is_some_and(|(user, name, _)| *user == key.user && *name == key.key)
}
