//! How values stand in columns, and how rows are read. A value that makes no sense is a `Corrupt` failure that says
//! where.

use super::driver::{Database, Row};
use super::failure::{corrupt, failure};
use auction_core::auction::{Auction, Charter, Event, Progress, Recorded, Standing, Units};
use auction_core::catalog::{Category, CategoryId, ListedAuction, Listing};
use auction_core::identity::Sealed;
use auction_core::money::{Amount, Currency};
use auction_core::ports::{Failure, FailureKind, Receipt};
use auction_core::{AuctionId, Timestamp, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use std::sync::Arc;

/// Every number that is stored is far below the bound.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An amount in thousandths of a major unit. The largest one fits.
pub(super) fn scaled(amount: Amount, currency: Currency) -> i64 {
    amount.minor().saturating_mul(10_i64.pow(3_u32.saturating_sub(currency.exponent())))
}

/// The text of a column that holds JSON.
pub(super) fn json(operation: &'static str, value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(FailureKind::Other, operation, error))
}

/// Whose an event is that is looked for by its bidder.
pub(super) fn bidder_of(event: &Event) -> Option<UserId> {
    match event {
        Event::Bid { bidder, .. } | Event::Bought { bidder, .. } | Event::SealedBid { bidder, .. } => {
            Some(*bidder)
        }
        Event::Withdrawn(withdrawal) => Some(withdrawal.bidder),
        _ => None,
    }
}

/// A row that is being read.
pub(super) struct Reading<'a> {
    operation: &'static str,
    table: &'static str,
    row: &'a Row,
    /// What the row is called when it makes no sense.
    name: String,
}

impl<'a> Reading<'a> {
    /// Reads a row of a table, which has its number in `name`.
    pub(super) fn new(
        operation: &'static str,
        table: &'static str,
        name: &'static str,
        row: &'a Row,
    ) -> Result<Self, Failure> {
        let number: i64 = row.try_get(name).map_err(|error| failure(operation, error))?;
        Ok(Self { operation, table, row, name: number.to_string() })
    }

    fn bad(&self, column: &'static str, why: impl std::fmt::Display) -> Failure {
        corrupt(self.operation, (self.table, column), &self.name, why)
    }

