use super::super::scene::{
    Fault, FaultyStore, SELLER, bid, create, keyed, log, noon, process, shard, stored, user,
};
use super::{Limits, Refusal, Reply, Request, Shard};
use crate::auction::{Action, BidderFacts, Command, Event, Rejection, fold};
use crate::id::{AuctionId, UserId};
use crate::memory::{MemoryStore, SeededEntropy};
use crate::ports::{AuctionStore, FactsSource, Failure, FailureKind, Wanted};
use async_trait::async_trait;
use pollster::block_on;
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn rejection(reply: &Reply) -> Option<Rejection> {
    reply.as_ref().err().and_then(Refusal::rejection)
}

fn bids(store: &dyn AuctionStore, auction: AuctionId) -> usize {
    log(store, auction).iter().filter(|recorded| matches!(recorded.event, Event::Bid { .. })).count()
}

fn assert_folds(store: &dyn AuctionStore, auction: AuctionId) {
    let log = log(store, auction);
    let (state, standings) = fold(auction, &log).unwrap();
    assert_eq!(state, stored(store, auction));
    let wanted =
        Wanted { standings: standings.keys().map(|user| (auction, *user)).collect(), ..Wanted::NOTHING };
    assert_eq!(block_on(store.load(&wanted)).unwrap().standings, standings.into_values().collect::<Vec<_>>());
}

#[test]
fn retry_of_a_committed_bid_answers_with_its_receipt() {
    let store = Arc::new(MemoryStore::new());
    let auction = create(&*store);
    let mut desk = shard(&store, 1);
    let first = keyed(bid(auction, 2, "20", noon(1)), "k");
    let answer = process(&mut desk, std::slice::from_ref(&first)).remove(0).unwrap();
    // Outbid since, on which a second look would refuse it.
    process(&mut desk, &[bid(auction, 3, "50", noon(2))])[0].unwrap();
    assert_eq!(process(&mut desk, std::slice::from_ref(&first)), [Ok(answer)]);
    // Another desk, which remembers nothing.
    assert_eq!(process(&mut shard(&store, 2), &[first]), [Ok(answer)]);
    assert_eq!(bids(&*store, auction), 2);
}

#[test]
fn a_key_sent_twice_in_one_batch_counts_once() {
    let store = Arc::new(MemoryStore::new());
    let auction = create(&*store);
    let again = keyed(bid(auction, 2, "20", noon(1)), "k");
    let replies = process(&mut shard(&store, 1), &[again.clone(), again]);
    assert_eq!(replies[0], replies[1]);
    assert!(replies[0].is_ok());
    assert_eq!(bids(&*store, auction), 1);
}

#[test]
fn a_key_with_another_body_is_refused_and_other_peoples_keys_are_their_own() {
    let store = Arc::new(MemoryStore::new());
    let auction = create(&*store);
    let mut desk = shard(&store, 1);
    let requests = [
        keyed(bid(auction, 2, "20", noon(1)), "k"),
        keyed(bid(auction, 2, "21", noon(1)), "k"),
        keyed(bid(auction, 3, "30", noon(1)), "k"),
        keyed(bid(auction, 2, "20.00", noon(2)), "k"),
    ];
    let replies = process(&mut desk, &requests);
    assert_eq!(rejection(&replies[1]), Some(Rejection::IdempotencyKeyReused));
    assert!(replies[2].is_ok());
    assert_eq!(replies[3], replies[0], "the same amount, written differently");
}

#[test]
fn a_refused_command_leaves_no_trace() {
    let store = Arc::new(MemoryStore::new());
    let auction = create(&*store);
    let mut desk = shard(&store, 1);
    let low = keyed(bid(auction, 2, "9", noon(1)), "k");
    let before = log(&*store, auction);
    assert!(matches!(rejection(&process(&mut desk, &[low])[0]), Some(Rejection::BelowStartingPrice { .. })));
    assert_eq!(log(&*store, auction), before);
    // The key is still free.
    assert!(process(&mut desk, &[keyed(bid(auction, 2, "12", noon(2)), "k")])[0].is_ok());
}

#[test]
fn equal_bids_through_two_nodes_are_accepted_once() {
    for round in 0..200 {
        let store = Arc::new(MemoryStore::shared());
        let auction = create(&*store);
        let (mut one, mut two) = (shard(&store, round), shard(&store, round + 1_000));
        // Both remember the auction as it was.
        for desk in [&mut one, &mut two] {
            process(desk, &[bid(auction, 9, "1", noon(1))]);
        }
        let replies = [
            process(&mut one, &[bid(auction, 2, "10", noon(2))]).remove(0),
            process(&mut two, &[bid(auction, 3, "10", noon(2))]).remove(0),
        ];
        assert!(replies[0].is_ok());
        assert!(matches!(rejection(&replies[1]), Some(Rejection::BelowMinimum { .. })));
        assert_eq!(bids(&*store, auction), 1);
        assert_folds(&*store, auction);
    }
}

