//! The command line of `auction-server`.
//!
//! It turns arguments into calls and results into exit codes: 0 is success, 1 a failure, 2 a command line that
//! makes no sense. What a subcommand does is in the room of its name.

mod replay;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// Exit code of a command line that makes no sense.
const EXIT_USAGE: u8 = 2;

/// An auction server; today it replays recorded auctions.
#[derive(Debug, Parser)]
#[command(name = "auction-server", version, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Replay(Box<replay::Arguments>),
}

/// Runs the command line `arguments`, of which the first is the name of the program.
///
/// Results go to standard output, everything else to standard error. The answer is the exit code of the process:
/// 0 on success, 1 where the command failed, 2 where it was not understood.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that was asked for goes to standard output and is a success. A terminal that is gone
            // cannot be told that it is gone.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    match cli.command {
        Command::Replay(arguments) => replay::run(*arguments),
    }
}
