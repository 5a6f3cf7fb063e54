//! A process that is measured.
#![allow(clippy::disallowed_methods, reason = "a process is waited for")]

use super::Result;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The first argument of this program where it is to be the server.
pub const SERVER: &str = "be-the-server";
/// The first argument of this program where it is to be an echo.
pub const ECHO: &str = "be-the-echo";
/// The ticks in which the system counts CPU time, in a second; the same on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;
/// How long a process may take to serve.
const START_MAX: Duration = Duration::from_secs(120);

/// A process that serves, until it is dropped.
#[derive(Debug)]
pub struct Subject {
    child: Child,
    /// Where it serves.
    pub address: SocketAddr,
    /// How long it took until it did.
    pub took: Duration,
}

impl Subject {
    /// The server over a data folder, without limits of rate.
    ///
    /// # Errors
    /// Where it does not serve.
    pub fn server(data: &Path) -> Result<Self> {
        Self::start(Self::server_command(data)?, data)
    }

    /// A node over a Postgres, with a folder for what is its own.
    ///
    /// # Errors
    /// Where it does not serve.
    pub fn node(data: &Path, database: &str) -> Result<Self> {
        let mut command = Self::server_command(data)?;
        command.env("DATABASE_URL", database);
        Self::start(command, data)
    }

    /// How the server is started.
    ///
    /// # Errors
    /// Where this program cannot be found.
    pub fn server_command(data: &Path) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([SERVER, "serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        for name in ["RATE_LIMIT_ANON", "RATE_LIMIT_USER", "RATE_LIMIT_BIDS"] {
            command.env(name, "off");
        }
        command.env("LOG_LEVEL", "warn").current_dir(data);
        Ok(command)
    }

    /// The echo, which answers the bytes of `files` from memory besides.
    ///
    /// # Errors
    /// Where it does not serve.
    pub fn echo(folder: &Path) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(ECHO).arg(folder);
        Self::start(command, folder)
    }

    /// Starts a process that prints a line with its address.
    ///
    /// # Errors
    /// Where it does not serve.
    pub fn start(mut command: Command, folder: &Path) -> Result<Self> {
        let log = File::create(folder.join("errors.log"))?;
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or("it has no output")?);
        let mut line = String::new();
        loop {
            line.clear();
            if output.read_line(&mut line)? == 0 || started.elapsed() > START_MAX {
                let _ = child.kill();
                let _ = child.wait();
                let mut why = String::new();
                File::open(folder.join("errors.log"))?.read_to_string(&mut why)?;
                return Err(format!("it does not serve: {why}").into());
            }
            if let Some((_, address)) = line.split_once("http://") {
                let address = address.trim().parse()?;
                let took = started.elapsed();
                // What else it says is of no interest, but it must be able to say it.
                std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
                return Ok(Self { child, address, took });
            }
        }
    }

    /// The CPU time that it has used so far, in seconds.
    pub fn cpu(&self) -> f64 {
        used(self.child.id())[..2].iter().sum()
    }

    /// The memory that it takes, in bytes.
    pub fn resident(&self) -> u64 {
        resident(self.child.id())
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a loss of power would.
    ///
    /// # Errors
    /// Where it cannot be ended.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The CPU time of a process in user and kernel mode, and of its children that have ended, in seconds.
pub fn used(process: u32) -> [f64; 4] {
    times(&std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default())
}

/// The memory that a process takes, in bytes.
pub fn resident(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}

/// The processes that a process has started and that run.
pub fn children(process: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parent = |number: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok())
    };
    numbers.filter(|number| parent(number) == Some(process)).collect()
}

/// The CPU time of this process and of all that it has waited for, in seconds.
pub fn used_by_all() -> f64 {
    times(&std::fs::read_to_string("/proc/self/stat").unwrap_or_default()).iter().sum()
}

/// The CPU time that the machine has spent on processes, and that its host has kept from it, in seconds.
pub fn used_by_everybody() -> f64 {
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal
    [0, 1, 2, 7].iter().filter_map(|index| ticks.get(*index)).sum::<f64>() / TICKS_PER_SECOND
}

/// Time in user and kernel mode, of a process and of its children that have ended.
fn times(stat: &str) -> [f64; 4] {
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let mut words = after_name.split_whitespace().skip(11);
    std::array::from_fn(|_| {
        words.next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / TICKS_PER_SECOND
    })
}
