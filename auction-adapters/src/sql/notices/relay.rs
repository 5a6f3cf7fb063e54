//! Where planning has got to, and what was planned.

use super::columns::{Reading, signed};
use super::driver::{Connection, Row};
use super::failure::failure;
use super::pen::Draft;
use super::write::{lock_told, write};
use super::{NUMBERS, Notices, rounds, rows};
use async_trait::async_trait;
use auction_core::notify::{NewNotice, Notice, Plan, Position, Preferences, Round, RoundPage};
use auction_core::ports::{Failure, RelayStore, RowClaim};
use auction_core::{AuctionId, Timestamp, UserId};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;

const PLAN: &str = "write plans";

#[async_trait]
impl RelayStore for Notices {
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure> {
        const OPERATION: &str = "read positions";
        let sql = concat!(
            "SELECT auction_id, revision, leader FROM ",
            each!("$1", "wanted"),
            " CROSS JOIN notice_positions WHERE auction_id = CAST(wanted.value AS BIGINT)"
        );
        let query = sqlx::query(sql).bind(json!(auctions).to_string());
        let found = query.fetch_all(&mut *self.readers.take(OPERATION).await?).await;
        let known = by_auction(OPERATION, &found.map_err(|error| failure(OPERATION, error))?)?;
        Ok(auctions.iter().map(|id| known.get(id).copied().unwrap_or_default()).collect())
    }

    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
        let mut draft = self.pen.begin(PLAN).await?;
        if plans.iter().any(|plan| !plan.notices.is_empty()) {
            hold_numbers(&mut draft, PLAN).await?;
        }
        let mut known = lock_positions(&mut draft, plans).await?;
        let fits: Vec<_> = plans.iter().map(|plan| take(&mut known, plan)).collect();
        let taken: Vec<_> =
            plans.iter().zip(&fits).filter(|(_, fits)| **fits).map(|(plan, _)| plan).collect();
        let mut answers = Vec::with_capacity(taken.len());
        if !taken.is_empty() {
            move_on(&mut draft, &taken, &known).await?;
            let told: Vec<_> = taken.iter().flat_map(|plan| &plan.notices).collect();
            lock_told(&mut draft, PLAN, &told).await?;
        }
        for wave in waves(&taken) {
            answers.extend(write_wave(&mut draft, wave).await?);
        }
        draft.commit().await.map_err(|error| failure(PLAN, error))?;
        let mut answers = answers.into_iter();
        Ok(fits.into_iter().map(|fits| if fits { answers.next() } else { None }).collect())
    }

    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure> {
        const OPERATION: &str = "claim rounds";
        let mut draft = self.pen.begin(OPERATION).await?;
        let rounds = rounds::claim(&mut draft, OPERATION, claim).await?;
        draft.commit().await.map_err(|error| failure(OPERATION, error))?;
        Ok(rounds)
    }

    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure> {
        const OPERATION: &str = "call a page of a round";
        let mut draft = self.pen.begin(OPERATION).await?;
        if !page.notices.is_empty() {
            hold_numbers(&mut draft, OPERATION).await?;
        }
        if !rounds::advance(&mut draft, OPERATION, page).await? {
            return Ok(None);
        }
        let told: Vec<_> = page.notices.iter().collect();
        lock_told(&mut draft, OPERATION, &told).await?;
        let written = write(&mut draft, OPERATION, &told).await?;
        draft.commit().await.map_err(|error| failure(OPERATION, error))?;
        Ok(Some(written))
    }

    async fn next_round(&self) -> Result<Option<Timestamp>, Failure> {
        const OPERATION: &str = "find the next round";
        let mut reader = self.readers.take(OPERATION).await?;
        rounds::next(&mut reader, OPERATION).await
    }

    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure> {
        const OPERATION: &str = "read preferences";
        let sql = concat!(
            "SELECT user_id, kind, mail = 1 AS mail, in_app = 1 AS in_app FROM ",
            each!("$1", "wanted"),
            " CROSS JOIN notice_preferences WHERE user_id = CAST(wanted.value AS BIGINT)"
        );
        let query = sqlx::query(sql).bind(json!(users).to_string());
        let found = query.fetch_all(&mut *self.readers.take(OPERATION).await?).await;
        let mut known: FxHashMap<UserId, Preferences> = FxHashMap::default();
        for row in found.map_err(|error| failure(OPERATION, error))? {
            let reading = Reading::new(OPERATION, "notice_preferences", "user_id", &row)?;
            let (kind, channels) = rows::choice(&reading)?;
            let preferences = known.entry(reading.user_id("user_id")?).or_default();
            *preferences = std::mem::take(preferences).with(kind, channels);
        }
        Ok(users.iter().map(|user| known.get(user).cloned().unwrap_or_default()).collect())
    }
}

