//! The reference auction server.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A library leaves the choice to the program. It fails only where one was installed already, and then that is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    auction_http::cli::run(std::env::args_os())
}
