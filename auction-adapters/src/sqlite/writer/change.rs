//! Changes of the catalog: rare, and written into the tables at once.

use super::Writer;
use super::faults::Step;
use super::job::{Change, Changed};
use super::link::Durability;
use crate::sqlite::columns::{json, signed};
use crate::sqlite::failure::{corrupt, failure};
use auction_core::AuctionId;
use auction_core::catalog::{Category, CategoryId, Listing, NewCategory};
use auction_core::ports::Failure;
use sqlx::Row as _;

const OPERATION: &str = "change the catalog";

impl Writer {
    /// Changes the catalog in one transaction, on tables that have everything that was committed before.
    pub(super) async fn change(&mut self, change: Change) -> Result<Changed, Failure> {
        self.project_all().await?;
        let result = self.try_change(change).await;
        // Whether or not it is known to be there.
        self.live.changed();
        if result.is_err() {
            self.link.sever().await;
        }
        result
    }

    async fn try_change(&mut self, change: Change) -> Result<Changed, Failure> {
        self.link.begin(Durability::Now).await.map_err(failed)?;
        let changed = match change {
            Change::Relist(auction, before, after) => self.relist(auction, &before, &after).await,
            Change::Discard(auction) => self.discard(auction).await,
            Change::AddCategory(new) => self.add_category(new).await,
            Change::Recategorise(category) => self.change_category(&category).await,
            Change::RemoveCategory(category) => self.remove_category(category).await,
        }?;
        self.link.commit().await.map_err(failed)?;
        Ok(changed)
    }

    async fn relist(
        &mut self,
        auction: AuctionId,
        before: &Listing,
        after: &Listing,
    ) -> Result<Changed, Failure> {
        let sql = "UPDATE lots SET title = $2, description = $3, category_id = $4, images = $5 \
                   WHERE auction_id = $1 AND title = $6 AND description = $7 AND category_id IS $8 AND images = $9";
        let mut query = sqlx::query(sql).bind(signed(auction.number()));
        for listing in [after, before] {
            query = query
                .bind(listing.title())
                .bind(listing.description())
                .bind(listing.category().map(|category| signed(category.number())))
                .bind(json(OPERATION, &listing.images())?);
        }
        if self.link.run(Step::Statement, query).await.map_err(failed)? > 0 {
            return Ok(Changed::Done);
        }
        let lot = sqlx::query("SELECT auction_id FROM lots WHERE auction_id = $1");
        let rows = self.link.read(lot.bind(signed(auction.number()))).await.map_err(failed)?;
        Ok(if rows.is_empty() { Changed::Nothing } else { Changed::Refused })
    }

    async fn discard(&mut self, auction: AuctionId) -> Result<Changed, Failure> {
        let id = signed(auction.number());
        let draft = sqlx::query("DELETE FROM auctions WHERE id = $1 AND phase = 'draft'").bind(id);
        if self.link.run(Step::Statement, draft).await.map_err(failed)? == 0 {
            return Ok(Changed::Nothing);
        }
        for sql in [
            "DELETE FROM lots WHERE auction_id = $1",
            "DELETE FROM standings WHERE auction_id = $1",
            "DELETE FROM events WHERE auction_id = $1",
            "DELETE FROM receipts WHERE auction_id = $1",
        ] {
            self.link.run(Step::Statement, sqlx::query(sql).bind(id)).await.map_err(failed)?;
        }
        // Should the transaction fail its revision is only read again.
        self.versions.pop(&auction);
        Ok(Changed::Done)
    }

    async fn add_category(&mut self, new: NewCategory) -> Result<Changed, Failure> {
        let sql = "INSERT INTO categories (id, name, slug, description) \
                   SELECT last + 1, $1, $2, $3 FROM counters WHERE name = 'category' \
                   ON CONFLICT (slug) DO NOTHING RETURNING id";
        let query = sqlx::query(sql).bind(&new.name).bind(&new.slug).bind(&new.description);
        let rows = self.link.read(query).await.map_err(failed)?;
        let Some(row) = rows.first() else { return Ok(Changed::Nothing) };
        let id: i64 = row.try_get("id").map_err(failed)?;
        let count = sqlx::query("UPDATE counters SET last = $1 WHERE name = 'category'").bind(id);
        self.link.run(Step::Statement, count).await.map_err(failed)?;
        let number = u64::try_from(id).ok().and_then(|id| CategoryId::new(id).ok());
        let wrong = || corrupt(OPERATION, ("counters", "last"), "category", "it is no number of a category");
        let NewCategory { name, slug, description } = new;
        Ok(Changed::Added(Category { id: number.ok_or_else(wrong)?, name, slug, description }))
    }

    async fn change_category(&mut self, category: &Category) -> Result<Changed, Failure> {
        let sql = "UPDATE OR IGNORE categories SET name = $2, slug = $3, description = $4 WHERE id = $1";
        let id = signed(category.id.number());
        let query = sqlx::query(sql).bind(id).bind(&category.name).bind(&category.slug);
        if self.link.run(Step::Statement, query.bind(&category.description)).await.map_err(failed)? > 0 {
            return Ok(Changed::Done);
        }
        let known = sqlx::query("SELECT id FROM categories WHERE id = $1").bind(id);
        let rows = self.link.read(known).await.map_err(failed)?;
        Ok(if rows.is_empty() { Changed::Nothing } else { Changed::Refused })
    }

    async fn remove_category(&mut self, category: CategoryId) -> Result<Changed, Failure> {
        let id = signed(category.number());
        let lots = sqlx::query("UPDATE lots SET category_id = NULL WHERE category_id = $1").bind(id);
        self.link.run(Step::Statement, lots).await.map_err(failed)?;
        let query = sqlx::query("DELETE FROM categories WHERE id = $1").bind(id);
        Ok(done(self.link.run(Step::Statement, query).await.map_err(failed)?))
    }
}

fn done(rows: u64) -> Changed {
    if rows == 0 { Changed::Nothing } else { Changed::Done }
}

fn failed(error: sqlx::Error) -> Failure {
    failure(OPERATION, error)
}
