//! News that waits to be sent.

use auction_core::ports::News;
use auction_core::{AuctionId, UserId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;

/// How many auctions, inboxes and people wait at most, each.
const WAITING_MAX: usize = 16_384;

/// News that waits to be sent: of each auction the newest version, and everything else once.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    people: FxHashSet<UserId>,
    auctions: FxHashMap<AuctionId, u64>,
    inboxes: FxHashSet<UserId>,
}

impl Waiting {
    /// Adds one. Answers whether there was room.
    pub(super) fn add(&mut self, news: News) -> bool {
        match news {
            News::Auction { auction, version } => {
                let has_room = self.auctions.len() < WAITING_MAX;
                match self.auctions.entry(auction) {
                    Entry::Occupied(mut newest) => {
                        let newest = newest.get_mut();
                        *newest = (*newest).max(version);
                        true
                    }
                    Entry::Vacant(place) if has_room => {
                        place.insert(version);
                        true
                    }
                    Entry::Vacant(_) => false,
                }
            }
            News::Inbox(user) => add(&mut self.inboxes, user),
            News::Person(user) => add(&mut self.people, user),
            // A kind that came later, which has no form yet.
            _ => false,
        }
    }

    /// Takes all of them: first what people may do, last what merely lies in an inbox.
    pub(super) fn take(&mut self) -> Vec<News> {
        let Self { people, auctions, inboxes } = std::mem::take(self);
        let auctions = auctions.into_iter().map(|(auction, version)| News::Auction { auction, version });
        let people = people.into_iter().map(News::Person);
        people.chain(auctions).chain(inboxes.into_iter().map(News::Inbox)).collect()
    }
}

fn add(users: &mut FxHashSet<UserId>, user: UserId) -> bool {
    if users.len() < WAITING_MAX {
        users.insert(user);
        return true;
    }
    users.contains(&user)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auction(number: usize, version: u64) -> News {
        News::Auction { auction: AuctionId::new(u64::try_from(number).unwrap()).unwrap(), version }
    }

    fn user(number: usize) -> UserId {
        UserId::new(u64::try_from(number).unwrap()).unwrap()
    }

    #[test]
    fn of_each_auction_the_newest_version_waits_and_everything_else_once() {
        let mut waiting = Waiting::default();
        for version in [3, 7, 5] {
            assert!(waiting.add(auction(1, version)));
            assert!(waiting.add(News::Inbox(user(1))));
            assert!(waiting.add(News::Person(user(1))));
        }
        let expected = [News::Person(user(1)), auction(1, 7), News::Inbox(user(1))];
        assert_eq!(waiting.take(), expected);
        assert_eq!(waiting.take(), []);
    }

    #[test]
    fn only_so_much_waits() {
        let kinds: [fn(usize) -> News; 3] = [
            |number| auction(number, 1),
            |number| News::Inbox(user(number)),
            |number| News::Person(user(number)),
        ];
        let mut waiting = Waiting::default();
        for news in kinds {
            for number in 1..=WAITING_MAX {
                assert!(waiting.add(news(number)));
            }
            assert!(!waiting.add(news(WAITING_MAX + 1)));
            // Of those that wait already there may be more.
            assert!(waiting.add(news(1)));
        }
        assert!(waiting.add(auction(1, 2)));
        let taken = waiting.take();
        assert_eq!(taken.len(), 3 * WAITING_MAX);
        assert!(taken.contains(&auction(1, 2)));
    }
}
