//! A database for each test.

use super::server::{Database, PostgresServer};
use crate::postgres::{Pooler, PostgresDatabase, PostgresOptions};
use auction_core::ports::Failure;
use futures_util::future::join_all;
use sqlx::PgConnection;
use std::future::Future;
use tokio::sync::OnceCell;

/// How a node reaches its database.
#[derive(Clone, Copy, Debug)]
pub(in crate::postgres) enum Way {
    Direct,
    /// Through a pgbouncer in its transaction mode.
    Pooled,
}

/// A database of its own on the server of the tests, which is removed with it.
pub(in crate::postgres) struct TestDatabase(Database);

impl TestDatabase {
    /// An empty database.
    ///
    /// # Panics
    /// Where there is no Postgres.
    pub(in crate::postgres) async fn new() -> Self {
        Self(Database::on(PostgresServer::shared()).await)
    }

    /// Where it is.
    pub(in crate::postgres) fn url(&self) -> String {
        self.0.url()
    }

    /// Where it is behind a pgbouncer.
    ///
    /// # Panics
    /// Where there is no pgbouncer.
    pub(in crate::postgres) fn pooled_url(&self) -> String {
        self.0.url_on(&self.0.server.pooler())
    }

    /// Opens it.
    pub(in crate::postgres) async fn open(&self) -> PostgresDatabase {
        self.open_by(Way::Direct).await.unwrap()
    }

    /// Opens it in one of the ways there are.
    pub(in crate::postgres) async fn open_by(&self, way: Way) -> Result<PostgresDatabase, Failure> {
        match way {
            Way::Direct => PostgresDatabase::open(&self.url(), PostgresOptions::DEFAULT).await,
            Way::Pooled => {
                let options = PostgresOptions::DEFAULT.with_pooler(Pooler::Transaction);
                PostgresDatabase::open(&self.pooled_url(), options).await
            }
        }
    }

    /// A connection to it, beside everything else.
    pub(in crate::postgres) async fn connection(&self) -> PgConnection {
        self.0.connection().await
    }
}

/// A database of its own for a case, which is made when it is opened.
pub(in crate::postgres) struct InDatabase {
    way: Way,
    database: OnceCell<TestDatabase>,
}

impl InDatabase {
    pub(in crate::postgres) const fn new(way: Way) -> Self {
        Self { way, database: OnceCell::const_new() }
    }

    /// Opens it; each time it is another node.
    pub(in crate::postgres) async fn node(&self) -> Result<PostgresDatabase, Failure> {
        self.database.get_or_init(TestDatabase::new).await.open_by(self.way).await
    }
}

/// Does so many things at once, with one and the other of two nodes by turns.
pub(in crate::postgres) async fn at_once<N, T, F>(
    nodes: [&N; 2],
    count: usize,
    job: impl Fn(N, usize) -> F,
) -> Vec<T>
where
    N: Clone,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let jobs = (0..count).map(|index| tokio::spawn(job(nodes[index % 2].clone(), index)));
    join_all(jobs.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect()
}

/// Runs a future on a runtime of its own.
pub(in crate::postgres) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
