//! Accounts, registrations and sessions in SQLite: the statements.

use super::rows::{Table, account, registration, session};
use super::{SqliteAccounts, failure, integer, is_taken, profiles, registrations};
use async_trait::async_trait;
use auction_core::identity::{
    Account, CODE_ATTEMPTS_MAX, CodeId, Email, LiveCode, PersonName, Registration, SESSIONS_PER_USER_MAX,
    Session, SessionId, TokenDigest, Username,
};
use auction_core::ports::{
    AccountChange, AccountStore, Created, Failure, FailureKind, NewAccount, NewSession, Updated,
};
use auction_core::{Timestamp, UserId};

#[async_trait]
impl AccountStore for SqliteAccounts {
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure> {
        const OPERATION: &str = "read accounts";
        let ids = users.iter().map(|user| user.number()).collect::<Vec<_>>();
        let ids = serde_json::to_string(&ids)
            .map_err(|error| Failure::new(FailureKind::Other, OPERATION, error))?;
        let rows = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE id IN (SELECT value FROM json_each(?1))"
        ))
        .bind(ids)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        let found = rows.iter().map(account).collect::<Result<Vec<_>, _>>()?;
        Ok(users.iter().map(|user| found.iter().find(|account| account.id == *user).cloned()).collect())
    }

    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure> {
        let row = sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE email_key = ?1"))
            .bind(email.key())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| failure("read an account by its address", error))?;
        row.as_ref().map(account).transpose()
    }

    async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Failure> {
        let row =
            sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE username_key = ?1"))
                .bind(username.key())
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| failure("read an account by its name", error))?;
        row.as_ref().map(account).transpose()
    }

    async fn create(&self, new: &NewAccount) -> Result<Created, Failure> {
        const OPERATION: &str = "create an account";
        let mut transaction = self.begin(OPERATION).await?;
        if new.is_verified {
            registrations::release(&mut transaction, &new.email).await?;
        }
        match registrations::insert(&mut transaction, new).await {
            Ok(row) => {
                transaction.commit().await.map_err(|error| failure(OPERATION, error))?;
                Ok(Created::Account(Box::new(account(&row)?)))
            }
            Err(error) if is_taken(&error) => {
                drop(transaction);
                Ok(match self.account_by_email(&new.email).await? {
                    Some(holder) if holder.is_verified || !new.is_verified => Created::EmailTaken,
                    Some(_) | None => Created::UsernameTaken,
                })
            }
            Err(error) => Err(failure(OPERATION, error)),
        }
    }

    async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure> {
        const OPERATION: &str = "update an account";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let written = sqlx::query(concat!(
            "UPDATE accounts SET first_name = COALESCE(?2, first_name), last_name = COALESCE(?3, last_name), \
             username = COALESCE(?4, username), username_key = COALESCE(?5, username_key) \
             WHERE id = ?1 RETURNING ",
            account_columns!()
        ))
        .bind(integer(user.number()))
        .bind(change.first_name.as_ref().map(PersonName::as_str))
        .bind(change.last_name.as_ref().map(PersonName::as_str))
        .bind(change.username.as_ref().map(Username::as_str))
        .bind(change.username.as_ref().map(Username::key))
        .fetch_optional(&mut *transaction)
        .await;
        let account = match written {
            Ok(None) => return Ok(None),
            Ok(Some(row)) => account(&row)?,
            Err(error) if is_taken(&error) => return Ok(Some(Updated::UsernameTaken)),
            Err(error) => return Err(failed(error)),
        };
        let profile = profiles::change(&mut transaction, user, change.profile.clone()).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(Some(Updated::Account(Box::new(account), Box::new(profile))))
    }

    async fn registration(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        let row = sqlx::query(concat!(
            "SELECT ",
            registration_columns!(),
            " FROM registrations WHERE email_key = ?1"
        ))
        .bind(email.key())
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| failure("read a registration", error))?;
        row.as_ref().map(registration).transpose()
    }

    async fn register(&self, new: &Registration) -> Result<(), Failure> {
        const OPERATION: &str = "write a registration";
        let mut transaction = self.begin(OPERATION).await?;
        registrations::register(&mut transaction, new).await?;
        transaction.commit().await.map_err(|error| failure(OPERATION, error))
    }

    async fn register_account(&self, new: &Registration) -> Result<(), Failure> {
        const OPERATION: &str = "write a registration and its account";
        let mut transaction = self.begin(OPERATION).await?;
        registrations::register(&mut transaction, new).await?;
        registrations::admit_unverified(&mut transaction, new).await?;
        transaction.commit().await.map_err(|error| failure(OPERATION, error))
    }

    async fn renew_code(
        &self,
        email: &Email,
        code: &LiveCode,
        at: Timestamp,
    ) -> Result<Option<Registration>, Failure> {
        let row = sqlx::query(concat!(
            "INSERT INTO registrations (email_key, email, code_id, code_digest, code_expires, code_attempts, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (email_key) DO UPDATE SET code_id = excluded.code_id, \
             code_digest = excluded.code_digest, code_expires = excluded.code_expires, \
             code_attempts = excluded.code_attempts, at = excluded.at \
             WHERE registrations.code_expires <= ?7 OR registrations.code_attempts >= ?8 RETURNING ",
            registration_columns!()
        ))
        .bind(email.key())
        .bind(email.typed())
        .bind(code.id.as_bytes().as_slice())
        .bind(code.digest.as_bytes().as_slice())
        .bind(code.expires_at.micros())
        .bind(code.attempts)
        .bind(at.micros())
        .bind(CODE_ATTEMPTS_MAX)
        .fetch_optional(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("renew a code", error))?;
        row.as_ref().map(registration).transpose()
    }

    async fn attempt(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        let row = sqlx::query(concat!(
            "UPDATE registrations SET code_attempts = code_attempts + 1 \
             WHERE email_key = ?1 AND code_attempts < ?2 RETURNING ",
            registration_columns!()
        ))
        .bind(email.key())
        .bind(CODE_ATTEMPTS_MAX)
        .fetch_optional(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("count an attempt", error))?;
        row.as_ref().map(registration).transpose()
    }

    async fn confirm(&self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "confirm a registration";
        let mut transaction = self.begin(OPERATION).await?;
        let confirmed = registrations::confirm(&mut transaction, email, code, at).await?;
        if confirmed.is_some() {
            transaction.commit().await.map_err(|error| failure(OPERATION, error))?;
        }
        Ok(confirmed)
    }

    async fn add_session(&self, new: &NewSession) -> Result<SessionId, Failure> {
        const OPERATION: &str = "add a session";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let row = sqlx::query(
            "INSERT INTO sessions (user_id, token, device, created_at, expires_at, style) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id AS session_id",
        )
        .bind(integer(new.user.number()))
        .bind(new.token.as_bytes().as_slice())
        .bind(new.device.as_str())
        .bind(new.at.micros())
        .bind(new.expires_at.micros())
        .bind(new.style.name())
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM sessions WHERE user_id = ?1 AND id NOT IN \
             (SELECT id FROM sessions WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2)",
        )
        .bind(integer(new.user.number()))
        .bind(integer(SESSIONS_PER_USER_MAX as u64))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        let table = Table { name: "sessions", row: &row, key: "session_id" };
        table.read("session_id", |id: i64| u64::try_from(id).ok().and_then(SessionId::new))
    }

    async fn session(&self, token: &TokenDigest) -> Result<Option<(Session, Account)>, Failure> {
        let row = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            account_columns!(),
            " FROM sessions JOIN accounts ON accounts.id = sessions.user_id WHERE sessions.token = ?1"
        ))
        .bind(token.as_bytes().as_slice())
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| failure("read a session", error))?;
        row.map(|row| Ok((session(&row)?, account(&row)?))).transpose()
    }

    async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE user_id = ?1 AND expires_at > ?2 ORDER BY id DESC"
        ))
        .bind(integer(user.number()))
        .bind(at.micros())
        .fetch_all(&self.pool)
        .await
        .map_err(|error| failure("list sessions", error))?;
        rows.iter().map(session).collect()
    }

    async fn remove_session(&self, user: UserId, session: SessionId) -> Result<bool, Failure> {
        let removed = sqlx::query("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2")
            .bind(integer(session.number()))
            .bind(integer(user.number()))
            .execute(&mut *self.pen().await?)
            .await
            .map_err(|error| failure("remove a session", error))?;
        Ok(removed.rows_affected() > 0)
    }

    async fn forget(&self, at: Timestamp, untouched_since: Timestamp) -> Result<(), Failure> {
        const OPERATION: &str = "forget what has ended";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= ?1")
            .bind(at.micros())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        sqlx::query("DELETE FROM registrations WHERE at < ?1")
            .bind(untouched_since.micros())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        for statement in [
            "DELETE FROM tickets WHERE expires_at <= ?1",
            "DELETE FROM mailed_codes WHERE code_expires <= ?1",
        ] {
            sqlx::query(statement).bind(at.micros()).execute(&mut *transaction).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }
}
