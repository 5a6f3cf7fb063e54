//! The tables, forwards only. Each room has versions of its own.
//!
//! Migrations only add: a node of the version before works on beside those of this one. So what is not known here is
//! newer, and is left alone.

use super::failure::failure;
use super::link::Links;
use auction_core::ports::Failure;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

const OPERATION: &str = "bring the tables up to date";

/// A version, and what makes it of the one before.
type Version = (i64, &'static str);

/// The rooms: the table in which its versions stand, and the versions.
const ROOMS: [(&str, &[Version]); 3] = [
    (
        "auction_migrations",
        &[
            (1, include_str!("../../migrations/postgres/0001_auctions.sql")),
            (2, include_str!("../../migrations/postgres/0002_recent.sql")),
            (3, include_str!("../../migrations/postgres/0003_groups.sql")),
        ],
    ),
    ("account_migrations", &[(100, include_str!("../../migrations/postgres/0100_accounts.sql"))]),
    ("notice_migrations", &[(110, include_str!("../../migrations/postgres/0110_notices.sql"))]),
];

/// Brings all tables up to date, in one transaction.
pub(super) async fn run(links: &Links) -> Result<(), Failure> {
    let failed = |error| failure(OPERATION, error);
    let mut draft = links.begin().await.map_err(failed)?;
    // Making an index may take longer than any other statement.
    let sql = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
               SELECT pg_advisory_xact_lock(hashtextextended('auction migrations', 0))";
    sqlx::raw_sql(sql).execute(&mut *draft).await.map_err(failed)?;
    for (table, versions) in ROOMS {
        update(&mut draft, table, versions).await.map_err(failed)?;
    }
    draft.commit().await.map_err(failed)
}

async fn update(
    connection: &mut PgConnection,
    table: &'static str,
    versions: &[Version],
) -> Result<(), sqlx::Error> {
    // Looked for first: who may not create anything can still run on tables that are there.
    let found = sqlx::query("SELECT to_regclass($1) IS NOT NULL AS found").bind(table);
    if !found.fetch_one(&mut *connection).await?.try_get::<bool, _>("found")? {
        let create = format!("CREATE TABLE {table} (version BIGINT PRIMARY KEY)");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut *connection).await?;
    }
    let select = format!("SELECT coalesce(max(version), 0) AS version FROM {table}");
    let row = sqlx::query(AssertSqlSafe(select)).fetch_one(&mut *connection).await?;
    let known: i64 = row.try_get("version")?;
    for (number, statements) in versions.iter().filter(|(number, _)| *number > known) {
        sqlx::raw_sql(*statements).execute(&mut *connection).await?;
        let insert = format!("INSERT INTO {table} (version) VALUES ($1)");
        sqlx::query(AssertSqlSafe(insert)).bind(number).execute(&mut *connection).await?;
    }
    Ok(())
}
