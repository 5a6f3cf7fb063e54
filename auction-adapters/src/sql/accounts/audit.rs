//! Audit entries.

use super::portions::{self, PORTION_ROWS_MAX};
use super::rows::Table;
use super::{Accounts, Row, failure, signed};
use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::UserId;
use auction_core::admin::{AuditAction, AuditActor, AuditEntry, AuditId, AuditSubject};
use auction_core::ports::{AUDIT_PAGE_MAX, AuditQuery, AuditStore, Failure};
use serde_json::{Value, json};
use std::net::IpAddr;

macro_rules! page {
    ($from:literal) => {
        concat!(
            "SELECT id, at, actor, actor_id, action, subject, subject_id, source, request, detail FROM ",
            $from,
            " WHERE id < $1 AND ($2 IS NULL OR action = $2) ORDER BY id DESC LIMIT $3"
        )
    };
}

/// Entries as rows of JSON, in their order.
const APPEND: &str = concat!(
    "INSERT INTO audit (at, actor, actor_id, action, subject, subject_id, source, request, detail) \
     SELECT CAST(given.value ->> 0 AS BIGINT), given.value ->> 1, CAST(given.value ->> 2 AS BIGINT), \
     given.value ->> 3, given.value ->> 4, CAST(given.value ->> 5 AS BIGINT), given.value ->> 6, \
     given.value ->> 7, given.value ->> 8 FROM ",
    each!("$1", "given"),
    " ORDER BY given.key"
);

/// What another node is forgetting is left to it.
const FORGET: &str = concat!(
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 LIMIT $2",
    skip_locked!(),
    ")"
);

/// All entries.
const ALL: &str = page!("audit");

/// The entries of somebody. Each half is read by its index, and only as far as it is needed.
const OF_USER: &str = page!(
    "(SELECT * FROM (SELECT * FROM audit WHERE actor = 'user' AND actor_id = $4 AND id < $1 \
     AND ($2 IS NULL OR action = $2) ORDER BY id DESC LIMIT $3) AS done_by \
     UNION SELECT * FROM (SELECT * FROM audit WHERE subject = 'user' AND subject_id = $4 AND id < $1 \
     AND ($2 IS NULL OR action = $2) ORDER BY id DESC LIMIT $3) AS done_to) AS of_user"
);

#[async_trait]
impl AuditStore for Accounts {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), Failure> {
        const OPERATION: &str = "append audit entries";
        let failed = |error| failure(OPERATION, error);
        if entries.is_empty() {
            return Ok(());
        }
        let mut draft = self.pen.begin(OPERATION).await?;
        // Who reads on from the newest entry that they have seen must not miss one that is committed later with a lower
        // number. Numbers are drawn in the order of the statements and seen in that of the commits: one transaction at a
        // time, these are the same.
        draft.hold(&["audit".to_owned()]).await.map_err(failed)?;
        for portion in entries.chunks(PORTION_ROWS_MAX.into()) {
            let rows: Vec<_> = portion.iter().map(row).collect();
            sqlx::query(APPEND).bind(json!(rows).to_string()).execute(&mut *draft).await.map_err(failed)?;
        }
        draft.commit().await.map_err(failed)
    }

    async fn entries(&self, wanted: &AuditQuery) -> Result<Vec<(AuditId, AuditEntry)>, Failure> {
        const OPERATION: &str = "read audit entries";
        let statement = if wanted.user.is_some() { OF_USER } else { ALL };
        let mut query = sqlx::query(statement)
            .bind(wanted.before.map_or(i64::MAX, |before| signed(before.number())))
            .bind(wanted.action.map(AuditAction::name))
            .bind(signed(wanted.max.min(AUDIT_PAGE_MAX) as u64));
        if let Some(user) = wanted.user {
            query = query.bind(signed(user.number()));
        }
        let rows = query.fetch_all(&mut *self.readers.take(OPERATION).await?).await;
        rows.map_err(|error| failure(OPERATION, error))?.iter().map(entry).collect()
    }

    async fn forget_before(&self, at: Timestamp) -> Result<(), Failure> {
        const OPERATION: &str = "forget audit entries";
        portions::change(&self.pen, OPERATION, FORGET, at).await
    }
}

/// The columns of an entry.
fn row(entry: &AuditEntry) -> Value {
    let (actor, actor_id) = match entry.actor {
        AuditActor::Nobody => ("nobody", None),
        AuditActor::User(user) => ("user", Some(signed(user.number()))),
        AuditActor::CommandLine => ("command_line", None),
    };
    json!([
        entry.at.micros(),
        actor,
        actor_id,
        entry.action.name(),
        entry.subject.map(AuditSubject::kind),
        entry.subject.map(|subject| signed(subject.number())),
        entry.source.map(|source| source.to_string()),
        entry.request(),
        entry.detail(),
    ])
}

fn entry(row: &Row) -> Result<(AuditId, AuditEntry), Failure> {
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
