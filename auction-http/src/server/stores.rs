//! The ports that stand on the database.

use crate::settings::Database;
use auction_adapters::sqlite::{SqliteAccounts, SqliteOptions, SqliteStore};
use auction_core::memory::{MemoryAccounts, MemoryAudit, MemoryStore};
use auction_core::ports::{AccountStore, AuctionStore, AuditStore, CatalogStore, Failure, Timetable};
use std::sync::Arc;

/// The ports that stand on the database.
#[derive(Clone)]
pub struct Stores {
    /// Where auctions are kept.
    pub auctions: Arc<dyn AuctionStore>,
    /// Where they are found.
    pub catalog: Arc<dyn CatalogStore>,
    /// What is due when.
    pub timetable: Arc<dyn Timetable>,
    /// Where accounts are kept.
    pub accounts: Arc<dyn AccountStore>,
    /// Where it is kept what was done.
    pub audit: Arc<dyn AuditStore>,
    sqlite: Option<(SqliteStore, SqliteAccounts)>,
}

impl Stores {
    /// Opens a database as the one process that writes auctions to it; makes it where there is none, and brings its
    /// tables up to date.
    ///
    /// # Errors
    /// A [`Failure`]: another process has it, or it cannot be opened.
    pub async fn open(database: &Database) -> Result<Self, Failure> {
        match database {
            Database::Memory => {
                let store = Arc::new(MemoryStore::new());
                let accounts = Arc::new(MemoryAccounts::default());
                Ok(Self {
                    auctions: store.clone(),
                    catalog: store.clone(),
                    timetable: store,
                    accounts,
                    audit: Arc::new(MemoryAudit::new()),
                    sqlite: None,
                })
            }
            Database::Sqlite(path) => {
                let store = SqliteStore::open(path, SqliteOptions::default()).await?;
                let accounts = SqliteAccounts::open(path).await?;
                let shared = Arc::new(store.clone());
                Ok(Self {
                    auctions: shared.clone(),
                    catalog: shared.clone(),
                    timetable: shared,
                    accounts: Arc::new(accounts.clone()),
                    audit: Arc::new(accounts.clone()),
                    sqlite: Some((store, accounts)),
                })
            }
        }
    }

    /// Opens the accounts of a database alone, and what was done, which any process may; `None` where there is
    /// nothing that would outlive this process.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open_accounts(
        database: &Database,
    ) -> Result<Option<(Arc<dyn AccountStore>, Arc<dyn AuditStore>)>, Failure> {
        match database {
            Database::Memory => Ok(None),
            Database::Sqlite(path) => {
                let store = Arc::new(SqliteAccounts::open(path).await?);
                Ok(Some((store.clone(), store)))
            }
        }
    }

    /// Ends in good order.
    ///
    /// # Errors
    /// A [`Failure`]; nothing that was committed is lost.
    pub async fn close(self) -> Result<(), Failure> {
        match self.sqlite {
            Some((store, accounts)) => {
                accounts.close().await;
                store.close().await
            }
            None => Ok(()),
        }
    }
}
