//! What the check finds, and how bad rows are told of.

use super::scene::{create, everything, list, play, shard};
use super::{InDirectory, block_on};
use crate::sqlite::{SqliteOptions, SqliteReader, SqliteStore};
use auction_core::AuctionId;
use auction_core::ports::{AuctionStore, FailureKind, Wanted};
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;

/// What somebody does to the database behind the store's back, and what the check says to it.
const DAMAGE: [(&str, &str); 14] = [
    ("UPDATE auctions SET bid_count = bid_count + 1 WHERE id = 2", "auctions, row 2: column bid_count"),
    ("UPDATE auctions SET deadline = NULL WHERE id = 2", "auctions, row 2: column deadline"),
    ("UPDATE auctions SET state = '{}' WHERE id = 2", "auctions, row 2: table auctions, column state"),
    ("UPDATE auctions SET revision = 7 WHERE id = 2", "column revision"),
    ("UPDATE lots SET charter = 'nonsense' WHERE auction_id = 2", "column charter"),
    ("DELETE FROM events WHERE auction_id = 2 AND revision = 4", "events, row 2: revision 5"),
    ("DELETE FROM events WHERE auction_id = 2 AND revision > 5", "the state is not what the events make"),
    ("UPDATE events SET at = 0 WHERE auction_id = 2 AND revision = 4", "events, row 2"),
    (
        "UPDATE events SET public_part = private_part WHERE auction_id = 2 AND kind = 'bid'",
        "public_part is not private_part",
    ),
    ("DELETE FROM standings WHERE auction_id = 2 AND user_id = 3", "standings, row 2"),
    ("UPDATE receipts SET receipt = replace(receipt, '\"auction\":2', '\"auction\":3')", "receipts, row 2"),
    ("DELETE FROM lots WHERE auction_id = 2", "auctions, row 2: the rest"),
    ("INSERT INTO awards VALUES (2, 4, 1, 3, 1, 500)", "awards, row 2: the awards"),
    ("INSERT INTO awards VALUES (9, 4, 1, 3, 1, 500)", "awards, row 9: the rest"),
];

async fn played(place: &InDirectory) -> Arc<SqliteStore> {
    let store = Arc::new(SqliteStore::open(place.path(), place.options.clone()).await.unwrap());
    create(&*store).await;
    let mut shard = shard(&store, 1);
    play(&mut shard, 1).await;
    play(&mut shard, 2).await;
    list(&*store).await;
    store
}

async fn outside(place: &InDirectory) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", place.path().display())).await.unwrap()
}

#[test]
fn the_check_finds_every_kind_of_damage() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let store = played(&place).await;
        let mut progress = Vec::new();
        let sound = store.check(|now| progress.push(now.auctions)).await.unwrap();
        assert!(sound.is_sound() && sound.auctions == 3, "{sound:?}");
        assert_eq!(progress.last(), Some(&3));
        store.as_ref().clone().close().await.unwrap();
        for (sql, expected) in DAMAGE {
            let copy = InDirectory::new(SqliteOptions::default());
            std::fs::copy(place.path(), copy.path()).unwrap();
            let store = SqliteStore::open(copy.path(), copy.options.clone()).await.unwrap();
            sqlx::query(sql).execute(&mut outside(&copy).await).await.unwrap();
            let checked = store.check(|_| {}).await.unwrap();
            let is_found = checked.findings.iter().any(|finding| finding.contains(expected));
            assert!(is_found && !checked.is_sound(), "{sql}: {checked:?}");
        }
    });
}

#[test]
fn what_an_older_version_left_without_awards_is_sound() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        played(&place).await.as_ref().clone().close().await.unwrap();
        sqlx::query("DROP TABLE awards").execute(&mut outside(&place).await).await.unwrap();
        let checked = SqliteReader::open(place.path()).await.unwrap().check(|_| {}).await.unwrap();
        assert!(checked.is_sound() && checked.auctions == 3, "{checked:?}");
    });
}

#[test]
fn a_bad_row_is_corrupt_with_table_column_and_number() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let store = played(&place).await;
        let sql = "UPDATE auctions SET state = replace(state, '\"version\"', '\"verse\"') WHERE id = 3";
        sqlx::query(sql).execute(&mut outside(&place).await).await.unwrap();
        let wanted = Wanted { auctions: vec![AuctionId::new(3).unwrap()], ..Wanted::NOTHING };
        let failure = store.load(&wanted).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt);
        let source = failure.source.unwrap().to_string();
        assert!(source.contains("table auctions, column state, row 3"), "{source}");
        let failure = auction_core::ports::CatalogStore::find(&*store, &everything()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt);
    });
}
