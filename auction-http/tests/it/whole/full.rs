//! A disk that is full: the server says so, is read on, and recovers by itself.

use super::house::{Folder, House, Is, open_terms};
use super::http::Client;
use super::process::{PATIENCE, Process, UNLIMITED};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tokio::time::Instant;

/// How large the disk is.
const DISK: &str = "size=6m";

/// Serves the data that stands in `prepared` from a small disk, which is there for that process only.
const SCRIPT: &str = r#"mount -t tmpfs -o "$DISK" tmpfs "$1" && cp -a "$0/." "$1" && exec "$2" --data-dir "$1" --listen 127.0.0.1:0"#;

/// A namespace of one's own in which this user may mount: root needs none for its rights, others get one.
fn namespace() -> Command {
    let ways = [&["-m"][..], &["-Urm"]];
    for way in ways {
        let mut probe = Command::new("unshare");
        probe.args(way).args(["mount", "-t", "tmpfs", "tmpfs", "/tmp"]);
        let probe = probe.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if probe.is_ok_and(|status| status.success()) {
            let mut command = Command::new("unshare");
            command.args(way);
            return command;
        }
    }
    panic!(
        "a full disk needs a disk: `unshare` (util-linux) has to be there, and this user has to be root with the \
         right to mount, or allowed to make user namespaces (see user.max_user_namespaces)"
    );
}

/// A server whose data stand on a small disk.
async fn on_a_small_disk(folder: Folder) -> (House, PathBuf) {
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).expect("a folder");
    let mut command = namespace();
    command.args(["sh", "-c", SCRIPT]).arg(folder.path().join("data")).arg(&disk);
    command.arg(env!("CARGO_BIN_EXE_auction-server"));
    let path = std::env::var("PATH").expect("a path to look for programs");
    let environment = [UNLIMITED.as_slice(), &[("DISK", DISK), ("PATH", &path)]].concat();
    let process = Process::spawn(command, folder.path(), &environment).await;
    // The disk as the server sees it.
    let root = format!("/proc/{}/root", process.id());
    let disk = Path::new(&root).join(disk.strip_prefix("/").expect("an absolute path"));
    (House { process, folder }, disk)
}

/// Fills a disk to its last byte.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut filler = File::create(&path).expect("a file");
    for length in [64 * 1024, 1] {
        while filler.write_all(&vec![0; length]).is_ok() {}
    }
    path
}

#[tokio::test]
async fn a_full_disk_refuses_bids_with_503_and_what_is_read_goes_on_until_there_is_room() {
    let folder = Folder::new().await;
    let [seller, ann, bob] = [
        folder.person("seller", Is::Seller).await,
        folder.person("ann", Is::Bidder).await,
        folder.person("bob", Is::Bidder).await,
    ];
    let (house, disk) = on_a_small_disk(folder).await;
    let auction = house.sell(&seller, open_terms()).await;
    let mut clients = [house.client(&ann).await, house.client(&bob).await];
    let mut price = 20;
    let mut taken = BTreeMap::new();
    for round in 0..3 {
        let filler = fill(&disk);
        let started = Instant::now();
        // Room that the database took earlier is used up first.
        let refused = loop {
            price += 1;
            let answer = bid(&mut clients[price % 2], auction, price).await;
            match answer.0 {
                201 => taken.insert(price, answer.1),
                503 => break price,
                status => panic!("{status} {}", answer.1),
            };
            assert!(started.elapsed() < PATIENCE, "the disk never fills");
        };
        // It stays so, for whoever asks.
        for _ in 0..3 {
            price += 1;
            let (status, body) = bid(&mut clients[price % 2], auction, price).await;
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(status, 503, "round {round}: {body}");
            assert!(body["request_id"].is_string() && body["code"].is_string(), "{body}");
        }
        for path in ["/api/auctions/?scope=all", &format!("/api/auctions/{auction}/"), "/api/health/live/"] {
            let answer = house.get(path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        }
        assert_eq!(house.history(auction).await.len(), taken.len(), "round {round}");

        fs::remove_file(filler).expect("room");
        let started = Instant::now();
        // The same bid under the same key: it was refused, so that it is taken once now.
        loop {
            let answer = bid(&mut clients[refused % 2], auction, refused).await;
            match answer.0 {
                201 => {
                    taken.insert(refused, answer.1);
                    break;
                }
                503 => assert!(started.elapsed() < PATIENCE, "it does not recover"),
                status => panic!("{status} {}", answer.1),
            }
        }
        let answer = house.get("/api/health/ready/").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    for (price, before) in &taken {
        let again = bid(&mut clients[price % 2], auction, *price).await;
        assert_eq!(again, (201, before.clone()), "another answer to the same key");
    }
    let prices: Vec<_> = house.history(auction).await.iter().map(|row| row["price"].clone()).collect();
    assert_eq!(prices, taken.keys().map(|price| json!(format!("{price}.00"))).collect::<Vec<_>>());
    assert_sound(&house, &disk).await;
}

/// The status and the body.
async fn bid(client: &mut Client, auction: u64, price: usize) -> (u16, String) {
    let path = format!("/api/auctions/{auction}/bids/");
    let body = json!({"price": format!("{price}.00")});
    let answer = client.post(&path, &body, Some(&format!("bid-{price}"))).await.expect("an answer");
    (answer.status, answer.text())
}

/// Nobody else sees the disk, so that the database is looked at elsewhere. Nothing is written any more.
async fn assert_sound(house: &House, disk: &Path) {
    let copy = house.folder.path().join("copy/data");
    fs::create_dir_all(&copy).expect("a folder");
    for name in ["auction.db", "auction.db-wal"] {
        fs::copy(disk.join(name), copy.join(name)).expect("a copy");
    }
    Folder::at(&house.folder.path().join("copy")).await.assert_sound().await;
}
