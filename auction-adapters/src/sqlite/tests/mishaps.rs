//! Writes that fail, one after the other.

use super::scene::{Telling, create, everything, list, new_auction, play, reference, round, shard};
use super::{InDirectory, block_on};
use crate::sqlite::writer::{Fault, Faults, Step};
use crate::sqlite::{SqliteOptions, SqliteStore};
use auction_core::AuctionId;
use auction_core::ports::{AuctionStore, CatalogStore, FailureKind, Wanted};
use auction_core::service::desk::Refusal;
use sqlx::Connection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const ROUNDS: u32 = 3;

/// Lets some steps go wrong, counted from when it is armed.
#[derive(Debug)]
struct Script {
    fault: Fault,
    first: u64,
    length: u64,
    seen: AtomicU64,
    is_armed: AtomicBool,
}

impl Script {
    fn new(fault: Fault, first: u64, length: u64) -> Arc<Self> {
        let (seen, is_armed) = (AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Self { fault, first, length, seen, is_armed })
    }

    /// Whether the run had so many steps that something went wrong.
    fn was_played(&self) -> bool {
        self.seen.load(Ordering::SeqCst) > self.first
    }
}

impl Faults for Script {
    fn next(&self, _: Step) -> Option<Fault> {
        if !self.is_armed.load(Ordering::SeqCst) {
            return None;
        }
        let step = self.seen.fetch_add(1, Ordering::SeqCst);
        (self.first..self.first + self.length).contains(&step).then_some(self.fault)
    }
}

/// Whatever step of a run fails, and however: every client gets its answer in the end, nothing is lost, nothing is
/// done twice, and the database says what its events say.
fn nothing_is_lost_or_done_twice(fault: Fault, length: u64) {
    block_on(async {
        let expected = reference(ROUNDS).await;
        for first in 0.. {
            let script = Script::new(fault, first, length);
            let place = InDirectory::new(SqliteOptions::default().with_faults(Arc::clone(&script) as _));
            let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
            create(&*store).await;
            script.is_armed.store(true, Ordering::SeqCst);
            let mut shard = shard(&store, first);
            for number in 1..=ROUNDS {
                play(&mut shard, number).await;
                if number == 2 {
                    list(&*store).await;
                }
            }
            assert_eq!(store.story(ROUNDS).await.unwrap(), expected, "{fault:?} at step {first}");
            assert_eq!(list(&*store).await.len(), 3);
            let checked = store.check(|_| {}).await.unwrap();
            assert!(checked.is_sound(), "{fault:?} at step {first}: {checked:?}");
            drop((shard, store));
            let store = SqliteStore::open(place.path(), SqliteOptions::default()).await.unwrap();
            assert_eq!(store.story(ROUNDS).await.unwrap(), expected, "{fault:?} at step {first}, reopened");
            if !script.was_played() {
                assert!(first > 10, "the run is too short to say anything");
                return;
            }
        }
    });
}

#[test]
fn nothing_is_lost_when_any_step_fails() {
    nothing_is_lost_or_done_twice(Fault::Fails, 1);
}

#[test]
fn nothing_is_lost_when_any_steps_fail_in_a_row() {
    nothing_is_lost_or_done_twice(Fault::Fails, 7);
}

#[test]
fn nothing_is_done_twice_when_nobody_hears_of_any_step() {
    nothing_is_lost_or_done_twice(Fault::Unheard, 1);
}

#[test]
fn nothing_is_lost_when_the_connection_goes_in_any_step() {
    nothing_is_lost_or_done_twice(Fault::Severed, 2);
}

/// Counts steps, and lets all of some kind fail for a time.
#[derive(Debug, Default)]
struct Watch {
    steps: Mutex<Vec<Step>>,
    failing: Mutex<Option<Step>>,
}

impl Faults for Watch {
    fn next(&self, step: Step) -> Option<Fault> {
        self.steps.lock().unwrap().push(step);
        (*self.failing.lock().unwrap() == Some(step)).then_some(Fault::Fails)
    }
}

impl Watch {
    fn place(self: &Arc<Self>, options: SqliteOptions) -> InDirectory {
        InDirectory::new(options.with_faults(Arc::clone(self) as _))
    }
}

