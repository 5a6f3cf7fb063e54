//! How SQLite goes about the lists that are asked for most.

use super::find::{conditions, head, page, window};
use super::order::anchor;
use crate::sqlite::members::MEMBERS;
use crate::sqlite::open::connect_options;
use crate::sqlite::tables::{BID_ON, BIDS_OF};
use crate::sqlite::{SqliteOptions, SqliteStore};
use auction_core::catalog::{AuctionQuery, CategoryId, Drafts, Ordering, OrderingField, Scope, Window};
use auction_core::{AuctionId, Timestamp, UserId};
use sqlx::{ConnectOptions, Row as _, SqliteConnection};
use tempfile::TempDir;

fn query(field: OrderingField, descending: bool) -> AuctionQuery {
    AuctionQuery {
        now: Timestamp::EPOCH,
        viewer: None,
        drafts: Drafts::Own,
        scope: Scope::All,
        search: None,
        status: None,
        category: None,
        seller: None,
        min_price: None,
        max_price: None,
        ends_before: None,
        ends_after: None,
        format: None,
        ordering: Ordering { field, descending },
        window: Window::Page { number: 1, size: 20 },
    }
}

async fn plan(connection: &mut SqliteConnection, query: &AuctionQuery) -> String {
    let sql = page(query, conditions(query).unwrap(), 20, 0);
    let rows = sql.query(&format!("EXPLAIN QUERY PLAN {}", head(&sql))).fetch_all(connection).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    steps.join("; ")
}

async fn database() -> (TempDir, SqliteConnection) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("auctions.db");
    SqliteStore::open(&path, SqliteOptions::default()).await.unwrap().close().await.unwrap();
    let connection = connect_options(&path).connect().await.unwrap();
    (directory, connection)
}

/// Without sorting all rows: equal ones at most.
#[tokio::test]
async fn lists_in_the_order_of_an_index_are_not_sorted() {
    let (_directory, mut connection) = database().await;
    for (field, index) in [
        (OrderingField::CreatedAt, "lots_created_at"),
        (OrderingField::Title, "lots_title"),
        (OrderingField::StartingPrice, "lots_starting_price"),
        (OrderingField::StartsAt, "auctions_starts_at"),
        (OrderingField::EndsAt, "auctions_ends_at"),
    ] {
        for (descending, viewer) in [(false, None), (true, None), (true, UserId::new(7).ok())] {
            let query = AuctionQuery { viewer, ..query(field, descending) };
            let plan = plan(&mut connection, &query).await;
            assert!(plan.contains(index), "{field:?}: {plan}");
            let sorts = plan.replace("USE TEMP B-TREE FOR LAST TERM OF ORDER BY", "");
            assert!(!sorts.contains("USE TEMP B-TREE"), "{field:?}: {plan}");
        }
    }
}

/// Those of one person, one category, one status.
#[tokio::test]
async fn narrow_lists_look_only_at_what_they_show() {
    let (_directory, mut connection) = database().await;
    let all = || query(OrderingField::Liveliness, false);
    let viewer = Some(UserId::new(7).unwrap());
    for (query, index) in [
        (AuctionQuery { scope: Scope::Joined, viewer, ..all() }, "standings_user"),
        (AuctionQuery { scope: Scope::Won, viewer, ..all() }, "auctions_winner"),
        (AuctionQuery { scope: Scope::Selling, viewer, ..all() }, "lots_seller"),
        (AuctionQuery { seller: viewer, ..all() }, "lots_seller"),
        (AuctionQuery { category: CategoryId::new(3).ok(), ..all() }, "lots_category"),
        (AuctionQuery { status: Some("started"), ..all() }, "auctions_phase_ends_at"),
        (AuctionQuery { search: Some("rug".to_owned()), ..all() }, "lots_words"),
    ] {
        let plan = plan(&mut connection, &query).await;
        assert!(plan.contains(index), "{index}: {plan}");
    }
}

/// The deep page of a long list costs what the first one does.
#[tokio::test]
async fn a_list_goes_on_where_its_anchor_stands_in_the_index() {
    let (_directory, mut connection) = database().await;
    let sql = "INSERT INTO auctions VALUES (1, 1, 0, 'scheduled', 0, 0, 5, 9, 5, NULL, '{}')";
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    let sql = "INSERT INTO lots VALUES (1, 1, 'english', 'USD', 0, 0, 0, 'A', '', NULL, '[]', '{}', NULL)";
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    let query = query(OrderingField::EndsAt, false);
    let anchor = anchor(&mut connection, &query, AuctionId::new(1).unwrap()).await.unwrap();
    let sql = window(&query, conditions(&query).unwrap(), anchor, 21);
    let rows = sql.query(&format!("EXPLAIN QUERY PLAN {}", head(&sql))).fetch_all(&mut connection).await;
    let steps: Vec<String> = rows.unwrap().iter().map(|row| row.get("detail")).collect();
    assert!(steps[0].contains("auctions_ends_at (ends_at>?)"), "{steps:?}");
}

/// However much else somebody sells.
#[tokio::test]
async fn lots_that_close_together_are_found_along_an_index() {
    let (_directory, mut connection) = database().await;
    let explained = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {MEMBERS}")));
    let rows = explained.fetch_all(&mut connection).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    let index = "SEARCH l USING COVERING INDEX lots_group (seller=? AND closing_group=? AND auction_id>?)";
    assert_eq!(steps, [index, "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"]);
}

/// Whoever else has bid, and however much.
#[tokio::test]
async fn the_bids_of_one_person_are_found_along_indexes() {
    let (_directory, mut connection) = database().await;
    for (sql, index) in [
        (BID_ON, "SEARCH standings USING INDEX standings_user (user_id=? AND auction_id<?)"),
        (BIDS_OF, "SEARCH events USING INDEX events_version (auction_id=? AND version>? AND version<?)"),
    ] {
        let explained = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
        let rows = explained.fetch_all(&mut connection).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        assert_eq!(steps, [index]);
    }
}
