//! A Postgres that is started for a measurement, and what it says about itself.

use super::Result;
use super::subject::{children, used};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// With what it is started: it waits for the disk, as in earnest.
const SETTINGS: [&str; 5] = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_preload_libraries=pg_stat_statements",
    "autovacuum_naptime=10s",
];

/// CPU time of servers that are gone, in microseconds: they were no children of this process.
static GONE_MICROS: AtomicU64 = AtomicU64::new(0);

/// A server of its own, which is gone when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    /// The address of the database that is there from the beginning.
    url: String,
}

/// What a Postgres has used and written so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// CPU time of all its processes, in seconds.
    pub cpu: f64,
    /// What was written to its log, in bytes.
    pub wal: f64,
    /// How many batches of bids were committed, or tried to be.
    pub commits: f64,
}

impl Postgres {
    /// Starts one in a folder that is given up with it.
    ///
    /// # Errors
    /// Where there is none on this machine.
    pub fn start(folder: TempDir) -> Result<Self> {
        let run = script("start", folder.path()).args(SETTINGS).output()?;
        if !run.status.success() {
            return Err(String::from_utf8_lossy(&run.stderr).into());
        }
        Ok(Self { folder, url: String::from_utf8(run.stdout)?.trim().to_owned() })
    }

    /// Makes a database, and answers its address.
    ///
    /// # Errors
    /// Where it is there already.
    pub async fn database(&self, name: &str) -> Result<String> {
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        let (server, _) = self.url.rsplit_once('/').ok_or("an address without a database")?;
        Ok(format!("{server}/{name}"))
    }

    /// What it has used and written so far.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn spent(&self) -> Result<Spent> {
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").execute(&mut connection).await?;
        let sql = "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS DOUBLE PRECISION), \
                   (SELECT CAST(coalesce(sum(calls), 0) AS DOUBLE PRECISION) FROM pg_stat_statements \
                   WHERE query LIKE 'WITH entries AS%')";
        let row = sqlx::query(sql).fetch_one(&mut connection).await?;
        Ok(Spent { cpu: self.cpu(), wal: row.try_get(0)?, commits: row.try_get(1)? })
    }

    /// Writes down all that waits, so that what is measured next begins like what was measured before.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn checkpoint(&self) -> Result<()> {
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::raw_sql("CHECKPOINT").execute(&mut connection).await?;
        Ok(())
    }

    /// The CPU time of all its processes, those that have ended among them, in seconds.
    fn cpu(&self) -> f64 {
        let file = self.folder.path().join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let Some(first) = text.lines().next().and_then(|line| line.trim().parse().ok()) else { return 0.0 };
        used(first).iter().sum::<f64>()
            + children(first).into_iter().flat_map(|child| used(child).into_iter().take(2)).sum::<f64>()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time that has passed")]
        GONE_MICROS.fetch_add((self.cpu() * 1e6) as u64, Ordering::Relaxed);
        // It may be gone already.
        let _ = script("remove", self.folder.path()).output();
    }
}

impl Spent {
    /// What was spent since then.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let (cpu, wal) = (self.cpu - before.cpu, self.wal - before.wal);
        Self { cpu, wal, commits: self.commits - before.commits }
    }

    /// Adds what was spent in another round.
    pub fn add(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.wal += other.wal;
        self.commits += other.commits;
    }
}

/// The CPU time of all servers that were started and are gone, in seconds.
pub fn used_by_gone() -> f64 {
    GONE_MICROS.load(Ordering::Relaxed) as f64 / 1e6
}

/// The number that a query answers.
///
/// # Errors
/// Where it answers none.
pub async fn number(url: &str, sql: &str) -> Result<f64> {
    let mut connection = PgConnection::connect(url).await?;
    let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await?;
    Ok(row.try_get(0)?)
}

/// A program of Postgres: in the search path, or where Debian keeps it.
pub fn program(name: &str) -> PathBuf {
    let kept = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let kept = kept.map(|version| version.path().join("bin").join(name)).find(|path| path.exists());
    kept.unwrap_or_else(|| PathBuf::from(name))
}

fn script(command: &str, folder: &Path) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new(".."));
    let mut script = Command::new(root.join("scripts/postgres.sh"));
    script.arg(command).arg(folder);
    script
}
