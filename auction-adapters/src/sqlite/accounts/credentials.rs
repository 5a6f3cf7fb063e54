//! Mailed codes, and changes of how somebody signs in, in SQLite.

use super::registrations::release;
use super::rows::{Table, account};
use super::{SqliteAccounts, failure, integer, is_taken};
use async_trait::async_trait;
use auction_core::identity::{
    Account, CODE_ATTEMPTS_MAX, CodeId, CodeUse, Email, MailedCode, PasswordHash, Purpose, SessionId,
    TokenDigest,
};
use auction_core::ports::{CredentialStore, Failure, MailedCodeStore};
use auction_core::{Timestamp, UserId};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

#[async_trait]
impl MailedCodeStore for SqliteAccounts {
    async fn issue_code(&self, code: &MailedCode) -> Result<(), Failure> {
        sqlx::query(
            "INSERT OR REPLACE INTO mailed_codes (user_id, use_of, email, code_id, code_digest, code_expires, \
             code_attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .bind(integer(code.user.number()))
        .bind(code.use_of.name())
        .bind(code.email.typed())
        .bind(code.code.id.as_bytes().as_slice())
        .bind(code.code.digest.as_bytes().as_slice())
        .bind(code.code.expires_at.micros())
        .bind(code.code.attempts)
        .execute(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("issue a mailed code", error))?;
        Ok(())
    }

    async fn attempt_code(&self, user: UserId, use_of: CodeUse) -> Result<Option<MailedCode>, Failure> {
        let row = sqlx::query(
            "UPDATE mailed_codes SET code_attempts = code_attempts + 1 \
             WHERE user_id = ?1 AND use_of = ?2 AND code_attempts < ?3 \
             RETURNING user_id, use_of, email, code_id, code_digest, code_expires, code_attempts",
        )
        .bind(integer(user.number()))
        .bind(use_of.name())
        .bind(CODE_ATTEMPTS_MAX)
        .fetch_optional(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("count an attempt at a mailed code", error))?;
        row.as_ref().map(mailed_code).transpose()
    }

    async fn redeem_code(&self, user: UserId, use_of: CodeUse, code: CodeId) -> Result<bool, Failure> {
        let removed =
            sqlx::query("DELETE FROM mailed_codes WHERE user_id = ?1 AND use_of = ?2 AND code_id = ?3")
                .bind(integer(user.number()))
                .bind(use_of.name())
                .bind(code.as_bytes().as_slice())
                .execute(&mut *self.pen().await?)
                .await
                .map_err(|error| failure("redeem a mailed code", error))?;
        Ok(removed.rows_affected() > 0)
    }
}

#[async_trait]
impl CredentialStore for SqliteAccounts {
    async fn change_password(
        &self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "change a password";
        let mut transaction = self.begin(OPERATION).await?;
        let changed = write_password(&mut transaction, user, hash, kept).await;
        let changed = changed.map_err(|error| failure(OPERATION, error))?;
        transaction.commit().await.map_err(|error| failure(OPERATION, error))?;
        changed.as_ref().map(account).transpose()
    }

    async fn reset_password(
        &self,
        token: &TokenDigest,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "reset a password";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let ticket =
            sqlx::query("SELECT user_id FROM tickets WHERE token = ?1 AND purpose = ?2 AND expires_at > ?3")
                .bind(token.as_bytes().as_slice())
                .bind(Purpose::PasswordReset.name())
                .bind(at.micros())
                .fetch_optional(&mut *transaction)
                .await
                .map_err(failed)?;
        let Some(ticket) = ticket else { return Ok(None) };
        let user = Table { name: "tickets", row: &ticket, key: "user_id" }.user("user_id")?;
        let changed = write_password(&mut transaction, user, hash, None).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        changed.as_ref().map(account).transpose()
    }

    async fn change_email(
        &self,
        user: UserId,
        code: CodeId,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "change an address";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let wanted = sqlx::query(
            "SELECT user_id, email FROM mailed_codes WHERE user_id = ?1 AND use_of = ?2 AND code_id = ?3",
        )
        .bind(integer(user.number()))
        .bind(CodeUse::EmailChange.name())
        .bind(code.as_bytes().as_slice())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        let Some(wanted) = wanted else { return Ok(None) };
        let table = Table { name: "mailed_codes", row: &wanted, key: "user_id" };
        let email = table.read("email", |text: String| Email::parse(&text).ok())?;
        let changer = sqlx::query("SELECT 1 FROM accounts WHERE id = ?1 AND is_verified = 1")
            .bind(integer(user.number()))
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?;
        if changer.is_some() {
            release(&mut transaction, &email).await?;
        }
        let written = sqlx::query(concat!(
            "UPDATE accounts SET email = ?2, email_key = ?3 WHERE id = ?1 RETURNING ",
            account_columns!()
        ))
        .bind(integer(user.number()))
        .bind(email.typed())
        .bind(email.key())
        .fetch_optional(&mut *transaction)
        .await;
        let changed = match written {
            Ok(changed) => changed,
            Err(error) if is_taken(&error) => None,
            Err(error) => return Err(failed(error)),
        };
        let Some(changed) = changed else { return Ok(None) };
        end_sign_ins(&mut transaction, user, kept).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        account(&changed).map(Some)
    }
}

async fn write_password(
    connection: &mut SqliteConnection,
    user: UserId,
    hash: &PasswordHash,
    kept: Option<SessionId>,
) -> Result<Option<SqliteRow>, sqlx::Error> {
    let changed = sqlx::query(concat!(
        "UPDATE accounts SET password_hash = ?2 WHERE id = ?1 RETURNING ",
        account_columns!()
    ))
    .bind(integer(user.number()))
    .bind(hash.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    end_sign_ins(connection, user, kept).await?;
    Ok(changed)
}

/// What a change of how somebody signs in brings with it.
pub(super) async fn end_sign_ins(
    connection: &mut SqliteConnection,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<(), sqlx::Error> {
    let user = integer(user.number());
    sqlx::query("DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2")
        .bind(user)
        .bind(kept.map(|session| integer(session.number())))
        .execute(&mut *connection)
        .await?;
    for statement in ["DELETE FROM tickets WHERE user_id = ?1", "DELETE FROM mailed_codes WHERE user_id = ?1"]
    {
        sqlx::query(statement).bind(user).execute(&mut *connection).await?;
    }
    Ok(())
}

fn mailed_code(row: &SqliteRow) -> Result<MailedCode, Failure> {
    let table = Table { name: "mailed_codes", row, key: "user_id" };
    Ok(MailedCode {
        user: table.user("user_id")?,
        use_of: table.read("use_of", |name: String| CodeUse::named(&name))?,
        email: table.read("email", |text: String| Email::parse(&text).ok())?,
        code: table.code()?,
    })
}
