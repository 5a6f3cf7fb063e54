//! The tables of accounts, forwards only. They have versions of their own, since any process may open them, beside the
//! one that writes auctions.

use crate::sqlite::versions::{self, Version};
use sqlx::SqliteConnection;

const TABLE: &str = "account_migrations";

const VERSIONS: [Version; 6] = [
    (100, include_str!("../../../migrations/sqlite/0100_accounts.sql")),
    (101, include_str!("../../../migrations/sqlite/0101_credentials.sql")),
    (102, include_str!("../../../migrations/sqlite/0102_standing.sql")),
    (103, include_str!("../../../migrations/sqlite/0103_refreshing.sql")),
    (104, include_str!("../../../migrations/sqlite/0104_profiles.sql")),
    (105, include_str!("../../../migrations/sqlite/0105_audit.sql")),
];

/// Brings the tables up to date.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // The first version did not write down that it was the first.
    let is_first =
        !versions::has_table(connection, TABLE).await? && versions::has_table(connection, "accounts").await?;
    versions::run(connection, TABLE, &VERSIONS, if is_first { 100 } else { 0 }).await
}
