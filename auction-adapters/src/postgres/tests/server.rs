//! The Postgres of tests: one for all of them, or one of a test's own, and a database for each.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

const SCRIPT: &str = "postgres.sh";

/// A server, of all tests or of one.
pub(crate) struct PostgresServer {
    folder: PathBuf,
    /// Where its database `postgres` is.
    pub(crate) url: String,
    /// Of this test alone: it goes with it.
    own: Option<TempDir>,
}

/// A database of its own, which goes with the test.
pub(crate) struct Database {
    pub(crate) server: PostgresServer,
    name: String,
}

impl PostgresServer {
    /// The server of all tests of this checkout, which runs on for the next.
    pub(crate) fn shared() -> Self {
        let mut hasher = DefaultHasher::new();
        root().hash(&mut hasher);
        let folder = std::env::temp_dir().join(format!("auction-postgres-{:016x}", hasher.finish()));
        let folder = std::env::var_os("AUCTION_TEST_POSTGRES").map_or(folder, Into::into);
        Self { url: run(SCRIPT, "start", &folder, &[]), folder, own: None }
    }

    /// One of the test's own, with these settings.
    pub(crate) fn start(settings: &[&str]) -> Self {
        let own = tempfile::tempdir().expect("a folder");
        let folder = own.path().join("postgres");
        Self { url: run(SCRIPT, "start", &folder, settings), folder, own: Some(own) }
    }

    /// The pgbouncer before it; it is started where it does not run.
    pub(crate) fn pooler(&self) -> String {
        let mut folder = self.folder.clone().into_os_string();
        folder.push("-pgbouncer");
        run("pgbouncer.sh", "start", Path::new(&folder), &[&self.url])
    }

    /// With these settings besides those that it has.
    pub(crate) fn start_again(&self, settings: &[&str]) {
        self.run("stop", &[]);
        assert_eq!(self.run("start", settings), self.url);
    }

    /// Ends as a power cut would end it, from the point of view of its processes, and starts again.
    pub(crate) fn crash(&self) {
        self.run("stop", &["immediate"]);
        assert_eq!(self.run("start", &[]), self.url);
    }

    pub(crate) fn stop(&self) {
        self.run("stop", &[]);
    }

    /// It follows another server from its next start on, though there is none.
    pub(crate) fn becomes_a_standby(&self) {
        std::fs::write(self.folder.join("data/standby.signal"), "").expect("written");
    }

    pub(crate) fn is_no_standby_any_more(&self) {
        std::fs::remove_file(self.folder.join("data/standby.signal")).expect("removed");
    }

    /// Changes rows behind everybody's back.
    pub(crate) fn execute(&self, sql: &'static str) {
        let done = blocking(async {
            let mut connection = PgConnection::connect(&self.url).await.expect("a database");
            sqlx::query(sql).execute(&mut connection).await.expect("it is done")
        });
        assert!(done.rows_affected() > 0, "{sql} changes nothing");
    }

    fn run(&self, command: &str, arguments: &[&str]) -> String {
        assert!(self.own.is_some(), "others use this server");
        run(SCRIPT, command, &self.folder, arguments)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if self.own.is_some() {
            self.run("remove", &[]);
        }
    }
}

impl Database {
    pub(crate) async fn on(server: PostgresServer) -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        // One that an earlier process with this number left behind, when it was killed.
        say(&server.url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        say(&server.url, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.url_on(&self.server.url)
    }

    /// Where it is, asked for at another address of the server.
    pub(crate) fn url_on(&self, server: &str) -> String {
        let (server, _) = server.rsplit_once('/').expect("an address");
        format!("{server}/{}", self.name)
    }

    /// A connection beside everything else.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.expect("a database")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.server.own.is_some() {
            return;
        }
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.url.clone();
        // What stays is removed with the server.
        let _ = std::thread::spawn(move || blocking(say(&server, &drop))).join();
    }
}

async fn say(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.expect("a server");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("it is done");
}

fn blocking<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder")
}

/// Has a script do something, and answers what it says.
fn run(script: &str, command: &str, folder: &Path, arguments: &[&str]) -> String {
    let mut script = Command::new(root().join("scripts").join(script));
    let done = script.arg(command).arg(folder).args(arguments).output().expect("it runs");
    assert!(done.status.success(), "{script:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8").trim().to_owned()
}