#[test]
fn what_another_node_wrote_is_seen_before_a_bid_is_refused() {
    let store = Arc::new(MemoryStore::shared());
    let auction = create(&*store);
    let (mut one, mut two) = (shard(&store, 1), shard(&store, 2));
    process(&mut one, &[bid(auction, 2, "10", noon(1))])[0].unwrap();
    // Another node pauses and resumes; this one still remembers the auction as paused.
    let staff = |action| Request {
        command: Command::of(user(50), noon(2), action),
        facts: BidderFacts::STAFF,
        ..bid(auction, 50, "1", noon(2))
    };
    process(&mut one, &[staff(Action::Pause)])[0].unwrap();
    process(&mut two, &[staff(Action::Resume)])[0].unwrap();
    assert!(process(&mut one, &[bid(auction, 3, "20", noon(3))])[0].is_ok());
    assert_folds(&*store, auction);
}

#[test]
fn a_conflict_harms_only_its_auction_and_is_decided_again() {
    let store = Arc::new(MemoryStore::shared());
    let (hot, cold) = (create(&*store), create(&*store));
    let (mut one, mut two) = (shard(&store, 1), shard(&store, 2));
    process(&mut one, &[bid(hot, 2, "10", noon(1)), bid(cold, 2, "10", noon(1))]);
    process(&mut two, &[bid(hot, 3, "30", noon(2))])[0].unwrap();
    let replies = process(&mut one, &[bid(hot, 4, "20", noon(3)), bid(cold, 4, "20", noon(3))]);
    let answer = replies[0].unwrap();
    assert!(!answer.leading, "decided against the maximum that the other node took");
    assert_eq!(answer.price.minor(), 21_00);
    assert!(replies[1].unwrap().leading);
    assert_folds(&*store, hot);
    assert_folds(&*store, cold);
}

#[test]
fn nodes_that_take_turns_on_an_auction_meet_one_conflict_each() {
    let store = Arc::new(FaultyStore::new(MemoryStore::shared(), &[]));
    let auction = create(&*store);
    let mut desks = [shard(&store, 1), shard(&store, 2)];
    for turn in 0..40_u32 {
        let desk = &mut desks[turn as usize % 2];
        let amount = (20 + 10 * turn).to_string();
        assert!(process(desk, &[bid(auction, 2 + u64::from(turn % 3), &amount, noon(1 + turn))])[0].is_ok());
    }
    assert_eq!(bids(&*store, auction), 40);
    assert_eq!(store.commits.load(Ordering::Relaxed), 42, "the second node has read it before its first bid");
    assert_folds(&*store, auction);
}

#[test]
fn a_commit_whose_answer_was_lost_counts_once() {
    for fault in [Fault::AnswerLost, Fault::NothingWritten] {
        for faults in 1..super::ATTEMPTS_MAX {
            let store = Arc::new(FaultyStore::new(MemoryStore::shared(), &vec![fault; faults]));
            let auction = create(&*store);
            let mut desk = shard(&store, 1);
            let requests = [keyed(bid(auction, 2, "20", noon(1)), "a"), bid(auction, 3, "30", noon(1))];
            let processed = block_on(desk.process(&requests));
            assert!(processed.replies.iter().all(Result::is_ok), "{fault:?} {faults}");
            assert_eq!(processed.changes.len(), 1, "published once");
            assert_eq!(bids(&*store, auction), 2);
            assert_eq!(process(&mut desk, &requests[..1]), [processed.replies[0]]);
            assert_folds(&*store, auction);
        }
    }
}

#[test]
fn an_outcome_that_stays_unknown_is_said_to_be_unknown() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), &[Fault::NothingWritten; 64]));
    let auction = create(&*store);
    let mut desk = shard(&store, 1);
    let processed = block_on(desk.process(&[bid(auction, 2, "20", noon(1))]));
    assert_eq!(processed.replies, [Err(Refusal::Failed(FailureKind::Unavailable))]);
    assert!(processed.changes.is_empty());
    assert_eq!(bids(&*store, auction), 0);
}

#[test]
fn an_outcome_that_was_found_out_is_not_said_to_be_unknown() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), &[Fault::NothingWritten, Fault::Refused]));
    let auction = create(&*store);
    let mut desk = shard(&store, 1);
    let replies = process(&mut desk, &[bid(auction, 2, "20", noon(1))]);
    assert_eq!(replies, [Err(Refusal::Failed(FailureKind::Other))], "nothing of it was written");
    assert_eq!(bids(&*store, auction), 0);
    assert!(process(&mut desk, &[bid(auction, 2, "20", noon(1))])[0].is_ok());
}

