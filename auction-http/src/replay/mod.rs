//! Plays a recorded bid log through the engine, or through a whole server, under a virtual clock.
//!
//! A log is CSV, a row a bid ([`BidLog`] describes it). Each auction becomes a
//! [`Saleroom`](auction_core::auction::Saleroom) whose clock shows the time of the row that is being played, so a
//! week of bidding takes no time and comes out the same each time. [`play`] answers how the auctions end and which
//! bids were refused; nothing is stored. [`play_through_server`] does the same with a server of its own: each bid is
//! a request over a socket, and what it stores is thrown away afterwards.
//!
//! Everybody who bids is verified and has joined beforehand, and no bid is too much in a given time: a replay is about
//! prices, not about people.
//!
//! Nothing is printed before everything was read, checked and played: a log that is partly wrong has no result.

mod error;
mod input;
mod lines;
mod options;
mod play;
mod progress;
mod report;
mod through;
mod time;

pub use error::{LogError, Problem, Reason, ReplayError};
pub use input::{BidLog, Lot, NAME_BYTES_MAX, ROWS_MAX, Row};
pub use lines::ROW_BYTES_MAX;
pub use options::{Closing, Increments, InvalidChoice, Options, Overrides};
pub use play::{Lead, LotResult, Played, Refusal, play};
pub use report::{write_refusals, write_results};
pub use through::{ServerError, play_through_server};
pub use time::{TIME_TEXT_BYTES_MAX, TimeUnit};

use auction_core::money::Currency;
use progress::Progress;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The longest file of terms that is read, in bytes: one more than a document may have, so that it is the document
/// that is refused.
const TERMS_FILE_BYTES_MAX: u64 = 64 * 1024 + 1;

/// What to replay, and how.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The bid log.
    pub log: Source,
    /// A file with a document of terms.
    pub terms: Option<PathBuf>,
    /// What counts in place of the document's fields.
    pub overrides: Overrides,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What the bids go through.
    pub through: Layer,
    /// Where the refused bids go; an older file is replaced.
    pub refusals: Option<PathBuf>,
}

/// What the bids of a replay go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The engine alone.
    Core,
    /// A server of their own, with its database, over HTTP.
    Server,
}

/// Where a bid log comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input, written `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// Plays the log and prints the results on standard output as CSV, one row an auction.
///
/// # Errors
/// The first thing that is wrong. Neither standard output nor the file of refusals has been touched then, unless
/// it was the writing that failed.
pub fn replay(request: &Replay) -> Result<(), ReplayError> {
    let options = options(request)?;
    refuse_to_overwrite_the_input(request)?;
    let bad_log = |source| ReplayError::Log { log: request.log.name(), source };

    let mut progress = Progress::new("bids read");
    let log =
        BidLog::read(request.log.open()?, request.currency, |rows| progress.tell(rows)).map_err(bad_log)?;
    progress = Progress::of("bids played", log.rows().len());
    let played = match request.through {
        Layer::Core => play(&log, &options, |rows| progress.tell(rows)).map_err(bad_log)?,
        Layer::Server => {
            play_through_server(&log, &options, |rows| progress.tell(rows)).map_err(|error| match error {
                ServerError::Log(source) => bad_log(source),
                error => ReplayError::Server(error),
            })?
        }
    };
    drop(progress);

    if let Some(path) = &request.refusals {
        let mut text = Vec::new();
        write_refusals(&log, &played, &mut text)
            .and_then(|()| std::fs::write(path, text))
            .map_err(|source| ReplayError::Write { target: path.display().to_string(), source })?;
    }
    let mut text = Vec::new();
    write_results(&log, &played, &mut text).and_then(|()| io::stdout().lock().write_all(&text)).or_else(
        |error| match error.kind() {
            // Whoever reads the results has seen enough of them.
            io::ErrorKind::BrokenPipe => Ok(()),
            _ => Err(ReplayError::Write { target: "standard output".into(), source: error }),
        },
    )
}

fn options(request: &Replay) -> Result<Options, ReplayError> {
    let overrides = request.overrides.clone();
    let alone = Options::new(None, overrides.clone(), request.currency).map_err(ReplayError::Overrides)?;
    let Some(path) = &request.terms else { return Ok(alone) };
    let text =
        read_terms(path).map_err(|source| ReplayError::Read { from: path.display().to_string(), source })?;
    Options::new(Some(&text), overrides, request.currency)
        .map_err(|source| ReplayError::Terms { path: path.clone(), source })
}

fn read_terms(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(TERMS_FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

fn refuse_to_overwrite_the_input(request: &Replay) -> Result<(), ReplayError> {
    let Some(target) = request.refusals.as_deref().and_then(|path| path.canonicalize().ok()) else {
        return Ok(());
    };
    let log = match &request.log {
        Source::File(path) => Some(path),
        Source::Stdin => None,
    };
    let is_input = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == target);
    if log.into_iter().chain(&request.terms).any(is_input) {
        return Err(ReplayError::RefusalsOverInput { path: target });
    }
    Ok(())
}

impl Source {
    fn open(&self) -> Result<Box<dyn Read>, ReplayError> {
        match self {
            Self::Stdin => Ok(Box::new(io::stdin().lock())),
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(source) => Err(ReplayError::Read { from: self.name(), source }),
            },
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path) }
    }
}
