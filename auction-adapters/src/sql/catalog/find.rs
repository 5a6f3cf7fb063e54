//! How auctions are found.

use super::super::columns::{Reading, signed};
use super::super::driver::Connection;
use super::super::failure::failure;
use super::super::value::Value;
use super::order::{Anchor, anchor, beyond, order};
use super::sql::Sql;
use super::words::search;
use auction_core::AuctionId;
use auction_core::catalog::{
    AuctionQuery, Drafts, Found, LIST_ROWS_MAX, ListedAuction, PAGE_SIZE_MAX, PriceText, Scope, Window,
};
use auction_core::ports::Failure;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHashMap;
use sqlx::Row as _;

const OPERATION: &str = "find auctions";

/// What a row of a list has.
const ROW: &str = "SELECT a.id AS id, a.revision AS revision, a.state AS state, l.charter AS charter, \
     l.title AS title, l.description AS description, l.category_id AS category_id, l.images AS images, \
     l.created_at AS created_at";
pub(super) const FROM: &str = " FROM auctions AS a JOIN lots AS l ON l.auction_id = a.id";

/// The rows of a query's window. The connection sees one moment only.
pub(super) async fn find(connection: &mut Connection, query: &AuctionQuery) -> Result<Found, Failure> {
    let failed = |error| failure(OPERATION, error);
    let Some(wanted) = conditions(query) else {
        let count = matches!(query.window, Window::Page { .. }).then_some(0);
        return Ok(Found { count, ..Found::default() });
    };
    Ok(match query.window {
        Window::Page { number, size } => {
            let size = size.clamp(1, PAGE_SIZE_MAX);
            let rows = wanted
                .query(&format!("SELECT count(*) AS count{}", from(&wanted)))
                .fetch_one(&mut *connection)
                .await;
            let count: i64 = rows.and_then(|row| row.try_get("count")).map_err(failed)?;
            let skip = i64::from(number.max(1) - 1) * i64::from(size);
            let rows = page(query, wanted, size.into(), skip);
            let rows = read(connection, rows).await?;
            let more = count > skip.saturating_add(size.into());
            Found { rows, count: Some(count.unsigned_abs()), more }
        }
        Window::Rows { after, rows_max } => {
            let rows_max = rows_max.min(LIST_ROWS_MAX);
            let anchor = match after {
                None => None,
                Some(after) => match anchor(connection, query, after).await? {
                    None => return Ok(Found::default()),
                    anchor => anchor,
                },
            };
            let rows = window(query, wanted, anchor, i64::from(rows_max) + 1);
            let mut rows = read(connection, rows).await?;
            let more = rows.len() > usize::try_from(rows_max).unwrap_or(usize::MAX);
            rows.truncate(usize::try_from(rows_max).unwrap_or(usize::MAX));
            Found { rows, count: None, more }
        }
    })
}

/// A page of rows.
pub(super) fn page(query: &AuctionQuery, mut sql: Sql, rows_max: i64, skip: i64) -> Sql {
    order(query, &mut sql);
    sql.push(" LIMIT ").number(rows_max).push(" OFFSET ").number(skip);
    sql
}

/// The rows after an anchor.
pub(super) fn window(query: &AuctionQuery, mut sql: Sql, anchor: Option<Anchor>, rows_max: i64) -> Sql {
    if let Some(anchor) = anchor {
        beyond(query, anchor, &mut sql);
    }
    order(query, &mut sql);
    sql.push(" LIMIT ").number(rows_max);
    sql
}

async fn read(connection: &mut Connection, sql: Sql) -> Result<Vec<ListedAuction>, Failure> {
    let rows = sql.query(head(&sql)).fetch_all(&mut *connection).await;
    let rows = rows.map_err(|error| failure(OPERATION, error))?;
    let id = |row| Reading::new(OPERATION, "auctions", "id", row)?.auction_id("id");
    let ids = rows.iter().map(id).collect::<Result<Vec<_>, _>>()?;
    let mut found = self::rows(connection, &ids).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Auctions with their listings.
pub(super) async fn rows(
    connection: &mut Connection,
    ids: &[AuctionId],
) -> Result<FxHashMap<AuctionId, ListedAuction>, Failure> {
    const WANTED: &str =
        concat!(" WHERE a.id IN (SELECT CAST(value AS BIGINT) FROM ", each!("$1", "wanted"), ")");
    let query = sqlx::query(sqlx::AssertSqlSafe(format!("{ROW}{FROM}{WANTED}")))
        .bind(serde_json::json!(ids).to_string());
    let rows = query.fetch_all(connection).await.map_err(|error| failure(OPERATION, error))?;
    let listed = |row| {
        let listed = Reading::new(OPERATION, "auctions", "id", row)?.listed()?;
        Ok((listed.auction.id(), listed))
    };
    rows.iter().map(listed).collect()
}

/// What rows are found with; they are read afterwards, so that what is sorted stays small. Lots are only looked at
/// where they are named. A column of each table that no index has is asked for: an index that had all that is wanted
/// would be walked instead of the one that has the order.
pub(super) fn head(sql: &Sql) -> &'static str {
    if names_lots(sql) {
        "SELECT a.id AS id, a.revision AS revision, l.currency AS currency \
         FROM auctions AS a JOIN lots AS l ON l.auction_id = a.id"
    } else {
        "SELECT a.id AS id, a.revision AS revision FROM auctions AS a"
    }
}

