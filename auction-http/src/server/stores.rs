//! The ports that stand on the database.

use crate::settings::Database;
use auction_adapters::postgres::{
    PostgresAccounts, PostgresClock, PostgresDatabase, PostgresNotices, PostgresStore,
};
use auction_adapters::sqlite::{SqliteAccounts, SqliteNotices, SqliteOptions, SqliteStore};
use auction_core::memory::{MemoryAccounts, MemoryAudit, MemoryNotices, MemoryStore};
use auction_core::ports::{
    AccountStore, AuctionStore, AuditStore, CatalogStore, Failure, NoticeStore, OutboxStore, Roll, Timetable,
};
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
    /// Where notices and mails are kept.
    pub notices: Arc<dyn NoticeStore>,
    /// Who takes part.
    pub roll: Arc<dyn Roll>,
    /// Where it is kept what was done.
    pub audit: Arc<dyn AuditStore>,
    /// The time that all nodes share, where several share the database.
    pub time: Option<Arc<PostgresClock>>,
    open: Open,
}

/// What has to be closed.
#[derive(Clone)]
enum Open {
    Nothing,
    Sqlite(SqliteStore, SqliteAccounts, SqliteNotices),
    Postgres(PostgresDatabase),
}

/// Accounts, and where mails to them wait.
#[derive(Clone)]
pub struct AccountStores {
    /// Where accounts are kept.
    pub accounts: Arc<dyn AccountStore>,
    /// Where mails wait, for a server to send them.
    pub outbox: Arc<dyn OutboxStore>,
    /// Where it is kept what was done.
    pub audit: Arc<dyn AuditStore>,
}

impl Stores {
    /// Opens a database and brings its tables up to date: a SQLite file as the one process that writes auctions to it,
    /// which is made where there is none; a Postgres as one of its nodes.
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
                    timetable: store.clone(),
                    accounts,
                    notices: Arc::new(MemoryNotices::new()),
                    roll: store,
                    audit: Arc::new(MemoryAudit::new()),
                    time: None,
                    open: Open::Nothing,
                })
            }
            Database::Sqlite(path) => {
                let store = SqliteStore::open(path, SqliteOptions::default()).await?;
                let accounts = SqliteAccounts::open(path).await?;
                let notices = SqliteNotices::open(path).await?;
                let shared = Arc::new(store.clone());
                Ok(Self {
                    auctions: shared.clone(),
                    catalog: shared.clone(),
                    timetable: shared.clone(),
                    accounts: Arc::new(accounts.clone()),
                    notices: Arc::new(notices.clone()),
                    roll: shared,
                    audit: Arc::new(accounts.clone()),
                    time: None,
                    open: Open::Sqlite(store, accounts, notices),
                })
            }
            Database::Postgres(postgres) => {
                let database = PostgresDatabase::open(postgres.remote.expose(), postgres.options).await?;
                let time = PostgresClock::open(&database).await?;
                time.keep();
                let store = Arc::new(PostgresStore::new(&database));
                let accounts = Arc::new(PostgresAccounts::new(&database));
                Ok(Self {
                    auctions: store.clone(),
                    catalog: store.clone(),
                    timetable: store.clone(),
                    accounts: accounts.clone(),
                    notices: Arc::new(PostgresNotices::new(&database)),
                    roll: store,
                    audit: accounts,
                    time: Some(time),
                    open: Open::Postgres(database),
                })
            }
        }
    }

    /// Opens the accounts of a database, the mails that wait there and what was done alone, which any process may;
    /// `None` where there is nothing that would outlive this process.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn open_accounts(database: &Database) -> Result<Option<AccountStores>, Failure> {
        match database {
            Database::Memory => Ok(None),
            Database::Sqlite(path) => {
                let accounts = Arc::new(SqliteAccounts::open(path).await?);
                let outbox = Arc::new(SqliteNotices::open(path).await?);
                Ok(Some(AccountStores { accounts: accounts.clone(), outbox, audit: accounts }))
            }
            Database::Postgres(postgres) => {
                let database = PostgresDatabase::open(postgres.remote.expose(), postgres.options).await?;
                let accounts = Arc::new(PostgresAccounts::new(&database));
                let outbox = Arc::new(PostgresNotices::new(&database));
                Ok(Some(AccountStores { accounts: accounts.clone(), outbox, audit: accounts }))
            }
        }
    }

    /// Ends in good order.
    ///
    /// # Errors
    /// A [`Failure`]; nothing that was committed is lost.
    pub async fn close(self) -> Result<(), Failure> {
        match self.open {
            Open::Sqlite(store, accounts, notices) => {
                notices.close().await;
                accounts.close().await;
                store.close().await
            }
            Open::Postgres(database) => {
                database.close().await;
                Ok(())
            }
            Open::Nothing => Ok(()),
        }
    }
}
