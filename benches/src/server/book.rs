//! The writer of `RESULTS-server.md`.
#![allow(clippy::disallowed_methods, reason = "a report says how long it took")]

use super::Result;
use super::postgres::used_by_gone;
use super::subject::{used_by_all, used_by_everybody};
use crate::report::{PRESSURE_MAX, commit, machine, now, output, pressure, read};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Above this share of the processors that others take while something is measured, in per cent, it is void.
pub const OTHERS_MAX: f64 = 10.0;

/// How long to wait for a quiet machine before a section.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// What stands before the sections.
const INTRODUCTION: &str = "# Results of the server

Written by `cargo run --release -p auction-benches --features server --bin server-results`; no figure is edited by hand. With names of
sections behind it, it measures those alone and leaves the others as they are (`--list` names them).

Server, probes and client share the machine: the server is a process of its own, which is this program again with the
library of `auction-server` inside; the client is one thread with raw sockets. Rates are requests that were answered
well in a second of wall-clock time; CPU is that of the server's process. Subject and probe are measured in turn, round
by round, and the figures are those of all rounds together. Compare ratios, not times.

Everything here needs all processors for itself, so that pressure while it runs says nothing. A section is **void**
where tasks waited for a processor more than 20 % of the ten seconds before it (`/proc/pressure/cpu`), or where processes
other than its own, or the host of the machine, took more than 10 % of the processors while it ran (`/proc/stat`).
";

/// The file, section by section.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    /// Titles and texts.
    sections: Vec<(String, String)>,
}

impl Book {
    /// The file as it is, of which sections with these titles are kept, in this order.
    pub fn open(titles: &[&str]) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS-server.md");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let of = |title: &str| {
            let start = format!("\n## {title}\n");
            let rest = text.split_once(&start).map_or("", |(_, rest)| rest);
            rest.split("\n## ").next().unwrap_or_default().to_owned()
        };
        let sections = titles.iter().map(|title| ((*title).to_owned(), of(title))).collect();
        Self { path, sections }
    }

    /// Measures a section, and writes the file.
    ///
    /// # Errors
    /// Where it cannot be measured or written.
    pub fn measure(&mut self, title: &str, body: impl FnOnce() -> Result<String>) -> Result<()> {
        eprintln!("{title}");
        let waiting = Instant::now();
        while pressure() > PRESSURE_MAX && waiting.elapsed() < WAIT_MAX {
            std::thread::sleep(Duration::from_secs(1));
        }
        let before = pressure();
        let used_by_own = || used_by_all() + used_by_gone();
        let (started, own, all) = (Instant::now(), used_by_own(), used_by_everybody());
        let mut text = body()?;
        let took = started.elapsed().as_secs_f64();
        let (own, all) = (used_by_own() - own, used_by_everybody() - all);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as f64;
        let others = ((all - own) / (took * cores) * 100.0).max(0.0);
        let is_void = before > PRESSURE_MAX || others > OTHERS_MAX;
        let void = if is_void { " **Void: the machine was busy.**" } else { "" };
        _ = write!(
            text,
            "\nAt {}, commit {}, {}; {}, kernel {}. Took {took:.0} s; pressure before {before:.0} %, others took \
             {others:.0} % of the processors.{void}\n",
            now(),
            commit(),
            output("rustc", &["--version"]).split(" (").next().unwrap_or_default(),
            machine(),
            read("/proc/sys/kernel/osrelease"),
        );
        eprintln!("{text}");
        if let Some((_, known)) = self.sections.iter_mut().find(|(known, _)| known == title) {
            *known = format!("\n{text}");
        }
        self.write()
    }

    fn write(&self) -> Result<()> {
        let mut text = String::from(INTRODUCTION);
        for (title, body) in self.sections.iter().filter(|(_, body)| !body.is_empty()) {
            _ = write!(text, "\n## {title}\n{}\n", body.trim_end());
        }
        std::fs::write(&self.path, text)?;
        Ok(())
    }
}
