//! A server process, and how it ends.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

/// How long anything may take on a machine that has much to do.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether something has happened.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What switches the limits off that would stand in the way of a crowd at one address.
pub(super) const UNLIMITED: [(&str, &str); 3] =
    [("RATE_LIMIT_ANON", "off"), ("RATE_LIMIT_USER", "off"), ("RATE_LIMIT_BIDS", "off")];

/// A server that runs; it is killed when it is dropped.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
    pub(super) log: PathBuf,
}

impl Process {
    /// Serves the data of a folder on a port of its own.
    pub(super) async fn start(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auction-server"));
        command.args(["--listen", "127.0.0.1:0"]);
        Self::spawn(command, folder, environment).await
    }

    /// Starts a command that ends in a server.
    pub(super) async fn spawn(mut command: Command, folder: &Path, environment: &[(&str, &str)]) -> Self {
        let log = folder.join("server.log");
        let errors = File::options().create(true).append(true).open(&log).expect("a log");
        let mut child = command
            .current_dir(folder)
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("it starts");
        let stdout = child.stdout.take().expect("a pipe");
        let (told, hears) = oneshot::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
            let place = lines.by_ref().find_map(|line| line.split("http://").nth(1).map(str::to_owned));
            let _ = told.send(place);
            // Whoever writes to a pipe that nobody reads stands still.
            lines.for_each(drop);
        });
        let place =
            timeout(PATIENCE, hears).await.expect("it starts in time").expect("a reader").flatten_or(&log);
        Self { child, address: place.parse().expect("an address"), log }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would, from the point of view of the process.
    pub(super) async fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.ended().await;
    }

    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(name).arg(self.id().to_string()).status();
        assert!(sent.expect("kill runs").success());
    }

    pub(super) async fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("it ends", || {
            status = self.child.try_wait().expect("a child");
            status.is_some()
        })
        .await;
        status.expect("it has ended")
    }

    /// All that it logged.
    pub(super) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// How much memory it holds, in KiB.
    #[cfg(target_os = "linux")]
    pub(super) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address, or what the server complained about.
trait Told {
    fn flatten_or(self, log: &Path) -> String;
}

impl Told for Option<String> {
    fn flatten_or(self, log: &Path) -> String {
        self.unwrap_or_else(|| {
            panic!("it did not start: {}", std::fs::read_to_string(log).unwrap_or_default())
        })
    }
}

/// Waits until something is so.
pub(super) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "waited too long until {what}");
        sleep(LOOK_EVERY).await;
    }
}
