//! Measures the server and writes `benches/RESULTS-server.md`. Each goal has its section.
//!
//! ```text
//! cargo run --release -p auction-benches --features server --bin server-results  # everything
//! cargo run --release -p auction-benches --features server --bin server-results -- sockets reading  # these sections alone
//! cargo run --release -p auction-benches --features server --bin server-results -- --sustained 600 desk
//! cargo run --release -p auction-benches --features server --bin server-results -- --bids 1000000 nodes
//! ```

use auction_benches::server::Result;
use auction_benches::server::book::Book;
use auction_benches::server::echo;
use auction_benches::server::sections::{Options, SECTIONS};
use auction_benches::server::subject::{ECHO, SERVER};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How long the sustained load lasts where nothing else is said.
const SUSTAINED: Duration = Duration::from_secs(60);

/// How many bids are placed on several nodes where nothing else is said.
const BIDS: u64 = 50_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some(SERVER) => return auction_http::cli::run(std::env::args_os().skip(1)),
        Some(ECHO) => echo::serve(Path::new(arguments.get(1).map_or(".", String::as_str))),
        _ => measure(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &[String]) -> Result<()> {
    let mut options = Options { sustained: SUSTAINED, bids: BIDS };
    let mut names = Vec::new();
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--sustained" => {
                let seconds = words.next().ok_or("--sustained wants a number of seconds")?;
                options.sustained = Duration::from_secs(seconds.parse()?);
            }
            "--bids" => options.bids = words.next().ok_or("--bids wants a number")?.parse()?,
            "--list" => {
                SECTIONS.iter().for_each(|section| println!("{:<12} {}", section.name, section.title));
                return Ok(());
            }
            name if SECTIONS.iter().any(|section| section.name == name) => names.push(name),
            other => return Err(format!("there is no section {other}: --list names them").into()),
        }
    }
    let titles: Vec<_> = SECTIONS.iter().map(|section| section.title).collect();
    let mut book = Book::open(&titles);
    for section in SECTIONS.iter().filter(|section| names.is_empty() || names.contains(&section.name)) {
        book.measure(section.title, || (section.run)(&options))?;
    }
    Ok(())
}
