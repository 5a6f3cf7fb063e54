//! Authenticators and recovery codes.

use super::rows::Table;
use super::{Accounts, Connection, Row, failure, lock, signed};
use async_trait::async_trait;
use auction_core::identity::{CodeDigest, FACTOR_TRIES_MAX, FACTOR_WINDOW, Sealed, SecondFactor, TotpStep};
use auction_core::ports::{FactorAttempt, Failure, SecondFactorStore};
use auction_core::{Timestamp, UserId};

macro_rules! factor_columns {
    () => {
        "user_id, secret, is_enabled, accepted, tries_from, \
         (SELECT COUNT(*) FROM recovery_codes WHERE recovery_codes.user_id = second_factors.user_id) \
         AS recovery_codes_left"
    };
}

#[async_trait]
impl SecondFactorStore for Accounts {
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Failure> {
        const OPERATION: &str = "read a second factor";
        let row = factor_row(&mut *self.readers.take(OPERATION).await?, user).await;
        row.map_err(|error| failure(OPERATION, error))?.as_ref().map(factor).transpose()
    }

    async fn propose_factor(&self, user: UserId, secret: &Sealed) -> Result<bool, Failure> {
        const OPERATION: &str = "propose a second factor";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let written = sqlx::query(
            "INSERT INTO second_factors (user_id, secret, is_enabled, tries, tries_from) \
             SELECT id, $2, FALSE, 0, 0 FROM accounts WHERE id = $1 \
             ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.is_enabled = FALSE",
        )
        .bind(signed(user.number()))
        .bind(secret.as_bytes())
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(written.rows_affected() > 0)
    }

    async fn attempt_factor(&self, user: UserId, at: Timestamp) -> Result<FactorAttempt, Failure> {
        const OPERATION: &str = "count a try at a second factor";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let counted = sqlx::query(concat!(
            "UPDATE second_factors SET \
             tries = CASE WHEN tries = 0 OR tries_from <= $2 - $3 THEN 1 ELSE tries + 1 END, \
             tries_from = CASE WHEN tries = 0 OR tries_from <= $2 - $3 THEN $2 ELSE tries_from END \
             WHERE user_id = $1 AND (tries < $4 OR tries_from <= $2 - $3) RETURNING ",
            factor_columns!()
        ))
        .bind(signed(user.number()))
        .bind(at.micros())
        .bind(FACTOR_WINDOW.micros())
        .bind(i64::from(FACTOR_TRIES_MAX))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        if let Some(row) = counted {
            draft.commit().await.map_err(failed)?;
            return Ok(FactorAttempt::Counted(factor(&row)?));
        }
        let row = factor_row(&mut draft, user).await.map_err(failed)?;
        let Some(row) = row else { return Ok(FactorAttempt::Missing) };
        let from = table(&row).time("tries_from")?;
        Ok(FactorAttempt::Wait(from.after(FACTOR_WINDOW).since(at)))
    }

    async fn accept_step(&self, factor: &SecondFactor, step: TotpStep) -> Result<bool, Failure> {
        const OPERATION: &str = "accept a step";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        // Whoever comes second waits for the row, and finds the step in it.
        let written = sqlx::query(
            "UPDATE second_factors SET accepted = $3, tries = 0 WHERE user_id = $1 AND secret = $2 \
             AND is_enabled = TRUE AND (accepted IS NULL OR accepted < $3)",
        )
        .bind(signed(factor.user.number()))
        .bind(factor.secret.as_bytes())
        .bind(signed(step.number()))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(written.rows_affected() > 0)
    }

    async fn redeem_recovery_code(&self, user: UserId, code: &CodeDigest) -> Result<bool, Failure> {
        const OPERATION: &str = "redeem a recovery code";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        lock(&mut draft, user).await.map_err(failed)?;
        let removed = sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2")
            .bind(signed(user.number()))
            .bind(code.as_bytes().as_slice())
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE second_factors SET tries = 0 WHERE user_id = $1")
            .bind(signed(user.number()))
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
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
        let user = signed(factor.user.number());
        let mut draft = self.pen.begin(OPERATION).await?;
        lock(&mut draft, factor.user).await.map_err(failed)?;
        let enabled = sqlx::query(
            "UPDATE second_factors SET is_enabled = TRUE, accepted = $3, tries = 0 \
             WHERE user_id = $1 AND secret = $2 AND is_enabled = FALSE",
        )
        .bind(user)
        .bind(factor.secret.as_bytes())
        .bind(signed(step.number()))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        if enabled.rows_affected() == 0 {
            return Ok(false);
        }
        for code in recovery_codes {
            sqlx::query(
                "INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(user)
            .bind(code.as_bytes().as_slice())
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        }
        sqlx::query("UPDATE accounts SET has_second_factor = TRUE WHERE id = $1")
            .bind(user)
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn remove_factor(&self, user: UserId) -> Result<bool, Failure> {
        const OPERATION: &str = "remove a second factor";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let mut removed = 0;
        for statement in [
            // The account first: this locks it.
            "UPDATE accounts SET has_second_factor = FALSE WHERE id = $1",
            "DELETE FROM recovery_codes WHERE user_id = $1",
            "DELETE FROM second_factors WHERE user_id = $1",
        ] {
            let done = sqlx::query(statement).bind(signed(user.number())).execute(&mut *draft).await;
            removed = done.map_err(failed)?.rows_affected();
        }
        draft.commit().await.map_err(failed)?;
        Ok(removed > 0)
    }
}

async fn factor_row(connection: &mut Connection, user: UserId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query(concat!("SELECT ", factor_columns!(), " FROM second_factors WHERE user_id = $1"))
        .bind(signed(user.number()))
        .fetch_optional(connection)
        .await
}

fn table(row: &Row) -> Table<'_> {
    Table { name: "second_factors", row, key: "user_id" }
}

fn factor(row: &Row) -> Result<SecondFactor, Failure> {
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
