//! Mailed codes, and changes of how somebody signs in.

use super::registrations::release;
use super::rows::{Table, account};
use super::{Accounts, Connection, Row, address, failure, lock, signed};
use async_trait::async_trait;
use auction_core::identity::{
    Account, CODE_ATTEMPTS_MAX, CodeId, CodeUse, Email, MailedCode, PasswordHash, Purpose, SessionId,
    TokenDigest,
};
use auction_core::ports::{CredentialStore, Failure, MailedCodeStore};
use auction_core::{Timestamp, UserId};

#[async_trait]
impl MailedCodeStore for Accounts {
    async fn issue_code(&self, code: &MailedCode) -> Result<(), Failure> {
        const OPERATION: &str = "issue a mailed code";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        sqlx::query(
            "INSERT INTO mailed_codes (user_id, use_of, email, code_id, code_digest, code_expires, code_attempts) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, use_of) DO UPDATE SET \
             email = excluded.email, code_id = excluded.code_id, code_digest = excluded.code_digest, \
             code_expires = excluded.code_expires, code_attempts = excluded.code_attempts",
        )
        .bind(signed(code.user.number()))
        .bind(code.use_of.name())
        .bind(code.email.typed())
        .bind(code.code.id.as_bytes().as_slice())
        .bind(code.code.digest.as_bytes().as_slice())
        .bind(code.code.expires_at.micros())
        .bind(i64::from(code.code.attempts))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)
    }

    async fn attempt_code(&self, user: UserId, use_of: CodeUse) -> Result<Option<MailedCode>, Failure> {
        const OPERATION: &str = "count an attempt at a mailed code";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = sqlx::query(
            "UPDATE mailed_codes SET code_attempts = code_attempts + 1 \
             WHERE user_id = $1 AND use_of = $2 AND code_attempts < $3 \
             RETURNING user_id, use_of, email, code_id, code_digest, code_expires, code_attempts",
        )
        .bind(signed(user.number()))
        .bind(use_of.name())
        .bind(i64::from(CODE_ATTEMPTS_MAX))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        row.as_ref().map(mailed_code).transpose()
    }

    async fn redeem_code(&self, user: UserId, use_of: CodeUse, code: CodeId) -> Result<bool, Failure> {
        const OPERATION: &str = "redeem a mailed code";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let removed =
            sqlx::query("DELETE FROM mailed_codes WHERE user_id = $1 AND use_of = $2 AND code_id = $3")
                .bind(signed(user.number()))
                .bind(use_of.name())
                .bind(code.as_bytes().as_slice())
                .execute(&mut *draft)
                .await
                .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(removed.rows_affected() > 0)
    }
}

