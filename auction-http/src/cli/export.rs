//! `auction-server export-openapi`.

use super::{complain, print};
use crate::server;
use std::process::ExitCode;

/// Prints the description of the API.
pub(super) fn run() -> ExitCode {
    match server::openapi().to_pretty_json() {
        Ok(text) => print(&format!("{text}\n")),
        Err(error) => complain(error),
    }
}
