//! `auction-server worker`.

use super::signals::stop_on_signals;
use super::{Common, block_on, complain, settings};
use crate::logging;
use crate::server::House;
use crate::settings::Settings;
use auction_adapters::system::{SystemClock, SystemEntropy};
use std::process::ExitCode;
use std::sync::Arc;

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
    let house = match House::open(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await {
        Ok(house) => house,
        Err(error) => return complain(error),
    };
    let stop = house.parts().stop.clone();
    if let Err(error) = stop_on_signals(&stop) {
        return complain(error);
    }
    tracing::info!("working: auctions are opened and closed, notices and mails are sent");
    stop.0.cancelled().await;
    if house.close().await {
        tracing::info!("stopped");
        ExitCode::SUCCESS
    } else {
        complain("not everything that was queued could be finished in time")
    }
}
