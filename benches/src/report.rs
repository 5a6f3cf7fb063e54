//! The writer of `RESULTS.md`.
#![allow(clippy::disallowed_methods, reason = "a report says when it was written")]

use auction_core::Timestamp;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

/// Above this share of time in which somebody waited for a processor, in per cent, a figure is void.
pub const PRESSURE_MAX: f64 = 20.0;

/// How long to wait for a quiet machine before a section.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// After this long no section is measured again for the sake of quiet.
const REPEAT_MAX: Duration = Duration::from_secs(150);

/// A report in the making.
#[derive(Debug)]
pub struct Report {
    started: Instant,
    text: String,
}

impl Report {
    /// A report that says on which machine, when, and of what it is.
    pub fn new() -> Self {
        let mut text = String::from(
            "# Results\n\nWritten by `cargo run --release -p auction-benches --bin results`; no figure is edited by hand. Times are\n\
             of the CPU where nothing else is said. A section is **void** where tasks waited for a processor more than\n\
             20 % of the last ten seconds (`/proc/pressure/cpu`) before or after it. Compare ratios, not times: each\n\
             stands beside a probe that was measured in turn with it.\n\n",
        );
        let rows = [
            ("machine", machine()),
            ("kernel", read("/proc/sys/kernel/osrelease")),
            ("commit", commit()),
            ("compiler", output("rustc", &["--version"])),
            ("date", now()),
        ];
        for (name, value) in rows {
            _ = writeln!(text, "- {name}: {value}");
        }
        Self { started: Instant::now(), text }
    }

    /// Adds a section, measured while the machine is quiet if that can be had in the time, and says how quiet it
    /// was.
    pub fn section(&mut self, title: &str, body: impl Fn() -> String) {
        let (text, before, after) = loop {
            eprintln!("{title}");
            let waiting = Instant::now();
            while pressure() > PRESSURE_MAX && waiting.elapsed() < WAIT_MAX {
                std::thread::sleep(Duration::from_secs(1));
            }
            let (before, text, after) = (pressure(), body(), pressure());
            if before.max(after) <= PRESSURE_MAX || self.started.elapsed() > REPEAT_MAX {
                break (text, before, after);
            }
        };
        let void = if before.max(after) > PRESSURE_MAX { " **Void: the machine was busy.**" } else { "" };
        _ = write!(
            self.text,
            "\n## {title}\n\n{text}\nPressure before {before:.0} %, after {after:.0} %.{void}\n"
        );
    }

    /// Writes the file into the folder of this crate, and answers its path.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self) -> std::io::Result<PathBuf> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
        std::fs::write(&path, &self.text)?;
        Ok(path)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

/// A table with a heading.
pub fn table<const COLUMNS: usize>(heading: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> String {
    let mut text = format!("| {} |\n|{}\n", heading.join(" | "), "---|".repeat(COLUMNS));
    for row in rows {
        _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// How steeply a cost grows from one size to another: 0 is not at all, 1 as fast as the size.
pub fn slope(sizes: (f64, f64), costs: (f64, f64)) -> f64 {
    (costs.1 / costs.0).ln() / (sizes.1 / sizes.0).ln()
}

/// The share of the last ten seconds in which somebody waited for a processor, in per cent; 0 where the system
/// does not say.
pub fn pressure() -> f64 {
    let text = read("/proc/pressure/cpu");
    let share = text.split_whitespace().find_map(|word| word.strip_prefix("avg10="));
    share.and_then(|share| share.parse().ok()).unwrap_or_default()
}

pub(crate) fn now() -> String {
    let micros =
        SystemTime::UNIX_EPOCH.elapsed().map(|since| since.as_secs() * 1_000_000).unwrap_or_default();
    Timestamp::from_micros(micros.cast_signed()).unwrap_or(Timestamp::EPOCH).to_string()
}

/// The commit, and whether anything but the results differs from it.
pub(crate) fn commit() -> String {
    let commit = output("git", &["rev-parse", "--short=12", "HEAD"]);
    let changes =
        output("git", &["status", "--porcelain", "--", ":/", ":!RESULTS.md", ":!RESULTS-server.md"]);
    if changes.is_empty() { commit } else { format!("{commit}, with changes") }
}

pub(crate) fn machine() -> String {
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split(':').nth(1)).unwrap_or("?").trim().to_owned()
    };
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let kib: u64 = value(&memory, "MemTotal").split(' ').next().and_then(|kib| kib.parse().ok()).unwrap_or(0);
    format!("{}, {cores} cores, {} GiB of memory", value(&processors, "model name"), kib >> 20)
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

pub(crate) fn output(program: &str, arguments: &[&str]) -> String {
    let run = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    run.map(|run| String::from_utf8_lossy(&run.stdout).trim().to_owned()).unwrap_or_default()
}
