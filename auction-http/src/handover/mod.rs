//! Work that another process hands to the server.
//!
//! On SQLite one process writes auctions: the one that holds the lock. A command that wants auctions written beside it
//! hands its [`Commission`] over through a socket in the data folder, [`SOCKET_FILE`], which only the owner of the
//! folder can open. One request a connection: a line of JSON, which is answered with lines that say how far the work
//! has come, and a last one with what came of it. A client that hangs up stops the work; what was made by then stays.
//!
//! Connections are served one after the other. Where there are no such sockets nobody listens, and nothing can be
//! handed over.

mod commission;
mod fill;
mod message;
#[cfg(unix)]
mod socket;

pub use commission::{COUNT_MAX, Commission, DAYS_AHEAD_MAX, DURATION_HOURS_MAX, InvalidCommission};
pub use fill::{FillError, HOUSE_EMAIL, fill};
pub use message::Delivery;
#[cfg(unix)]
pub use socket::{Listener, SOCKET_FILE, hand_over};

use std::io;

/// Why nothing came of work that was handed over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandoverError {
    /// The conversation broke off; some of it may be done.
    #[error("the server broke off: {0}")]
    Broken(#[from] io::Error),
    /// The server says no.
    #[error("{0}")]
    Refused(String),
}

/// The server's end; nobody can reach it here.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Listener;

#[cfg(not(unix))]
impl Listener {
    /// Does nothing.
    ///
    /// # Errors
    /// None.
    pub fn open(_: &crate::parts::Parts, _: Option<std::net::SocketAddr>) -> io::Result<Self> {
        Ok(Self)
    }

    /// Does nothing.
    pub async fn close(self) {}
}

/// Hands nothing over: nobody can be reached here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub async fn hand_over(
    _: &std::path::Path,
    _: &Commission,
    _: impl FnMut(usize),
) -> Result<Option<Delivery>, HandoverError> {
    Ok(None)
}
