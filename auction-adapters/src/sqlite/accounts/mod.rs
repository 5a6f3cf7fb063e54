//! Accounts, registrations and sessions in SQLite.

use crate::sqlite::open::connect_options;
use crate::sqlite::turn::{Draft, Pen, Writing};
use async_trait::async_trait;
use auction_core::identity::{
    Account, Applicant, Ban, BanScope, CODE_ATTEMPTS_MAX, CodeDigest, CodeId, Device, Email, LiveCode, Note,
    PasswordHash, PersonName, Registration, Role, SESSIONS_PER_USER_MAX, Selling, Session, SessionId,
    SessionStyle, TokenDigest, Username,
};
use auction_core::ports::{
    AccountStore, Created, Failure, FailureKind, NewAccount, NewSession, Profile, Updated,
};
use auction_core::{Timestamp, UserId};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Row, Sqlite};
use std::path::Path;

/// Accounts, registrations and sessions in SQLite.
///
/// Each write is one statement, or one transaction that takes the write lock when it begins, so that several
/// processes may write. Inside a process all who write to the same file are let in as they came.
#[derive(Clone, Debug)]
pub struct SqliteAccounts {
    pool: SqlitePool,
    pen: Pen,
}

macro_rules! account_columns {
    () => {
        "accounts.id, accounts.email, accounts.username, accounts.first_name, accounts.last_name, accounts.phone, \
         accounts.address, accounts.password_hash, accounts.is_verified, accounts.role, accounts.selling, \
         accounts.ban_scope, accounts.ban_until, accounts.ban_reason, accounts.has_second_factor, accounts.created_at"
    };
}

macro_rules! session_columns {
    () => {
        "sessions.id AS session_id, sessions.user_id, sessions.style, sessions.device, sessions.created_at AS session_at, \
         sessions.expires_at"
    };
}

macro_rules! registration_columns {
    () => {
        "email, username, first_name, last_name, password_hash, code_id, code_digest, code_expires, \
         code_attempts, at"
    };
}

mod credentials;
mod migrations;
mod refreshing;
mod second_factors;
mod standing;
mod tickets;

/// How many connections one process reads with at once.
const CONNECTIONS_MAX: u32 = 4;

