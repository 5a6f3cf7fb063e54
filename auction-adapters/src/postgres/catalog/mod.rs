//! Listings, categories, and how auctions are found.

#[path = "../../sql/catalog/find.rs"]
mod find;
#[path = "../../sql/catalog/hidden.rs"]
mod hidden;
#[path = "../../sql/catalog/order.rs"]
mod order;
#[path = "../../sql/catalog/shares.rs"]
mod shares;
#[path = "../../sql/catalog/sql.rs"]
mod sql;
mod words;

pub(super) use words::words_of;

use super::columns::{Reading, json, signed};
use super::failure::{corrupt, failure};
use super::load;
use super::store::PostgresStore;
use async_trait::async_trait;
use auction_core::auction::{Recorded, Standing};
use auction_core::catalog::{AuctionQuery, Category, CategoryId, Found, ListedAuction, Listing, NewCategory};
use auction_core::money::Amount;
use auction_core::ports::{
    BID_ON_MAX, CatalogStore, EventPage, Failure, HiddenBid, RANKED_MAX, Recategorised, Relisted, Share,
};
use auction_core::{AuctionId, UserId};
use hidden::Recent;
use sqlx::Row as _;

#[async_trait]
impl CatalogStore for PostgresStore {
    async fn listed(&self, auctions: &[AuctionId]) -> Result<Vec<Option<ListedAuction>>, Failure> {
        let mut view = self.database.readers().take("load listings").await?;
        let found = find::rows(&mut view, auctions).await?;
        Ok(auctions.iter().map(|id| found.get(id).cloned()).collect())
    }

    async fn find(&self, query: &AuctionQuery) -> Result<Found, Failure> {
        let mut view = self.database.readers().view("find auctions").await?;
        find::find(&mut view, query).await
    }

    async fn relist(
        &self,
        auction: AuctionId,
        before: &Listing,
        after: &Listing,
    ) -> Result<Relisted, Failure> {
        const OPERATION: &str = "relist auction";
        let failed = |error| failure(OPERATION, error);
        let sql = "UPDATE lots SET title = $2, description = $3, category_id = $4, images = $5, \
                   words = array_to_tsvector($10) WHERE auction_id = $1 AND title = $6 AND description = $7 \
                   AND category_id IS NOT DISTINCT FROM $8 AND images = $9";
        let mut query = sqlx::query(sql).bind(signed(auction.number()));
        for listing in [after, before] {
            query = query
                .bind(listing.title())
                .bind(listing.description())
                .bind(listing.category().map(|category| signed(category.number())))
                .bind(json(OPERATION, &listing.images())?);
        }
        let mut draft = self.database.pen().begin(OPERATION).await?;
        let done = query.bind(words_of(after)).execute(&mut *draft).await.map_err(failed)?;
        if done.rows_affected() > 0 {
            draft.commit().await.map_err(failed)?;
            return Ok(Relisted::Done);
        }
        let lot =
            sqlx::query("SELECT auction_id FROM lots WHERE auction_id = $1").bind(signed(auction.number()));
        let known = lot.fetch_optional(&mut *draft).await.map_err(failed)?;
        Ok(if known.is_some() { Relisted::Changed } else { Relisted::Unknown })
    }

