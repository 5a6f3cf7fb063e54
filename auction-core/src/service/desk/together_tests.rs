use super::super::following::Following;
use super::super::scene::{
    FaultyStore, SELLER, SoloDesk, bid, create_under, log, noon, process, shard, stored, user,
};
use super::{Refusal, Request, Shard};
use crate::auction::{
    Action, Actor, Auction, BidderFacts, Charter, Command, Event, Phase, Rejection, Schedule, Status,
    TermsDocument,
};
use crate::id::AuctionId;
use crate::memory::MemoryStore;
use crate::money::{Amount, Currency};
use crate::ports::{AuctionStore, FailureKind};
use crate::service::Wake;
use crate::time::Timestamp;
use async_lock::Mutex;
use pollster::block_on;
use proptest::prelude::*;
use std::sync::Arc;

/// One o'clock, when all lots are scheduled to end.
const END: u32 = 3_600;
const RESET: &str = r#""kind":"reset","window_s":180"#;

/// A lot of somebody until `ends` seconds after noon.
fn charter(seller: u64, closing: &str, group: &str, ends: u32) -> Arc<Charter> {
    let terms = format!(
        r#"{{"increments":{{"kind":"fixed","step":"1.00"}},"first_bid":"at_least","participation":"open",
        "buy_now":{{"price":"500.00","rule":"always"}},"closing":{{{closing},"group":"{group}"}}}}"#
    );
    let start = Amount::parse("10.00", Currency::USD).unwrap();
    let terms = TermsDocument::parse(&terms).unwrap().terms(Currency::USD, start).unwrap();
    Arc::new(Charter::new(user(seller), Schedule::new(noon(0), noon(ends)).unwrap(), terms).unwrap())
}

fn lot(store: &dyn AuctionStore) -> AuctionId {
    create_under(store, charter(SELLER, RESET, "evening", END))
}

fn house(auction: AuctionId, secs: u32, action: Action) -> Request {
    let command = Command { at: noon(secs), by: Actor::System, action };
    Request { auction, command, facts: BidderFacts::VERIFIED, key: None }
}

fn advance(auction: AuctionId, secs: u32) -> Request {
    house(auction, secs, Action::Advance)
}

fn ends_at(store: &dyn AuctionStore, auction: AuctionId) -> Timestamp {
    stored(store, auction).ends_at()
}

fn phase(store: &dyn AuctionStore, auction: AuctionId) -> Phase {
    stored(store, auction).status().phase()
}

fn rejections(desk: &mut Shard, requests: &[Request]) -> Vec<Option<Rejection>> {
    let replies = process(desk, requests);
    replies.iter().map(|reply| reply.as_ref().err().and_then(Refusal::rejection)).collect()
}

/// Both kinds of stores: one process that writes, and several.
fn stores() -> [Arc<MemoryStore>; 2] {
    [Arc::new(MemoryStore::new()), Arc::new(MemoryStore::shared())]
}

#[test]
fn a_lot_whose_group_has_moved_is_open_at_its_old_end_and_closes_at_the_new_one() {
    for store in stores() {
        let (first, second) = (lot(&*store), lot(&*store));
        // Two desks, where there may be two: what one of them knows the other one has to read.
        let mut desks = [shard(&store, 1), shard(&store, 2)];
        let other = usize::from(!store.is_exclusive());
        process(&mut desks[other], &[bid(second, 2, "20", noon(1))])[0].unwrap();
        process(&mut desks[0], &[bid(first, 2, "20", noon(END - 60))])[0].unwrap();
        assert_eq!(ends_at(&*store, first), noon(END + 120));
        assert_eq!(ends_at(&*store, second), noon(END), "nobody has told it");
        // Its own end comes, and then a bid.
        process(&mut desks[other], &[advance(second, END)])[0].unwrap();
        assert_eq!(phase(&*store, second), Phase::Started);
        assert_eq!(ends_at(&*store, second), noon(END + 120));
        let answer = process(&mut desks[other], &[bid(second, 3, "30", noon(END + 30))])[0].unwrap();
        assert_eq!(answer.ends_at, noon(END + 210), "a bid in the window moves the end as ever");
        process(&mut desks[0], &[advance(first, END + 120)])[0].unwrap();
        assert_eq!(ends_at(&*store, first), noon(END + 210));
        for lot in [first, second] {
            process(&mut desks[0], &[advance(lot, END + 210)])[0].unwrap();
            let is_over =
                |status: &Status| matches!(status, Status::Ended { at, .. } if *at == noon(END + 210));
            assert!(is_over(stored(&*store, lot).status()));
        }
    }
}

