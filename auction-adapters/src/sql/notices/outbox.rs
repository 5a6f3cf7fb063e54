//! Mails that wait, and what became of them.

use super::Notices;
use super::columns::{Reading, signed};
use super::driver::{Connection, Row};
use super::failure::failure;
use super::portions::{self, PORTION_ROWS_MAX};
use super::rows::{self, signed_token};
use super::write::notice_columns;
use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::notify::{MailEnd, MailId, MailReport, MailState, OutgoingMail};
use auction_core::ports::{Failure, Letter, MAILS_COUNTED_MAX, MAILS_PAGE_MAX, OutboxStore, RowClaim};
use serde_json::{Value, json};
use sqlx::Row as _;

const CLAIM: &str = "claim mails";

#[async_trait]
impl OutboxStore for Notices {
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure> {
        const OPERATION: &str = "post a mail";
        let failed = |error| failure(OPERATION, error);
        let sql = "INSERT INTO mails (message_id, class, state, sealed, attempts, written_at, expires_at, due_at) \
                   VALUES ($1, $2, 'waiting', $3, 0, $4, $5, $4) RETURNING id";
        let mut draft = self.durable_pen.begin(OPERATION).await?;
        let row = sqlx::query(sql)
            .bind(letter.message_id.as_str())
            .bind(letter.class.name())
            .bind(letter.sealed.as_bytes())
            .bind(letter.at.micros())
            .bind(letter.expires_at.micros())
            .fetch_one(&mut *draft)
            .await
            .map_err(failed)?;
        let id = Reading::new(OPERATION, "mails", "id", &row)?.unsigned("id")?;
        draft.commit().await.map_err(failed)?;
        Ok(MailId(id))
    }

    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
        let failed = |error| failure(CLAIM, error);
        // Were a claim lost with the machine, a secret that was sent would be sent again.
        let mut draft = self.durable_pen.begin(CLAIM).await?;
        for sql in GIVE_UP {
            let query = sqlx::query(sql).bind(claim.now.micros()).bind(i64::from(PORTION_ROWS_MAX));
            query.execute(&mut *draft).await.map_err(failed)?;
        }
        let mails = take(&mut draft, claim).await?;
        draft.commit().await.map_err(failed)?;
        Ok(mails)
    }

    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure> {
        const OPERATION: &str = "settle mails";
        let failed = |error| failure(OPERATION, error);
        // What was erased meanwhile can be sent by nobody.
        let sql = concat!(
            "WITH held AS MATERIALIZED (SELECT mails.id, ends.value ->> 1 AS state_then, \
             CAST(ends.value ->> 2 AS BIGINT) AS tries, CAST(ends.value ->> 3 AS BIGINT) AS due_then, \
             ends.value ->> 4 AS why FROM ",
            each!("$1", "ends"),
            " CROSS JOIN mails WHERE mails.id = CAST(ends.value ->> 0 AS BIGINT) AND mails.state = 'waiting' \
             AND mails.token = $2 ORDER BY mails.id",
            for_update!(),
            ") UPDATE mails SET state = CASE WHEN held.state_then = 'waiting' AND notice_id IS NULL AND sealed IS NULL \
             THEN 'dead' ELSE held.state_then END, attempts = attempts + held.tries, \
             due_at = coalesce(held.due_then, due_at), reason = coalesce(held.why, reason), \
             sealed = CASE WHEN held.state_then IN ('sent', 'dropped') THEN NULL ELSE sealed END, \
             token = NULL, lease_until = NULL FROM held WHERE mails.id = held.id"
        );
        let ends: Vec<_> = ends.iter().map(|(mail, end)| settled(*mail, end)).collect();
        let mut draft = self.pen.begin(OPERATION).await?;
        let query = sqlx::query(sql).bind(json!(ends).to_string()).bind(signed_token(token));
        query.execute(&mut *draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure> {
        const OPERATION: &str = "find the next mail";
        let sql = concat!(
            "SELECT CAST(0 AS BIGINT) AS id, min(next.at) AS at FROM (\
             SELECT free.at FROM (SELECT due_at AS at FROM mails",
            indexed_by!("mails_due"),
            " WHERE state = 'waiting' AND token IS NULL ORDER BY due_at LIMIT 1) AS free UNION ALL \
             SELECT lease_until FROM mails",
            indexed_by!("mails_held"),
            " WHERE state = 'waiting' AND token IS NOT NULL) AS next"
        );
        let row = sqlx::query(sql).fetch_one(&mut *self.readers.take(OPERATION).await?).await;
        let row = row.map_err(|error| failure(OPERATION, error))?;
        Reading::new(OPERATION, "mails", "id", &row)?.maybe_time("at")
    }

    async fn mails(
        &self,
        state: MailState,
        before: Option<MailId>,
        rows_max: usize,
    ) -> Result<Vec<MailReport>, Failure> {
        const OPERATION: &str = "list mails";
        let sql = "SELECT mails.id, mails.state, mails.class, notices.kind, mails.attempts, mails.written_at, \
                   mails.due_at, mails.reason FROM mails LEFT JOIN notices ON notices.id = mails.notice_id \
                   WHERE mails.state = $1 AND mails.id < $2 ORDER BY mails.id DESC LIMIT $3";
        let found = sqlx::query(sql)
            .bind(state.name())
            .bind(before.map_or(i64::MAX, |before| signed(before.0)))
            .bind(signed(rows_max.min(MAILS_PAGE_MAX) as u64))
            .fetch_all(&mut *self.readers.take(OPERATION).await?)
            .await
            .map_err(|error| failure(OPERATION, error))?;
        let read = |row| rows::report(&Reading::new(OPERATION, "mails", "id", row)?);
        found.iter().map(read).collect()
    }

    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure> {
        const OPERATION: &str = "count mails";
        let failed = |error| failure(OPERATION, error);
        // Along the index, and of each state no further than is counted.
        let sql = concat!(
            "SELECT (SELECT count(*) FROM (SELECT 1 AS one FROM mails WHERE mails.state = states.value ->> 0 \
             LIMIT $2) AS counted) AS count FROM ",
            each!("$1", "states"),
            " ORDER BY states.key"
        );
        let states: Vec<_> = MailState::ALL.into_iter().map(|state| [state.name()]).collect();
        let query = sqlx::query(sql).bind(json!(states).to_string()).bind(signed(MAILS_COUNTED_MAX));
        let rows = query.fetch_all(&mut *self.readers.take(OPERATION).await?).await.map_err(failed)?;
        let count = |row: &Row| row.try_get::<i64, _>("count").map(i64::unsigned_abs).map_err(failed);
        MailState::ALL.into_iter().zip(&rows).map(|(state, row)| Ok((state, count(row)?))).collect()
    }

    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure> {
        const OPERATION: &str = "let a dead mail wait again";
        let failed = |error| failure(OPERATION, error);
        let sql = "UPDATE mails SET state = 'waiting', due_at = $2, attempts = 0 WHERE id = $1 \
                   AND state = 'dead' AND (notice_id IS NOT NULL OR sealed IS NOT NULL AND expires_at > $2)";
        let mut draft = self.pen.begin(OPERATION).await?;
        let query = sqlx::query(sql).bind(signed(mail.0)).bind(at.micros());
        let count = query.execute(&mut *draft).await.map_err(failed)?.rows_affected();
        draft.commit().await.map_err(failed)?;
        Ok(count > 0)
    }

    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure> {
        const OPERATION: &str = "forget mails";
        for (sql, time) in [(ERASE, at), (FORGET_MAILS, before), (FORGET_NOTICES, before)] {
            portions::change(&self.pen, OPERATION, sql, time).await?;
        }
        Ok(())
    }
}

const ERASE: &str = concat!(
    "WITH expired AS MATERIALIZED (SELECT id FROM mails WHERE sealed IS NOT NULL AND expires_at <= $1 LIMIT $2",
    skip_locked!(),
    ") UPDATE mails SET sealed = NULL WHERE id IN (SELECT id FROM expired)"
);

const FORGET_MAILS: &str = concat!(
    "WITH settled AS MATERIALIZED (SELECT id FROM mails",
    indexed_by!("mails_over"),
    " WHERE state IN ('sent', 'dropped') AND claimed_at < $1 LIMIT $2",
    skip_locked!(),
    ") DELETE FROM mails WHERE id IN (SELECT id FROM settled)"
);

/// A mail that is not over comes with its notice, and one that is over never waits again: nothing can change between
/// the look at mails and the end.
const FORGET_NOTICES: &str = concat!(
    "WITH done AS MATERIALIZED (SELECT id FROM notices WHERE (is_read = 1 OR in_app = 0) AND at < $1 AND NOT EXISTS \
     (SELECT 1 FROM mails WHERE mails.notice_id = notices.id AND mails.state IN ('waiting', 'dead')) LIMIT $2",
    skip_locked!(),
    ") DELETE FROM notices WHERE id IN (SELECT id FROM done)"
);

/// Mails that nobody can send any more: secrets of which nobody knows whether they were sent, and what has expired. So
/// many with each claim; the rest is not claimed meanwhile either.
const GIVE_UP: [&str; 3] = [
    concat!(
        "WITH lost AS MATERIALIZED (SELECT id FROM mails",
        indexed_by!("mails_held"),
        " WHERE state = 'waiting' AND token IS NOT NULL AND lease_until <= $1 AND class = 'secret' LIMIT $2",
        skip_locked!(),
        ") UPDATE mails SET state = 'dead', reason = 'it may have been sent', attempts = attempts + 1, token = NULL, \
         lease_until = NULL WHERE id IN (SELECT id FROM lost)"
    ),
    concat!(
        "WITH expired AS MATERIALIZED (SELECT id FROM mails",
        indexed_by!("mails_sealed"),
        " WHERE sealed IS NOT NULL AND expires_at <= $1 AND state = 'waiting' \
         AND (token IS NULL OR lease_until <= $1) LIMIT $2",
        skip_locked!(),
        ") UPDATE mails SET state = 'dead', reason = 'it has expired', sealed = NULL, token = NULL, lease_until = NULL \
         WHERE id IN (SELECT id FROM expired)"
    ),
    concat!(
        "WITH erased AS MATERIALIZED (SELECT id FROM mails",
        indexed_by!("mails_erased"),
        " WHERE state = 'waiting' AND notice_id IS NULL AND sealed IS NULL AND (token IS NULL OR lease_until <= $1) LIMIT $2",
        skip_locked!(),
        ") UPDATE mails SET state = 'dead', reason = 'it has expired', token = NULL, lease_until = NULL \
         WHERE id IN (SELECT id FROM erased)"
    ),
];

/// Takes those that are due, with the notices that they are to tell. What is given up elsewhere at the same moment is
/// not among them.
async fn take(connection: &mut Connection, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
    let failed = |error| failure(CLAIM, error);
    let sql = concat!(
        "WITH due AS MATERIALIZED (SELECT id FROM mails",
        indexed_by!("mails_due"),
        " WHERE state = 'waiting' AND due_at <= $3 AND (token IS NULL OR lease_until <= $3 AND class <> 'secret') \
         AND (notice_id IS NOT NULL OR sealed IS NOT NULL AND expires_at > $3) ORDER BY due_at, id LIMIT $4",
        skip_locked!(),
        ") UPDATE mails SET token = $1, lease_until = $2, claimed_at = $3, \
         attempts = attempts + CASE WHEN token IS NULL THEN 0 ELSE 1 END WHERE id IN (SELECT id FROM due) RETURNING id"
    );
    let query = sqlx::query(sql)
        .bind(signed_token(claim.token))
        .bind(claim.now.after(claim.lease).micros())
        .bind(claim.now.micros())
        .bind(signed(claim.rows_max as u64));
    let taken = query.fetch_all(&mut *connection).await.map_err(failed)?;
    let taken = taken.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>().map_err(failed)?;
    let sql = concat!(
        "SELECT mails.id, message_id, class, sealed, attempts, written_at, expires_at, ",
        notice_columns!(),
        " FROM ",
        each!("$1", "taken"),
        " CROSS JOIN mails LEFT JOIN notices ON notices.id = mails.notice_id \
         WHERE mails.id = CAST(taken.value AS BIGINT) ORDER BY due_at, mails.id"
    );
    let query = sqlx::query(sql).bind(json!(taken).to_string());
    let found = query.fetch_all(connection).await.map_err(failed)?;
    let read = |row| rows::mail(&Reading::new(CLAIM, "mails", "id", row)?, claim.token);
    found.iter().map(read).collect()
}

/// A mail, its state, how many tries count, when it is tried next, and why.
fn settled(mail: MailId, end: &MailEnd) -> Value {
    let id = signed(mail.0);
    match end {
        MailEnd::Sent => json!([id, MailState::Sent.name(), 1, null, null]),
        MailEnd::Dropped => json!([id, MailState::Dropped.name(), 0, null, null]),
        MailEnd::Later { due_at, reason } => {
            json!([id, MailState::Waiting.name(), 1, due_at.micros(), reason])
        }
        MailEnd::Untried { due_at } => json!([id, MailState::Waiting.name(), 0, due_at.micros(), null]),
        MailEnd::Dead { reason } => json!([id, MailState::Dead.name(), 1, null, reason]),
    }
}