impl SqliteAccounts {
    /// Opens a database, makes it where there is none, and its tables where they are missing. Any process may,
    /// beside the one that writes auctions.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        const OPERATION: &str = "open the accounts";
        let failed = |error| failure(OPERATION, error);
        let options = connect_options(path.as_ref()).create_if_missing(true);
        let pen = Pen::new(path.as_ref(), options.clone(), SqliteSynchronous::Full);
        let mut draft = pen.begin(OPERATION).await?;
        migrations::run(&mut draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS_MAX).connect_lazy_with(options);
        Ok(Self { pool, pen })
    }

    /// Closes the connections; other handles fail from then on.
    pub async fn close(&self) {
        self.pool.close().await;
        self.pen.close().await;
    }

    /// Waits for the turn, to write with one statement.
    async fn pen(&self) -> Result<Writing, Failure> {
        self.pen.take("take a connection that writes").await
    }

    async fn begin(&self, operation: &'static str) -> Result<Draft, Failure> {
        self.pen.begin(operation).await
    }
}

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
        let written = sqlx::query(concat!(
            "INSERT INTO accounts (email, email_key, username, username_key, first_name, last_name, phone, \
             address, password_hash, is_verified, role, selling, created_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', '', ?7, ?8, ?9, ?10, ?11) RETURNING ",
            account_columns!()
        ))
        .bind(new.email.typed())
        .bind(new.email.key())
        .bind(new.username.as_ref().map(Username::as_str))
        .bind(new.username.as_ref().map(Username::key))
        .bind(new.first_name.as_str())
        .bind(new.last_name.as_str())
        .bind(new.password_hash.as_str())
        .bind(new.is_verified)
        .bind(new.role.name())
        .bind(if new.is_seller { Selling::Allowed } else { Selling::No }.name())
        .bind(new.at.micros())
        .fetch_one(&mut *self.pen().await?)
        .await;
        match written {
            Ok(row) => Ok(Created::Account(Box::new(account(&row)?))),
            Err(error) if is_taken(&error) => Ok(match self.account_by_email(&new.email).await? {
                Some(_) => Created::EmailTaken,
                None => Created::UsernameTaken,
            }),
            Err(error) => Err(failure("create an account", error)),
        }
    }

    async fn update(&self, user: UserId, profile: &Profile) -> Result<Option<Updated>, Failure> {
        let written = sqlx::query(concat!(
            "UPDATE accounts SET first_name = COALESCE(?2, first_name), last_name = COALESCE(?3, last_name), \
             username = COALESCE(?4, username), username_key = COALESCE(?5, username_key), \
             phone = COALESCE(?6, phone), address = COALESCE(?7, address) WHERE id = ?1 RETURNING ",
            account_columns!()
        ))
        .bind(integer(user.number()))
        .bind(profile.first_name.as_ref().map(PersonName::as_str))
        .bind(profile.last_name.as_ref().map(PersonName::as_str))
        .bind(profile.username.as_ref().map(Username::as_str))
        .bind(profile.username.as_ref().map(Username::key))
        .bind(profile.phone.as_ref().map(Note::as_str))
        .bind(profile.address.as_ref().map(Note::as_str))
        .fetch_optional(&mut *self.pen().await?)
        .await;
        match written {
            Ok(None) => Ok(None),
            Ok(Some(row)) => Ok(Some(Updated::Account(Box::new(account(&row)?)))),
            Err(error) if is_taken(&error) => Ok(Some(Updated::UsernameTaken)),
            Err(error) => Err(failure("update an account", error)),
        }
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
        let applicant = new.applicant.as_ref();
        sqlx::query(
            "INSERT OR REPLACE INTO registrations (email_key, email, username, first_name, last_name, \
             password_hash, code_id, code_digest, code_expires, code_attempts, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )
        .bind(new.email.key())
        .bind(new.email.typed())
        .bind(applicant.and_then(|applicant| applicant.username.as_ref()).map(Username::as_str))
        .bind(applicant.map(|applicant| applicant.first_name.as_str()))
        .bind(applicant.map(|applicant| applicant.last_name.as_str()))
        .bind(applicant.map(|applicant| applicant.password_hash.as_str()))
        .bind(new.code.id.as_bytes().as_slice())
        .bind(new.code.digest.as_bytes().as_slice())
        .bind(new.code.expires_at.micros())
        .bind(new.code.attempts)
        .bind(new.at.micros())
        .execute(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("write a registration", error))?;
        Ok(())
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
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        let row = sqlx::query(concat!(
            "INSERT INTO accounts (email, email_key, username, username_key, first_name, last_name, phone, \
             address, password_hash, is_verified, role, selling, created_at) \
             SELECT email, email_key, iif(is_free, username, NULL), iif(is_free, lower(username), NULL), \
             first_name, last_name, '', '', password_hash, 1, 'client', 'no', ?3 \
             FROM (SELECT *, NOT EXISTS (SELECT 1 FROM accounts WHERE username_key = lower(registrations.username)) \
             AS is_free FROM registrations) \
             WHERE email_key = ?1 AND code_id = ?2 AND password_hash IS NOT NULL \
             ON CONFLICT (email_key) DO NOTHING RETURNING ",
            account_columns!()
        ))
        .bind(email.key())
        .bind(code.as_bytes().as_slice())
        .bind(at.micros())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let account = account(&row)?;
        sqlx::query("DELETE FROM registrations WHERE email_key = ?1")
            .bind(email.key())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(Some(account))
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

/// A row that is read, and how to name it where it makes no sense.
struct Table<'r> {
    name: &'static str,
    row: &'r SqliteRow,
    key: &'static str,
}

impl<'r> Table<'r> {
    /// Reads a column.
    fn read<V, T>(&self, column: &'static str, parse: impl FnOnce(V) -> Option<T>) -> Result<T, Failure>
    where
        V: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
    {
        let value = self.row.try_get(column).ok().and_then(parse);
        value.ok_or_else(|| {
            let key = self.row.try_get::<String, _>(self.key).ok();
            let key = key.or_else(|| self.row.try_get::<i64, _>(self.key).ok().map(|key| key.to_string()));
            let key = key.unwrap_or_default();
            let source = format!("{}.{column} of {} {key} makes no sense", self.name, self.key);
            Failure::new(FailureKind::Corrupt, "read a row", source)
        })
    }

    fn user(&self, column: &'static str) -> Result<UserId, Failure> {
        self.read(column, |id: i64| u64::try_from(id).ok().and_then(|id| UserId::new(id).ok()))
    }

    fn code(&self) -> Result<LiveCode, Failure> {
        let id = self.read("code_id", |bytes: &[u8]| bytes.try_into().ok().map(CodeId::from_bytes))?;
        let digest =
            self.read("code_digest", |bytes: &[u8]| bytes.try_into().ok().map(CodeDigest::from_bytes))?;
        let attempts = self.read("code_attempts", |attempts: i64| u8::try_from(attempts).ok())?;
        Ok(LiveCode { id, digest, expires_at: self.time("code_expires")?, attempts })
    }

    fn ban(&self) -> Result<Option<Ban>, Failure> {
        let scope = self.read("ban_scope", |name: Option<String>| match name {
            None => Some(None),
            Some(name) => BanScope::named(&name).map(Some),
        })?;
        let Some(scope) = scope else { return Ok(None) };
        let until = self.read("ban_until", |micros: Option<i64>| match micros {
            None => Some(None),
            Some(micros) => Timestamp::from_micros(micros).ok().map(Some),
        })?;
        let reason = self.read("ban_reason", |text: String| Note::parse(&text).ok())?;
        Ok(Some(Ban { scope, until, reason }))
    }

    fn time(&self, column: &'static str) -> Result<Timestamp, Failure> {
        self.read(column, |micros| Timestamp::from_micros(micros).ok())
    }

    fn username(&self) -> Result<Option<Username>, Failure> {
        self.read("username", |name: Option<String>| match name {
            None => Some(None),
            Some(name) => Username::parse(&name).ok().map(Some),
        })
    }
}

fn account(row: &SqliteRow) -> Result<Account, Failure> {
    let table = Table { name: "accounts", row, key: "id" };
    let note = |column| table.read(column, |text: String| Note::parse(&text).ok());
    let name = |column| table.read(column, |text: String| PersonName::parse(&text).ok());
    Ok(Account {
        id: table.user("id")?,
        email: table.read("email", |text: String| Email::parse(&text).ok())?,
        username: table.username()?,
        first_name: name("first_name")?,
        last_name: name("last_name")?,
        phone: note("phone")?,
        address: note("address")?,
        password_hash: table.read("password_hash", |hash| Some(PasswordHash::new(hash)))?,
        is_verified: table.read("is_verified", Some)?,
        role: table.read("role", |role: String| Role::named(&role))?,
        selling: table.read("selling", |name: String| Selling::named(&name))?,
        ban: table.ban()?,
        has_second_factor: table.read("has_second_factor", Some)?,
        created_at: table.time("created_at")?,
    })
}

fn registration(row: &SqliteRow) -> Result<Registration, Failure> {
    let table = Table { name: "registrations", row, key: "email" };
    let name = |column| table.read(column, |text: String| PersonName::parse(&text).ok());
    let applicant = match table.read("password_hash", |hash: Option<String>| Some(hash))? {
        None => None,
        Some(hash) => Some(Applicant {
            username: table.username()?,
            first_name: name("first_name")?,
            last_name: name("last_name")?,
            password_hash: PasswordHash::new(hash),
        }),
    };
    Ok(Registration {
        email: table.read("email", |text: String| Email::parse(&text).ok())?,
        applicant,
        code: table.code()?,
        at: table.time("at")?,
    })
}

fn session(row: &SqliteRow) -> Result<Session, Failure> {
    let table = Table { name: "sessions", row, key: "session_id" };
    Ok(Session {
        id: table.read("session_id", |id: i64| u64::try_from(id).ok().and_then(SessionId::new))?,
        user: table.user("user_id")?,
        style: table.read("style", |name: String| SessionStyle::named(&name))?,
        device: table.read("device", |text: String| Some(Device::new(&text)))?,
        created_at: table.time("session_at")?,
        expires_at: table.time("expires_at")?,
    })
}

/// Ids are below 2^53.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

fn failure(operation: &'static str, error: sqlx::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, operation, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use sqlx::sqlite::SqliteConnectOptions;

    /// A database in a file, so that the pool can have several connections.
    struct Place {
        store: SqliteAccounts,
        _folder: tempfile::TempDir,
    }

    impl std::ops::Deref for Place {
        type Target = SqliteAccounts;
        fn deref(&self) -> &SqliteAccounts {
            &self.store
        }
    }

    async fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteAccounts::open(folder.path().join("auction.db")).await.unwrap();
        Place { store, _folder: folder }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Runtime::new().unwrap().block_on(future)
    }

    auction_core::account_cases!(block_on, place().await);
    auction_core::credential_cases!(block_on, place().await);
    auction_core::standing_cases!(block_on, place().await);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_many_at_once_five_attempts_are_counted_and_one_confirms() {
        let (place, ann) = (place().await, Email::parse("ann@example.com").unwrap());
        let name = PersonName::parse("Ann").unwrap();
        let applicant = Applicant {
            username: None,
            first_name: name.clone(),
            last_name: name,
            password_hash: PasswordHash::new("x".to_owned()),
        };
        let code = LiveCode {
            id: CodeId::from_bytes([1; 16]),
            digest: CodeDigest::from_bytes([1; 32]),
            expires_at: Timestamp::MAX,
            attempts: 0,
        };
        let registration =
            Registration { email: ann.clone(), applicant: Some(applicant), code, at: Timestamp::EPOCH };
        place.register(&registration).await.unwrap();
        let spawn = |_| {
            let (store, ann) = (place.store.clone(), ann.clone());
            tokio::spawn(async move { store.attempt(&ann).await.unwrap().is_some() })
        };
        let counted = join_all((0..20).map(spawn)).await;
        assert_eq!(counted.into_iter().filter(|counted| *counted.as_ref().unwrap()).count(), 5);
        let spawn = |_| {
            let (store, ann) = (place.store.clone(), ann.clone());
            tokio::spawn(
                async move { store.confirm(&ann, code.id, Timestamp::EPOCH).await.unwrap().is_some() },
            )
        };
        let confirmed = join_all((0..20).map(spawn)).await;
        assert_eq!(confirmed.into_iter().filter(|confirmed| *confirmed.as_ref().unwrap()).count(), 1);
    }

    #[tokio::test]
    async fn a_database_of_the_first_version_is_brought_up_to_date_with_its_people() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("auction.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let pool = SqlitePoolOptions::new().connect_with(options).await.unwrap();
        let first = include_str!("../../../migrations/sqlite/0100_accounts.sql");
        sqlx::raw_sql(first).execute(&pool).await.unwrap();
        let statement = "INSERT INTO accounts (email, email_key, first_name, last_name, phone, address, \
            password_hash, is_verified, role, is_seller, is_banned, created_at) \
            VALUES ('a@b.co', 'a@b.co', 'A', 'B', '', '', 'x', 1, 'client', 1, 1, 0)";
        sqlx::query(statement).execute(&pool).await.unwrap();
        pool.close().await;
        for _ in 0..2 {
            let store = SqliteAccounts::open(&path).await.unwrap();
            let account = store.account_by_email(&Email::parse("a@b.co").unwrap()).await.unwrap().unwrap();
            assert!(!account.has_second_factor);
            assert_eq!(account.selling, Selling::Allowed);
            let expected = Ban { scope: BanScope::Everything, until: None, reason: Note::default() };
            assert_eq!(account.ban, Some(expected));
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_row_that_makes_no_sense_is_named() {
        let place = place().await;
        let statement = "INSERT INTO accounts (email, email_key, first_name, last_name, phone, address, \
            password_hash, is_verified, role, created_at) \
            VALUES ('a@b.co', 'a@b.co', 'A', 'B', '', '', 'x', 1, 'king', 0)";
        sqlx::query(statement).execute(&mut *place.pen().await.unwrap()).await.unwrap();
        let failure = place.account_by_email(&Email::parse("a@b.co").unwrap()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt);
        assert_eq!(failure.source.unwrap().to_string(), "accounts.role of id 1 makes no sense");
    }
}
