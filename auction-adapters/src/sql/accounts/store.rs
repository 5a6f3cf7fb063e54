//! Accounts, registrations and sessions: the statements.

use super::rows::{Table, account, registration, session};
use super::{Accounts, address, failure, finding, is_taken, lock, portions, profiles, registrations, signed};
use async_trait::async_trait;
use auction_core::identity::{
    Account, BanScope, CODE_ATTEMPTS_MAX, CodeId, Email, LiveCode, PersonName, Registration,
    SESSIONS_PER_USER_MAX, Session, SessionId, SessionKey, TokenDigest, Username,
};
use auction_core::ports::{
    AccountChange, AccountStore, Created, Failure, FailureKind, NewAccount, NewSession, Updated,
};
use auction_core::{Timestamp, UserId};

/// What ended is removed where nobody works on it, so that nobody waits here.
const FORGET: [&str; 3] = [
    concat!(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 LIMIT $2",
        skip_locked!(),
        ")"
    ),
    concat!(
        "DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE expires_at <= $1 LIMIT $2",
        skip_locked!(),
        ")"
    ),
    concat!(
        "DELETE FROM mailed_codes WHERE (user_id, use_of) IN \
         (SELECT user_id, use_of FROM mailed_codes WHERE code_expires <= $1 LIMIT $2",
        skip_locked!(),
        ")"
    ),
];

const FORGET_REGISTRATIONS: &str = concat!(
    "DELETE FROM registrations WHERE email_key IN (SELECT email_key FROM registrations WHERE at < $1 LIMIT $2",
    skip_locked!(),
    ")"
);

