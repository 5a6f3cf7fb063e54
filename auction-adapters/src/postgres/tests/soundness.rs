//! What the check finds.

use super::place::{TestDatabase, block_on};
use super::scene::{create, new_auction, play, shard};
use crate::checked::Checked;
use crate::postgres::{Pooler, PostgresDatabase, PostgresOptions, PostgresStore};
use auction_core::ports::{AuctionStore, FailureKind};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;

/// What somebody does to the database behind everybody's back, and what the check says to it.
const DAMAGE: [(&str, &str); 20] = [
    ("UPDATE auctions SET bid_count = bid_count + 1 WHERE id = 2", "auctions, row 2: column bid_count"),
    ("UPDATE auctions SET deadline = NULL WHERE id = 2", "auctions, row 2: column deadline"),
    ("UPDATE auctions SET phase = 'ended' WHERE id = 2", "auctions, row 2: column phase"),
    ("UPDATE auctions SET state = '{}' WHERE id = 2", "auctions, row 2: table auctions, column state"),
    ("UPDATE auctions SET revision = 7 WHERE id = 2", "column revision"),
    ("UPDATE lots SET charter = 'nonsense' WHERE auction_id = 2", "column charter"),
    ("DELETE FROM events WHERE auction_id = 2 AND revision = 4", "events, row 2: revision 5"),
    ("DELETE FROM events WHERE auction_id = 2 AND revision = 1", "events, row 2: revision 2 is no creation"),
    ("DELETE FROM events WHERE auction_id = 2", "events, row 2: there are no events"),
    ("DELETE FROM events WHERE auction_id = 2 AND revision > 5", "the state is not what the events make"),
    ("UPDATE events SET at = 0 WHERE auction_id = 2 AND revision = 4", "events, row 2"),
    (
        "UPDATE events SET public_part = private_part WHERE auction_id = 2 AND kind = 'bid'",
        "public_part is not private_part",
    ),
    ("UPDATE events SET kind = 'ended' WHERE auction_id = 2 AND kind = 'bid'", "column kind"),
    ("UPDATE events SET bidder = NULL WHERE auction_id = 2 AND kind = 'bid'", "column bidder"),
    ("DELETE FROM standings WHERE auction_id = 2 AND user_id = 3", "standings, row 2"),
    ("UPDATE receipts SET receipt = replace(receipt, '\"auction\":2', '\"auction\":3')", "receipts, row 2"),
    ("DELETE FROM lots WHERE auction_id = 2", "auctions, row 2: the rest"),
    ("INSERT INTO awards VALUES (2, 4, 1, 3, 1, 500)", "awards, row 2: the awards"),
    ("INSERT INTO awards VALUES (9, 4, 1, 3, 1, 500)", "awards, row 9: the rest"),
    ("UPDATE standings SET auction_id = 9 WHERE auction_id = 2", "standings, row 9: the rest"),
];

async fn played(place: &TestDatabase, rounds: u32) -> PostgresStore {
    let store = Arc::new(PostgresStore::new(&place.open().await));
    create(&*store).await;
    let mut shard = shard(&store, 1);
    for number in 1..=rounds {
        play(&mut shard, number).await;
    }
    store.as_ref().clone()
}

/// What a check finds while this was done, which is undone afterwards.
async fn checked_after(store: &PostgresStore, outside: &mut PgConnection, sql: &str) -> Checked {
    let tables = ["auctions", "lots", "events", "standings", "awards", "receipts"];
    for table in tables {
        let copy = format!("CREATE TABLE kept_{table} AS TABLE {table}");
        sqlx::raw_sql(AssertSqlSafe(copy)).execute(&mut *outside).await.unwrap();
    }
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *outside).await.unwrap();
    assert!(done.rows_affected() > 0, "{sql} damages nothing");
    let checked = store.check(|_| {}).await.unwrap();
    for table in tables {
        let back = format!(
            "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}"
        );
        sqlx::raw_sql(AssertSqlSafe(back)).execute(&mut *outside).await.unwrap();
    }
    checked
}

#[test]
fn the_check_finds_every_kind_of_damage() {
    block_on(async {
        let place = TestDatabase::new().await;
        let store = played(&place, 2).await;
        let mut progress = Vec::new();
        let sound = store.check(|now| progress.push((now.auctions, now.auctions_total))).await.unwrap();
        assert!(sound.is_sound() && sound.auctions == 3 && sound.events > 9, "{sound:?}");
        assert_eq!(progress.last(), Some(&(3, 3)));
        let mut outside = place.connection().await;
        for (sql, expected) in DAMAGE {
            let checked = checked_after(&store, &mut outside, sql).await;
            let is_found = checked.findings.iter().any(|finding| finding.contains(expected));
            assert!(is_found && !checked.is_sound(), "{sql}: {checked:?}");
        }
        assert_eq!(store.check(|_| {}).await.unwrap(), sound);
    });
}

#[test]
fn more_rows_than_a_page_has_are_all_looked_at_through_a_pooler_too() {
    block_on(async {
        let place = TestDatabase::new().await;
        let store = played(&place, 120).await;
        for number in 4..=600 {
            store.create(&new_auction(number)).await.unwrap();
        }
        let sound = store.check(|_| {}).await.unwrap();
        assert!(sound.is_sound() && sound.auctions == 600 && sound.events > 1_500, "{sound:?}");
        let sql = "UPDATE auctions SET price_scaled = 1 WHERE id = 600";
        sqlx::raw_sql(sql).execute(&mut place.connection().await).await.unwrap();
        let options = PostgresOptions::DEFAULT.with_pooler(Pooler::Transaction);
        let pooled = PostgresStore::new(&PostgresDatabase::lazy(&place.url(), options).unwrap());
        let checked = pooled.check(|_| {}).await.unwrap();
        assert_eq!(
            checked.findings,
            ["table auctions, row 600: column price_scaled is not that of the state"]
        );
        assert_eq!((checked.wrong, checked.events), (1, sound.events));
    });
}

#[test]
fn what_nodes_write_during_a_check_is_not_seen_and_does_not_wait() {
    block_on(async {
        let place = TestDatabase::new().await;
        let store = played(&place, 1).await;
        let mut outside = place.connection().await;
        let handle = tokio::runtime::Handle::current();
        let checked = store.check(|_| {
            let written = tokio::task::block_in_place(|| {
                handle.block_on(sqlx::raw_sql("DELETE FROM lots").execute(&mut outside))
            });
            written.unwrap();
        });
        let checked = checked.await.unwrap();
        assert!(checked.is_sound(), "{checked:?}");
        assert_eq!(store.check(|_| {}).await.unwrap().wrong, 3);
        outside.close().await.unwrap();
    });
}

#[test]
fn what_is_no_database_of_auctions_cannot_be_checked_and_stays_as_it_is() {
    block_on(async {
        let place = TestDatabase::new().await;
        let database = PostgresDatabase::lazy(&place.url(), PostgresOptions::DEFAULT).unwrap();
        let failure = PostgresStore::new(&database).check(|_| {}).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Other);
        let sql = "SELECT relname FROM pg_class WHERE relname LIKE '%migrations'";
        let found = sqlx::query(sql).fetch_all(&mut place.connection().await).await.unwrap();
        assert!(found.is_empty());
    });
}
