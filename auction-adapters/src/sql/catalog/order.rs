//! The order of lists, and where a list goes on.

use super::super::columns::signed;
use super::super::driver::Connection;
use super::super::failure::failure;
use super::super::value::Value;
use super::find::FROM;
use super::sql::Sql;
use super::words::TITLE_KEY;
use auction_core::AuctionId;
use auction_core::catalog::{AuctionQuery, OrderingField};
use auction_core::ports::Failure;
use sqlx::Row as _;

/// The sort key of the row after which a list goes on.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    id: i64,
    /// Only of lists by liveliness.
    rank: i64,
    key: Value,
}

/// The sort key of an auction; `None` where there is no such auction.
pub(super) async fn anchor(
    connection: &mut Connection,
    query: &AuctionQuery,
    after: AuctionId,
) -> Result<Option<Anchor>, Failure> {
    let failed = |error| failure("find auctions", error);
    let mut sql = Sql::default();
    sql.push("SELECT CAST(");
    rank(query, &mut sql);
    sql.push(" AS BIGINT) AS place, ");
    key(query, &mut sql);
    sql.push(" AS sort_key").push(FROM).push(" WHERE a.id = ").number(signed(after.number()));
    let Some(row) = sql.query("").fetch_optional(connection).await.map_err(failed)? else { return Ok(None) };
    let rank = row.try_get("place").map_err(failed)?;
    let key = match query.ordering.field {
        OrderingField::Title => Value::Text(row.try_get("sort_key").map_err(failed)?),
        _ => Value::Integer(row.try_get("sort_key").map_err(failed)?),
    };
    Ok(Some(Anchor { id: signed(after.number()), rank, key }))
}

/// The order of a list. The number is of the table of the key, so that one index has both.
pub(super) fn order(query: &AuctionQuery, sql: &mut Sql) {
    let direction = if query.ordering.descending { " DESC, " } else { ", " };
    sql.push(" ORDER BY ");
    if query.ordering.field == OrderingField::Liveliness {
        rank(query, sql);
        sql.push(direction);
    }
    key(query, sql);
    sql.push(direction).push(id(query));
}

/// Only what comes after an anchor.
pub(super) fn beyond(query: &AuctionQuery, anchor: Anchor, sql: &mut Sql) {
    let Anchor { id: after, rank: place, key: value } = anchor;
    let sign = if query.ordering.descending { " < " } else { " > " };
    let sign_or_same = if query.ordering.descending { " <= " } else { " >= " };
    let is_ranked = query.ordering.field == OrderingField::Liveliness;
    sql.push(" AND ");
    if is_ranked {
        rank(query, sql);
        sql.push(sign_or_same).number(place).push(" AND (");
        rank(query, sql);
        sql.push(sign).number(place).push(" OR (");
    }
    key(query, sql);
    sql.push(sign_or_same).value(value.clone()).push(" AND (");
    key(query, sql);
    sql.push(sign).value(value).push(" OR ").push(id(query)).push(" > ").number(after).push(")");
    if is_ranked {
        sql.push("))");
    }
}

/// Which auctions come before all of another kind.
fn rank(query: &AuctionQuery, sql: &mut Sql) {
    if query.ordering.field != OrderingField::Liveliness {
        sql.push("0");
        return;
    }
    sql.push("CASE WHEN ");
    is_over(query, sql);
    sql.push(" THEN 3 WHEN a.phase IN ('started', 'paused') OR a.phase = 'scheduled' AND a.starts_at <= ");
    sql.number(query.now.micros()).push(" THEN 0 WHEN a.phase = 'draft' THEN 2 ELSE 1 END");
}

fn key(query: &AuctionQuery, sql: &mut Sql) {
    let column = match query.ordering.field {
        OrderingField::Title => TITLE_KEY,
        OrderingField::StartingPrice => "l.starting_price_scaled",
        OrderingField::CurrentPrice => "a.price_scaled",
        OrderingField::StartsAt => "a.starts_at",
        OrderingField::EndsAt => "a.ends_at",
        OrderingField::BidCount => "a.bid_count",
        OrderingField::CreatedAt => "l.created_at",
        OrderingField::Liveliness => {
            sql.push("CASE WHEN ");
            is_over(query, sql);
            sql.push(" THEN -a.ends_at WHEN a.phase IN ('started', 'paused') ");
            sql.push("OR a.phase = 'scheduled' AND a.starts_at <= ").number(query.now.micros());
            " THEN a.ends_at ELSE a.starts_at END"
        }
    };
    sql.push(column);
}

/// As `Auction::phase_at` has it.
fn is_over(query: &AuctionQuery, sql: &mut Sql) {
    sql.push("(a.phase IN ('ended', 'cancelled') OR a.phase IN ('started', 'scheduled') AND a.ends_at <= ");
    sql.number(query.now.micros()).push(")");
}

const fn id(query: &AuctionQuery) -> &'static str {
    match query.ordering.field {
        OrderingField::Title | OrderingField::StartingPrice | OrderingField::CreatedAt => "l.auction_id",
        OrderingField::CurrentPrice
        | OrderingField::StartsAt
        | OrderingField::EndsAt
        | OrderingField::BidCount
        | OrderingField::Liveliness => "a.id",
    }
}