    async fn discard(&self, auction: AuctionId) -> Result<bool, Failure> {
        const OPERATION: &str = "discard auction";
        let failed = |error| failure(OPERATION, error);
        let id = signed(auction.number());
        let mut draft = self.database.pen().begin(OPERATION).await?;
        // The first of them locks the auction: who commits to it at this moment goes first, or finds it gone.
        for sql in [
            "DELETE FROM auctions WHERE id = $1 AND phase = 'draft'",
            "DELETE FROM lots WHERE auction_id = $1",
            "DELETE FROM standings WHERE auction_id = $1",
            "DELETE FROM events WHERE auction_id = $1",
            "DELETE FROM receipts WHERE auction_id = $1",
        ] {
            let done = sqlx::query(sql).bind(id).execute(&mut *draft).await.map_err(failed)?;
            if sql.contains("'draft'") && done.rows_affected() == 0 {
                return Ok(false);
            }
        }
        draft.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn public_events(
        &self,
        auction: AuctionId,
        page: EventPage,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut view = self.database.readers().take("load public events").await?;
        load::public_events(&mut view, auction, page, events_max).await
    }

    async fn bid_on(
        &self,
        bidder: UserId,
        before: Option<AuctionId>,
        auctions_max: usize,
    ) -> Result<Vec<(AuctionId, Standing)>, Failure> {
        let mut view = self.database.readers().take("find auctions bid on").await?;
        load::bid_on(&mut view, bidder, before, auctions_max.min(BID_ON_MAX)).await
    }

    async fn hidden_bids(
        &self,
        auction: AuctionId,
        bidder: UserId,
        before: Option<u32>,
        bids_max: usize,
    ) -> Result<Vec<HiddenBid>, Failure> {
        let mut view = self.database.readers().take("load hidden bids").await?;
        hidden::hidden_bids(&mut view, (auction, bidder), Recent::default(), before, bids_max).await
    }

    async fn awards(&self, auctions: &[AuctionId], bidder: UserId) -> Result<Vec<Vec<Share>>, Failure> {
        let mut view = self.database.readers().take("load awards").await?;
        let found = shares::awards(&mut view, auctions, bidder).await?;
        let shares = |id| found.get(id).into_iter().flatten().map(|(_, share)| *share).collect();
        Ok(auctions.iter().map(shares).collect())
    }

    async fn ranking(
        &self,
        auction: AuctionId,
        bidders_max: usize,
    ) -> Result<Vec<(UserId, Amount)>, Failure> {
        let mut view = self.database.readers().take("rank bidders").await?;
        shares::ranking(&mut view, auction, bidders_max.min(RANKED_MAX)).await
    }

    async fn categories(&self) -> Result<Vec<Category>, Failure> {
        const OPERATION: &str = "load categories";
        let mut view = self.database.readers().take(OPERATION).await?;
        let sql = "SELECT id, name, slug, description FROM categories ORDER BY name COLLATE \"C\", id";
        let rows = sqlx::query(sql).fetch_all(&mut *view).await.map_err(|error| failure(OPERATION, error))?;
        rows.iter().map(|row| Reading::new(OPERATION, "categories", "id", row)?.category()).collect()
    }

    async fn add_category(&self, category: &NewCategory) -> Result<Option<Category>, Failure> {
        const OPERATION: &str = "add category";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.database.pen().begin(OPERATION).await?;
        let sql = "UPDATE counters SET last = last + 1 WHERE name = 'category' RETURNING last";
        let row = sqlx::query(sql).fetch_one(&mut *draft).await.map_err(failed)?;
        let id: i64 = row.try_get("last").map_err(failed)?;
        let sql = "INSERT INTO categories (id, name, slug, description) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (slug) DO NOTHING";
        let NewCategory { name, slug, description } = category.clone();
        let query = sqlx::query(sql).bind(id).bind(&name).bind(&slug).bind(&description);
        if query.execute(&mut *draft).await.map_err(failed)?.rows_affected() == 0 {
            return Ok(None);
        }
        draft.commit().await.map_err(failed)?;
        let number = u64::try_from(id).ok().and_then(|id| CategoryId::new(id).ok());
        let wrong = || corrupt(OPERATION, ("counters", "last"), "category", "it is no number of a category");
        Ok(Some(Category { id: number.ok_or_else(wrong)?, name, slug, description }))
    }

    async fn change_category(&self, category: &Category) -> Result<Recategorised, Failure> {
        const OPERATION: &str = "change category";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.database.pen().begin(OPERATION).await?;
        let sql = "UPDATE categories SET name = $2, slug = $3, description = $4 WHERE id = $1";
        let query = sqlx::query(sql).bind(signed(category.id.number())).bind(&category.name);
        let written = query.bind(&category.slug).bind(&category.description).execute(&mut *draft).await;
        match written {
            Ok(done) if done.rows_affected() > 0 => {
                draft.commit().await.map_err(failed)?;
                Ok(Recategorised::Done)
            }
            Ok(_) => Ok(Recategorised::Unknown),
            Err(error) if error.as_database_error().is_some_and(|error| error.is_unique_violation()) => {
                Ok(Recategorised::SlugTaken)
            }
            Err(error) => Err(failed(error)),
        }
    }

    async fn remove_category(&self, category: CategoryId) -> Result<bool, Failure> {
        const OPERATION: &str = "remove category";
        let failed = |error| failure(OPERATION, error);
        let id = signed(category.number());
        let mut draft = self.database.pen().begin(OPERATION).await?;
        let removed = sqlx::query("DELETE FROM categories WHERE id = $1").bind(id);
        let removed = removed.execute(&mut *draft).await.map_err(failed)?.rows_affected() > 0;
        // Also where somebody else has just removed it: a lot may still be filed under it.
        let lots = sqlx::query("UPDATE lots SET category_id = NULL WHERE category_id = $1").bind(id);
        lots.execute(&mut *draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(removed)
    }
}
