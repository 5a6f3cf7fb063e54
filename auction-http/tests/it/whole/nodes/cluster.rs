//! Several servers on one Postgres.

use crate::services::{Database, PostgresServer, RedisServer};
use crate::whole::house::{Folder, House, Is, Person};
use crate::whole::process::{Process, UNLIMITED};
use auction_adapters::postgres::{PostgresAccounts, PostgresDatabase, PostgresOptions};
use std::process::Command;
use std::sync::Arc;

/// What all nodes make their keys of.
const SECRET_KEY: &str = "0f9c1b7d5e3a48628c04e6a1d2b3f5970f9c1b7d5e3a48628c04e6a1d2b3f597";

/// Several servers on one Postgres. They are killed, and the database is removed, when it is dropped.
pub(super) struct Cluster {
    pub(super) nodes: Vec<House>,
    accounts: Arc<PostgresAccounts>,
    settings: Vec<(String, String)>,
    pub(super) redis: Option<RedisServer>,
    pub(super) postgres: Database,
}

/// Whether nodes have a Redis between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    Redis,
    Nothing,
}

impl Cluster {
    /// So many nodes, in which nothing is counted.
    pub(super) async fn open(count: usize, between: Between) -> Self {
        Self::open_with(count, between, Database::on(PostgresServer::shared()).await, &UNLIMITED).await
    }

    /// So many nodes on this database, with these settings besides.
    pub(super) async fn open_with(
        count: usize,
        between: Between,
        postgres: Database,
        settings: &[(&str, &str)],
    ) -> Self {
        let redis = (between == Between::Redis).then(RedisServer::start);
        let url = postgres.url();
        let database = PostgresDatabase::open(&url, PostgresOptions::DEFAULT).await.expect("a database");
        let accounts = Arc::new(PostgresAccounts::new(&database));
        let mut all = vec![("DATABASE_URL", url.as_str()), ("SECRET_KEY", SECRET_KEY)];
        all.extend(redis.as_ref().map(|redis| ("REDIS_URL", redis.url())));
        all.extend(settings);
        let settings = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut cluster = Self { nodes: Vec::new(), accounts, settings, redis, postgres };
        for _ in 0..count {
            cluster.add(&[]).await;
        }
        cluster
    }

    /// One node more, with these settings besides.
    pub(super) async fn add(&mut self, settings: &[(&str, &str)]) {
        let folder = Folder::beside(&self.postgres.url(), self.accounts.clone());
        let process = Process::start(folder.path(), &self.settings_with(settings)).await;
        self.nodes.push(House { process, folder });
    }

    /// One node more, which leaves the work besides answering calls to others.
    pub(super) async fn add_without_workers(&mut self) {
        let folder = Folder::beside(&self.postgres.url(), self.accounts.clone());
        let mut command = Command::new(env!("CARGO_BIN_EXE_auction-server"));
        command.args(["serve", "--no-workers", "--listen", "127.0.0.1:0"]);
        let process = Process::spawn(command, folder.path(), &self.settings_with(&[])).await;
        self.nodes.push(House { process, folder });
    }

    /// Starts a node that was killed again, on another port.
    pub(super) async fn start_again(&mut self, node: usize) {
        let folder = self.nodes[node].folder.clone();
        let process = Process::start(folder.path(), &self.settings_with(&[])).await;
        self.nodes[node] = House { process, folder };
    }

    fn settings_with<'a>(&'a self, settings: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        own.chain(settings.iter().copied()).collect()
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.nodes[0].folder
    }

    pub(super) async fn person(&self, name: &str, is: Is) -> Person {
        self.folder().person(name, is).await
    }
}
