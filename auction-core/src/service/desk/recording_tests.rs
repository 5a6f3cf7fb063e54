use super::super::scene::{
    Fault, FaultyStore, bid, charter_under, create_under, keyed, log, noon, process, shard, stored, user,
};
use super::{Refusal, Request};
use crate::auction::{
    Action, BidderFacts, Command, Event, Outcome, Reason, Rejection, Removal, Status, decide, fold,
    needs_record,
};
use crate::id::{AuctionId, UserId};
use crate::memory::MemoryStore;
use crate::money::Amount;
use crate::ports::{AuctionStore, HISTORY_PAGE_MAX, Wanted};
use crate::time::Timestamp;
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const SEALED: &str = r#"{"format":{"kind":"vickrey","revisions":"replace"},"participation":"open"}"#;
const OPEN: &str = r#"{"increments":{"kind":"fixed","step":"1.00"},"first_bid":"at_least","participation":"open",
    "retraction":{"kind":"allowed"}}"#;

fn house(auction: AuctionId, at: Timestamp, action: Action) -> Request {
    let by = crate::auction::Actor::System;
    Request { auction, command: Command { at, by, action }, facts: BidderFacts::VERIFIED, key: None }
}

fn end(auction: AuctionId) -> Request {
    house(auction, noon(3_600), Action::Advance)
}

fn retract(auction: AuctionId, bidder: u64, at: Timestamp) -> Request {
    let reason = Reason::new("Typed 500 for 50.").unwrap();
    let command = Command::of(user(bidder), at, Action::Retract { reason });
    Request { auction, command, facts: BidderFacts::VERIFIED, key: None }
}

fn sale(store: &dyn AuctionStore, auction: AuctionId) -> Option<(UserId, Amount)> {
    match stored(store, auction).status() {
        Status::Ended { outcome, .. } => outcome.sale(),
        status => panic!("{status:?}"),
    }
}

fn dollars(units: i64) -> Amount {
    Amount::from_minor(units * 100).unwrap()
}

#[test]
fn sealed_bids_of_earlier_batches_and_of_the_closing_one_are_all_opened() {
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(SEALED));
    let mut desk = shard(&store, 1);
    let early = [bid(auction, 2, "100", noon(1)), bid(auction, 3, "80", noon(2))];
    assert!(process(&mut desk, &early).iter().all(Result::is_ok));
    // A desk that remembers nothing, and a bid that the closing batch takes before it closes.
    let late = [bid(auction, 4, "90", noon(3)), end(auction)];
    assert!(process(&mut shard(&store, 2), &late).iter().all(Result::is_ok));
    assert_eq!(sale(&*store, auction), Some((user(2), dollars(90))));
}

#[test]
fn a_record_longer_than_a_page_is_read_whole() {
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(SEALED));
    let mut desk = shard(&store, 1);
    let bidders = HISTORY_PAGE_MAX as u64;
    let bids: Vec<_> =
        (0..bidders).map(|number| bid(auction, 2 + number, &(20 + number).to_string(), noon(1))).collect();
    assert!(process(&mut desk, &bids).iter().all(Result::is_ok));
    process(&mut shard(&store, 2), &[end(auction)])[0].unwrap();
    let highest = i64::try_from(20 + bidders - 1).unwrap();
    assert_eq!(sale(&*store, auction), Some((user(1 + bidders), dollars(highest - 1))));
}

#[test]
fn a_node_whose_memory_is_old_opens_the_bids_of_others_too() {
    let store = Arc::new(MemoryStore::shared());
    let auction = create_under(&*store, charter_under(SEALED));
    let (mut one, mut two) = (shard(&store, 1), shard(&store, 2));
    process(&mut one, &[bid(auction, 2, "50", noon(1))])[0].unwrap();
    process(&mut two, &[bid(auction, 3, "70", noon(2))])[0].unwrap();
    // The first node knows nothing of the second bid: its commit is a conflict, and it looks under the lock.
    process(&mut one, &[end(auction)])[0].unwrap();
    assert_eq!(sale(&*store, auction), Some((user(3), dollars(50))));
    let ends = log(&*store, auction).iter().filter(|one| matches!(one.event, Event::Ended { .. })).count();
    assert_eq!(ends, 1);
}

