//! Compares the instructions per bid with those that are recorded in `instructions.toml`.
//!
//! ```text
//! cargo run -p auction-benches --bin instructions             # compare
//! cargo run -p auction-benches --bin instructions -- --record # write down what was counted
//! ```
//!
//! It needs valgrind and `cargo install gungraun-runner --locked` in the version of the library in Cargo.lock. The
//! count depends on the compiler: after an update of Rust, record first and compare then.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// How far a count may be from the recorded one, in per cent, in either direction: what got better is recorded.
const TOLERANCE_PERCENT: f64 = 2.0;

/// The bids of each benchmark.
const BIDS: f64 = 10_000.0;

/// The benchmarks: the name, and the place of the summary below the target folder.
const BENCHMARKS: [(&str, &str); 2] = [("decide", "decide.bids_10000"), ("record", "record.bids_10000")];

fn main() -> ExitCode {
    match run(std::env::args().any(|argument| argument == "--record")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(record: bool) -> Result<bool, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("instructions.toml");
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| folder.join("../target"), Into::into);
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "-p", "auction-benches", "--bench", "instructions", "--"]);
    if !cargo.arg("--save-summary=json").current_dir(folder).status()?.success() {
        return Err("the benchmark failed; see the head of benches/src/bin/instructions.rs".into());
    }
    let compiler = Command::new("rustc").arg("--version").output()?;
    let compiler = String::from_utf8(compiler.stdout)?.trim().to_owned();
    let recorded = std::fs::read_to_string(&file).unwrap_or_default();
    let mut text = format!(
        "# Instructions per bid, written by `cargo run -p auction-benches --bin instructions -- --record`.\n\
         compiler = \"{compiler}\"\n"
    );
    if !record && value(&recorded, "compiler") != Some(format!("\"{compiler}\"").as_str()) {
        println!("recorded with another compiler: a difference may be its own");
    }
    let mut good = true;
    for (name, place) in BENCHMARKS {
        let summary = target.join(format!("gungraun/auction-benches/instructions/bids/{place}/summary.json"));
        let summary: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(summary)?)?;
        let total = &summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"];
        let counted = total.as_f64().ok_or("the summary names no instructions")? / BIDS;
        _ = writeln!(text, "{name} = {counted:.1}");
        if record {
            println!("{name}: {counted:.1} instructions a bid");
            continue;
        }
        let before: f64 = value(&recorded, name).ok_or("instructions.toml names no count")?.parse()?;
        let percent = (counted / before - 1.0) * 100.0;
        let holds = percent.abs() <= TOLERANCE_PERCENT;
        good &= holds;
        let verdict = if holds { "as recorded" } else { "NOT as recorded" };
        println!(
            "{name}: {counted:.1} instructions a bid, recorded {before:.1} ({percent:+.2} %): {verdict}"
        );
    }
    if record {
        std::fs::write(&file, text)?;
    }
    Ok(good)
}

/// The value of a key in a file of `key = value` lines.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('=').map(str::trim))
}
