//! A house that a process of its own keeps: what `serve` and `worker` have in common.

use super::complain;
use super::signals::stop_on_signals;
use crate::handover::Listener;
use crate::parts::Parts;
use crate::server::{Duties, House};
use crate::settings::{Database, Mail, Settings};
use auction_adapters::system::{SystemClock, SystemEntropy};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

/// A house that works, and what other processes hand work over to.
pub(super) struct Opened {
    house: House,
    handover: Option<Listener>,
}

/// Says what about the settings is worth a word, and no reason not to start.
pub(super) fn warn(settings: &Settings) {
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
    if settings.is_production() && matches!(settings.mail, Mail::Files { .. }) {
        tracing::warn!("EMAIL_HOST is not set: mails are written to files, where nobody receives them");
    }
}

impl Opened {
    /// Opens the house, which stops at a signal, and takes work from other processes; `address` is where it answers
    /// HTTP, if it does. What went wrong has been said where there is none.
    pub(super) async fn open(
        settings: Settings,
        address: Option<SocketAddr>,
        duties: Duties,
    ) -> Result<Self, ExitCode> {
        let clock = Arc::new(SystemClock);
        let house = House::open_with(settings, clock, Arc::new(SystemEntropy), duties).await;
        let house = house.map_err(complain)?;
        stop_on_signals(&house.parts().stop).map_err(complain)?;
        let handover = listen_for_work(house.parts(), address);
        Ok(Self { house, handover })
    }

    pub(super) const fn parts(&self) -> &Parts {
        self.house.parts()
    }

    /// Ends in order, once the house has been told to stop.
    pub(super) async fn close(self) -> ExitCode {
        if let Some(handover) = self.handover {
            handover.close().await;
        }
        if self.house.close().await {
            tracing::info!("stopped");
            ExitCode::SUCCESS
        } else {
            complain("not everything that was queued could be finished in time")
        }
    }
}

/// Takes work from other processes where this one holds the lock of a database that they see too. It goes on where it
/// cannot.
fn listen_for_work(parts: &Parts, address: Option<SocketAddr>) -> Option<Listener> {
    if !matches!(parts.settings.database, Database::Sqlite(_)) {
        return None;
    }
    Listener::open(parts, address)
        .inspect_err(|error| {
            tracing::warn!(%error, "no work is taken from other processes, such as generate-auctions");
        })
        .ok()
}
