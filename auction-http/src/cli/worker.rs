//! `auction-server worker`.

use super::opened::{Opened, warn};
use super::{Common, block_on, complain, settings};
use crate::logging;
use crate::server::Duties;
use crate::settings::Settings;
use std::process::ExitCode;

/// Works until the process is told to stop: everything that `serve` does, except to answer HTTP.
pub(super) fn run(common: &Common) -> ExitCode {
    let settings = match settings(&common.sources()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if let Err(error) = logging::start(&settings.log) {
        return complain(error);
    }
    block_on(work(settings)).unwrap_or_else(complain)
}

async fn work(settings: Settings) -> ExitCode {
    warn(&settings);
    let opened = match Opened::open(settings, None, Duties::All).await {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    tracing::info!("working: auctions are opened and closed, notices and mails are sent");
    opened.parts().stop.0.cancelled().await;
    opened.close().await
}
