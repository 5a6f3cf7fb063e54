//! Notices are written: a few statements, whatever their number.

use super::rows;
use crate::sqlite::columns::{Reading, json};
use crate::sqlite::failure::failure;
use auction_core::notify::{CLOSED_LATE_MAX, NewNotice, Notice, NoticeKind};
use auction_core::ports::Failure;
use auction_core::{AuctionId, UserId};
use serde_json::json;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use std::collections::{HashMap, HashSet};

/// The notices that are to be written, as rows.
const WANTED: &str = "WITH wanted AS MATERIALIZED (SELECT key AS place, value ->> 0 AS user_id, \
    value ->> 1 AS auction_id, value ->> 2 AS kind, value ->> 3 AS occurrence, value ->> 4 AS facts, \
    value ->> 5 AS at, value ->> 6 AS by_mail, value ->> 7 AS in_app, value ->> 8 AS collapses \
    FROM json_each(?1))";

/// The columns that make a notice.
macro_rules! notice_columns {
    () => {
        "id AS notice_id, user_id, auction_id, kind, occurrence, facts, at, in_app, is_read"
    };
}
pub(super) use notice_columns;

type Key = (AuctionId, NoticeKind, UserId, u64);

/// Writes those that are new, each with its mail, and answers those that are new or changed and stand in an inbox, in
/// the order of the question.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    operation: &'static str,
    notices: &[NewNotice],
) -> Result<Vec<Notice>, Failure> {
    let told: Vec<_> = notices.iter().filter(|new| new.channels.mail || new.channels.in_app).collect();
    let mut written = Vec::new();
    for run in runs(&told) {
        written.extend(write_run(connection, operation, run).await?);
    }
    Ok(written)
}

/// Parts in which nobody is told the same thing about the same auction twice, so that each can be written at once.
fn runs<'a, 'n>(notices: &'a [&'n NewNotice]) -> Vec<&'a [&'n NewNotice]> {
    let (mut runs, mut seen, mut start) = (Vec::new(), HashSet::new(), 0);
    for (place, new) in notices.iter().enumerate() {
        if !seen.insert((new.auction, new.kind, new.user)) {
            runs.push(&notices[start..place]);
            seen = HashSet::from([(new.auction, new.kind, new.user)]);
            start = place;
        }
    }
    if start < notices.len() {
        runs.push(&notices[start..]);
    }
    runs
}

async fn write_run(
    connection: &mut SqliteConnection,
    operation: &'static str,
    run: &[&NewNotice],
) -> Result<Vec<Notice>, Failure> {
    let wanted = wanted(operation, run)?;
    let mut written = HashMap::new();
    if run.iter().any(|new| new.kind.collapses()) {
        let rows = replace(connection, &wanted).await;
        for notice in read(operation, &rows.map_err(|error| failure(operation, error))?)? {
            written.insert(key(&notice), notice);
        }
    }
    let rows = insert(connection, &wanted).await.map_err(|error| failure(operation, error))?;
    let inserted = read(operation, &rows)?;
    let numbers: Vec<_> = inserted.iter().map(|notice| notice.id.0).collect();
    if run.iter().any(|new| new.channels.mail) {
        add_mails(connection, operation, &numbers).await?;
    }
    written.extend(inserted.into_iter().map(|notice| (key(&notice), notice)));
    let mut changed: Vec<_> = run.iter().filter_map(|new| written.remove(&key_of(new))).collect();
    changed.retain(|notice: &Notice| notice.in_app);
    Ok(changed)
}

fn wanted(operation: &'static str, run: &[&NewNotice]) -> Result<String, Failure> {
    let mut wanted = Vec::with_capacity(run.len());
    for new in run {
        let flag = i32::from;
        wanted.push(json!([
            new.user,
            new.auction,
            new.kind.name(),
            new.occurrence,
            json(operation, &new.facts)?,
            new.at.micros(),
            flag(new.channels.mail),
            flag(new.channels.in_app),
            flag(new.kind.collapses()),
        ]));
    }
    json(operation, &wanted)
}

