//! The probe of a plain back end: each bid locks the row of its auction, in a transaction of its own.

use super::Result;
use super::postgres::program;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One auction, and the bids on it.
const TABLES: &str = "\
CREATE TABLE plain_auctions (id BIGINT PRIMARY KEY, price BIGINT, leader BIGINT, bids BIGINT, ends_at TIMESTAMPTZ);
CREATE TABLE plain_bids (
    id BIGSERIAL PRIMARY KEY, auction_id BIGINT, bidder BIGINT, amount BIGINT, at TIMESTAMPTZ DEFAULT now()
);
CREATE INDEX plain_bids_auction ON plain_bids (auction_id, amount);
INSERT INTO plain_auctions VALUES (1, 600000, 0, 0, now() + interval '1 day');";

/// What each client does again and again.
const BID: &str = "\
\\set bidder random(1000, 2000)
BEGIN;
SELECT price + 1 AS next FROM plain_auctions WHERE id = 1 AND ends_at > now() FOR UPDATE \\gset
INSERT INTO plain_bids (auction_id, bidder, amount) VALUES (1, :bidder, :next);
UPDATE plain_auctions SET price = :next, leader = :bidder, bids = bids + 1 WHERE id = 1;
COMMIT;
";

/// `pgbench` on one hot row.
#[derive(Debug)]
pub struct RowLocks {
    url: String,
    script: PathBuf,
}

impl RowLocks {
    /// Makes the tables in an empty database, and writes the script into a folder.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub async fn open(url: String, folder: &Path) -> Result<Self> {
        let mut connection = PgConnection::connect(&url).await?;
        sqlx::raw_sql(TABLES).execute(&mut connection).await?;
        let script = folder.join("bid.sql");
        std::fs::write(&script, BID)?;
        Ok(Self { url, script })
    }

    /// So many clients bid for so many seconds, with prepared statements: bids in a second.
    ///
    /// # Errors
    /// Where `pgbench` is missing, or fails.
    pub fn run(&self, clients: usize, seconds: u64) -> Result<f64> {
        let (clients, seconds) = (clients.to_string(), seconds.to_string());
        let options =
            ["--no-vacuum", "--protocol=prepared", "--client", &clients, "--time", &seconds, "--file"];
        let run = Command::new(program("pgbench")).args(options).arg(&self.script).arg(&self.url).output()?;
        let said = String::from_utf8_lossy(&run.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.ok_or_else(|| format!("pgbench: {said}{}", String::from_utf8_lossy(&run.stderr)).into())
    }
}
