//! Auctions and their catalog, by every case that there is.

use super::place::{InDatabase, Way, block_on};
use crate::postgres::PostgresStore;
use async_trait::async_trait;
use auction_core::conformance::{Market, Place, Shop};
use auction_core::ports::{Failure, Storage};
use std::sync::Arc;

#[async_trait]
impl Place for InDatabase {
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        Ok(Arc::new(PostgresStore::new(&self.node().await?)))
    }
}

#[async_trait]
impl Market for InDatabase {
    async fn open(&self) -> Result<Arc<dyn Shop>, Failure> {
        Ok(Arc::new(PostgresStore::new(&self.node().await?)))
    }
}

mod direct {
    use super::*;

    auction_core::conformance_tests! {
        block_on: block_on,
        place: InDatabase::new(Way::Direct),
    }

    auction_core::catalog_conformance_tests! {
        block_on: block_on,
        market: InDatabase::new(Way::Direct),
    }
}

mod pooled {
    use super::*;

    auction_core::conformance_tests! {
        block_on: block_on,
        place: InDatabase::new(Way::Pooled),
    }

    auction_core::catalog_conformance_tests! {
        block_on: block_on,
        market: InDatabase::new(Way::Pooled),
    }
}