/// The tables that conditions are about.
fn from(sql: &Sql) -> &'static str {
    if names_lots(sql) { FROM } else { " FROM auctions AS a" }
}

fn names_lots(sql: &Sql) -> bool {
    sql.text().contains("l.")
}

/// What the rows have to fulfil; `None` where nothing can.
pub(super) fn conditions(query: &AuctionQuery) -> Option<Sql> {
    let mut sql = Sql::default();
    match (query.drafts, query.viewer) {
        (Drafts::All, _) => drop(sql.push(" WHERE TRUE")),
        (Drafts::Own, Some(viewer)) => {
            sql.push(" WHERE (a.phase <> 'draft' OR l.seller = ").number(signed(viewer.number())).push(")");
        }
        (Drafts::Own, None) => drop(sql.push(" WHERE a.phase <> 'draft'")),
    }
    scope(query, &mut sql)?;
    if let Some(text) = &query.search {
        search(text, &mut sql)?;
    }
    if let Some(status) = query.status {
        status_as_of(status, query.now.micros(), &mut sql)?;
    }
    if let Some(category) = query.category {
        sql.push(" AND l.category_id = ").number(signed(category.number()));
    }
    if let Some(seller) = query.seller {
        sql.push(" AND l.seller = ").number(signed(seller.number()));
    }
    if let Some(least) = query.min_price {
        sql.push(" AND l.starting_price_scaled >= ").number(thousandths(least, Decimal::ceil));
    }
    if let Some(highest) = query.max_price {
        sql.push(" AND l.starting_price_scaled <= ").number(thousandths(highest, Decimal::floor));
    }
    if let Some(time) = query.ends_before {
        sql.push(" AND a.ends_at < ").number(time.micros());
    }
    if let Some(time) = query.ends_after {
        sql.push(" AND a.ends_at > ").number(time.micros());
    }
    if let Some(format) = &query.format {
        sql.push(" AND l.format = ").value(Value::Text(format.clone()));
    }
    Some(sql)
}

fn scope(query: &AuctionQuery, sql: &mut Sql) -> Option<()> {
    let viewer = query.viewer.map(|viewer| signed(viewer.number()));
    match query.scope {
        Scope::All => {}
        Scope::Available => {
            if let Some(viewer) = viewer {
                sql.push(" AND NOT EXISTS (SELECT 1 FROM standings AS s WHERE s.auction_id = a.id AND s.user_id = ");
                sql.number(viewer).push(" AND s.number > 0)");
            }
        }
        Scope::Joined => {
            sql.push(" AND a.id IN (SELECT s.auction_id FROM standings AS s WHERE s.user_id = ");
            sql.number(viewer?).push(" AND s.number > 0)");
        }
        Scope::Selling => drop(sql.push(" AND l.seller = ").number(viewer?)),
        Scope::Won => {
            sql.push(" AND a.id IN (SELECT w.id FROM auctions AS w WHERE w.winner = ").number(viewer?);
            sql.push(" UNION SELECT s.auction_id FROM awards AS s WHERE s.bidder = ")
                .number(viewer?)
                .push(")");
        }
    }
    Some(())
}

/// A status as of now, whether or not anybody has written it down; as `Auction::phase_at` has it.
fn status_as_of(status: &str, now: i64, sql: &mut Sql) -> Option<()> {
    match status {
        "scheduled" => {
            sql.push(" AND a.phase = 'scheduled' AND a.starts_at > ").number(now);
            sql.push(" AND a.ends_at > ").number(now);
        }
        "started" => {
            sql.push(" AND a.phase IN ('started', 'scheduled') AND a.ends_at > ").number(now);
            sql.push(" AND (a.phase = 'started' OR a.starts_at <= ").number(now).push(")");
        }
        "ended" => {
            sql.push(" AND (a.phase = 'ended' OR (a.phase IN ('started', 'scheduled') AND a.ends_at <= ");
            sql.number(now).push("))");
        }
        "draft" => drop(sql.push(" AND a.phase = 'draft'")),
        "paused" => drop(sql.push(" AND a.phase = 'paused'")),
        "cancelled" => drop(sql.push(" AND a.phase = 'cancelled'")),
        _ => return None,
    }
    Some(())
}

/// A price in thousandths of a major unit. No price of an auction is beyond the bounds of the answer.
fn thousandths(price: PriceText, round: impl Fn(&Decimal) -> Decimal) -> i64 {
    let scaled = price.checked_mul(Decimal::ONE_THOUSAND).map(|scaled| round(&scaled));
    let beyond = if price.is_sign_negative() { i64::MIN } else { i64::MAX };
    scaled.and_then(|scaled| scaled.to_i64()).unwrap_or(beyond)
}
