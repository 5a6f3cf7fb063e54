//! Notices for audiences, which are called page by page.

use super::columns::{Reading, json, signed};
use super::driver::Connection;
use super::failure::failure;
use super::rows::{self, signed_token};
use auction_core::Timestamp;
use auction_core::notify::{Plan, Round, RoundPage};
use auction_core::ports::{Failure, RowClaim};
use serde_json::json;

/// Removes rounds that make no sense any more and are not begun.
pub(super) async fn drop_all(
    connection: &mut Connection,
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
    let sql = concat!(
        "DELETE FROM notice_rounds WHERE called_up_to IS NULL AND is_called = 0 AND id IN (SELECT old.id FROM ",
        each!("$1", "dropped"),
        " CROSS JOIN notice_rounds AS old \
         WHERE old.auction_id = CAST(dropped.value ->> 0 AS BIGINT) AND old.kind = dropped.value ->> 1)"
    );
    let query = sqlx::query(sql).bind(json!(dropped).to_string());
    query.execute(connection).await.map_err(|error| failure(operation, error))?;
    Ok(())
}

/// Writes rounds, in the place of those that are not begun.
pub(super) async fn put_all(
    connection: &mut Connection,
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
        concat!(
            "UPDATE notice_rounds SET audience = put.value ->> 3, except_user = CAST(put.value ->> 4 AS BIGINT), \
             facts = put.value ->> 5, due_at = CAST(put.value ->> 6 AS BIGINT), \
             token = NULL, lease = NULL, lease_until = NULL FROM ",
            each!("$1", "put"),
            " WHERE auction_id = CAST(put.value ->> 0 AS BIGINT) AND kind = put.value ->> 1 \
             AND occurrence = CAST(put.value ->> 2 AS BIGINT) AND called_up_to IS NULL AND is_called = 0"
        ),
        concat!(
            "INSERT INTO notice_rounds (auction_id, kind, occurrence, audience, except_user, facts, due_at) \
             SELECT CAST(put.value ->> 0 AS BIGINT), put.value ->> 1, CAST(put.value ->> 2 AS BIGINT), \
             put.value ->> 3, CAST(put.value ->> 4 AS BIGINT), put.value ->> 5, CAST(put.value ->> 6 AS BIGINT) FROM ",
            each!("$1", "put"),
            " WHERE NOT EXISTS (SELECT 1 FROM notice_rounds AS old \
             WHERE old.auction_id = CAST(put.value ->> 0 AS BIGINT) AND old.kind = put.value ->> 1 \
             AND old.occurrence = CAST(put.value ->> 2 AS BIGINT)) ORDER BY put.key \
             ON CONFLICT (auction_id, kind, occurrence) DO NOTHING"
        ),
    ] {
        let query = sqlx::query(sql).bind(&*put);
        query.execute(&mut *connection).await.map_err(|error| failure(operation, error))?;
    }
    Ok(())
}

/// Claims rounds.
pub(super) async fn claim(
    connection: &mut Connection,
    operation: &'static str,
    claim: &RowClaim,
) -> Result<Vec<Round>, Failure> {
    let sql = concat!(
        "WITH due AS MATERIALIZED (SELECT id FROM notice_rounds WHERE is_called = 0 AND due_at <= $4 \
         AND (lease_until IS NULL OR lease_until <= $4) ORDER BY due_at, id LIMIT $5",
        skip_locked!(),
        ") UPDATE notice_rounds SET token = $1, lease = $2, lease_until = $3 WHERE id IN (SELECT id FROM due) \
         RETURNING id, auction_id, kind, occurrence, audience, except_user, facts, due_at, called_up_to"
    );
    let query = sqlx::query(sql)
        .bind(signed_token(claim.token))
        .bind(claim.lease.micros())
        .bind(claim.now.after(claim.lease).micros())
        .bind(claim.now.micros())
        .bind(signed(claim.rows_max as u64));
    let found = query.fetch_all(connection).await.map_err(|error| failure(operation, error))?;
    let read = |row| rows::round(&Reading::new(operation, "notice_rounds", "id", row)?, claim.token);
    let mut rounds = found.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    rounds.sort_unstable_by_key(|round| (round.call.due_at, round.id));
    Ok(rounds)
}

/// Notes up to whom a round is called then; `false` where somebody else holds it by now, or nobody.
pub(super) async fn advance(
    connection: &mut Connection,
    operation: &'static str,
    page: &RoundPage,
) -> Result<bool, Failure> {
    let query = match page.called_up_to {
        Some(user) => sqlx::query(
            "UPDATE notice_rounds SET called_up_to = $3, lease_until = lease_until + lease \
             WHERE id = $1 AND token = $2 AND is_called = 0",
        )
        .bind(signed(page.round.0))
        .bind(signed_token(page.token))
        .bind(signed(user.number())),
        None => sqlx::query(
            "UPDATE notice_rounds SET is_called = 1, facts = '', token = NULL, lease = NULL, lease_until = NULL \
             WHERE id = $1 AND token = $2 AND is_called = 0",
        )
        .bind(signed(page.round.0))
        .bind(signed_token(page.token)),
    };
    let done = query.execute(connection).await.map_err(|error| failure(operation, error))?;
    Ok(done.rows_affected() > 0)
}

/// When there may be a round to claim.
pub(super) async fn next(
    connection: &mut Connection,
    operation: &'static str,
) -> Result<Option<Timestamp>, Failure> {
    let sql = "SELECT CAST(0 AS BIGINT) AS id, min(next.at) AS at FROM (\
               SELECT free.at FROM (SELECT due_at AS at FROM notice_rounds WHERE is_called = 0 AND token IS NULL \
               ORDER BY due_at LIMIT 1) AS free UNION ALL \
               SELECT CASE WHEN due_at > lease_until THEN due_at ELSE lease_until END \
               FROM notice_rounds WHERE is_called = 0 AND token IS NOT NULL) AS next";
    let row = sqlx::query(sql).fetch_one(connection).await.map_err(|error| failure(operation, error))?;
    Reading::new(operation, "notice_rounds", "id", &row)?.maybe_time("at")
}
