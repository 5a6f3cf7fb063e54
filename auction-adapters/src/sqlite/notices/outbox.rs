//! Mails that wait, and what became of them.

use super::SqliteNotices;
use super::rows::{self, signed_token};
use crate::sqlite::columns::{Reading, signed};
use crate::sqlite::failure::{corrupt, failure};
use async_trait::async_trait;
use auction_core::Timestamp;
use auction_core::notify::{MailEnd, MailId, MailReport, MailState, OutgoingMail};
use auction_core::ports::{Failure, Letter, MAILS_PAGE_MAX, OutboxStore, RowClaim};
use serde_json::{Value, json};
use sqlx::{Row as _, SqliteConnection};

const CLAIM: &str = "claim mails";

#[async_trait]
impl OutboxStore for SqliteNotices {
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure> {
        const OPERATION: &str = "post a mail";
        let sql = "INSERT INTO mails (message_id, class, state, sealed, attempts, written_at, expires_at, due_at) \
                   VALUES (?1, ?2, 'waiting', ?3, 0, ?4, ?5, ?4) RETURNING id";
        let row = sqlx::query(sql)
            .bind(&letter.message_id)
            .bind(letter.class.name())
            .bind(letter.sealed.as_bytes())
            .bind(letter.at.micros())
            .bind(letter.expires_at.micros())
            .fetch_one(&mut *self.durable_pen.take(OPERATION).await?)
            .await
            .map_err(|error| failure(OPERATION, error))?;
        Ok(MailId(Reading::new(OPERATION, "mails", "id", &row)?.unsigned("id")?))
    }

    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
        let failed = |error| failure(CLAIM, error);
        // Were a claim lost with the machine, a secret that was sent would be sent again.
        let mut draft = self.durable_pen.begin(CLAIM).await?;
        give_up(&mut draft, claim.now).await.map_err(failed)?;
        let mails = take(&mut draft, claim).await?;
        draft.commit().await.map_err(failed)?;
        Ok(mails)
    }

    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure> {
        const OPERATION: &str = "settle mails";
        // By their numbers, not through all that wait. What was erased meanwhile can be sent by nobody.
        let sql = "UPDATE mails NOT INDEXED SET state = iif(ends.value ->> 1 = 'waiting' AND notice_id IS NULL \
                   AND sealed IS NULL, 'dead', ends.value ->> 1), attempts = attempts + (ends.value ->> 2), \
                   due_at = coalesce(ends.value ->> 3, due_at), reason = coalesce(ends.value ->> 4, reason), \
                   sealed = iif(ends.value ->> 1 IN ('sent', 'dropped'), NULL, sealed), \
                   token = NULL, lease_until = NULL \
                   FROM json_each(?1) AS ends WHERE mails.id = ends.value ->> 0 AND state = 'waiting' AND token = ?2";
        let ends: Vec<_> = ends.iter().map(|(mail, end)| settled(*mail, end)).collect();
        let query = sqlx::query(sql).bind(json!(ends).to_string()).bind(signed_token(token));
        let done = query.execute(&mut *self.pen.take(OPERATION).await?).await;
        done.map(drop).map_err(|error| failure(OPERATION, error))
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure> {
        const OPERATION: &str = "find the next mail";
        let sql = "SELECT 0 AS id, min(at) AS at FROM (\
                   SELECT * FROM (SELECT due_at AS at FROM mails INDEXED BY mails_due WHERE state = 'waiting' AND token IS NULL \
                   ORDER BY due_at LIMIT 1) UNION ALL \
                   SELECT lease_until FROM mails INDEXED BY mails_held WHERE state = 'waiting' AND token IS NOT NULL)";
        let row = sqlx::query(sql).fetch_one(&self.readers).await;
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
                   WHERE mails.state = ?1 AND mails.id < ?2 ORDER BY mails.id DESC LIMIT ?3";
        let found = sqlx::query(sql)
            .bind(state.name())
            .bind(before.map_or(i64::MAX, |before| signed(before.0)))
            .bind(signed(rows_max.min(MAILS_PAGE_MAX) as u64))
            .fetch_all(&self.readers)
            .await
            .map_err(|error| failure(OPERATION, error))?;
        let read = |row| rows::report(&Reading::new(OPERATION, "mails", "id", row)?);
        found.iter().map(read).collect()
    }

    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure> {
        const OPERATION: &str = "count mails";
        let failed = |error| failure(OPERATION, error);
        let sql = "SELECT state, count(*) AS count FROM mails GROUP BY state";
        let mut counts: Vec<_> = MailState::ALL.into_iter().map(|state| (state, 0)).collect();
        for row in sqlx::query(sql).fetch_all(&self.readers).await.map_err(failed)? {
            let name: String = row.try_get("state").map_err(failed)?;
            let count: i64 = row.try_get("count").map_err(failed)?;
            let known = counts.iter_mut().find(|(state, _)| state.name() == name);
            let known = known
                .ok_or_else(|| corrupt(OPERATION, ("mails", "state"), &name, "there is no such name"))?;
            known.1 = count.unsigned_abs();
        }
        Ok(counts)
    }

    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure> {
        const OPERATION: &str = "let a dead mail wait again";
        let sql = "UPDATE mails SET state = 'waiting', due_at = ?2, attempts = 0 WHERE id = ?1 \
                   AND state = 'dead' AND (notice_id IS NOT NULL OR sealed IS NOT NULL AND expires_at > ?2)";
        let query = sqlx::query(sql).bind(signed(mail.0)).bind(at.micros());
        let done = query.execute(&mut *self.pen.take(OPERATION).await?).await;
        Ok(done.map_err(|error| failure(OPERATION, error))?.rows_affected() > 0)
    }

    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure> {
        const OPERATION: &str = "forget mails";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        for (sql, time) in [
            ("UPDATE mails SET sealed = NULL WHERE sealed IS NOT NULL AND expires_at <= ?1", at),
            (
                "DELETE FROM mails INDEXED BY mails_over WHERE state IN ('sent', 'dropped') AND claimed_at < ?1",
                before,
            ),
            (
                "DELETE FROM notices WHERE (is_read = 1 OR in_app = 0) AND at < ?1 AND NOT EXISTS \
                 (SELECT 1 FROM mails WHERE notice_id = notices.id AND state IN ('waiting', 'dead'))",
                before,
            ),
        ] {
            sqlx::query(sql).bind(time.micros()).execute(&mut *draft).await.map_err(failed)?;
        }
        draft.commit().await.map_err(failed)
    }
}