#[test]
fn a_close_whose_answer_was_lost_happens_once_and_opens_every_bid() {
    for fault in [Fault::AnswerLost, Fault::NothingWritten] {
        let store = Arc::new(FaultyStore::new(MemoryStore::new(), &[fault]));
        let auction = create_under(&*store, charter_under(SEALED));
        let requests = [bid(auction, 2, "50", noon(1)), bid(auction, 3, "70", noon(2)), end(auction)];
        assert!(process(&mut shard(&store, 1), &requests).iter().all(Result::is_ok), "{fault:?}");
        assert_eq!(sale(&*store, auction), Some((user(3), dollars(50))), "{fault:?}");
    }
}

#[test]
fn a_bid_that_is_taken_back_twice_under_one_key_goes_once() {
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(OPEN));
    let mut desk = shard(&store, 1);
    for (bidder, amount, second) in [(2, "20", 1), (3, "50", 2), (4, "35", 3)] {
        process(&mut desk, &[bid(auction, bidder, amount, noon(second))])[0].unwrap();
    }
    let back = keyed(retract(auction, 3, noon(3_000)), "k");
    // Late, and the bid was placed within the hour.
    let answer = process(&mut desk, std::slice::from_ref(&back)).remove(0).unwrap();
    let after = stored(&*store, auction);
    assert_eq!((after.leader(), after.price()), (Some(user(4)), dollars(21)));
    assert_eq!(process(&mut shard(&store, 2), &[back]), [Ok(answer)]);
    assert_eq!(stored(&*store, auction), after);
}

#[test]
fn a_removal_and_a_bid_in_one_batch_go_in_their_order() {
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(OPEN));
    let reason = Reason::new("A shill.").unwrap();
    let void = house(auction, noon(4), Action::Void { removal: Removal::Of(user(3)), reason });
    let requests = [
        bid(auction, 2, "20", noon(1)),
        bid(auction, 3, "50", noon(2)),
        bid(auction, 2, "60", noon(3)),
        void,
        bid(auction, 4, "30", noon(5)),
    ];
    assert!(process(&mut shard(&store, 1), &requests).iter().all(Result::is_ok));
    let after = stored(&*store, auction);
    assert_eq!((after.leader(), after.price(), after.bid_count()), (Some(user(2)), dollars(31), 3));
}

#[test]
fn without_the_record_nothing_is_decided_that_needs_it() {
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(SEALED));
    let state = stored(&*store, auction);
    let command = end(auction).command;
    assert!(needs_record(&state, &command));
    let decided = decide(&state, &Default::default(), &BidderFacts::VERIFIED, &command);
    assert_eq!(decided, Err(Rejection::RecordMissing));
    // What is refused anyway needs none.
    let late = bid(auction, 2, "50", noon(3_600)).command;
    assert!(!needs_record(&state, &late));
    assert_eq!(decide(&state, &Default::default(), &BidderFacts::VERIFIED, &late), Err(Rejection::Ended));
}

#[test]
fn what_somebody_has_bought_is_not_called_off() {
    let terms = r#"{"format":{"kind":"fixed_price","quantity":3},"participation":"open"}"#;
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(terms));
    let buy = Action::Buy { price: 10.into(), units: crate::auction::Units::ONE };
    let buy = Request { command: Command::of(user(2), noon(1), buy), ..end(auction) };
    let requests = [buy, house(auction, noon(2), Action::Cancel), house(auction, noon(3), Action::Close)];
    let replies = process(&mut shard(&store, 1), &requests);
    let rejection = replies[1].as_ref().err().and_then(Refusal::rejection);
    assert_eq!(rejection, Some(Rejection::IllegalTransition { from: crate::auction::Phase::Started }));
    let outcome = Outcome::SoldUnits { units: 1 };
    assert_eq!(*stored(&*store, auction).status(), Status::Ended { at: noon(3), outcome });
}

