//! What the house lets people do.

use super::credentials::end_sign_ins;
use super::rows::account;
use super::{Accounts, Connection, Row, failure, lock, signed};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::identity::{Account, BanScope, StandingChange};
use auction_core::ports::{ACCOUNTS_PAGE_MAX, Failure, StandingStore};

macro_rules! update {
    ($set:literal) => {
        concat!("UPDATE accounts SET ", $set, " WHERE id = $1 RETURNING ", account_columns!())
    };
}

#[async_trait]
impl StandingStore for Accounts {
    async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "change a standing";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = write(&mut draft, user, change).await.map_err(failed)?;
        if matches!(change, StandingChange::Banned(ban) if ban.scope == BanScope::Everything) {
            end_sign_ins(&mut draft, user, None).await.map_err(failed)?;
        }
        draft.commit().await.map_err(failed)?;
        row.as_ref().map(account).transpose()
    }

    async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure> {
        const OPERATION: &str = "sign somebody out";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        lock(&mut draft, user).await.map_err(failed)?;
        end_sign_ins(&mut draft, user, None).await.map_err(failed)?;
        draft.commit().await.map_err(failed)
    }

    async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure> {
        const OPERATION: &str = "list accounts";
        let rows = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE id > $1 ORDER BY id LIMIT $2"
        ))
        .bind(after.map_or(0, |after| signed(after.number())))
        .bind(signed(max.min(ACCOUNTS_PAGE_MAX) as u64))
        .fetch_all(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        rows.iter().map(account).collect()
    }
}

/// Writes what somebody may do, which locks the account.
async fn write(
    connection: &mut Connection,
    user: UserId,
    change: &StandingChange,
) -> Result<Option<Row>, sqlx::Error> {
    let query = match change {
        StandingChange::Role(_) => sqlx::query(update!("role = $2")),
        StandingChange::Verified => sqlx::query(update!("is_verified = TRUE")),
        StandingChange::AskedToSell => {
            sqlx::query(update!("selling = CASE selling WHEN 'no' THEN 'asked' ELSE selling END"))
        }
        StandingChange::LetSell => sqlx::query(update!("selling = 'allowed'")),
        StandingChange::Banned(_) => sqlx::query(update!("ban_scope = $2, ban_until = $3, ban_reason = $4")),
        StandingChange::Unbanned => {
            sqlx::query(update!("ban_scope = NULL, ban_until = NULL, ban_reason = NULL"))
        }
    };
    let query = query.bind(signed(user.number()));
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
    query.fetch_optional(connection).await
}
