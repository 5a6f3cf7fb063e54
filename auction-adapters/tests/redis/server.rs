//! The Redis of a test.

use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A Redis of its own, which ends with the test.
pub(crate) struct Server {
    folder: TempDir,
    url: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With these options of redis-server.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { folder, url: String::new() };
        server.url = server.script("start", options);
        server
    }

    /// Like `redis://127.0.0.1:12345`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn port(&self) -> &str {
        self.url.rsplit_once(':').unwrap().1
    }

    pub(crate) fn kill(&self) {
        self.script("stop", &[]);
    }

    /// On the same port, and empty.
    pub(crate) fn start_again(&self, options: &[&str]) {
        assert_eq!(self.script("start", options), self.url);
    }

    /// From now on it does not answer, but its connections stay.
    pub(crate) fn hang(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let process = std::fs::read_to_string(self.folder.path().join("pid")).unwrap();
        succeed(Command::new("kill").args([signal, process.trim()]).output().unwrap());
    }

    fn script(&self, command: &str, options: &[&str]) -> String {
        let script: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "scripts", "redis.sh"].iter().collect();
        succeed(Command::new(script).arg(command).arg(self.folder.path()).args(options).output().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn succeed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
