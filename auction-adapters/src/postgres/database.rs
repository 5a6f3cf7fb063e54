//! A database, open.

use super::failure::failure;
use super::link::{Links, Purpose, connect_options};
use super::migrations;
use super::options::PostgresOptions;
use super::pen::{Pen, Readers};
use auction_core::ports::Failure;
use std::fmt;

const OPERATION: &str = "open the database";

/// How many connections are kept for bids, at the least.
const BIDS_CONNECTIONS_MIN: u32 = 2;

/// One Postgres, which several nodes share. Clones share its connections.
#[derive(Clone)]
pub struct PostgresDatabase {
    /// For what is done with single auctions: bids and closing, and creating and loading them, which handlers, sockets and
    /// mails do as well. Lists, accounts and notices take none of these.
    pub(super) bids: Links,
    /// For everything else.
    pub(super) rest: Links,
    pub(super) options: PostgresOptions,
}

impl PostgresDatabase {
    /// Opens a database that exists, and brings its tables up to date: of several nodes that start at once one does,
    /// and tables that a newer version has changed are left as they are. Needs a tokio runtime.
    ///
    /// The address is like `postgres://user:password@host:5432/database`; `?sslmode=verify-full` and
    /// `&sslrootcert=/path` say how the connection is encrypted. Tables are made where the `search_path` of the user
    /// leads.
    ///
    /// # Errors
    /// A [`Failure`]: the address makes no sense, or the database does not answer or only reads.
    pub async fn open(url: &str, options: PostgresOptions) -> Result<Self, Failure> {
        let database = Self::lazy(url, options)?;
        migrations::run(&database.rest).await?;
        Ok(database)
    }

    /// A database as it is: its tables are not brought up to date, and nobody connects before the first call.
    ///
    /// # Errors
    /// A [`Failure`] where the address makes no sense.
    pub fn lazy(url: &str, options: PostgresOptions) -> Result<Self, Failure> {
        let connect = connect_options(url, &options).map_err(|error| failure(OPERATION, error))?;
        let all = options.connections_max.get();
        let bids = (all / 4).max(BIDS_CONNECTIONS_MIN);
        let rest = all.saturating_sub(bids).max(1);
        let bids = Links::new(connect.clone(), &options, Purpose::Bids, bids);
        Ok(Self { bids, rest: Links::new(connect, &options, Purpose::Rest, rest), options })
    }

    /// Closes all connections; other handles fail from then on.
    pub async fn close(&self) {
        self.bids.pool().close().await;
        self.rest.pool().close().await;
    }

    /// Shows in the metrics how many connections there are.
    pub(super) fn count_connections(&self) {
        for (purpose, links) in [("bids", &self.bids), ("rest", &self.rest)] {
            let pool = links.pool();
            let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
            let connections = |state: &'static str| metrics::gauge!("auction_postgres_connections", "purpose" => purpose, "state" => state);
            connections("idle").set(f64::from(idle));
            connections("used").set(f64::from(pool.size().saturating_sub(idle)));
        }
    }

    pub(super) fn pen(&self) -> Pen {
        Pen::new(self.rest.clone())
    }

    pub(super) fn readers(&self) -> Readers {
        Readers::new(self.rest.clone())
    }
}

impl fmt::Debug for PostgresDatabase {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresDatabase").field("options", &self.options).finish_non_exhaustive()
    }
}
