//! What the house lets people do, in SQLite.

use super::credentials::end_sign_ins;
use super::rows::account;
use super::{SqliteAccounts, failure, integer};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::identity::{Account, BanScope, StandingChange};
use auction_core::ports::{ACCOUNTS_PAGE_MAX, Failure, StandingStore};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

macro_rules! update {
    ($set:literal) => {
        concat!("UPDATE accounts SET ", $set, " WHERE id = ?1 RETURNING ", account_columns!())
    };
}

#[async_trait]
impl StandingStore for SqliteAccounts {
    async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "change a standing";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let row = write(&mut transaction, user, change).await.map_err(failed)?;
        if matches!(change, StandingChange::Banned(ban) if ban.scope == BanScope::Everything) {
            end_sign_ins(&mut transaction, user, None).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        row.as_ref().map(account).transpose()
    }

    async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure> {
        const OPERATION: &str = "sign somebody out";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        end_sign_ins(&mut transaction, user, None).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE id > ?1 ORDER BY id LIMIT ?2"
        ))
        .bind(after.map_or(0, |after| integer(after.number())))
        .bind(integer(max.min(ACCOUNTS_PAGE_MAX) as u64))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| failure("list accounts", error))?;
        rows.iter().map(account).collect()
    }
}

async fn write(
    connection: &mut SqliteConnection,
    user: UserId,
    change: &StandingChange,
) -> Result<Option<SqliteRow>, sqlx::Error> {
    let query = match change {
        StandingChange::Role(_) => sqlx::query(update!("role = ?2")),
        StandingChange::Verified => sqlx::query(update!("is_verified = 1")),
        StandingChange::AskedToSell => {
            sqlx::query(update!("selling = iif(selling = 'no', 'asked', selling)"))
        }
        StandingChange::LetSell => sqlx::query(update!("selling = 'allowed'")),
        StandingChange::Banned(_) => sqlx::query(update!("ban_scope = ?2, ban_until = ?3, ban_reason = ?4")),
        StandingChange::Unbanned => {
            sqlx::query(update!("ban_scope = NULL, ban_until = NULL, ban_reason = NULL"))
        }
    };
    let query = query.bind(integer(user.number()));
    let query = match change {
        StandingChange::Role(role) => query.bind(role.name()),
        StandingChange::Banned(ban) => {
            query.bind(ban.scope.name()).bind(ban.until.map(|until| until.micros())).bind(ban.reason.as_str())
        }
        StandingChange::Verified
        | StandingChange::AskedToSell
        | StandingChange::LetSell
        | StandingChange::Unbanned => query,
    };
    query.fetch_optional(&mut *connection).await
}
