//! `auction-server config`.

use super::{Common, print, settings};
use crate::settings::Row;
use clap::{Args, Subcommand};
use std::fmt::Write;
use std::process::ExitCode;

/// Show the settings that are in force.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show every setting, its value, and where that came from; secrets are masked.
    Show,
}

/// Runs it.
pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Command::Show = arguments.command;
    let settings = match settings(&common.sources()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let rows = settings.rows();
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {}\n", "--data-dir", settings.data_dir.display());
    for Row { name, value, given } in rows {
        let value = if value.is_empty() { "(none)" } else { &value };
        // Writing to a text does not fail.
        let _ = writeln!(text, "{name:width$}  {value}  [{given}]");
    }
    for notice in &settings.notices {
        let _ = writeln!(text, "note: {notice}");
    }
    print(&text)
}
