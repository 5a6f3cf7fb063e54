//! `auction-server check`, alone and beside a running server.

use crate::assembly::process::{Running, run};
use crate::services::PostgresServer;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;

/// A folder in which two auctions are.
fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["generate-auctions", "--category", "watches", "--count", "2"];
    let (code, _, stderr) = run(folder.path(), &arguments, &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    folder
}

/// Does something to the database behind everybody's back.
fn damage(folder: &Path, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.join("data/auction.db").display());
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        let done = sqlx::query(sql).execute(&mut connection).await.expect("it is done");
        assert!(done.rows_affected() > 0, "{sql} damages nothing");
        connection.close().await.expect("closed");
    });
}

#[test]
fn a_sound_database_is_said_to_be_sound() {
    let folder = filled();
    let (code, stdout, stderr) = run(folder.path(), &["check"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.ends_with("auction.db is sound: 2 auctions are what their 2 events make\n"), "{stdout}");
}

#[test]
fn everything_that_is_damaged_is_named_with_its_table_and_row() {
    let folder = filled();
    damage(folder.path(), "UPDATE auctions SET bid_count = 7 WHERE id = 1");
    damage(folder.path(), "DELETE FROM events WHERE auction_id = 2");
    let (code, stdout, stderr) = run(folder.path(), &["check"], &[]);
    assert_eq!(code, Some(1));
    let expected = ["table auctions, row 1: column bid_count", "table events, row 2: there are no events"];
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{stdout}");
    assert!(lines.iter().zip(expected).all(|(line, expected)| line.starts_with(expected)), "{stdout}");
    assert!(stderr.contains("auction.db is damaged: 2 things are wrong in 2 auctions"), "{stderr}");
}

#[test]
fn a_database_is_checked_beside_the_server_that_writes_to_it() {
    let server = Running::start(&["--demo"], &[]);
    let (code, stdout, stderr) = run(server.folder.path(), &["check"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("is sound: 25 auctions are what their "), "{stdout}");
    damage(server.folder.path(), "UPDATE auctions SET price_scaled = 1 WHERE id = 20");
    let (code, stdout, _) = run(server.folder.path(), &["check"], &[]);
    assert_eq!(code, Some(1));
    assert!(stdout.starts_with("table auctions, row 20: column price_scaled"), "{stdout}");
}

#[test]
fn what_cannot_be_checked_is_an_error_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, stderr) = run(folder.path(), &["check"], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("auction.db: "), "{stderr}");
    assert!(!folder.path().join("data").exists());
    let (code, _, stderr) = run(folder.path(), &["check"], &[("DATABASE_URL", "memory:")]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("kept in memory"), "{stderr}");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(folder.path().join("data/auction.db"), "no database, but more than nothing")
        .expect("written");
    let (code, stdout, _) = run(folder.path(), &["check"], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
}

#[test]
fn a_postgres_is_checked_beside_a_node_that_writes_to_it() {
    let server = PostgresServer::start(&[]);
    let url = server.url.replace("auction@", "auction:hunter2@");
    let settings = [("DATABASE_URL", url.as_str())];
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, stderr) = run(folder.path(), &["check"], &settings);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("it is no database of auctions") && !stderr.contains("hunter2"), "{stderr}");

    let _node = Running::start(&["--demo"], &settings);
    let (code, stdout, stderr) = run(folder.path(), &["check"], &settings);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let shown = url.replace("hunter2", "********");
    let sound = format!("{shown} is sound: 25 auctions are what their ");
    assert!(stdout.starts_with(&sound), "{stdout}");
    server.execute("UPDATE auctions SET price_scaled = 1 WHERE id = 20");
    let (code, stdout, stderr) = run(folder.path(), &["check"], &settings);
    assert_eq!(code, Some(1));
    assert!(stdout.starts_with("table auctions, row 20: column price_scaled"), "{stdout}");
    let damaged = format!("{shown} is damaged: 1 things are wrong in 25 auctions");
    assert!(stderr.contains(&damaged), "{stderr}");
}
