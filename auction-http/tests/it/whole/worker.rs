//! The command that works without answering HTTP.

use super::house::{Folder, Is};
use super::notices::mails_to;
use super::process::{UNLIMITED, until};
use auction_adapters::system::SystemClock;
use auction_core::Span;
use auction_core::ports::Clock;
use serde_json::json;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A command over the data of a folder.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auction-server"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn terminate(process: &Child) {
    let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
    assert!(told.expect("it is told").success());
}

#[tokio::test]
async fn a_worker_closes_auctions_and_mails_notices_and_lets_nobody_in_beside_it() {
    let house = Folder::new().await.serve(&UNLIMITED).await;
    let seller = house.person("sally", Is::Seller).await;
    let now = SystemClock.now();
    let body = json!({
        "title": "Persian rug", "starting_price": "10.00", "start_date_time": now.to_string(),
        "end_date_time": now.after(Span::from_secs(2)).to_string(),
    });
    assert_eq!(house.post(&seller, "/api/auctions/", &body).await.status, 201);
    let (process, folder) = (house.process, house.folder);
    process.kill().await;
    assert_eq!(mails_to(folder.path(), &seller.email, "Auction ended"), 0);

    let mut worker = command(folder.path(), &["worker"]).spawn().expect("it starts");
    until("the mail about the end", || mails_to(folder.path(), &seller.email, "Auction ended") == 1).await;
    for second in ["serve", "worker"] {
        let second = command(folder.path(), &[second]).output().expect("it ends");
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains("the database cannot be opened"), "{said}");
    }
    terminate(&worker);
    assert_eq!(worker.wait().expect("it ends").code(), Some(0));
    folder.assert_sound().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_worker_makes_the_auctions_that_are_asked_for_and_warns_of_what_a_server_warns_of() {
    let folder = Folder::new().await;
    let production = [
        ("AUCTION_ENV", "production"),
        ("SECRET_KEY", "0f9c1b7d5e3a48628c04e6a1d2b3f5970f9c1b7d5e3a48628c04e6a1d2b3f597"),
        ("EMAIL_VERIFICATION", "off"),
    ];
    let worker = command(folder.path(), &["worker"]).envs(production).spawn().expect("it starts");
    let socket = folder.path().join("data/server.sock");
    until("it takes work", || socket.exists()).await;

    let arguments = ["generate-auctions", "--category", "watches", "--count", "2"];
    let Output { status, stdout, stderr } = command(folder.path(), &arguments).output().expect("it runs");
    let (told, errors) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert_eq!((status.code(), &*errors), (Some(0), ""));
    assert!(told.starts_with("2 auctions were made; they start within 7 days"), "{told}");
    // The worker shows them to nobody.
    assert!(told.contains("\nStart the server, and see them at http://127.0.0.1:9000/"), "{told}");

    terminate(&worker);
    let ended = worker.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0));
    assert!(!socket.exists());
    let log = String::from_utf8_lossy(&ended.stderr);
    for warning in ["EMAIL_HOST is not set: mails are written to files", "EMAIL_VERIFICATION"] {
        assert!(log.contains(warning), "{warning} is missing in {log}");
    }
    let house = folder.serve(&UNLIMITED).await;
    assert_eq!(house.get("/api/auctions/?status=scheduled").await.json().as_array().map(Vec::len), Some(2));
}
