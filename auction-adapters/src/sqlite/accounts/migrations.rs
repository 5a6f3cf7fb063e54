//! The tables of accounts, forwards only. They have versions of their own, since any process may open them, beside the
//! one that writes auctions.

use sqlx::{Row, Sqlite, SqliteConnection, Transaction};

/// Every version and what makes it of the one before.
const VERSIONS: [(i64, &str); 6] = [
    (100, include_str!("../../../migrations/sqlite/0100_accounts.sql")),
    (101, include_str!("../../../migrations/sqlite/0101_credentials.sql")),
    (102, include_str!("../../../migrations/sqlite/0102_standing.sql")),
    (103, include_str!("../../../migrations/sqlite/0103_refreshing.sql")),
    (104, include_str!("../../../migrations/sqlite/0104_profiles.sql")),
    (105, include_str!("../../../migrations/sqlite/0105_audit.sql")),
];

/// Brings the tables up to date.
pub(super) async fn run(transaction: &mut Transaction<'_, Sqlite>) -> Result<(), sqlx::Error> {
    let connection: &mut SqliteConnection = transaction;
    let known = version(connection).await?;
    for (number, statements) in VERSIONS.into_iter().filter(|(number, _)| *number > known) {
        sqlx::raw_sql(statements).execute(&mut *connection).await?;
        sqlx::query("INSERT INTO account_migrations (version) VALUES (?1)")
            .bind(number)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The version of the tables; 0 where there are none.
async fn version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    if !has_table(connection, "account_migrations").await? {
        // The first version did not write down that it was the first.
        let is_first = has_table(connection, "accounts").await?;
        sqlx::raw_sql("CREATE TABLE account_migrations (version INTEGER PRIMARY KEY) STRICT")
            .execute(&mut *connection)
            .await?;
        if is_first {
            sqlx::raw_sql("INSERT INTO account_migrations (version) VALUES (100)")
                .execute(&mut *connection)
                .await?;
        }
    }
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM account_migrations")
        .fetch_one(connection)
        .await?;
    row.try_get("version")
}

async fn has_table(connection: &mut SqliteConnection, name: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}