#[test]
fn a_batch_is_one_insert_and_nothing_else() {
    block_on(async {
        let watch = Arc::new(Watch::default());
        let place = watch.place(SqliteOptions::default().with_projection_on_demand());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        let mut shard = shard(&store, 1);
        play(&mut shard, 1).await;
        watch.steps.lock().unwrap().clear();
        let requests: Vec<_> = (2..13).flat_map(round).collect();
        assert!(requests.len() > 90);
        assert!(shard.process(&requests).await.replies.iter().all(Result::is_ok));
        let mut steps = watch.steps.lock().unwrap().clone();
        // Whether a key was used before is looked up in the same breath.
        steps.retain(|step| *step != Step::Read);
        assert_eq!(steps, [Step::Journal]);
    });
}

#[test]
fn a_store_that_cannot_bring_its_journal_into_the_tables_is_busy_and_recovers() {
    block_on(async {
        let watch = Arc::new(Watch::default());
        let place = watch.place(SqliteOptions::default().with_lag_events_max(40));
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        let auctions = list(&*store).await.len();
        *watch.failing.lock().unwrap() = Some(Step::Begin);
        let mut shard = shard(&store, 1);
        let (mut number, mut refused) = (1, None);
        while refused.is_none() {
            let processed = shard.process(&round(number)).await;
            refused = processed.replies.into_iter().find_map(Result::err);
            number += 1;
            assert!(number < 20, "the lag has no bound");
        }
        assert_eq!(refused, Some(Refusal::Failed(FailureKind::Busy)));
        // Who reads is not disturbed; a list has the newest states of what the tables know of.
        assert!(store.story(1).await.is_ok());
        let listed = store.find(&everything()).await.unwrap().rows;
        assert_eq!(listed.len(), auctions);
        for row in listed {
            let wanted = Wanted { auctions: vec![row.auction.id()], ..Wanted::NOTHING };
            let stored = store.load(&wanted).await.unwrap().auctions.pop().flatten();
            assert_eq!(stored.as_ref(), Some(&row.auction));
            assert!(row.auction.version() > 1, "somebody bid");
        }
        *watch.failing.lock().unwrap() = None;
        play(&mut shard, number).await;
        list(&*store).await;
        assert!(store.check(|_| {}).await.unwrap().is_sound());
    });
}

#[test]
fn a_row_that_is_there_before_its_time_stops_all_writing() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default().with_projection_on_demand());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        list(&*store).await;
        let url = format!("sqlite://{}", place.path().display());
        let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let sql = "INSERT INTO events VALUES (1, 2, 1, 'started', 1, 0, '\"Started\"', NULL, x'00')";
        sqlx::query(sql).execute(&mut other).await.unwrap();
        let mut shard = shard(&store, 1);
        play(&mut shard, 1).await;
        let failure = store.find(&everything()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt, "{failure:?}");
        let refused = shard.process(&round(2)).await.replies;
        assert!(refused.iter().all(|reply| matches!(reply, Err(Refusal::Failed(_)))), "{refused:?}");
        let failure = store.create(&new_auction(9)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt, "{failure:?}");
        // What was acknowledged before is still known.
        let wanted = Wanted { auctions: vec![AuctionId::new(1).unwrap()], ..Wanted::NOTHING };
        let found = store.load(&wanted).await.unwrap();
        assert_eq!(found.auctions[0].as_ref().map(|auction| auction.bid_count()), Some(3));
    });
}

#[test]
fn what_is_full_refuses_and_recovers_without_a_restart() {
    block_on(async {
        let watch = Arc::new(Watch::default());
        let place = watch.place(SqliteOptions::default());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        let mut shard = shard(&store, 1);
        play(&mut shard, 1).await;
        *watch.failing.lock().unwrap() = Some(Step::Journal);
        let refused = shard.process(&round(2)).await.replies;
        assert!(refused.iter().all(|reply| *reply == Err(Refusal::Failed(FailureKind::Unavailable))));
        assert_eq!(store.story(1).await.unwrap(), reference(1).await, "reads go on");
        *watch.failing.lock().unwrap() = None;
        play(&mut shard, 2).await;
        assert_eq!(store.story(2).await.unwrap(), reference(2).await);
    });
}