#[test]
fn a_bid_after_the_old_end_lets_its_lot_follow_and_one_after_the_new_end_is_refused() {
    for store in stores() {
        let lots = [lot(&*store), lot(&*store), lot(&*store)];
        let mut desk = shard(&store, 1);
        process(&mut desk, &[bid(lots[0], 2, "20", noon(END - 60))])[0].unwrap();
        let late = [bid(lots[1], 3, "20", noon(END + 119)), bid(lots[2], 3, "20", noon(END + 120))];
        assert_eq!(rejections(&mut desk, &late), [None, Some(Rejection::Ended)]);
        // Its own bid has moved the end again, for all of them.
        assert_eq!(ends_at(&*store, lots[1]), noon(END + 299));
        assert_eq!(rejections(&mut desk, &[bid(lots[2], 3, "20", noon(END + 121))]), [None]);
    }
}

#[test]
fn a_bid_on_another_lot_in_the_same_batch_opens_a_lot_again() {
    for store in stores() {
        let (first, second) = (lot(&*store), lot(&*store));
        let batch = [bid(first, 2, "20", noon(END - 1)), bid(second, 3, "20", noon(END + 1))];
        assert_eq!(rejections(&mut shard(&store, 1), &batch), [None, None]);
        let second = log(&*store, second);
        let names: Vec<_> = second.iter().map(|recorded| recorded.event.name()).collect();
        assert_eq!(names, ["created", "extended", "started", "joined", "bid", "extended"]);
    }
}

#[test]
fn a_lot_that_was_over_before_its_group_moved_stays_over_however_late_it_is_closed() {
    for store in stores() {
        let first = lot(&*store);
        let later = create_under(&*store, charter(SELLER, RESET, "evening", END + 120));
        let mut desk = shard(&store, 1);
        process(&mut desk, &[bid(later, 2, "20", noon(END)), bid(later, 3, "30", noon(END + 1))]);
        assert_eq!(ends_at(&*store, later), noon(END + 181));
        assert_eq!(rejections(&mut desk, &[bid(first, 2, "20", noon(END + 2))]), [Some(Rejection::Ended)]);
        process(&mut desk, &[advance(first, END + 3)])[0].unwrap();
        assert!(matches!(stored(&*store, first).status(), Status::Ended { at, .. } if *at == noon(END)));
    }
}

