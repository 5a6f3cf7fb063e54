//! Tables that any process may open and bring up to date, forwards only. Each room has versions of its own.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

/// A version, and what makes it of the one before.
pub(super) type Version = (i64, &'static str);

/// Brings the tables of a room up to date; which version it has stands in `table`. Where there is no such table yet
/// it has the version `unwritten`.
pub(super) async fn run(
    connection: &mut SqliteConnection,
    table: &'static str,
    versions: &[Version],
    unwritten: i64,
) -> Result<(), sqlx::Error> {
    let insert = format!("INSERT INTO {table} (version) VALUES (?1)");
    if !has_table(connection, table).await? {
        let create = format!("CREATE TABLE {table} (version INTEGER PRIMARY KEY) STRICT");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut *connection).await?;
        sqlx::query(AssertSqlSafe(insert.clone())).bind(unwritten).execute(&mut *connection).await?;
    }
    let select = format!("SELECT max(version) AS version FROM {table}");
    let row = sqlx::query(AssertSqlSafe(select)).fetch_one(&mut *connection).await?;
    let known: i64 = row.try_get("version")?;
    for (number, statements) in versions.iter().filter(|(number, _)| *number > known) {
        sqlx::raw_sql(*statements).execute(&mut *connection).await?;
        sqlx::query(AssertSqlSafe(insert.clone())).bind(number).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Whether there is a table.
pub(super) async fn has_table(connection: &mut SqliteConnection, name: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}
