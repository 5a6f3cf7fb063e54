//! Where planning has got to, and what was planned.

use super::SqliteNotices;
use super::rounds;
use super::rows;
use super::write::write;
use crate::sqlite::columns::{Reading, signed};
use crate::sqlite::failure::failure;
use async_trait::async_trait;
use auction_core::notify::{Notice, Plan, Position, Preferences, Round, RoundPage};
use auction_core::ports::{Failure, RelayStore, RowClaim};
use auction_core::{AuctionId, Timestamp, UserId};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use sqlx::SqliteConnection;

const PLAN: &str = "write plans";

#[async_trait]
impl RelayStore for SqliteNotices {
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure> {
        const OPERATION: &str = "read positions";
        let mut reader = self.readers.acquire().await.map_err(|error| failure(OPERATION, error))?;
        let known = positions(&mut reader, OPERATION, auctions).await?;
        Ok(auctions.iter().map(|id| known.get(id).copied().unwrap_or_default()).collect())
    }

    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
        let mut answers = Vec::with_capacity(plans.len());
        let mut draft = self.pen.begin(PLAN).await?;
        for wave in waves(plans) {
            answers.extend(write_wave(&mut draft, wave).await?);
        }
        draft.commit().await.map_err(|error| failure(PLAN, error))?;
        Ok(answers)
    }

    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure> {
        let mut pen = self.pen.take("claim rounds").await?;
        rounds::claim(&mut pen, claim).await
    }

    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure> {
        const OPERATION: &str = "call a page of a round";
        let mut draft = self.pen.begin(OPERATION).await?;
        if !rounds::advance(&mut draft, OPERATION, page).await? {
            return Ok(None);
        }
        let written = write(&mut draft, OPERATION, &page.notices).await?;
        draft.commit().await.map_err(|error| failure(OPERATION, error))?;
        Ok(Some(written))
    }

    async fn next_round(&self) -> Result<Option<Timestamp>, Failure> {
        let mut reader =
            self.readers.acquire().await.map_err(|error| failure("find the next round", error))?;
        rounds::next(&mut reader).await
    }

    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure> {
        const OPERATION: &str = "read preferences";
        let sql = "SELECT user_id, kind, mail, in_app FROM json_each(?1) AS wanted \
                   CROSS JOIN notice_preferences ON user_id = wanted.value";
        let found = sqlx::query(sql).bind(json!(users).to_string()).fetch_all(&self.readers).await;
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

/// Parts in which each auction has one plan, so that each can be written at once.
fn waves(plans: &[Plan]) -> Vec<&[Plan]> {
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

/// Writes plans of different auctions.
async fn write_wave(
    connection: &mut SqliteConnection,
    plans: &[Plan],
) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
    let auctions: Vec<_> = plans.iter().map(|plan| plan.auction).collect();
    let known = positions(connection, PLAN, &auctions).await?;
    let fits = |plan: &Plan| known.get(&plan.auction).map_or(0, |known| known.revision) == plan.before;
    let taken: Vec<_> = plans.iter().filter(|plan| fits(plan)).collect();
    move_on(connection, &taken).await?;
    rounds::drop_all(connection, PLAN, &taken).await?;
    rounds::put_all(connection, PLAN, &taken).await?;
    let notices: Vec<_> = taken.iter().flat_map(|plan| plan.notices.iter().cloned()).collect();
    let mut written: FxHashMap<AuctionId, Vec<Notice>> = FxHashMap::default();
    for notice in write(connection, PLAN, &notices).await? {
        written.entry(notice.auction).or_default().push(notice);
    }
    let mut answer = |plan: &Plan| fits(plan).then(|| written.remove(&plan.auction).unwrap_or_default());
    Ok(plans.iter().map(&mut answer).collect())
}

async fn positions(
    connection: &mut SqliteConnection,
    operation: &'static str,
    auctions: &[AuctionId],
) -> Result<FxHashMap<AuctionId, Position>, Failure> {
    let sql = "SELECT auction_id, revision, leader FROM json_each(?1) AS wanted \
               CROSS JOIN notice_positions ON auction_id = wanted.value";
    let found = sqlx::query(sql).bind(json!(auctions).to_string()).fetch_all(connection).await;
    let mut known = FxHashMap::default();
    for row in found.map_err(|error| failure(operation, error))? {
        let reading = Reading::new(operation, "notice_positions", "auction_id", &row)?;
        let (revision, leader) = (reading.unsigned("revision")?, reading.maybe_user_id("leader")?);
        known.insert(reading.auction_id("auction_id")?, Position { revision, leader });
    }
    Ok(known)
}

async fn move_on(connection: &mut SqliteConnection, plans: &[&Plan]) -> Result<(), Failure> {
    let sql = "INSERT INTO notice_positions (auction_id, revision, leader) \
               SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) WHERE true \
               ON CONFLICT (auction_id) DO UPDATE SET revision = excluded.revision, leader = excluded.leader";
    let moved = plans.iter().map(|plan| (plan.auction, signed(plan.after.revision), plan.after.leader));
    let moved = json!(moved.collect::<Vec<_>>()).to_string();
    sqlx::query(sql).bind(moved).execute(connection).await.map_err(|error| failure(PLAN, error))?;
    Ok(())
}