/// Those that take the place of one that was not told yet: the latest one of its kind.
async fn replace(connection: &mut SqliteConnection, wanted: &str) -> Result<Vec<SqliteRow>, sqlx::Error> {
    const SQL: &str = ", latest AS (SELECT wanted.*, (SELECT id FROM notices AS old WHERE old.auction_id = wanted.auction_id \
         AND old.kind = wanted.kind AND old.user_id = wanted.user_id ORDER BY id DESC LIMIT 1) AS latest \
         FROM wanted WHERE wanted.collapses = 1) \
         UPDATE notices SET occurrence = latest.occurrence, facts = latest.facts, at = latest.at, is_read = 0 \
         FROM latest WHERE notices.id = latest.latest AND notices.occurrence < latest.occurrence \
         AND iif(notices.by_mail = 1, EXISTS (SELECT 1 FROM mails WHERE mails.notice_id = notices.id \
         AND mails.state = 'waiting' AND mails.token IS NULL), notices.is_read = 0 AND latest.by_mail = 0) \
         RETURNING notices.id AS notice_id, notices.user_id, notices.auction_id, notices.kind, \
         notices.occurrence, notices.facts, notices.at, notices.in_app, notices.is_read";
    let sql = format!("{WANTED}{SQL}");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(wanted).fetch_all(connection).await
}

/// Those that were never written. One that collapses and is older than the latest has been replaced before.
async fn insert(connection: &mut SqliteConnection, wanted: &str) -> Result<Vec<SqliteRow>, sqlx::Error> {
    const SQL: &str = concat!(
        " INSERT INTO notices (user_id, auction_id, kind, occurrence, facts, at, by_mail, in_app, is_read) \
         SELECT user_id, auction_id, kind, occurrence, facts, at, by_mail, in_app, 0 FROM wanted \
         WHERE NOT EXISTS (SELECT 1 FROM notices AS old WHERE old.auction_id = wanted.auction_id \
         AND old.kind = wanted.kind AND old.user_id = wanted.user_id \
         AND (old.occurrence = wanted.occurrence OR wanted.collapses = 1 AND old.occurrence > wanted.occurrence)) \
         ORDER BY place \
         ON CONFLICT (auction_id, kind, user_id, occurrence) DO NOTHING RETURNING ",
        notice_columns!()
    );
    let sql = format!("{WANTED}{SQL}");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(wanted).fetch_all(connection).await
}

fn read(operation: &'static str, rows: &[SqliteRow]) -> Result<Vec<Notice>, Failure> {
    rows.iter().map(|row| rows::notice(&Reading::new(operation, "notices", "notice_id", row)?)).collect()
}

/// Each with a `Message-ID` of its own, due with its notice. Numbers alone would come again in a database that was restored.
async fn add_mails(
    connection: &mut SqliteConnection,
    operation: &'static str,
    notices: &[u64],
) -> Result<(), Failure> {
    let sql = "INSERT INTO mails (message_id, notice_id, class, state, attempts, written_at, expires_at, due_at) \
               SELECT 'notice' || notices.id || 'at' || abs(at), notices.id, 'notice', 'waiting', 0, at, at + ?2, at FROM json_each(?1) AS written \
               CROSS JOIN notices ON notices.id = written.value WHERE by_mail = 1";
    let query = sqlx::query(sql).bind(json!(notices).to_string()).bind(CLOSED_LATE_MAX.micros());
    query.execute(connection).await.map_err(|error| failure(operation, error))?;
    Ok(())
}

fn key(notice: &Notice) -> Key {
    (notice.auction, notice.kind, notice.user, notice.occurrence)
}

fn key_of(new: &NewNotice) -> Key {
    (new.auction, new.kind, new.user, new.occurrence)
}
