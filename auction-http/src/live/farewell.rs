//! How the server takes its leave of a client: it says why, and stays until that can have been read.

use super::socket::SEND_WITHIN;
use super::watcher::Over;
use axum::extract::ws::{CloseFrame, Message as Wire, Utf8Bytes, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::error::Error;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tungstenite::Error as Fault;

/// How long the server stays after it has said goodbye. A connection that is dropped while something of the client is
/// unread is reset, and what was said last is lost with it.
pub const LINGER_MAX: Duration = Duration::from_secs(1);

/// Why a socket is closed by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: &'static str,
}

impl Close {
    pub(super) const RESTART: Self = Self::new(close_code::RESTART, "the server restarts");

    /// To be said when there is nothing more to see.
    pub(super) const fn after(over: Over) -> Self {
        match over {
            Over::Closed => Self::RESTART,
            Over::Lost => Self::new(close_code::RESTART, "the auction went back to an earlier state"),
        }
    }

    pub(super) const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }

    /// What is said to a client that breaks the rules of the protocol; `None` where it is gone.
    pub(super) fn of(error: axum::Error) -> Option<Self> {
        let error: Box<dyn Error + Send + Sync> = error.into_inner();
        match error.downcast_ref::<Fault>()? {
            Fault::Capacity(_) => Some(Self::new(close_code::SIZE, "a message is too large")),
            Fault::Utf8(_) => Some(Self::new(close_code::INVALID, "a text is not UTF-8")),
            Fault::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => None,
            Fault::Protocol(_) => Some(Self::new(close_code::PROTOCOL, "a frame breaks the protocol")),
            _ => None,
        }
    }

    /// Says goodbye, and stays until the client has answered or [`LINGER_MAX`] is over.
    pub(super) async fn say(
        self,
        sink: &mut SplitSink<WebSocket, Wire>,
        stream: &mut SplitStream<WebSocket>,
    ) {
        let frame = CloseFrame { code: self.code, reason: Utf8Bytes::from_static(self.reason) };
        if !matches!(timeout(SEND_WITHIN, sink.send(Wire::Close(Some(frame)))).await, Ok(Ok(()))) {
            return;
        }
        let until = Instant::now() + LINGER_MAX;
        let answered = timeout_at(until, async {
            loop {
                match stream.next().await {
                    Some(Ok(Wire::Close(_))) => return true,
                    Some(Ok(_)) => {}
                    // After a fault nothing more can be read, though much may be on its way.
                    Some(Err(_)) | None => return false,
                }
            }
        });
        if answered.await == Ok(false) {
            sleep_until(until).await;
        }
    }
}