#[async_trait]
impl AccountStore for Accounts {
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure> {
        const OPERATION: &str = "read accounts";
        let ids = users.iter().map(|user| user.number()).collect::<Vec<_>>();
        let ids = serde_json::to_string(&ids)
            .map_err(|error| Failure::new(FailureKind::Other, OPERATION, error))?;
        let rows = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE id IN (SELECT CAST(wanted.value AS BIGINT) FROM ",
            each!("$1", "wanted"),
            ")"
        ))
        .bind(ids)
        .fetch_all(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        let found = rows.iter().map(account).collect::<Result<Vec<_>, _>>()?;
        Ok(users.iter().map(|user| found.iter().find(|account| account.id == *user).cloned()).collect())
    }

    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "read an account by its address";
        let row = sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE email_key = $1"))
            .bind(email.key())
            .fetch_optional(&mut *self.readers.take(OPERATION).await?)
            .await
            .map_err(|error| failure(OPERATION, error))?;
        row.as_ref().map(account).transpose()
    }

    async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "read an account by its name";
        let row =
            sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE username_key = $1"))
                .bind(username.key())
                .fetch_optional(&mut *self.readers.take(OPERATION).await?)
                .await
                .map_err(|error| failure(OPERATION, error))?;
        row.as_ref().map(account).transpose()
    }

    async fn create(&self, new: &NewAccount) -> Result<Created, Failure> {
        const OPERATION: &str = "create an account";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        draft.hold(&[address(&new.email)]).await.map_err(failed)?;
        if new.is_verified {
            registrations::release(&mut draft, &new.email).await?;
        }
        if let Some(row) = registrations::insert(&mut draft, new).await? {
            draft.commit().await.map_err(failed)?;
            return Ok(Created::Account(Box::new(account(&row)?)));
        }
        // What was released is taken back with the transaction.
        let holder = registrations::holder(&mut draft, &new.email).await?;
        Ok(if holder.is_some() { Created::EmailTaken } else { Created::UsernameTaken })
    }

    async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure> {
        const OPERATION: &str = "update an account";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        if lock(&mut draft, user).await.map_err(failed)?.is_none() {
            return Ok(None);
        }
        // Looked for first, so that two who want each other's name do not wait for each other.
        if let Some(username) = &change.username {
            let owner = registrations::owner(&mut draft, username).await.map_err(failed)?;
            if owner.is_some_and(|owner| owner != signed(user.number())) {
                return Ok(Some(Updated::UsernameTaken));
            }
        }
        let written = sqlx::query(concat!(
            "UPDATE accounts SET first_name = COALESCE($2, first_name), last_name = COALESCE($3, last_name), \
             username = COALESCE($4, username), username_key = COALESCE($5, username_key) \
             WHERE id = $1 RETURNING ",
            account_columns!()
        ))
        .bind(signed(user.number()))
        .bind(change.first_name.as_ref().map(PersonName::as_str))
        .bind(change.last_name.as_ref().map(PersonName::as_str))
        .bind(change.username.as_ref().map(Username::as_str))
        .bind(change.username.as_ref().map(Username::key))
        .fetch_one(&mut *draft)
        .await;
        let account = match written {
            Ok(row) => account(&row)?,
            // Somebody took it since; nothing more is asked of this transaction.
            Err(error) if is_taken(&error) => return Ok(Some(Updated::UsernameTaken)),
            Err(error) => return Err(failed(error)),
        };
        let profile = profiles::change(&mut draft, user, change.profile.clone()).await?;
        draft.commit().await.map_err(failed)?;
        Ok(Some(Updated::Account(Box::new(account), Box::new(profile))))
    }

    async fn registration(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        const OPERATION: &str = "read a registration";
        let row = sqlx::query(concat!(
            "SELECT ",
            registration_columns!(),
            " FROM registrations WHERE email_key = $1"
        ))
        .bind(email.key())
        .fetch_optional(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.as_ref().map(registration).transpose()
    }

    async fn register(&self, new: &Registration) -> Result<(), Failure> {
        const OPERATION: &str = "write a registration";
        let mut draft = self.pen.begin(OPERATION).await?;
        registrations::register(&mut draft, new).await?;
        draft.commit().await.map_err(|error| failure(OPERATION, error))
    }

    async fn register_account(&self, new: &Registration) -> Result<(), Failure> {
        const OPERATION: &str = "write a registration and its account";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        draft.hold(&[address(&new.email)]).await.map_err(failed)?;
        registrations::register(&mut draft, new).await?;
        registrations::admit_unverified(&mut draft, new).await?;
        draft.commit().await.map_err(failed)
    }

    async fn renew_code(
        &self,
        email: &Email,
        code: &LiveCode,
        at: Timestamp,
    ) -> Result<Option<Registration>, Failure> {
        const OPERATION: &str = "renew a code";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = sqlx::query(concat!(
            "INSERT INTO registrations (email_key, email, code_id, code_digest, code_expires, code_attempts, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (email_key) DO UPDATE SET code_id = excluded.code_id, \
             code_digest = excluded.code_digest, code_expires = excluded.code_expires, \
             code_attempts = excluded.code_attempts, at = excluded.at \
             WHERE registrations.code_expires <= $7 OR registrations.code_attempts >= $8 RETURNING ",
            registration_columns!()
        ))
        .bind(email.key())
        .bind(email.typed())
        .bind(code.id.as_bytes().as_slice())
        .bind(code.digest.as_bytes().as_slice())
        .bind(code.expires_at.micros())
        .bind(i64::from(code.attempts))
        .bind(at.micros())
        .bind(i64::from(CODE_ATTEMPTS_MAX))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        row.as_ref().map(registration).transpose()
    }

    async fn attempt(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        const OPERATION: &str = "count an attempt";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = sqlx::query(concat!(
            "UPDATE registrations SET code_attempts = code_attempts + 1 \
             WHERE email_key = $1 AND code_attempts < $2 RETURNING ",
            registration_columns!()
        ))
        .bind(email.key())
        .bind(i64::from(CODE_ATTEMPTS_MAX))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        row.as_ref().map(registration).transpose()
    }

    async fn confirm(&self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure> {
        const OPERATION: &str = "confirm a registration";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        draft.hold(&[address(email)]).await.map_err(failed)?;
        let confirmed = registrations::confirm(&mut draft, email, code, at).await?;
        if confirmed.is_some() {
            draft.commit().await.map_err(failed)?;
        }
        Ok(confirmed)
    }

    async fn add_session(&self, new: &NewSession) -> Result<SessionId, Failure> {
        const OPERATION: &str = "add a session";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        // Of two who sign in at once each would not see the session of the other, and too many would stay.
        let owner = lock(&mut draft, new.user).await.map_err(failed)?;
        let owner = owner.as_ref().map(account).transpose()?;
        // A ban that came between the password and the session ends this one as well. Nobody is banned meanwhile.
        let is_banned = owner.is_some_and(|owner| owner.is_banned_from(BanScope::Everything, new.at));
        let sessions_max = if is_banned { 0 } else { SESSIONS_PER_USER_MAX };
        let row = sqlx::query(
            "INSERT INTO sessions (user_id, token, device, created_at, expires_at, style) \
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id AS session_id",
        )
        .bind(signed(new.user.number()))
        .bind(new.token.as_bytes().as_slice())
        .bind(new.device.as_str())
        .bind(new.at.micros())
        .bind(new.expires_at.micros())
        .bind(new.style.name())
        .fetch_one(&mut *draft)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN \
             (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id DESC LIMIT $2)",
        )
        .bind(signed(new.user.number()))
        .bind(signed(sessions_max as u64))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        let table = Table { name: "sessions", row: &row, key: "session_id" };
        table.read("session_id", |id: i64| u64::try_from(id).ok().and_then(SessionId::new))
    }

    async fn session(&self, token: &TokenDigest) -> Result<Option<(Session, Account)>, Failure> {
        const OPERATION: &str = "read a session";
        let row = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            account_columns!(),
            " FROM sessions JOIN accounts ON accounts.id = sessions.user_id WHERE sessions.token = $1"
        ))
        .bind(token.as_bytes().as_slice())
        .fetch_optional(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.map(|row| Ok((session(&row)?, account(&row)?))).transpose()
    }

    async fn find_sessions(&self, keys: &[SessionKey]) -> Result<Vec<Option<(Session, Account)>>, Failure> {
        finding::find(&self.readers, keys).await
    }

    async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure> {
        const OPERATION: &str = "list sessions";
        let rows = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY id DESC"
        ))
        .bind(signed(user.number()))
        .bind(at.micros())
        .fetch_all(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        rows.iter().map(session).collect()
    }

    async fn remove_session(&self, user: UserId, session: SessionId) -> Result<bool, Failure> {
        const OPERATION: &str = "remove a session";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let removed = sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
            .bind(signed(session.number()))
            .bind(signed(user.number()))
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(removed.rows_affected() > 0)
    }

    async fn forget(&self, at: Timestamp, untouched_since: Timestamp) -> Result<(), Failure> {
        const OPERATION: &str = "forget what has ended";
        portions::change(&self.pen, OPERATION, FORGET_REGISTRATIONS, untouched_since).await?;
        for statement in FORGET {
            portions::change(&self.pen, OPERATION, statement, at).await?;
        }
        Ok(())
    }
}
