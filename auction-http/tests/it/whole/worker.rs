//! The command that works without answering HTTP.

use super::house::{Folder, Is};
use super::notices::mails_to;
use super::process::{UNLIMITED, until};
use auction_adapters::system::SystemClock;
use auction_core::Span;
use auction_core::ports::Clock;
use serde_json::json;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Runs a command over the data of a folder.
fn start(folder: &Path, command: &str) -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_auction-server"));
    process.arg(command).current_dir(folder).env_clear().stdin(Stdio::null());
    process.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
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

    let mut worker = start(folder.path(), "worker");
    until("the mail about the end", || mails_to(folder.path(), &seller.email, "Auction ended") == 1).await;
    for command in ["serve", "worker"] {
        let second = start(folder.path(), command).wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains("the database cannot be opened"), "{said}");
    }
    let told = Command::new("kill").args(["-TERM", &worker.id().to_string()]).status().expect("it is told");
    assert!(told.success());
    assert_eq!(worker.wait().expect("it ends").code(), Some(0));
    folder.assert_sound().await;
}
