//! Machines that lose their power: whatever is left of the log of the database.

use super::scene::{AUCTIONS, create, list, play, shard};
use super::{InDirectory, block_on};
use crate::sqlite::{SqliteOptions, SqliteReader, SqliteStore};
use auction_core::AuctionId;
use auction_core::ports::{AuctionStore, FailureKind, Wanted};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ROUNDS: u32 = 5;
/// A page and its header.
const FRAME: u64 = 4096 + 24;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn ids() -> Vec<AuctionId> {
    (1..=AUCTIONS).map(|id| AuctionId::new(id).unwrap()).collect()
}

async fn revisions(store: &impl AuctionStore) -> Vec<u64> {
    let found = store.load(&Wanted { auctions: ids(), ..Wanted::NOTHING }).await.unwrap();
    found.auctions.iter().map(|auction| auction.as_ref().map_or(0, |auction| auction.revision())).collect()
}

/// Cuts the log everywhere, also in the middle of a page: what was acknowledged while the log was no longer than
/// that is there, of every commit there is all or nothing, and the rest is what the events say.
#[test]
fn whatever_is_left_of_the_log_is_sound_and_has_all_that_was_acknowledged_in_it() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        let log = beside(&place.path(), "-wal");
        create(&*store).await;
        let mut acknowledged = vec![(0, vec![0; 3])];
        let mut shard = shard(&store, 1);
        let length = || fs::metadata(&log).unwrap().len();
        acknowledged.push((length(), revisions(&*store).await));
        for number in 1..=ROUNDS {
            play(&mut shard, number).await;
            acknowledged.push((length(), revisions(&*store).await));
            if number % 2 == 0 {
                list(&*store).await;
            }
        }
        list(&*store).await;
        let whole = length();
        assert!(whole > 60 * FRAME, "{whole} bytes are too short to say anything");
        let cuts = (0..).map(|step| 32 + step * 3 * FRAME).take_while(|cut| *cut < whole);
        let cuts = cuts.flat_map(|cut| [cut, cut + FRAME / 2]).chain([whole]);
        for cut in cuts.filter(|cut| *cut <= whole) {
            let copy = InDirectory::new(SqliteOptions::default());
            fs::copy(place.path(), copy.path()).unwrap();
            let bytes = fs::read(&log).unwrap();
            fs::write(beside(&copy.path(), "-wal"), &bytes[..usize::try_from(cut).unwrap()]).unwrap();
            let left = SqliteStore::open(copy.path(), copy.options.clone()).await.unwrap();
            let found = revisions(&left).await;
            let least = acknowledged.iter().rev().find(|(length, _)| *length <= cut).unwrap();
            let all = found.iter().zip(&least.1).all(|(found, least)| found >= least);
            assert!(all, "cut at {cut}: {found:?}, but {:?} was acknowledged", least.1);
            // A round is one commit; creations are three.
            let is_whole = acknowledged.iter().any(|(_, known)| *known == found);
            assert!(is_whole || found.contains(&0), "cut at {cut}: {found:?} is half a commit");
            let checked = left.check(|_| {}).await.unwrap();
            assert!(checked.is_sound(), "cut at {cut}: {checked:?}");
            list(&left).await;
            let checked = left.check(|_| {}).await.unwrap();
            assert!(checked.is_sound(), "cut at {cut}, projected: {checked:?}");
        }
    });
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default().with_projection_on_demand());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        let mut shard = shard(&store, 1);
        play(&mut shard, 1).await;
        let failure = SqliteStore::open(place.path(), place.options.clone()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Other);
        assert!(format!("{failure:?}").contains("auctions.db.lock"), "{failure:?}");

        // The tables have nothing of this yet.
        let mut reader = SqliteReader::open(place.path()).await.unwrap();
        let wanted = Wanted { auctions: ids(), ..Wanted::NOTHING };
        assert_eq!(reader.load(&wanted).await.unwrap(), store.load(&wanted).await.unwrap());
        let id = ids()[0];
        assert_eq!(reader.history(id, 1, 5).await.unwrap(), store.history(id, 1, 5).await.unwrap());
        let checked = reader.check(|_| {}).await.unwrap();
        assert!(checked.is_sound() && checked.auctions == AUCTIONS && checked.events > 10, "{checked:?}");
    });
}

#[test]
fn what_is_no_database_of_auctions_is_refused() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        assert!(SqliteReader::open(place.path()).await.is_err(), "there is no file");
        fs::write(place.path(), "Dear diary, this is no database, however long it is. ".repeat(100)).unwrap();
        let failure = SqliteStore::open(place.path(), place.options.clone()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt, "{failure:?}");
    });
}

#[test]
fn closing_leaves_an_empty_journal_and_gives_the_lock_back() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default().with_projection_on_demand());
        let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
        create(&*store).await;
        let before = revisions(&*store).await;
        SqliteStore::clone(&store).close().await.unwrap();
        assert!(store.load(&Wanted { auctions: ids(), ..Wanted::NOTHING }).await.is_err());
        let store = SqliteStore::open(place.path(), place.options.clone()).await.unwrap();
        assert!(store.live.read().tail.is_empty());
        assert_eq!(revisions(&store).await, before);
    });
}
