//! Notices for audiences, which are called page by page.

use super::rows::{self, signed_token};
use crate::sqlite::columns::{Reading, json, signed};
use crate::sqlite::failure::failure;
use auction_core::Timestamp;
use auction_core::notify::{Plan, Round, RoundPage};
use auction_core::ports::{Failure, RowClaim};
use serde_json::json;
use sqlx::SqliteConnection;

/// Removes rounds that make no sense any more and are not begun.
pub(super) async fn drop_all(
    connection: &mut SqliteConnection,
    operation: &'static str,
    plans: &[&Plan],
) -> Result<(), Failure> {
    let kinds = |plan: &&Plan| {
        let auction = plan.auction;
        plan.dropped.iter().map(move |kind| (auction, kind.name())).collect::<Vec<_>>()
    };
    let dropped: Vec<_> = plans.iter().flat_map(kinds).collect();
    if dropped.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM notice_rounds WHERE called_up_to IS NULL AND is_called = 0 AND id IN \
               (SELECT notice_rounds.id FROM json_each(?1) AS dropped CROSS JOIN notice_rounds \
               ON auction_id = dropped.value ->> 0 AND kind = dropped.value ->> 1)";
    let query = sqlx::query(sql).bind(json!(dropped).to_string());
    query.execute(connection).await.map_err(|error| failure(operation, error))?;
    Ok(())
}

/// Writes rounds, in the place of those that are not begun.
pub(super) async fn put_all(
    connection: &mut SqliteConnection,
    operation: &'static str,
    plans: &[&Plan],
) -> Result<(), Failure> {
    let mut put = Vec::new();
    for (auction, round) in
        plans.iter().flat_map(|plan| plan.rounds.iter().map(|round| (plan.auction, round)))
    {
        let facts = json(operation, &round.facts)?;
        let (kind, audience, due_at) = (round.kind.name(), round.audience.name(), round.due_at.micros());
        put.push((auction, kind, signed(round.occurrence), audience, round.except, facts, due_at));
    }
    if put.is_empty() {
        return Ok(());
    }
    let put = json!(put).to_string();
    // Those that are there are changed first, so that numbers are only given to new ones.
    for sql in [
        "UPDATE notice_rounds SET audience = put.value ->> 3, except_user = put.value ->> 4, \
         facts = put.value ->> 5, due_at = put.value ->> 6, token = NULL, lease = NULL, lease_until = NULL \
         FROM json_each(?1) AS put WHERE auction_id = put.value ->> 0 AND kind = put.value ->> 1 \
         AND occurrence = put.value ->> 2 AND called_up_to IS NULL AND is_called = 0",
        "INSERT INTO notice_rounds (auction_id, kind, occurrence, audience, except_user, facts, due_at) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 \
         FROM json_each(?1) AS put WHERE NOT EXISTS (SELECT 1 FROM notice_rounds AS old \
         WHERE old.auction_id = put.value ->> 0 AND old.kind = put.value ->> 1 \
         AND old.occurrence = put.value ->> 2) ORDER BY key \
         ON CONFLICT (auction_id, kind, occurrence) DO NOTHING",
    ] {
        let query = sqlx::query(sql).bind(&put);
        query.execute(&mut *connection).await.map_err(|error| failure(operation, error))?;
    }
    Ok(())
}

/// Claims rounds.
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    claim: &RowClaim,
) -> Result<Vec<Round>, Failure> {
    const OPERATION: &str = "claim rounds";
    let sql = "UPDATE notice_rounds SET token = ?1, lease = ?2, lease_until = ?3 WHERE id IN \
               (SELECT id FROM notice_rounds WHERE is_called = 0 AND due_at <= ?4 \
               AND (lease_until IS NULL OR lease_until <= ?4) ORDER BY due_at, id LIMIT ?5) \
               RETURNING id, auction_id, kind, occurrence, audience, except_user, facts, due_at, called_up_to";
    let query = sqlx::query(sql)
        .bind(signed_token(claim.token))
        .bind(claim.lease.micros())
        .bind(claim.now.after(claim.lease).micros())
        .bind(claim.now.micros())
        .bind(signed(claim.rows_max as u64));
    let found = query.fetch_all(connection).await.map_err(|error| failure(OPERATION, error))?;
    let read = |row| rows::round(&Reading::new(OPERATION, "notice_rounds", "id", row)?, claim.token);
    let mut rounds = found.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    rounds.sort_unstable_by_key(|round| (round.call.due_at, round.id));
    Ok(rounds)
}

/// Notes up to whom a round is called then; `false` where somebody else holds it by now, or nobody.
pub(super) async fn advance(
    connection: &mut SqliteConnection,
    operation: &'static str,
    page: &RoundPage,
) -> Result<bool, Failure> {
    let query = match page.called_up_to {
        Some(user) => sqlx::query(
            "UPDATE notice_rounds SET called_up_to = ?3, lease_until = lease_until + lease \
             WHERE id = ?1 AND token = ?2 AND is_called = 0",
        )
        .bind(signed(page.round.0))
        .bind(signed_token(page.token))
        .bind(signed(user.number())),
        None => sqlx::query(
            "UPDATE notice_rounds SET is_called = 1, facts = '', token = NULL, lease = NULL, lease_until = NULL \
             WHERE id = ?1 AND token = ?2 AND is_called = 0",
        )
        .bind(signed(page.round.0))
        .bind(signed_token(page.token)),
    };
    let done = query.execute(connection).await.map_err(|error| failure(operation, error))?;
    Ok(done.rows_affected() > 0)
}

/// When there may be a round to claim.
pub(super) async fn next(connection: &mut SqliteConnection) -> Result<Option<Timestamp>, Failure> {
    const OPERATION: &str = "find the next round";
    let sql = "SELECT 0 AS id, min(at) AS at FROM (\
               SELECT * FROM (SELECT due_at AS at FROM notice_rounds WHERE is_called = 0 AND token IS NULL \
               ORDER BY due_at LIMIT 1) UNION ALL \
               SELECT max(due_at, lease_until) FROM notice_rounds WHERE is_called = 0 AND token IS NOT NULL)";
    let row = sqlx::query(sql).fetch_one(connection).await.map_err(|error| failure(OPERATION, error))?;
    Reading::new(OPERATION, "notice_rounds", "id", &row)?.maybe_time("at")
}
