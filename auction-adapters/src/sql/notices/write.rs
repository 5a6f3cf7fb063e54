//! Notices are written: a few statements, whatever their number.

use super::columns::{Reading, json};
use super::driver::{Connection, Row};
use super::failure::failure;
use super::rows;
use auction_core::notify::{CLOSED_LATE_MAX, NewNotice, Notice, NoticeKind};
use auction_core::ports::Failure;
use auction_core::{AuctionId, UserId};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The notices that are to be written, as rows.
macro_rules! wanted {
    () => {
        concat!(
            "WITH wanted AS MATERIALIZED (SELECT given.key AS place, CAST(given.value ->> 0 AS BIGINT) AS user_id, \
             CAST(given.value ->> 1 AS BIGINT) AS auction_id, given.value ->> 2 AS kind, \
             CAST(given.value ->> 3 AS BIGINT) AS occurrence, given.value ->> 4 AS facts, \
             CAST(given.value ->> 5 AS BIGINT) AS at, CAST(given.value ->> 6 AS BIGINT) AS by_mail, \
             CAST(given.value ->> 7 AS BIGINT) AS in_app, CAST(given.value ->> 8 AS BIGINT) AS collapses FROM ",
            each!("$1", "given"),
            ")"
        )
    };
}

/// Those that collapse, with the number of the latest one of their kind. Their occurrences only grow.
macro_rules! latest {
    () => {
        concat!(
            wanted!(),
            ", latest AS MATERIALIZED (SELECT wanted.*, (SELECT old.id FROM notices AS old \
             WHERE old.auction_id = wanted.auction_id AND old.kind = wanted.kind AND old.user_id = wanted.user_id \
             ORDER BY old.occurrence DESC LIMIT 1) AS latest FROM wanted WHERE wanted.collapses = 1)"
        )
    };
}

/// The columns that make a notice.
macro_rules! notice_columns {
    () => {
        "notices.id AS notice_id, notices.user_id, notices.auction_id, notices.kind, notices.occurrence, \
         notices.facts, notices.at, notices.in_app = 1 AS in_app, notices.is_read = 1 AS is_read"
    };
}
pub(super) use notice_columns;

type Key = (AuctionId, NoticeKind, UserId, u64);

/// Locks the notices whose place some of these may take, and their mails: none of them is claimed, read or forgotten
/// meanwhile.
pub(super) async fn lock_told(
    connection: &mut Connection,
    operation: &'static str,
    notices: &[&NewNotice],
) -> Result<(), Failure> {
    let collapsing: Vec<_> = notices.iter().copied().filter(|new| new.kind.collapses()).collect();
    if collapsing.is_empty() {
        return Ok(());
    }
    let wanted = wanted(operation, &collapsing)?;
    for sql in [
        concat!(
            latest!(),
            " SELECT notices.id FROM latest CROSS JOIN notices WHERE notices.id = latest.latest ORDER BY notices.id",
            for_update!()
        ),
        // A mail that is being claimed is waited for here, so that the next statement sees that it is held.
        concat!(
            latest!(),
            " SELECT mails.id FROM latest CROSS JOIN mails WHERE mails.notice_id = latest.latest ORDER BY mails.id",
            for_update!()
        ),
    ] {
        let query = sqlx::query(sql).bind(&*wanted);
        query.fetch_all(&mut *connection).await.map_err(|error| failure(operation, error))?;
    }
    Ok(())
}

/// Writes those that are new, each with its mail, and answers those that are new or changed and stand in an inbox, in
/// the order of the question.
pub(super) async fn write(
    connection: &mut Connection,
    operation: &'static str,
    notices: &[&NewNotice],
) -> Result<Vec<Notice>, Failure> {
    let is_told = |new: &&NewNotice| new.channels.mail || new.channels.in_app;
    let told: Vec<_> = notices.iter().copied().filter(is_told).collect();
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
    connection: &mut Connection,
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

/// Those that take the place of one that was not told yet: the latest one of its kind, which is locked.
async fn replace(connection: &mut Connection, wanted: &str) -> Result<Vec<Row>, sqlx::Error> {
    let sql = concat!(
        latest!(),
        " UPDATE notices SET occurrence = latest.occurrence, facts = latest.facts, at = latest.at, is_read = 0 \
         FROM latest WHERE notices.id = latest.latest AND notices.occurrence < latest.occurrence \
         AND CASE WHEN notices.by_mail = 1 THEN EXISTS (SELECT 1 FROM mails WHERE mails.notice_id = notices.id \
         AND mails.state = 'waiting' AND mails.token IS NULL) \
         ELSE notices.is_read = 0 AND latest.by_mail = 0 END RETURNING ",
        notice_columns!()
    );
    sqlx::query(sql).bind(wanted).fetch_all(connection).await
}

/// Those that were never written. One that collapses and is older than the latest has been replaced before.
async fn insert(connection: &mut Connection, wanted: &str) -> Result<Vec<Row>, sqlx::Error> {
    let sql = concat!(
        wanted!(),
        " INSERT INTO notices (user_id, auction_id, kind, occurrence, facts, at, by_mail, in_app, is_read) \
         SELECT user_id, auction_id, kind, occurrence, facts, at, by_mail, in_app, 0 FROM wanted \
         WHERE NOT EXISTS (SELECT 1 FROM notices AS old WHERE old.auction_id = wanted.auction_id \
         AND old.kind = wanted.kind AND old.user_id = wanted.user_id \
         AND (old.occurrence = wanted.occurrence OR wanted.collapses = 1 AND old.occurrence > wanted.occurrence)) \
         ORDER BY place \
         ON CONFLICT (auction_id, kind, user_id, occurrence) DO NOTHING RETURNING ",
        notice_columns!()
    );
    sqlx::query(sql).bind(wanted).fetch_all(connection).await
}

fn read(operation: &'static str, rows: &[Row]) -> Result<Vec<Notice>, Failure> {
    rows.iter().map(|row| rows::notice(&Reading::new(operation, "notices", "notice_id", row)?)).collect()
}

/// Each with a `Message-ID` of its own, due with its notice. Numbers alone would come again in a database that was restored.
async fn add_mails(
    connection: &mut Connection,
    operation: &'static str,
    notices: &[u64],
) -> Result<(), Failure> {
    let sql = concat!(
        "INSERT INTO mails (message_id, notice_id, class, state, attempts, written_at, expires_at, due_at) \
         SELECT 'notice' || CAST(notices.id AS TEXT) || 'at' || CAST(abs(at) AS TEXT), notices.id, 'notice', 'waiting', \
         0, at, at + $2, at FROM ",
        each!("$1", "written"),
        " CROSS JOIN notices WHERE notices.id = CAST(written.value AS BIGINT) AND by_mail = 1 ORDER BY written.key"
    );
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