/// Mails that nobody can send any more: secrets of which nobody knows whether they were sent, and what has expired.
async fn give_up(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    for sql in [
        "UPDATE mails INDEXED BY mails_held SET state = 'dead', reason = 'it may have been sent', attempts = attempts + 1, token = NULL, \
         lease_until = NULL WHERE state = 'waiting' AND token IS NOT NULL AND lease_until <= ?1 \
         AND class = 'secret'",
        "UPDATE mails INDEXED BY mails_sealed SET state = 'dead', reason = 'it has expired', sealed = NULL, \
         token = NULL, lease_until = NULL WHERE sealed IS NOT NULL AND expires_at <= ?1 \
         AND state = 'waiting' AND (token IS NULL OR lease_until <= ?1)",
        "UPDATE mails INDEXED BY mails_erased SET state = 'dead', reason = 'it has expired', token = NULL, \
         lease_until = NULL WHERE state = 'waiting' AND notice_id IS NULL AND sealed IS NULL \
         AND (token IS NULL OR lease_until <= ?1)",
    ] {
        sqlx::query(sql).bind(now.micros()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Takes those that are due, with the notices that they are to tell.
async fn take(connection: &mut SqliteConnection, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
    let failed = |error| failure(CLAIM, error);
    let sql = "UPDATE mails SET token = ?1, lease_until = ?2, claimed_at = ?3, \
               attempts = attempts + (token IS NOT NULL) WHERE id IN \
               (SELECT id FROM mails INDEXED BY mails_due WHERE state = 'waiting' AND due_at <= ?3 \
               AND (token IS NULL OR lease_until <= ?3) ORDER BY due_at, id LIMIT ?4) RETURNING id";
    let query = sqlx::query(sql)
        .bind(signed_token(claim.token))
        .bind(claim.now.after(claim.lease).micros())
        .bind(claim.now.micros())
        .bind(signed(claim.rows_max as u64));
    let taken = query.fetch_all(&mut *connection).await.map_err(failed)?;
    let taken = taken.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>().map_err(failed)?;
    let sql = "SELECT mails.id, message_id, class, sealed, attempts, written_at, expires_at, \
               notices.id AS notice_id, user_id, auction_id, kind, occurrence, facts, at, in_app, is_read \
               FROM json_each(?1) AS taken CROSS JOIN mails ON mails.id = taken.value \
               LEFT JOIN notices ON notices.id = mails.notice_id ORDER BY due_at, mails.id";
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
