//! What a trace of system calls says about the order of writing and answering.
#![allow(clippy::disallowed_methods, reason = "a tracer is waited for")]

use super::Result;
use super::subject::Subject;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the tracer may take to hold all threads.
const ATTACH_MAX: Duration = Duration::from_secs(10);
/// What stands before the name of a bid, as the tracer writes it.
const NAME: &str = r#"\"id\":\"b"#;
/// How many digits such a name has.
const NAME_DIGITS: usize = 8;

/// A running `strace`, which ends with the process that it follows.
#[derive(Debug)]
pub struct Tracer {
    child: Child,
    path: PathBuf,
}

/// What a trace says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Bids that were answered as accepted.
    pub answers: usize,
    /// Of these, those for which no sync began after the bid had been read and ended well before the answer was
    /// sent.
    pub too_early: usize,
    /// Syncs that ended well between the first bid and the last answer.
    pub syncs: usize,
}

impl Tracer {
    /// Follows all threads of a process and these system calls.
    ///
    /// # Errors
    /// Where `strace` is missing, or may not.
    pub fn follow(subject: &Subject, calls: &str, path: &Path) -> Result<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-s", "512", "-e"]).arg(format!("trace={calls}"));
        command.args(["-o"]).arg(path).args(["-p", &subject.id().to_string()]);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let threads = PathBuf::from(format!("/proc/{}/task", subject.id()));
        let started = Instant::now();
        while !is_held(&threads)? {
            if started.elapsed() > ATTACH_MAX || child.try_wait()?.is_some() {
                return Err("strace does not follow".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { child, path: path.to_owned() })
    }

    /// The trace, after the process was ended.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn finish(mut self, subject: Subject) -> Result<String> {
        subject.kill()?;
        self.child.wait()?;
        Ok(String::from_utf8_lossy(&std::fs::read(&self.path)?).into_owned())
    }
}

/// Whether all threads have a tracer.
fn is_held(threads: &Path) -> Result<bool> {
    for thread in threads.read_dir()? {
        let status = std::fs::read_to_string(thread?.path().join("status")).unwrap_or_default();
        if status.lines().any(|line| line == "TracerPid:\t0") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads a trace of `fsync,fdatasync,recvfrom,sendto`, whose lines stand in the order in which calls began and ended.
pub fn order(trace: &str) -> Order {
    let mut order = Order::default();
    // Where bids were read; where the syncs that ended well began, in the order of their ends.
    let (mut read, mut syncs) = (HashMap::new(), Vec::new());
    let mut syncing: HashMap<&str, usize> = HashMap::new();
    for (place, line) in trace.lines().enumerate() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        let is_sync = call.contains("fdatasync") || call.contains("fsync");
        if is_sync && !call.starts_with("<...") {
            syncing.insert(thread, place);
        }
        if is_sync && call.ends_with(" = 0") {
            syncs.extend(syncing.remove(thread));
        } else if call.starts_with("recvfrom") || call.starts_with("<... recvfrom") {
            read.extend(names(call).map(|name| (name, place)));
        } else if call.starts_with("sendto") && call.contains("success") {
            for name in names(call) {
                order.answers += 1;
                let is_safe = read.get(name).is_some_and(|read| syncs.iter().rev().any(|began| began > read));
                order.too_early += usize::from(!is_safe);
            }
        }
    }
    order.syncs = syncs.len();
    order
}

/// The names of bids in a line.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices(NAME).filter_map(|(place, _)| {
        let start = place + NAME.len();
        line.get(start..start + NAME_DIGITS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BID: &str =
        r#"7 recvfrom(9, "\201..{\"action\":\"place_bid\",\"id\":\"b00000001\"}", 8192, 0) = 80"#;
    const ANSWER: &str = r#"7 sendto(9, "\201{\"id\":\"b00000001\",\"success\":\"Bid\"}", 80, 0) = 80"#;

    #[test]
    fn an_answer_needs_a_sync_between_itself_and_its_bid() {
        let of = |lines: &[&str]| order(&lines.join("\n"));
        let good = Order { answers: 1, too_early: 0, syncs: 1 };
        assert_eq!(of(&[BID, "8 fdatasync(4) = 0", ANSWER]), good);
        assert_eq!(of(&[BID, "8 fsync(4 <unfinished ...>", "8 <... fsync resumed>) = 0", ANSWER]), good);
        let bad = Order { too_early: 1, ..good };
        assert_eq!(of(&["8 fdatasync(4) = 0", BID, ANSWER]), bad);
        assert_eq!(of(&["8 fsync(4 <unfinished ...>", BID, "8 <... fsync resumed>) = 0", ANSWER]), bad);
        assert_eq!(of(&[BID, ANSWER, "8 fdatasync(4) = 0"]), bad);
        assert_eq!(of(&[BID, "8 fdatasync(4) = -1 EIO", ANSWER]), Order { syncs: 0, ..bad });
    }
}