#[async_trait]
impl CredentialStore for Accounts {
    async fn change_password(
        &self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "change a password";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let changed = write_password(&mut draft, user, hash, kept).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
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
        let mut draft = self.pen.begin(OPERATION).await?;
        let ticket = sqlx::query("SELECT user_id FROM tickets WHERE token = $1 AND purpose = $2")
            .bind(token.as_bytes().as_slice())
            .bind(Purpose::PasswordReset.name())
            .fetch_optional(&mut *draft)
            .await
            .map_err(failed)?;
        let Some(ticket) = ticket else { return Ok(None) };
        let user = Table { name: "tickets", row: &ticket, key: "user_id" }.user("user_id")?;
        // The account before the ticket, as everybody has it. The ticket may be gone by then: it is its removal that
        // tells who redeems it.
        lock(&mut draft, user).await.map_err(failed)?;
        let redeemed =
            sqlx::query("DELETE FROM tickets WHERE token = $1 AND purpose = $2 AND expires_at > $3")
                .bind(token.as_bytes().as_slice())
                .bind(Purpose::PasswordReset.name())
                .bind(at.micros())
                .execute(&mut *draft)
                .await
                .map_err(failed)?;
        if redeemed.rows_affected() == 0 {
            return Ok(None);
        }
        let changed = write_password(&mut draft, user, hash, None).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
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
        let mut draft = self.pen.begin(OPERATION).await?;
        // Read without a lock, to know which address is to be held. A code never gets another address: if it is there
        // afterwards, it is for this one.
        let Some(email) = wanted_email(&mut draft, user, code).await? else { return Ok(None) };
        draft.hold(&[address(&email)]).await.map_err(failed)?;
        // Who changes and who has the address, in one order, whoever else changes theirs.
        let locked = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE id = $1 OR email_key = $2 ORDER BY id",
            for_update!()
        ))
        .bind(signed(user.number()))
        .bind(email.key())
        .fetch_all(&mut *draft)
        .await
        .map_err(failed)?;
        let locked = locked.iter().map(account).collect::<Result<Vec<_>, _>>()?;
        let Some(changer) = locked.iter().find(|account| account.id == user) else { return Ok(None) };
        if let Some(holder) = locked.iter().find(|account| account.id != user) {
            if holder.is_verified || !changer.is_verified {
                return Ok(None);
            }
            release(&mut draft, &email).await?;
        }
        if wanted_email(&mut draft, user, code).await? != Some(email.clone()) {
            return Ok(None);
        }
        let changed = sqlx::query(concat!(
            "UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1 RETURNING ",
            account_columns!()
        ))
        .bind(signed(user.number()))
        .bind(email.typed())
        .bind(email.key())
        .fetch_one(&mut *draft)
        .await
        .map_err(failed)?;
        end_sign_ins(&mut draft, user, kept).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        account(&changed).map(Some)
    }
}

/// The address for which somebody was mailed a code.
async fn wanted_email(
    connection: &mut Connection,
    user: UserId,
    code: CodeId,
) -> Result<Option<Email>, Failure> {
    let row = sqlx::query(
        "SELECT user_id, email FROM mailed_codes WHERE user_id = $1 AND use_of = $2 AND code_id = $3",
    )
    .bind(signed(user.number()))
    .bind(CodeUse::EmailChange.name())
    .bind(code.as_bytes().as_slice())
    .fetch_optional(connection)
    .await
    .map_err(|error| failure("read a mailed code", error))?;
    let Some(row) = row else { return Ok(None) };
    let table = Table { name: "mailed_codes", row: &row, key: "user_id" };
    table.read("email", |text: String| Email::parse(&text).ok()).map(Some)
}

/// Writes a password, with what that brings with it. Writing it locks the account.
async fn write_password(
    connection: &mut Connection,
    user: UserId,
    hash: &PasswordHash,
    kept: Option<SessionId>,
) -> Result<Option<Row>, sqlx::Error> {
    let changed = sqlx::query(concat!(
        "UPDATE accounts SET password_hash = $2 WHERE id = $1 RETURNING ",
        account_columns!()
    ))
    .bind(signed(user.number()))
    .bind(hash.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    end_sign_ins(connection, user, kept).await?;
    Ok(changed)
}

/// What a change of how somebody signs in brings with it. The account is locked: a session that is being added is seen,
/// or comes later.
pub(super) async fn end_sign_ins(
    connection: &mut Connection,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<(), sqlx::Error> {
    let user = signed(user.number());
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2")
        .bind(user)
        .bind(kept.map(|session| signed(session.number())))
        .execute(&mut *connection)
        .await?;
    for statement in ["DELETE FROM tickets WHERE user_id = $1", "DELETE FROM mailed_codes WHERE user_id = $1"]
    {
        sqlx::query(statement).bind(user).execute(&mut *connection).await?;
    }
    Ok(())
}

fn mailed_code(row: &Row) -> Result<MailedCode, Failure> {
    let table = Table { name: "mailed_codes", row, key: "user_id" };
    Ok(MailedCode {
        user: table.user("user_id")?,
        use_of: table.read("use_of", |name: String| CodeUse::named(&name))?,
        email: table.read("email", |text: String| Email::parse(&text).ok())?,
        code: table.code()?,
    })
}