    fn column<T>(&self, column: &'static str) -> Result<T, Failure>
    where
        T: sqlx::Type<Database> + for<'r> sqlx::Decode<'r, Database>,
    {
        self.row.try_get(column).map_err(|error| self.bad(column, error))
    }

    pub(super) fn unsigned(&self, column: &'static str) -> Result<u64, Failure> {
        let number: i64 = self.column(column)?;
        number.try_into().map_err(|_| self.bad(column, "it is negative"))
    }

    pub(super) fn maybe_unsigned(&self, column: &'static str) -> Result<Option<u64>, Failure> {
        if self.column::<Option<i64>>(column)?.is_none() {
            return Ok(None);
        }
        self.unsigned(column).map(Some)
    }

    pub(super) fn auction_id(&self, column: &'static str) -> Result<AuctionId, Failure> {
        AuctionId::new(self.unsigned(column)?).map_err(|error| self.bad(column, error))
    }

    pub(super) fn user_id(&self, column: &'static str) -> Result<UserId, Failure> {
        UserId::new(self.unsigned(column)?).map_err(|error| self.bad(column, error))
    }

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, Failure> {
        Timestamp::from_micros(self.column(column)?).map_err(|error| self.bad(column, error))
    }

    pub(super) fn maybe_user_id(&self, column: &'static str) -> Result<Option<UserId>, Failure> {
        if self.column::<Option<i64>>(column)?.is_none() {
            return Ok(None);
        }
        self.user_id(column).map(Some)
    }

    pub(super) fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>, Failure> {
        if self.column::<Option<i64>>(column)?.is_none() {
            return Ok(None);
        }
        self.time(column).map(Some)
    }

    /// A value that stands there by its name.
    pub(super) fn named<T>(&self, column: &'static str, named: fn(&str) -> Option<T>) -> Result<T, Failure> {
        let name: String = self.column(column)?;
        named(&name).ok_or_else(|| self.bad(column, "there is no such name"))
    }

    pub(super) fn maybe_named<T>(
        &self,
        column: &'static str,
        named: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        if self.maybe_text(column)?.is_none() {
            return Ok(None);
        }
        self.named(column, named).map(Some)
    }

    pub(super) fn flag(&self, column: &'static str) -> Result<bool, Failure> {
        self.column(column)
    }

    pub(super) fn small(&self, column: &'static str) -> Result<u32, Failure> {
        self.unsigned(column)?.try_into().map_err(|_| self.bad(column, "it is too large"))
    }

    /// An amount in minor units.
    pub(super) fn amount(&self, column: &'static str) -> Result<Amount, Failure> {
        Amount::from_minor(self.column(column)?).map_err(|error| self.bad(column, error))
    }

    pub(super) fn units(&self, column: &'static str) -> Result<Units, Failure> {
        Units::try_from(self.small(column)?).map_err(|error| self.bad(column, error))
    }

    pub(super) fn maybe_sealed(&self, column: &'static str) -> Result<Option<Sealed>, Failure> {
        Ok(self.column::<Option<Vec<u8>>>(column)?.map(Sealed::from_bytes))
    }

    pub(super) fn maybe_text(&self, column: &'static str) -> Result<Option<String>, Failure> {
        self.column(column)
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, Failure> {
        self.column(column)
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, Failure> {
        let text: &str = self.row.try_get(column).map_err(|error| self.bad(column, error))?;
        serde_json::from_str(text).map_err(|error| self.bad(column, error))
    }

    fn maybe_category(&self, column: &'static str) -> Result<Option<CategoryId>, Failure> {
        let Some(number) = self.column::<Option<i64>>(column)? else { return Ok(None) };
        let number = u64::try_from(number).map_err(|_| self.bad(column, "it is negative"))?;
        CategoryId::new(number).map(Some).map_err(|error| self.bad(column, error))
    }

    /// An auction, from the columns `id`, `revision`, `state` and `charter`.
    pub(super) fn auction(&self) -> Result<Auction, Failure> {
        let progress: Progress = self.json("state")?;
        let charter: Charter = self.json("charter")?;
        if progress.id() != self.auction_id("id")? {
            return Err(self.bad("state", "it is that of another auction"));
        }
        if progress.revision() != self.unsigned("revision")? {
            return Err(self.bad("revision", "it is not that of the state"));
        }
        Ok(progress.under(Arc::new(charter)))
    }

    /// An auction with its listing, from the columns of `auctions` and `lots`.
    pub(super) fn listed(&self) -> Result<ListedAuction, Failure> {
        let (title, description) = (self.text("title")?, self.text("description")?);
        let listing = Listing::new(&title, &description, self.maybe_category("category_id")?)
            .map_err(|error| self.bad("title", error))?
            .with_images(self.json("images")?);
        Ok(ListedAuction { auction: self.auction()?, listing, created_at: self.time("created_at")? })
    }

    pub(super) fn standing(&self) -> Result<Standing, Failure> {
        let maximum = self.column::<Option<i64>>("maximum")?.map(Amount::from_minor).transpose();
        let mut standing = Standing::default();
        standing.number = self.small("number")?;
        standing.bids = self.small("bids")?;
        standing.maximum = maximum.map_err(|error| self.bad("maximum", error))?;
        standing.last_version = self.unsigned("last_version")?;
        Ok(standing)
    }

    pub(super) fn receipt(&self) -> Result<Receipt, Failure> {
        self.json("receipt")
    }

    /// An event, from the columns `revision`, `version`, `at` and `part`.
    pub(super) fn recorded(&self) -> Result<Recorded, Failure> {
        Ok(Recorded {
            revision: self.unsigned("revision")?,
            version: self.unsigned("version")?,
            at: self.time("at")?,
            event: self.json::<Event>("part")?,
        })
    }

    pub(super) fn category(&self) -> Result<Category, Failure> {
        let id = CategoryId::new(self.unsigned("id")?).map_err(|error| self.bad("id", error))?;
        let (name, slug) = (self.text("name")?, self.text("slug")?);
        Ok(Category { id, name, slug, description: self.text("description")? })
    }
}