/// Waits until nobody else writes notices.
async fn hold_numbers(draft: &mut Draft, operation: &'static str) -> Result<(), Failure> {
    draft.hold(&[NUMBERS.to_owned()]).await.map_err(|error| failure(operation, error))
}

/// Whether a plan is for the position that its auction has by now, which it moves then.
fn take(known: &mut FxHashMap<AuctionId, Position>, plan: &Plan) -> bool {
    let position = known.entry(plan.auction).or_default();
    let fits = position.revision == plan.before;
    if fits {
        *position = plan.after;
    }
    fits
}

/// Parts in which each auction has one plan, so that each can be written at once.
fn waves<'a, 'p>(plans: &'a [&'p Plan]) -> Vec<&'a [&'p Plan]> {
    let (mut waves, mut seen, mut start) = (Vec::new(), FxHashSet::default(), 0);
    for (place, plan) in plans.iter().enumerate() {
        if !seen.insert(plan.auction) {
            waves.push(&plans[start..place]);
            seen.clear();
            seen.insert(plan.auction);
            start = place;
        }
    }
    waves.push(&plans[start..]);
    waves
}

/// Writes plans of different auctions, and answers what each has told.
async fn write_wave(connection: &mut Connection, plans: &[&Plan]) -> Result<Vec<Vec<Notice>>, Failure> {
    rounds::drop_all(connection, PLAN, plans).await?;
    rounds::put_all(connection, PLAN, plans).await?;
    let notices: Vec<&NewNotice> = plans.iter().flat_map(|plan| &plan.notices).collect();
    let mut written: FxHashMap<AuctionId, Vec<Notice>> = FxHashMap::default();
    for notice in write(connection, PLAN, &notices).await? {
        written.entry(notice.auction).or_default().push(notice);
    }
    Ok(plans.iter().map(|plan| written.remove(&plan.auction).unwrap_or_default()).collect())
}

/// The positions of the auctions of plans, which nobody else moves until the end.
async fn lock_positions(
    connection: &mut Connection,
    plans: &[Plan],
) -> Result<FxHashMap<AuctionId, Position>, Failure> {
    let mut auctions: Vec<_> = plans.iter().map(|plan| plan.auction).collect();
    auctions.sort_unstable();
    auctions.dedup();
    let auctions = json!(auctions).to_string();
    let failed = |error| failure(PLAN, error);
    // There has to be a row to lock.
    let insert = concat!(
        "INSERT INTO notice_positions (auction_id, revision) SELECT CAST(wanted.value AS BIGINT), 0 FROM ",
        each!("$1", "wanted"),
        " WHERE NOT EXISTS (SELECT 1 FROM notice_positions AS old WHERE old.auction_id = CAST(wanted.value AS BIGINT)) \
         ORDER BY wanted.key ON CONFLICT (auction_id) DO NOTHING"
    );
    sqlx::query(insert).bind(&*auctions).execute(&mut *connection).await.map_err(failed)?;
    let lock = concat!(
        "SELECT auction_id, revision, leader FROM ",
        each!("$1", "wanted"),
        " CROSS JOIN notice_positions WHERE auction_id = CAST(wanted.value AS BIGINT) ORDER BY auction_id",
        for_update!()
    );
    let found = sqlx::query(lock).bind(&*auctions).fetch_all(connection).await.map_err(failed)?;
    by_auction(PLAN, &found)
}

fn by_auction(operation: &'static str, rows: &[Row]) -> Result<FxHashMap<AuctionId, Position>, Failure> {
    let mut known = FxHashMap::default();
    for row in rows {
        let reading = Reading::new(operation, "notice_positions", "auction_id", row)?;
        let (revision, leader) = (reading.unsigned("revision")?, reading.maybe_user_id("leader")?);
        known.insert(reading.auction_id("auction_id")?, Position { revision, leader });
    }
    Ok(known)
}

/// Writes the positions that these plans have led to.
async fn move_on(
    connection: &mut Connection,
    plans: &[&Plan],
    known: &FxHashMap<AuctionId, Position>,
) -> Result<(), Failure> {
    let moved: FxHashSet<_> = plans.iter().map(|plan| plan.auction).collect();
    let moved = moved.iter().filter_map(|auction| known.get(auction).map(|position| (auction, position)));
    let moved = moved.map(|(auction, position)| (auction, signed(position.revision), position.leader));
    let moved = json!(moved.collect::<Vec<_>>()).to_string();
    let sql = concat!(
        "UPDATE notice_positions SET revision = CAST(moved.value ->> 1 AS BIGINT), \
         leader = CAST(moved.value ->> 2 AS BIGINT) FROM ",
        each!("$1", "moved"),
        " WHERE auction_id = CAST(moved.value ->> 0 AS BIGINT)"
    );
    let query = sqlx::query(sql).bind(moved);
    query.execute(connection).await.map(drop).map_err(|error| failure(PLAN, error))
}
