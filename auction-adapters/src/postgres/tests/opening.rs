//! How a database is opened.

use super::place::TestDatabase;
use crate::postgres::{PostgresDatabase, PostgresOptions};
use auction_core::ports::FailureKind;
use futures_util::future::join_all;

#[tokio::test]
async fn several_nodes_may_open_an_empty_database_at_once() {
    let place = TestDatabase::new().await;
    let url = place.url();
    let opened = join_all((0..5).map(|_| PostgresDatabase::open(&url, PostgresOptions::DEFAULT))).await;
    for database in opened {
        database.unwrap().close().await;
    }
}

#[tokio::test]
async fn tables_that_a_newer_version_has_changed_are_left_as_they_are() {
    let place = TestDatabase::new().await;
    place.open().await.close().await;
    let newer = "INSERT INTO auction_migrations (version) VALUES (999)";
    sqlx::query(newer).execute(&mut place.connection().await).await.unwrap();
    place.open().await.close().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable_and_its_password_is_not_told() {
    let url = "postgres://auction:hunter2@127.0.0.1:1/auctions";
    let failure = PostgresDatabase::open(url, PostgresOptions::DEFAULT).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(!format!("{failure:?}").contains("hunter2"));
    let failure = PostgresDatabase::open("postgres://auction:hunter2@:x/", PostgresOptions::DEFAULT).await;
    assert!(!format!("{:?}", failure.unwrap_err()).contains("hunter2"));
}
