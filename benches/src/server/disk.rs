//! The probes that write to the disk.
#![allow(clippy::disallowed_methods, reason = "a disk is measured on the wall clock")]

use super::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is written before each sync, in bytes: a page.
const PAGE_BYTES: usize = 4_096;
/// After how many pages the file is written from its beginning again, as a log is.
const PAGES: u64 = 4_000;

/// Syncs of one page, again and again: how often in a second, and the middle one in microseconds.
///
/// # Errors
/// Where the file cannot be written.
pub fn syncs(folder: &Path, within: Duration) -> Result<(f64, f64)> {
    let file = File::create(folder.join("syncs"))?;
    let page = [7; PAGE_BYTES];
    for place in 0..PAGES {
        file.write_all_at(&page, place * PAGE_BYTES as u64)?;
    }
    file.sync_all()?;
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < within {
        let before = Instant::now();
        file.write_all_at(&page, times.len() as u64 % PAGES * PAGE_BYTES as u64)?;
        file.sync_data()?;
        times.push(before.elapsed().as_nanos() as f64 / 1e3);
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable_by(f64::total_cmp);
    Ok((rate, times[times.len() / 2]))
}

/// A bid as four statements, the plainest way to store one durably.
const BID: [&str; 4] = [
    "UPDATE auctions SET version = version + 1, price = ?1, leader = ?2 WHERE id = ?3",
    "INSERT INTO events (auction_id, version, price, bidder) SELECT id, version, ?1, ?2 FROM auctions WHERE id = ?3",
    "INSERT INTO standings (auction_id, user_id, maximum) VALUES (?3, ?2, ?1) \
     ON CONFLICT (auction_id, user_id) DO UPDATE SET maximum = excluded.maximum",
    "INSERT INTO receipts (auction_id, user_id, price, answer) VALUES (?3, ?2, ?1, 'an answer of some length')",
];

/// A database that stores bids as single commits.
#[derive(Debug)]
pub struct SingleCommits {
    connection: SqliteConnection,
    price: i64,
}

impl SingleCommits {
    /// A new database, with the same settings as the server's.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub async fn open(folder: &Path) -> Result<Self> {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("single.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        sqlx::raw_sql(
            "CREATE TABLE auctions (id INTEGER PRIMARY KEY, version INTEGER, price INTEGER, leader INTEGER);
             CREATE TABLE events (auction_id INTEGER, version INTEGER, price INTEGER, bidder INTEGER,
                                  PRIMARY KEY (auction_id, version)) WITHOUT ROWID;
             CREATE TABLE standings (auction_id INTEGER, user_id INTEGER, maximum INTEGER,
                                     PRIMARY KEY (auction_id, user_id)) WITHOUT ROWID;
             CREATE TABLE receipts (auction_id INTEGER, user_id INTEGER, price INTEGER, answer TEXT,
                                    PRIMARY KEY (auction_id, user_id, price)) WITHOUT ROWID;
             INSERT INTO auctions VALUES (1, 0, 0, 0);",
        )
        .execute(&mut connection)
        .await?;
        Ok(Self { connection, price: 0 })
    }

    /// Bids one by one, each its own transaction: how many in a second.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub async fn run(&mut self, within: Duration) -> Result<f64> {
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < within {
            self.price += 1;
            count += 1;
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            for sql in BID {
                let query = sqlx::query(sql).bind(self.price).bind(self.price % 100).bind(1);
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        }
        Ok(f64::from(count) / start.elapsed().as_secs_f64())
    }
}
