//! The store as others see it.

mod accounts;
mod mishaps;
mod notice_plans;
mod notices;
mod power;
mod scene;
mod soundness;
mod turns;

use super::{SqliteOptions, SqliteStore};
use async_trait::async_trait;
use auction_core::conformance::{Market, Place, Shop};
use auction_core::ports::{Failure, Storage};
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A directory with a database.
struct InDirectory {
    directory: TempDir,
    options: SqliteOptions,
}

impl InDirectory {
    fn new(options: SqliteOptions) -> Self {
        Self { directory: TempDir::new().unwrap(), options }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("auctions.db")
    }
}

#[async_trait]
impl Place for InDirectory {
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        Ok(Arc::new(SqliteStore::open(self.path(), self.options.clone()).await?))
    }
}

#[async_trait]
impl Market for InDirectory {
    async fn open(&self) -> Result<Arc<dyn Shop>, Failure> {
        Ok(Arc::new(SqliteStore::open(self.path(), self.options.clone()).await?))
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

mod eager {
    use super::*;

    auction_core::conformance_tests! {
        block_on: block_on,
        place: InDirectory::new(SqliteOptions::default()),
    }

    auction_core::catalog_conformance_tests! {
        block_on: block_on,
        market: InDirectory::new(SqliteOptions::default()),
    }
}

mod on_demand {
    use super::*;

    auction_core::conformance_tests! {
        block_on: block_on,
        place: InDirectory::new(SqliteOptions::default().with_projection_on_demand()),
    }

    auction_core::catalog_conformance_tests! {
        block_on: block_on,
        market: InDirectory::new(SqliteOptions::default().with_projection_on_demand()),
    }
}