#[test]
fn units_that_are_bought_through_a_desk_run_out() {
    let terms = r#"{"format":{"kind":"fixed_price","quantity":3},"participation":"open"}"#;
    let store = Arc::new(MemoryStore::new());
    let auction = create_under(&*store, charter_under(terms));
    let buy = |who, units| Request {
        command: Command::of(
            user(who),
            noon(1),
            Action::Buy { price: 10.into(), units: crate::auction::Units::new(units).unwrap() },
        ),
        ..house(auction, noon(1), Action::Advance)
    };
    let replies = process(&mut shard(&store, 1), &[buy(2, 2), buy(3, 2), buy(3, 1), buy(4, 1)]);
    let told = replies.iter().map(|reply| reply.as_ref().map(|accepted| accepted.leading));
    let refused = |rejection| {
        Err(Refusal::Rejected { rejection, currency: Some(crate::money::Currency::USD), falls: false })
    };
    let expected =
        [Ok(true), refused(Rejection::NotEnoughUnits { left: 1 }), Ok(true), refused(Rejection::AlreadySold)];
    assert!(told.eq(expected.iter().map(|told| told.as_ref().map(|leading| *leading))), "{replies:?}");
    let outcome = Outcome::SoldUnits { units: 3 };
    assert_eq!(*stored(&*store, auction).status(), Status::Ended { at: noon(1), outcome });
}

/// The standings that are stored are those that the log makes.
fn check_standings(store: &dyn AuctionStore, auction: AuctionId) {
    let log = log(store, auction);
    let (_, standings) = fold(auction, &log).unwrap();
    for (bidder, standing) in standings {
        let wanted = Wanted { standings: vec![(auction, bidder)], ..Wanted::NOTHING };
        assert_eq!(block_on(store.load(&wanted)).unwrap().standings, [standing], "{bidder:?}");
    }
}

#[test]
fn who_is_struck_stays_a_participant_whatever_the_desk_remembers() {
    for removal in [Removal::Of(user(3)), Removal::Row(3), Removal::One(6)] {
        for fault in [None, Some(Fault::NothingWritten), Some(Fault::AnswerLost)] {
            let faults: Vec<_> = fault.into_iter().collect();
            let store = Arc::new(FaultyStore::new(MemoryStore::new(), &[]));
            let auction = create_under(&*store, charter_under(OPEN));
            for (bidder, amount, second) in [(2, "20", 1), (3, "50", 2), (3, "70", 3)] {
                process(&mut shard(&store, 1), &[bid(auction, bidder, amount, noon(second))])[0].unwrap();
            }
            let inner = Arc::into_inner(store).unwrap().inner;
            let store = Arc::new(FaultyStore::new(inner, &faults));
            let reason = Reason::new("A shill.").unwrap();
            let void = house(auction, noon(4), Action::Void { removal, reason });
            process(&mut shard(&store, 2), &[void])[0].unwrap();
            check_standings(&*store, auction);
            process(&mut shard(&store, 3), &[bid(auction, 3, "90", noon(5))])[0].unwrap();
            check_standings(&*store, auction);
            assert_eq!(stored(&*store, auction).participants(), 2, "nobody joins twice");
        }
    }
}

#[test]
fn nobody_makes_the_desk_read_a_log_who_may_not_do_what_needs_it() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), &[]));
    let sealed = create_under(&*store, charter_under(SEALED));
    let open = create_under(&*store, charter_under(OPEN));
    let mut desk = shard(&store, 1);
    process(&mut desk, &[bid(sealed, 2, "20", noon(1)), bid(open, 2, "20", noon(1))])[0].unwrap();
    let stranger = |auction, action| {
        let command = Command::of(user(9), noon(2), action);
        Request { auction, command, facts: BidderFacts::VERIFIED, key: None }
    };
    let reason = Reason::new("I like to.").unwrap();
    let removal = Removal::Of(user(2));
    let requests = [
        stranger(sealed, Action::Close),
        stranger(open, Action::Void { removal, reason: reason.clone() }),
        stranger(open, Action::Retract { reason: reason.clone() }),
    ];
    assert!(process(&mut desk, &requests).iter().all(Result::is_err));
    process(&mut desk, &[end(sealed)])[0].unwrap();
    let readings = store.readings.load(Ordering::Relaxed);
    assert_eq!(readings, 1, "only the close that is due reads");
    // What is over needs nothing read either, whoever asks.
    let again = [stranger(sealed, Action::Close), house(sealed, noon(4_000), Action::Close)];
    assert!(process(&mut desk, &again).iter().all(Result::is_err));
    assert_eq!(store.readings.load(Ordering::Relaxed), readings);
}
