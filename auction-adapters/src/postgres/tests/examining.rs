//! What is told about a server.

use super::place::TestDatabase;
use crate::postgres::{Examined, Pooler, PostgresDatabase, PostgresOptions};
use auction_core::Timestamp;
use auction_core::ports::{Clock, FailureKind};
use sqlx::AssertSqlSafe;

/// A clock that stands, an hour or so before 2026.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(1_767_222_000_000_000).unwrap()
    }
}

async fn examined(url: &str, options: PostgresOptions) -> Examined {
    PostgresDatabase::examine(url, &options, &Stopped).await.unwrap()
}

#[tokio::test]
async fn a_server_tells_what_it_is_and_how_it_is_set_up() {
    let place = TestDatabase::new().await;
    for pooler in [Pooler::Session, Pooler::Transaction] {
        let found = examined(&place.url(), PostgresOptions::DEFAULT.with_pooler(pooler)).await;
        assert!(found.version >= 130_000, "{found:?}");
        assert!(found.version_name.starts_with(&(found.version / 10_000).to_string()), "{found:?}");
        assert!(!found.is_standby && !found.only_reads && found.full_page_writes, "{found:?}");
        assert_eq!((found.synchronous_commit.as_str(), found.has_synchronous_standbys), ("on", false));
        assert!(found.connections_max > 0 && found.connections_max < 300, "{found:?}");
        assert!(found.clock_ahead_micros > 0, "{found:?}");
        assert_eq!(found.clock_doubt, std::time::Duration::ZERO);
    }
}

#[tokio::test]
async fn what_holds_for_a_database_alone_is_told_and_nothing_is_made() {
    let place = TestDatabase::new().await;
    let mut connection = place.connection().await;
    let name = place.url().rsplit_once('/').unwrap().1.to_owned();
    for setting in ["synchronous_commit = local", "default_transaction_read_only = on"] {
        let alter = format!("ALTER DATABASE {name} SET {setting}");
        sqlx::raw_sql(AssertSqlSafe(alter)).execute(&mut connection).await.unwrap();
    }
    let found = examined(&place.url(), PostgresOptions::DEFAULT).await;
    assert!(found.only_reads && !found.is_standby, "{found:?}");
    assert_eq!(found.synchronous_commit, "local");
    let sql = "SELECT relname FROM pg_class WHERE relname LIKE '%migrations'";
    assert!(sqlx::query(sql).fetch_all(&mut connection).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable_and_its_password_is_not_told_either() {
    let url = "postgres://auction:hunter2@127.0.0.1:1/auctions";
    let failure = PostgresDatabase::examine(url, &PostgresOptions::DEFAULT, &Stopped).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(!format!("{failure:?}").contains("hunter2"));
}
