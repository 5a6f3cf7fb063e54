//! Audit entries in SQLite.

use super::rows::Table;
use super::{SqliteAccounts, failure, integer};
use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::UserId;
use auction_core::admin::{AuditAction, AuditActor, AuditEntry, AuditId, AuditSubject};
use auction_core::ports::{AUDIT_PAGE_MAX, AuditQuery, AuditStore, Failure};
use sqlx::sqlite::SqliteRow;
use std::net::IpAddr;

macro_rules! page {
    ($from:literal) => {
        concat!(
            "SELECT id, at, actor, actor_id, action, subject, subject_id, source, request, detail FROM ",
            $from,
            " WHERE id < ?1 AND (?2 IS NULL OR action = ?2) ORDER BY id DESC LIMIT ?3"
        )
    };
}

/// All entries.
const ALL: &str = page!("audit");

/// The entries of somebody. Each half is read by its index, and only as far as it is needed.
const OF_USER: &str = page!(
    "(SELECT * FROM (SELECT * FROM audit WHERE actor = 'user' AND actor_id = ?4 AND id < ?1 \
     AND (?2 IS NULL OR action = ?2) ORDER BY id DESC LIMIT ?3) \
     UNION SELECT * FROM (SELECT * FROM audit WHERE subject = 'user' AND subject_id = ?4 AND id < ?1 \
     AND (?2 IS NULL OR action = ?2) ORDER BY id DESC LIMIT ?3))"
);

#[async_trait]
impl AuditStore for SqliteAccounts {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), Failure> {
        const OPERATION: &str = "append audit entries";
        let failed = |error| failure(OPERATION, error);
        if entries.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin(OPERATION).await?;
        for entry in entries {
            let (actor, actor_id) = match entry.actor {
                AuditActor::Nobody => ("nobody", None),
                AuditActor::User(user) => ("user", Some(integer(user.number()))),
                AuditActor::CommandLine => ("command_line", None),
            };
            sqlx::query(
                "INSERT INTO audit (at, actor, actor_id, action, subject, subject_id, source, request, detail) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .bind(entry.at.micros())
            .bind(actor)
            .bind(actor_id)
            .bind(entry.action.name())
            .bind(entry.subject.map(AuditSubject::kind))
            .bind(entry.subject.map(|subject| integer(subject.number())))
            .bind(entry.source.map(|source| source.to_string()))
            .bind(entry.request())
            .bind(entry.detail())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    async fn entries(&self, wanted: &AuditQuery) -> Result<Vec<(AuditId, AuditEntry)>, Failure> {
        let statement = if wanted.user.is_some() { OF_USER } else { ALL };
        let mut query = sqlx::query(statement)
            .bind(wanted.before.map_or(i64::MAX, |before| integer(before.number())))
            .bind(wanted.action.map(AuditAction::name))
            .bind(integer(wanted.max.min(AUDIT_PAGE_MAX) as u64));
        if let Some(user) = wanted.user {
            query = query.bind(integer(user.number()));
        }
        let rows = query.fetch_all(&self.pool).await;
        rows.map_err(|error| failure("read audit entries", error))?.iter().map(entry).collect()
    }

    async fn forget_before(&self, at: Timestamp) -> Result<(), Failure> {
        sqlx::query("DELETE FROM audit WHERE at < ?1")
            .bind(at.micros())
            .execute(&mut *self.pen().await?)
            .await
            .map_err(|error| failure("forget audit entries", error))?;
        Ok(())
    }
}

fn entry(row: &SqliteRow) -> Result<(AuditId, AuditEntry), Failure> {
    let table = Table { name: "audit", row, key: "id" };
    let id = table.read("id", |id: i64| u64::try_from(id).ok().and_then(AuditId::new))?;
    let user =
        |column| table.read(column, |id: i64| u64::try_from(id).ok().and_then(|id| UserId::new(id).ok()));
    let actor = match table.read("actor", |name: String| Some(name))?.as_str() {
        "nobody" => AuditActor::Nobody,
        "command_line" => AuditActor::CommandLine,
        "user" => AuditActor::User(user("actor_id")?),
        _ => return table.read("actor", |_: String| None),
    };
    let action = table.read("action", |name: String| AuditAction::named(&name))?;
    let subject = match table.optional("subject", |kind| Some(kind.to_owned()))? {
        None => None,
        Some(kind) => table.read("subject_id", |number: i64| {
            u64::try_from(number).ok().and_then(|number| AuditSubject::of(&kind, number)).map(Some)
        })?,
    };
    let source = table.optional("source", |text| text.parse::<IpAddr>().ok())?;
    let entry = AuditEntry::new(table.time("at")?, actor, action)
        .about(subject)
        .from(source)
        .asked_by(&table.read("request", |text: String| Some(text))?)
        .with_detail(&table.read("detail", |text: String| Some(text))?);
    Ok((id, entry))
}
