//! The command line of `auction-server`.
//!
//! It turns arguments into calls and results into exit codes: 0 is success, 1 a failure, 2 a command line that
//! makes no sense. What a subcommand does is in the room of its name.

mod admin;
mod check;
mod config;
mod doctor;
mod export;
mod generate;
mod migrate;
mod opened;
mod replay;
mod serve;
mod signals;
mod user;
mod worker;

use crate::server::with_causes as said;
use crate::settings::{Problems, Settings, Sources};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit code of a command line that makes no sense.
const EXIT_USAGE: u8 = 2;

/// What is said about settings at the end of the help.
const SETTINGS: &str = "\
Settings come from flags, the environment, the file .env, and the file
auction.toml in the current folder; what stands earlier here wins. The file
.env.example lists all of them, and `auction-server config show` their values.

Start here:  auction-server          serves on http://127.0.0.1:9000
Then:        auction-server doctor   says whether everything is in order";

/// An auction server: HTTP, live bidding, and everything that runs behind them, in one process.
///
/// Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "auction-server", version, after_help = SETTINGS)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    serve: serve::Arguments,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
struct Common {
    /// Where the database, pictures, mails and keys are kept.
    #[arg(long, global = true, value_name = "FOLDER", default_value = "./data")]
    data_dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    /// Open and close auctions, write notices and send mails, without answering HTTP.
    ///
    /// Beside a server on the same SQLite database it is refused: that one does this work already.
    Worker,
    /// Make the database, or bring its tables up to date. Serving does so by itself.
    Migrate,
    CreateAdmin(admin::Arguments),
    User(user::Arguments),
    Config(config::Arguments),
    /// Look at everything that a server needs, and say what is wrong.
    Doctor,
    /// Fold every auction's log of events and compare it with what is stored. Works beside a running server.
    ///
    /// What is wrong is printed, a line each with its table and row, and the exit code is 1 then.
    Check,
    GenerateAuctions(generate::Arguments),
    /// Print the OpenAPI description of the API, as JSON.
    ExportOpenapi,
    Replay(Box<replay::Arguments>),
}

/// Runs the command line `arguments`, of which the first is the name of the program.
///
/// Results go to standard output, everything else to standard error. The answer is the exit code of the process:
/// 0 on success, 1 where the command failed, 2 where it was not understood.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Cli { common, serve, command } = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that was asked for goes to standard output and is a success. A terminal that is gone
            // cannot be told that it is gone.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    if command.is_some() && serve != serve::Arguments::default() {
        complain(
            "--listen, --demo, --no-workers and --ui-dir belong to `serve`: write them after it, or leave the command out",
        );
        return ExitCode::from(EXIT_USAGE);
    }
    match command {
        None => serve::run(&common, &serve),
        Some(Command::Serve(arguments)) => serve::run(&common, &arguments),
        Some(Command::Worker) => worker::run(&common),
        Some(Command::Migrate) => migrate::run(&common),
        Some(Command::CreateAdmin(arguments)) => admin::run(&common, &arguments),
        Some(Command::User(arguments)) => user::run(&common, arguments),
        Some(Command::Doctor) => doctor::run(&common),
        Some(Command::Check) => check::run(&common),
        Some(Command::GenerateAuctions(arguments)) => generate::run(&common, &arguments),
        Some(Command::Config(arguments)) => config::run(&common, &arguments),
        Some(Command::ExportOpenapi) => export::run(),
        Some(Command::Replay(arguments)) => replay::run(*arguments),
    }
}

impl Common {
    /// Everything that was set, except by flags.
    fn sources(&self) -> Sources {
        Sources::of_process(&self.data_dir, Path::new("."))
    }
}

/// Says what is wrong with the settings, all of it.
fn wrong_settings(problems: &Problems) -> ExitCode {
    complain(format_args!("The settings are wrong:\n{}", indented(&problems.to_string())))
}

/// Says why something failed. The answer is the exit code for it.
fn complain(why: impl Display) -> ExitCode {
    // A terminal that is gone cannot be told that it is gone.
    let _ = writeln!(io::stderr(), "auction-server: {why}");
    ExitCode::FAILURE
}

/// Writes a result to standard output.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => complain(error),
    }
}

/// Runs what has to wait for something.
///
/// # Errors
/// Where the system gives no threads.
fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(work);
    // What still runs on other threads is left behind: nothing that was acknowledged is among it.
    runtime.shutdown_background();
    Ok(result)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// The settings, or the exit code for wrong ones.
fn settings(sources: &Sources) -> Result<Settings, ExitCode> {
    Settings::parse(sources).map_err(|problems| wrong_settings(&problems))
}
