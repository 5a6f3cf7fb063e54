//! Authenticators and recovery codes in SQLite.

use super::rows::Table;
use super::{SqliteAccounts, failure, integer};
use async_trait::async_trait;
use auction_core::identity::{CodeDigest, FACTOR_TRIES_MAX, FACTOR_WINDOW, Sealed, SecondFactor, TotpStep};
use auction_core::ports::{FactorAttempt, Failure, SecondFactorStore};
use auction_core::{Timestamp, UserId};
use sqlx::sqlite::SqliteRow;

macro_rules! factor_columns {
    () => {
        "user_id, secret, is_enabled, accepted, tries_from, \
         (SELECT COUNT(*) FROM recovery_codes WHERE recovery_codes.user_id = second_factors.user_id) \
         AS recovery_codes_left"
    };
}

#[async_trait]
impl SecondFactorStore for SqliteAccounts {
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Failure> {
        let row = self.factor_row("read a second factor", user).await?;
        row.as_ref().map(factor).transpose()
    }

    async fn propose_factor(&self, user: UserId, secret: &Sealed) -> Result<bool, Failure> {
        let written = sqlx::query(
            "INSERT INTO second_factors (user_id, secret, is_enabled, tries, tries_from) \
             SELECT id, ?2, 0, 0, 0 FROM accounts WHERE id = ?1 \
             ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.is_enabled = 0",
        )
        .bind(integer(user.number()))
        .bind(secret.as_bytes())
        .execute(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("propose a second factor", error))?;
        Ok(written.rows_affected() > 0)
    }

    async fn attempt_factor(&self, user: UserId, at: Timestamp) -> Result<FactorAttempt, Failure> {
        const OPERATION: &str = "count a try at a second factor";
        let counted = sqlx::query(concat!(
            "UPDATE second_factors SET \
             tries = iif(tries = 0 OR tries_from <= ?2 - ?3, 1, tries + 1), \
             tries_from = iif(tries = 0 OR tries_from <= ?2 - ?3, ?2, tries_from) \
             WHERE user_id = ?1 AND (tries < ?4 OR tries_from <= ?2 - ?3) RETURNING ",
            factor_columns!()
        ))
        .bind(integer(user.number()))
        .bind(at.micros())
        .bind(FACTOR_WINDOW.micros())
        .bind(FACTOR_TRIES_MAX)
        .fetch_optional(&mut *self.pen().await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        if let Some(row) = counted {
            return Ok(FactorAttempt::Counted(factor(&row)?));
        }
        let Some(row) = self.factor_row(OPERATION, user).await? else { return Ok(FactorAttempt::Missing) };
        let from = table(&row).time("tries_from")?;
        Ok(FactorAttempt::Wait(from.after(FACTOR_WINDOW).since(at)))
    }

    async fn accept_step(&self, factor: &SecondFactor, step: TotpStep) -> Result<bool, Failure> {
        let written = sqlx::query(
            "UPDATE second_factors SET accepted = ?3, tries = 0 WHERE user_id = ?1 AND secret = ?2 \
             AND is_enabled = 1 AND (accepted IS NULL OR accepted < ?3)",
        )
        .bind(integer(factor.user.number()))
        .bind(factor.secret.as_bytes())
        .bind(integer(step.number()))
        .execute(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("accept a step", error))?;
        Ok(written.rows_affected() > 0)
    }

    async fn redeem_recovery_code(&self, user: UserId, code: &CodeDigest) -> Result<bool, Failure> {
        const OPERATION: &str = "redeem a recovery code";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let removed = sqlx::query("DELETE FROM recovery_codes WHERE user_id = ?1 AND digest = ?2")
            .bind(integer(user.number()))
            .bind(code.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE second_factors SET tries = 0 WHERE user_id = ?1")
            .bind(integer(user.number()))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn enable_factor(
        &self,
        factor: &SecondFactor,
        step: TotpStep,
        recovery_codes: &[CodeDigest],
    ) -> Result<bool, Failure> {
        const OPERATION: &str = "enable a second factor";
        let failed = |error| failure(OPERATION, error);
        let user = integer(factor.user.number());
        let mut transaction = self.begin(OPERATION).await?;
        let enabled = sqlx::query(
            "UPDATE second_factors SET is_enabled = 1, accepted = ?3, tries = 0 \
             WHERE user_id = ?1 AND secret = ?2 AND is_enabled = 0",
        )
        .bind(user)
        .bind(factor.secret.as_bytes())
        .bind(integer(step.number()))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if enabled.rows_affected() == 0 {
            return Ok(false);
        }
        for code in recovery_codes {
            sqlx::query("INSERT OR IGNORE INTO recovery_codes (user_id, digest) VALUES (?1, ?2)")
                .bind(user)
                .bind(code.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        sqlx::query("UPDATE accounts SET has_second_factor = 1 WHERE id = ?1")
            .bind(user)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn remove_factor(&self, user: UserId) -> Result<bool, Failure> {
        const OPERATION: &str = "remove a second factor";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let mut removed = 0;
        for statement in [
            "DELETE FROM recovery_codes WHERE user_id = ?1",
            "UPDATE accounts SET has_second_factor = 0 WHERE id = ?1",
            "DELETE FROM second_factors WHERE user_id = ?1",
        ] {
            let done = sqlx::query(statement).bind(integer(user.number())).execute(&mut *transaction).await;
            removed = done.map_err(failed)?.rows_affected();
        }
        transaction.commit().await.map_err(failed)?;
        Ok(removed > 0)
    }
}

impl SqliteAccounts {
    async fn factor_row(&self, operation: &'static str, user: UserId) -> Result<Option<SqliteRow>, Failure> {
        sqlx::query(concat!("SELECT ", factor_columns!(), " FROM second_factors WHERE user_id = ?1"))
            .bind(integer(user.number()))
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| failure(operation, error))
    }
}

fn table(row: &SqliteRow) -> Table<'_> {
    Table { name: "second_factors", row, key: "user_id" }
}

fn factor(row: &SqliteRow) -> Result<SecondFactor, Failure> {
    let table = table(row);
    let accepted = table.read("accepted", |step: Option<i64>| match step {
        None => Some(None),
        Some(step) => u64::try_from(step).ok().map(|step| Some(TotpStep::new(step))),
    })?;
    Ok(SecondFactor {
        user: table.user("user_id")?,
        secret: table.read("secret", |bytes| Some(Sealed::from_bytes(bytes)))?,
        is_enabled: table.read("is_enabled", Some)?,
        accepted,
        recovery_codes_left: table.read("recovery_codes_left", |count: i64| u32::try_from(count).ok())?,
    })
}
