//! Rows of the tables of accounts, checked as they are read.

use super::{Database, Row};
use auction_core::identity::{
    Account, Applicant, Ban, BanScope, Bio, BirthDate, CodeDigest, CodeId, Device, Email, LiveCode, Location,
    MediaPath, Note, PasswordHash, PersonName, Profile, Registration, Role, Selling, Session, SessionId,
    SessionStyle, Username, Website,
};
use auction_core::ports::{Failure, FailureKind};
use auction_core::{Timestamp, UserId};
use sqlx::Row as _;

/// A row that is read, and how to name it where it makes no sense.
pub(super) struct Table<'r> {
    pub(super) name: &'static str,
    pub(super) row: &'r Row,
    pub(super) key: &'static str,
}

impl<'r> Table<'r> {
    /// Reads a column.
    pub(super) fn read<V, T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(V) -> Option<T>,
    ) -> Result<T, Failure>
    where
        V: sqlx::Decode<'r, Database> + sqlx::Type<Database>,
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

    pub(super) fn user(&self, column: &'static str) -> Result<UserId, Failure> {
        self.read(column, |id: i64| u64::try_from(id).ok().and_then(|id| UserId::new(id).ok()))
    }

    pub(super) fn code(&self) -> Result<LiveCode, Failure> {
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

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, Failure> {
        self.read(column, |micros| Timestamp::from_micros(micros).ok())
    }

    fn username(&self) -> Result<Option<Username>, Failure> {
        self.optional("username", |name| Username::parse(name).ok())
    }

    /// Reads a text that may be missing.
    pub(super) fn optional<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        self.read(column, |text: Option<String>| match text {
            None => Some(None),
            Some(text) => parse(&text).map(Some),
        })
    }
}

pub(super) fn account(row: &Row) -> Result<Account, Failure> {
    let table = Table { name: "accounts", row, key: "id" };
    let name = |column| table.read(column, |text: String| PersonName::parse(&text).ok());
    Ok(Account {
        id: table.user("id")?,
        email: table.read("email", |text: String| Email::parse(&text).ok())?,
        username: table.username()?,
        first_name: name("first_name")?,
        last_name: name("last_name")?,
        password_hash: table.read("password_hash", |hash| Some(PasswordHash::new(hash)))?,
        is_verified: table.read("is_verified", Some)?,
        role: table.read("role", |role: String| Role::named(&role))?,
        selling: table.read("selling", |name: String| Selling::named(&name))?,
        ban: table.ban()?,
        has_second_factor: table.read("has_second_factor", Some)?,
        created_at: table.time("created_at")?,
    })
}

pub(super) fn profile(row: &Row) -> Result<Profile, Failure> {
    let table = Table { name: "profiles", row, key: "user_id" };
    let note = |column| table.read(column, |text: String| Note::parse(&text).ok());
    Ok(Profile {
        phone: note("phone")?,
        address: note("address")?,
        avatar: table.optional("avatar", |text| MediaPath::parse(text).ok())?,
        bio: table.optional("bio", |text| Bio::parse(text).ok())?,
        location: table.optional("location", |text| Location::parse(text).ok())?,
        website: table.optional("website", |text| Website::parse(text).ok())?,
        birth_date: table.optional("birth_date", |text| BirthDate::parse(text, Timestamp::MAX).ok())?,
    })
}

pub(super) fn registration(row: &Row) -> Result<Registration, Failure> {
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

pub(super) fn session(row: &Row) -> Result<Session, Failure> {
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
