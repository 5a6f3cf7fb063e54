//! The reference auction server.

use std::process::ExitCode;

fn main() -> ExitCode {
    auction_http::cli::run(std::env::args_os())
}
