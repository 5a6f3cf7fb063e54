//! `auction-server generate-auctions`, alone and beside a running server.

use crate::assembly::process::{Running, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const ONE_OF_EACH: [&str; 5] = ["generate-auctions", "--category", "all", "--count", "1"];

/// The auctions that a server shows.
fn shown(server: &Running) -> Vec<Value> {
    let answer = server.get("/api/auctions/?status=scheduled");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or_else(|_| panic!("no list: {answer}"))
}

/// There is one auction of each kind, with a picture, that starts and ends when it was asked to.
fn check_one_of_each(server: &Running, hours: i64) {
    let auctions = shown(server);
    assert_eq!(auctions.len(), 4, "{auctions:?}");
    let mut categories = BTreeMap::<String, usize>::new();
    for auction in &auctions {
        *categories.entry(auction["category"].to_string()).or_default() += 1;
        let time = |field: &str| {
            let text = auction[field].as_str().expect("a time");
            text.parse::<auction_core::Timestamp>().expect("a time")
        };
        assert_eq!(time("end_date_time").since(time("start_date_time")).secs(), hours * 3_600);
        let image = auction["image"].as_str().expect("a picture");
        let path = &image[image.find("/media/").expect("a path")..];
        assert!(server.get(path).starts_with("HTTP/1.1 200 OK\r\n"), "{path}");
    }
    assert_eq!(categories.into_values().collect::<Vec<_>>(), [1; 4]);
}

#[test]
fn auctions_are_made_without_a_server_and_shown_by_the_next_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [&ONE_OF_EACH[..], &["--duration-hours", "48"]].concat();
    let (code, stdout, stderr) = run(folder.path(), &arguments, &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with("4 auctions were made; they start within 7 days"), "{stdout}");
    assert!(stdout.contains("Start the server, and see them at http://127.0.0.1:9000/"), "{stdout}");
    let server = Running::start_in(folder, &[], &[]);
    check_one_of_each(&server, 48);
}

#[test]
fn a_running_server_makes_the_auctions_itself() {
    let mut server = Running::start(&[], &[]);
    let (code, stdout, stderr) = run(server.folder.path(), &ONE_OF_EACH, &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let there = format!("\nSee them at http://{}/", server.address.trim());
    assert!(stdout.starts_with("4 auctions were made") && stdout.contains(&there), "{stdout}");
    check_one_of_each(&server, 24);
    // The account that sells is made once.
    let (code, ..) = run(server.folder.path(), &ONE_OF_EACH, &[]);
    assert_eq!((code, shown(&server).len()), (Some(0), 8));
    assert_eq!(server.terminate().0, Some(0));
    assert!(!server.folder.path().join("data/server.sock").exists());
}

#[test]
fn numbers_out_of_bounds_are_usage_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    for wrong in [
        ["--count", "0"],
        ["--count", "1001"],
        ["--days-ahead", "366"],
        ["--duration-hours", "2161"],
        ["--category", "houses"],
    ] {
        let (code, stdout, _) = run(folder.path(), &[&["generate-auctions"][..], &wrong].concat(), &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{wrong:?}");
    }
    let (code, _, stderr) = run(folder.path(), &ONE_OF_EACH, &[("DATABASE_URL", "memory:")]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("kept in memory"), "{stderr}");
    assert!(!folder.path().join("data").exists());
}

#[cfg(unix)]
#[test]
fn the_socket_is_for_its_owner_takes_the_place_of_a_stale_one_and_survives_nonsense() {
    use std::io::{Read, Write};
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use std::os::unix::net::{UnixListener, UnixStream};
    let folder = tempfile::tempdir().expect("a folder");
    let socket = |folder: &Path| folder.join("data/server.sock");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    // Nobody listens there any more.
    drop(UnixListener::bind(socket(folder.path())).expect("a socket"));
    let server = Running::start_in(folder, &[], &[]);
    let path = socket(server.folder.path());
    let metadata = std::fs::metadata(&path).expect("a socket");
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);

    let ask = |text: &[u8]| {
        let mut stream = UnixStream::connect(&path).expect("it accepts");
        // It may hang up before it has read everything.
        let _ = stream.write_all(text);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let wishes = br#"{"generate":{"kinds":["watches"],"count":100000,"days_ahead":7,"duration_hours":24}}"#;
    for nonsense in [&b"nonsense\n"[..], b"", b"{}\n", &[b'['; 100_000], &[0xff, b'\n'], wishes] {
        let answer = ask(nonsense);
        assert!(answer.is_empty() || answer.starts_with(r#"{"failed":"#), "{answer}");
    }
    assert_eq!(shown(&server), Vec::<Value>::new());
    // Whoever hangs up stops the work, and whoever comes next is served.
    let wishes = br#"{"generate":{"kinds":["watches"],"count":1000,"days_ahead":7,"duration_hours":24}}"#;
    let mut stream = UnixStream::connect(&path).expect("it accepts");
    stream.write_all(&[&wishes[..], b"\n"].concat()).expect("written");
    stream.read_exact(&mut [0]).expect("it begins");
    drop(stream);
    let (code, ..) = run(server.folder.path(), &ONE_OF_EACH, &[]);
    assert_eq!(code, Some(0));
    assert!(shown(&server).len() < 500, "the work went on");
}
