//! The built binary, as an operator runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take on a machine that has much to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The bound on a graceful stop.
const STOP_MAX: Duration = Duration::from_secs(5);

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auction-server"));
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command in a folder to its end: the exit code, standard output, standard error.
pub(crate) fn run(
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let output = command(folder).args(arguments).envs(environment.iter().copied()).output().expect("it runs");
    let Output { status, stdout, stderr } = output;
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

/// A server that runs; it is killed when the test is over.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    pub(crate) folder: TempDir,
}

impl Running {
    pub(crate) fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a folder"), arguments, environment)
    }

    pub(crate) fn start_in(folder: TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(folder.path())
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let stdout = child.stdout.take().expect("a pipe");
        let (lines, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let first = said.recv_timeout(PATIENCE).expect("it says where it serves");
        let address = first.split("http://").nth(1).expect("an address").to_owned();
        Self { child, address, folder }
    }

    pub(crate) fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.write_all(request.as_bytes()).expect("written");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        // It may be a picture.
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    /// Sends SIGTERM, and answers the exit code and how long it took.
    pub(crate) fn terminate(&mut self) -> (Option<i32>, Duration) {
        let started = now();
        let sent = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(sent.expect("kill runs").success());
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (status.code(), started.elapsed());
            }
            assert!(started.elapsed() < PATIENCE, "it does not stop");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long something takes can only be seen on a clock.
#[allow(clippy::disallowed_methods, reason = "the process under test has no other clock")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn a_server_answers_over_a_real_socket_and_stops_in_good_order() {
    let mut server = Running::start(&[], &[]);
    let health = server.get("/api/health/ready");
    assert!(health.starts_with("HTTP/1.1 200 OK\r\n") && health.contains(r#""status":"ready""#), "{health}");
    assert!(server.get("/api/auctions/").ends_with("[]"), "a list without auctions");
    let metrics = server.get("/metrics");
    assert!(metrics.contains(r#"route="/api/auctions/""#), "{metrics}");

    // An idle connection does not hold it up.
    let idle = TcpStream::connect(&server.address).expect("it accepts");
    let (code, took) = server.terminate();
    assert_eq!(code, Some(0));
    assert!(took < STOP_MAX, "{took:?}");
    drop(idle);

    let folder = server.folder.path().join("data");
    let names =
        std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    for name in ["auction.db", "secret.key"] {
        assert!(names.iter().any(|found| found == name), "{name} is missing in {names:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_key_and_the_data_folder_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let mut server = Running::start(&[], &[]);
    let mode = |path: &str| {
        let metadata = std::fs::metadata(server.folder.path().join(path)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!((mode("data"), mode("data/secret.key")), (0o700, 0o600));
    let key = std::fs::read_to_string(server.folder.path().join("data/secret.key")).expect("a key");
    assert_eq!(key.len(), 64);
    server.terminate();

    let path = server.folder.path().join("data/secret.key");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let (code, _, stderr) = run(server.folder.path(), &["--listen", "127.0.0.1:0"], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("others can read it") && !stderr.contains(&key), "{stderr}");
}

#[test]
fn requests_that_smuggle_or_make_no_sense_are_refused() {
    let server = Running::start(&[], &[("DATABASE_URL", "memory:")]);
    for request in [
        "POST /api/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "GET /api/time/ HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /api/time/ HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let answer = server.ask(request);
        assert!(answer.starts_with("HTTP/1.1 400 ") || answer.is_empty(), "{request:?}: {answer}");
    }
    let both = "POST /api/login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\
                Connection: close\r\n\r\n0\r\n\r\nGET /api/time/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = server.ask(both);
    assert!(!answer.contains("server_time"), "a second request was smuggled in: {answer}");
    let many = format!("GET /api/time/ HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(1_000));
    let answer = server.ask(&many);
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert!(server.get("/api/time/").starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_accounts_can_be_made_beside_the_first() {
    let server = Running::start(&[], &[]);
    let folder = server.folder.path();
    let (code, stdout, stderr) = run(folder, &["serve", "--listen", "127.0.0.1:0"], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("another process"), "{stderr}");

    let (code, stdout, stderr) = run(folder, &["create-admin", "--email", "chief@example.com"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let password = stdout.lines().find_map(|line| line.strip_prefix("password: ")).expect("a password");
    let body = format!(r#"{{"email":"chief@example.com","password":"{password}"}}"#);
    let answer = server.ask(&format!(
        "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(r#""token":""#), "{answer}");
    let (code, _, stderr) = run(folder, &["create-admin", "--email", "chief@example.com"], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("has an account already"), "{stderr}");
    let (code, stdout, _) = run(folder, &["doctor"], &[]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("is locked: a server is running on it"), "{stdout}");
}

#[test]
fn config_show_masks_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join(".env"),
        "EMAIL_HOST=mail.test\nEMAIL_HOST_USER=house\nEMAIL_HOST_PASSWORD=hunter2\n",
    )
    .expect("written");
    std::fs::write(folder.path().join("auction.toml"), "currency = \"EUR\"\n").expect("written");
    let (code, stdout, stderr) = run(folder.path(), &["config", "show"], &[("SECRET_KEY", "hunter3")]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(!stdout.contains("hunter"), "{stdout}");
    for (name, rest) in [
        ("SECRET_KEY", "********  [environment]"),
        ("EMAIL_HOST_PASSWORD", "********  [.env]"),
        ("CURRENCY", "EUR  [auction.toml]"),
        ("LISTEN", "127.0.0.1:9000  [default]"),
    ] {
        let line = stdout.lines().find(|line| line.split(' ').next() == Some(name)).expect("a line");
        assert!(line.ends_with(rest), "{line}");
    }
    assert!(!folder.path().join("data").exists(), "looking changes nothing");
}

#[test]
fn wrong_settings_are_all_named_and_nothing_is_started() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = [("LISTEN", "nowhere"), ("CURRENCY", "nope"), ("REDIS_URL", "x"), ("LOG_FORMAT", "xml")];
    for arguments in [&[][..], &["serve"], &["config", "show"], &["migrate"]] {
        let (code, stdout, stderr) = run(folder.path(), arguments, &wrong);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
        for (name, _) in wrong {
            assert!(stderr.contains(name), "{name} is missing in {stderr}");
        }
    }
    for arguments in
        [&["serve", "--listen", "nowhere"][..], &["--frobnicate"], &["--listen", "127.0.0.1:0", "doctor"]]
    {
        let (code, stdout, _) = run(folder.path(), arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn production_starts_only_with_a_key_and_shows_metrics_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, _, stderr) = run(folder.path(), &[], &[("AUCTION_ENV", "production")]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("SECRET_KEY"), "{stderr}");
    let key = "0f9c1b7d5e3a48628c04e6a1d2b3f5970f9c1b7d5e3a48628c04e6a1d2b3f597";
    let server = Running::start(&[], &[("AUCTION_ENV", "production"), ("SECRET_KEY", key)]);
    let metrics = server.get("/metrics");
    assert!(metrics.starts_with("HTTP/1.1 404 Not Found\r\n"), "{metrics}");
    assert!(metrics.contains("strict-transport-security: max-age="), "{metrics}");
}

#[test]
fn the_doctor_names_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, stderr) = run(folder.path(), &["doctor"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    for line in ["ok    data folder", "ok    database", "ok    clock", "note  security"] {
        assert!(stdout.contains(line), "{line} is missing in {stdout}");
    }
    std::fs::write(
        folder.path().join("data/auction.db"),
        "this is no database at all, but it is long enough",
    )
    .expect("written");
    let (code, stdout, _) = run(folder.path(), &["doctor"], &[]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("FAIL  database"), "{stdout}");
    let (code, stdout, _) = run(folder.path(), &["doctor"], &[("CURRENCY", "nope")]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("CURRENCY"), "{stdout}");
}

#[test]
fn the_description_of_the_api_is_exported_as_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, stderr) = run(folder.path(), &["export-openapi"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let schema: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert!(schema["paths"]["/api/time/"]["get"].is_object());
}