#[test]
fn a_poisoned_auction_harms_only_itself() {
    let mut store = FaultyStore::new(MemoryStore::new(), &[]);
    let auctions = [create(&store), create(&store), create(&store)];
    store.poisoned = Some(auctions[1]);
    let store = Arc::new(store);
    let mut desk = shard(&store, 1);
    for second in 1..4 {
        let requests =
            auctions.map(|auction| bid(auction, 1 + u64::from(second), &format!("{second}0"), noon(second)));
        let replies = process(&mut desk, &requests);
        assert!(replies[0].is_ok() && replies[2].is_ok());
        assert_eq!(replies[1], Err(Refusal::Failed(FailureKind::Unavailable)));
    }
    assert_eq!(auctions.map(|auction| bids(&*store, auction)), [3, 0, 3]);
}

struct Verified;

#[async_trait]
impl FactsSource for Verified {
    async fn facts(&self, _: UserId, _: AuctionId) -> Result<BidderFacts, Failure> {
        Ok(BidderFacts::VERIFIED)
    }
}

#[test]
fn a_refusal_for_a_fact_reads_it_afresh() {
    let store = Arc::new(MemoryStore::new());
    let auction = create(&*store);
    let request = Request { facts: BidderFacts::UNVERIFIED, ..bid(auction, 2, "20", noon(1)) };
    let replies = process(&mut shard(&store, 1), std::slice::from_ref(&request));
    assert_eq!(rejection(&replies[0]), Some(Rejection::AccountNotVerified));
    let mut desk = shard(&store, 2).with_people(Arc::new(Verified));
    assert!(process(&mut desk, &[request])[0].is_ok());
}

#[test]
fn an_unknown_auction_is_not_found_but_who_may_not_bid_learns_that_first() {
    let store = Arc::new(MemoryStore::new());
    let nowhere = bid(AuctionId::new(77).unwrap(), 2, "20", noon(1));
    let unverified = Request { facts: BidderFacts::UNVERIFIED, ..nowhere.clone() };
    let replies = process(&mut shard(&store, 1), &[nowhere, unverified]);
    assert_eq!(rejection(&replies[0]), Some(Rejection::NotFound));
    assert_eq!(rejection(&replies[1]), Some(Rejection::AccountNotVerified));
}

#[test]
fn a_desk_that_remembers_little_decides_the_same() {
    let store = Arc::new(MemoryStore::new());
    let auctions: Vec<_> = (0..3_000).map(|_| create(&*store)).collect();
    let limits = Limits { auctions_max: NonZeroUsize::MIN, standings_max: 0 };
    let mut desk = Shard::new(store.clone(), Arc::new(SeededEntropy::new(1)), limits);
    for second in 1..4_u32 {
        let requests: Vec<_> = auctions
            .iter()
            .map(|auction| bid(*auction, 1 + u64::from(second), &format!("{second}0"), noon(second)))
            .collect();
        assert!(process(&mut desk, &requests).iter().all(Result::is_ok));
    }
    assert!(auctions.iter().all(|auction| bids(&*store, *auction) == 3));
}

/// Commands of a few people for a few auctions, some of them sent again.
fn commands() -> impl Strategy<Value = Vec<(u64, u64, u32, Option<u8>)>> {
    proptest::collection::vec((0..3_u64, SELLER..6, 8..60_u32, proptest::option::of(0..8_u8)), 1..120)
}

proptest! {
    #[test]
    fn the_result_is_independent_of_batching(commands in commands(), sizes in proptest::collection::vec(1..40_usize, 1..20)) {
        let run = |sizes: &[usize]| {
            let store = Arc::new(MemoryStore::new());
            let auctions: Vec<_> = (0..3).map(|_| create(&*store)).collect();
            let requests: Vec<_> = (0..).zip(&commands).map(|(second, (auction, bidder, amount, key))| {
                let request = bid(auctions[*auction as usize], *bidder, &amount.to_string(), noon(second * 31));
                match key {
                    Some(key) => keyed(request, &format!("k{key}")),
                    None => request,
                }
            }).collect();
            let mut desk = shard(&store, 1);
            let mut replies = Vec::new();
            let mut rest = &requests[..];
            for size in sizes.iter().cycle() {
                let (portion, later) = rest.split_at((*size).min(rest.len()));
                replies.extend(process(&mut desk, portion));
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            let logs: Vec<_> = auctions.iter().map(|auction| log(&*store, *auction)).collect();
            auctions.iter().for_each(|auction| assert_folds(&*store, *auction));
            (replies, logs)
        };
        prop_assert_eq!(run(&[1]), run(&sizes));
    }
}