#[test]
fn a_lot_follows_what_moved_before_its_end_though_more_has_happened_since() {
    let store = Arc::new(MemoryStore::new());
    let bounded = format!(r#"{RESET},"hard_end":"{}""#, noon(END + 100));
    let first = create_under(&*store, charter(SELLER, &bounded, "evening", END));
    let second = lot(&*store);
    let later = create_under(&*store, charter(SELLER, RESET, "evening", END + 60));
    let mut desk = shard(&store, 1);
    let bids = [
        bid(later, 2, "20", noon(END - 30)),
        bid(later, 3, "30", noon(END - 20)),
        bid(later, 2, "40", noon(END + 150)),
    ];
    assert!(process(&mut desk, &bids).iter().all(Result::is_ok));
    assert!(process(&mut desk, &[advance(first, END + 160), advance(second, END + 160)])[0].is_ok());
    let last = |auction| {
        let follow = log(&*store, auction).pop().unwrap();
        (follow.at, follow.event)
    };
    // Both were open when the end moved first. One of them was over when it moved last.
    assert_eq!(last(first), (noon(END), Event::Started));
    assert_eq!(ends_at(&*store, first), noon(END + 100));
    assert_eq!(ends_at(&*store, second), noon(END + 330));
    process(&mut desk, &[advance(first, END + 161)])[0].unwrap();
    assert!(matches!(stored(&*store, first).status(), Status::Ended { at, .. } if *at == noon(END + 100)));
}

#[test]
fn what_is_due_waits_for_the_new_end_even_if_that_has_passed() {
    let store = Arc::new(MemoryStore::new());
    let (first, second) = (lot(&*store), lot(&*store));
    let mut desk = shard(&store, 1);
    process(&mut desk, &[bid(first, 2, "20", noon(END - 60))])[0].unwrap();
    // Nobody closed anything for an hour; a bid from before the new end may still be under way.
    process(&mut desk, &[advance(second, 2 * END)])[0].unwrap();
    assert_eq!(phase(&*store, second), Phase::Started);
    assert_eq!(rejections(&mut desk, &[bid(second, 3, "20", noon(END + 119))]), [None]);
}

#[test]
fn groups_of_two_sellers_have_nothing_to_do_with_each_other() {
    let store = Arc::new(MemoryStore::new());
    let first = lot(&*store);
    let others = [
        create_under(&*store, charter(9, RESET, "evening", END)),
        create_under(&*store, charter(SELLER, RESET, "Evening", END)),
    ];
    let mut desk = shard(&store, 1);
    process(&mut desk, &[bid(first, 2, "20", noon(END - 60))])[0].unwrap();
    for other in others {
        assert_eq!(rejections(&mut desk, &[bid(other, 2, "20", noon(END))]), [Some(Rejection::Ended)]);
        process(&mut desk, &[advance(other, END)])[0].unwrap();
        assert_eq!(phase(&*store, other), Phase::Ended);
    }
}

#[test]
fn a_paused_lot_follows_when_it_goes_on_and_moves_the_others_by_its_pause() {
    let store = Arc::new(MemoryStore::new());
    let (first, second) = (lot(&*store), lot(&*store));
    let mut desk = shard(&store, 1);
    process(&mut desk, &[house(second, END - 90, Action::Pause)])[0].unwrap();
    process(&mut desk, &[bid(first, 2, "20", noon(END - 60))])[0].unwrap();
    process(&mut desk, &[advance(second, END - 50)])[0].unwrap();
    assert_eq!(ends_at(&*store, second), noon(END), "it is not open");
    process(&mut desk, &[house(second, END - 40, Action::Resume)])[0].unwrap();
    assert_eq!(ends_at(&*store, second), noon(END + 120));
    // A pause that is longer than the group has left.
    process(&mut desk, &[house(second, END, Action::Pause)])[0].unwrap();
    process(&mut desk, &[house(second, END + 100, Action::Resume)])[0].unwrap();
    assert_eq!(ends_at(&*store, second), noon(END + 220));
    process(&mut desk, &[advance(first, END + 120)])[0].unwrap();
    assert_eq!(ends_at(&*store, first), noon(END + 220));
}

#[test]
fn a_lot_follows_no_further_than_its_own_hard_end() {
    let store = Arc::new(MemoryStore::new());
    let first = lot(&*store);
    let bounded = format!(r#"{RESET},"hard_end":"{}""#, noon(END + 40));
    let bounded = create_under(&*store, charter(SELLER, &bounded, "evening", END));
    let mut desk = shard(&store, 1);
    process(&mut desk, &[bid(first, 2, "20", noon(END - 60))])[0].unwrap();
    process(&mut desk, &[advance(bounded, END)])[0].unwrap();
    assert_eq!(ends_at(&*store, bounded), noon(END + 40));
    let events = log(&*store, bounded).len();
    process(&mut desk, &[advance(bounded, END + 1)])[0].unwrap();
    assert_eq!(log(&*store, bounded).len(), events, "there is nothing left to follow");
    process(&mut desk, &[advance(bounded, END + 40)])[0].unwrap();
    assert_eq!(phase(&*store, bounded), Phase::Ended);
}

#[test]
fn a_lot_that_has_used_up_its_extensions_follows_nevertheless() {
    let store = Arc::new(MemoryStore::new());
    let first = lot(&*store);
    let once =
        create_under(&*store, charter(SELLER, &format!(r#"{RESET},"max_extensions":1"#), "evening", END));
    let mut desk = shard(&store, 1);
    for (lot, bidder, amount, secs) in [(once, 2, "20", 90), (once, 3, "30", 80), (first, 2, "20", 60)] {
        process(&mut desk, &[bid(lot, bidder, amount, noon(END - secs))])[0].unwrap();
    }
    assert_eq!(ends_at(&*store, once), noon(END + 90));
    process(&mut desk, &[advance(once, END + 90)])[0].unwrap();
    assert_eq!(ends_at(&*store, once), noon(END + 120));
    assert_eq!(stored(&*store, once).extensions(), 2);
}

#[test]
fn lots_that_are_over_early_stay_over_and_what_they_have_moved_stays_moved() {
    let store = Arc::new(MemoryStore::new());
    let lots: Vec<_> = (0..4).map(|_| lot(&*store)).collect();
    let mut desk = shard(&store, 1);
    process(&mut desk, &[bid(lots[0], 2, "500", noon(10))])[0].unwrap();
    process(&mut desk, &[house(lots[1], 20, Action::Close)])[0].unwrap();
    process(&mut desk, &[bid(lots[2], 2, "20", noon(END - 60))])[0].unwrap();
    process(&mut desk, &[house(lots[2], END - 50, Action::Cancel)])[0].unwrap();
    let phases = [Phase::BoughtNow, Phase::Ended, Phase::Cancelled, Phase::Started];
    for (lot, phase_then) in lots.iter().zip(phases) {
        process(&mut desk, &[advance(*lot, END)])[0].unwrap();
        assert_eq!(phase(&*store, *lot), phase_then);
    }
    assert_eq!(ends_at(&*store, lots[3]), noon(END + 120));
}

#[test]
fn a_lot_of_which_the_group_cannot_be_read_is_not_decided_and_others_are() {
    let mut store = FaultyStore::new(MemoryStore::new(), &[]);
    store.is_without_members = true;
    let (together, alone) = (lot(&store), super::super::scene::create(&store));
    let store = Arc::new(store);
    let mut desk = shard(&store, 1);
    let batch = [
        bid(together, 2, "20", noon(1)),
        bid(alone, 2, "20", noon(END - 1)),
        bid(together, 3, "30", noon(END - 1)),
    ];
    let replies = process(&mut desk, &batch);
    assert!(replies[1].is_ok());
    let failed = Err(Refusal::Failed(FailureKind::Unavailable));
    assert_eq!([replies[0], replies[2]], [failed, failed], "no part of its batch is decided");
    assert!(process(&mut desk, &batch[..1])[0].is_ok(), "long before its end it needs no group");
    let advanced = process(&mut desk, &[advance(together, END)]);
    assert_eq!(advanced, [failed]);
    assert_eq!(phase(&*store, together), Phase::Started);
}

#[test]
fn nodes_that_bid_on_lots_of_a_group_at_once_agree_on_its_end() {
    for round in 0..50 {
        let store = Arc::new(MemoryStore::shared());
        let lots = [lot(&*store), lot(&*store)];
        let (mut one, mut two) = (shard(&store, round), shard(&store, round + 1_000));
        // Both remember both lots as they were.
        for desk in [&mut one, &mut two] {
            process(desk, &lots.map(|lot| bid(lot, 9, "1", noon(1))));
        }
        process(&mut one, &[bid(lots[0], 2, "20", noon(END - 60))])[0].unwrap();
        process(&mut two, &[bid(lots[1], 3, "20", noon(END - 30)), bid(lots[0], 3, "30", noon(END + 10))]);
        process(&mut one, &[bid(lots[1], 2, "30", noon(END + 60))])[0].unwrap();
        for lot in lots {
            process(&mut one, &[advance(lot, END + 190)])[0].unwrap();
            assert_eq!(ends_at(&*store, lot), noon(END + 240));
            process(&mut two, &[advance(lot, END + 240)])[0].unwrap();
            assert_eq!(phase(&*store, lot), Phase::Ended);
        }
    }
}

/// How many lots the random runs have.
const LOTS: usize = 4;

/// What happens next: after so many seconds, to which lot, and what.
type Step = (u32, usize, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0..150_u32, 0..LOTS, 0..20_u8), 1..40)
}

/// What came of a random run.
#[derive(Debug, PartialEq)]
struct Run {
    rejections: Vec<Option<Rejection>>,
    /// Where a lot is over early, nobody cares when it would have ended.
    lots: Vec<(Status, Option<Timestamp>)>,
}

/// Plays steps through desks that take turns, and lets lots know of moves or not. Everything is closed in the end.
fn play(steps: &[Step], closings: &[String; LOTS], is_told: bool) -> Run {
    let store = Arc::new(MemoryStore::shared());
    let lots =
        closings.each_ref().map(|closing| create_under(&*store, charter(SELLER, closing, "evening", END)));
    let following = Following::new(Arc::clone(&store) as _);
    let desks = [1, 2].map(|seed| SoloDesk(Mutex::new(shard(&store, seed))));
    let mut secs = END - 600;
    let mut rejections = Vec::new();
    for (place, &(later, lot, what)) in steps.iter().enumerate() {
        secs += later;
        let auction = lots[lot];
        let request = match what {
            0 => house(auction, secs, Action::Pause),
            1 | 2 => house(auction, secs, Action::Resume),
            3 => house(auction, secs, Action::Cancel),
            4 => house(auction, secs, Action::Close),
            5..9 => advance(auction, secs),
            _ => bid(auction, 2 + place as u64, &(10 + place).to_string(), noon(secs)),
        };
        let processed = block_on(async { desks[place % 2].0.lock().await.process(&[request]).await });
        rejections.extend(
            processed.replies.iter().map(|reply| reply.err().and_then(|refusal| refusal.rejection())),
        );
        if is_told
            && processed.changes.iter().map(|change| following.note(change)).fold(false, |any, is| any | is)
        {
            while block_on(following.tick(&desks[(place + 1) % 2])).unwrap() != Wake::Idle {}
        }
    }
    // It takes one to follow, and one to close.
    let end = lots.map(|lot| advance(lot, 100 * END));
    for _ in 0..2 {
        assert!(process(&mut shard(&store, 3), &end).iter().all(Result::is_ok));
    }
    for lot in lots {
        let (mut ends, hard_end) = (noon(END), stored(&*store, lot).hard_end());
        for recorded in log(&*store, lot) {
            if let Event::Extended { ends_at } | Event::Resumed { ends_at } = recorded.event {
                assert!(ends_at >= ends, "the end moved back");
                assert!(hard_end.is_none_or(|latest| ends_at <= latest), "past the hard end");
                assert!(recorded.at < ends_at, "after the new end");
                ends = ends_at;
            }
        }
    }
    let lots = lots.map(|lot| stored(&*store, lot));
    let came = |lot: &Auction| {
        let is_over_early = matches!(lot.status(), Status::Ended { at, .. } if *at < lot.ends_at());
        (*lot.status(), (!is_over_early).then_some(lot.ends_at()))
    };
    Run { rejections, lots: lots.iter().map(came).collect() }
}

proptest! {
    #[test]
    fn it_makes_no_difference_whether_lots_are_told_or_find_out(steps in steps(), add in any::<bool>()) {
        let closing = if add { r#""kind":"add","window_s":180,"extend_s":120"# } else { RESET };
        let bounded = format!(r#"{closing},"hard_end":"{}""#, noon(END + 200));
        let short = closing.replace("180", "20");
        let closings = [closing, closing, &bounded, &short].map(str::to_owned);
        prop_assert_eq!(play(&steps, &closings, true), play(&steps, &closings, false));
    }

    #[test]
    fn a_group_ends_as_one_auction_would_to_which_all_bids_are_made(steps in steps()) {
        let steps: Vec<_> = steps.into_iter().map(|(later, lot, _)| (later, lot, 9)).collect();
        let (mut end, mut secs, mut rejections) = (END, END - 600, Vec::new());
        for (later, ..) in &steps {
            secs += later;
            rejections.push((secs >= end).then_some(Rejection::Ended));
            if secs < end && end - secs <= 180 {
                end = secs + 180;
            }
        }
        let run = play(&steps, &[RESET; LOTS].map(str::to_owned), steps.len() % 2 == 0);
        prop_assert_eq!(run.rejections, rejections);
        for (status, ends_at) in run.lots {
            prop_assert_eq!(ends_at, Some(noon(end)));
            let is_over = matches!(status, Status::Ended { at, .. } if at == noon(end));
            prop_assert!(is_over);
        }
    }
}
