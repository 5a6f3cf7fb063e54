//! The notices of one person over one socket, as they are written. It takes pings, and no commands.

use super::beat::beats_of;
use super::bell::{Bell, Rings};
use super::farewell::Close;
use super::host::{Host, Viewer};
use super::socket::{
    CHATTER_MAX, CHATTER_WITHIN, End, PING_EVERY, SEND_WITHIN, close, every, failed, in_time, is_ping, pong,
};
use super::tally::Tally;
use auction_adapters::runtime::DeskHandle;
use auction_core::ports::{INBOX_HEAD_MAX, InboxPage, InboxStore};
use axum::extract::ws::{Message as Wire, Utf8Bytes, WebSocket, close_code};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::sync::Arc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Everything that a socket needs.
pub(super) struct Session {
    pub(super) viewer: Viewer,
    pub(super) host: Arc<dyn Host>,
    pub(super) bell: Arc<Bell>,
    pub(super) inbox: Arc<dyn InboxStore>,
    pub(super) desk: DeskHandle,
    pub(super) stop: CancellationToken,
}

/// Serves a socket until it ends.
pub(super) async fn serve(socket: WebSocket, mut session: Session) {
    let (mut sink, mut stream) = socket.split();
    let mut rings = session.bell.listen(session.viewer.user);
    session.remember().await;
    if session.count(&mut sink, Count::Greeting).await.is_err() {
        return;
    }
    let (mut ping, mut renew) = (every(PING_EVERY), beats_of(session.viewer.user));
    let (mut heard, mut chatter) = (true, Tally::new(CHATTER_MAX, CHATTER_WITHIN));
    let stop = session.stop.clone();
    let end = loop {
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => Err(End::Close(Close::RESTART)),
            _ = renew.tick() => session.renew().await,
            _ = ping.tick() => match std::mem::take(&mut heard) {
                true => send(&mut sink, Wire::Ping(axum::body::Bytes::new())).await,
                false => Err(End::Gone),
            },
            notice = rings.next() => match notice {
                Some(notice) => send(&mut sink, Wire::Text(notice)).await,
                None => session.catch_up(&mut sink, &mut rings).await,
            },
            said = stream.next() => match said {
                Some(Ok(Wire::Close(_))) | None => Err(End::Gone),
                Some(Err(error)) => Err(Close::of(error).map_or(End::Gone, End::Close)),
                // Nothing else that is said here means anything.
                Some(Ok(said)) if !chatter.is_exceeded(Instant::now()) => {
                    heard = true;
                    match is_ping(&said) {
                        true => send(&mut sink, Wire::Text(pong(&session.desk))).await,
                        false => Ok(()),
                    }
                }
                Some(Ok(_)) => Err(close(close_code::POLICY, "too many messages")),
            },
        };
        if let Err(end) = done {
            break end;
        }
    };
    if let End::Close(close) = end {
        close.say(&mut sink, &mut stream).await;
    }
}

/// When somebody is told how many notices they have not read.
#[derive(Clone, Copy)]
enum Count {
    Greeting,
    Missed,
}

impl Session {
    /// Begins anew after notices were missed: they are in the inbox.
    async fn catch_up(
        &mut self,
        sink: &mut SplitSink<WebSocket, Wire>,
        rings: &mut Rings,
    ) -> Result<(), End> {
        *rings = self.bell.listen(self.viewer.user);
        self.remember().await;
        self.count(sink, Count::Missed).await
    }

    /// What stands in the inbox already does not ring. Where it cannot be read, it rings once more.
    async fn remember(&self) {
        let user = self.viewer.user;
        if let Ok(newest) = self.inbox.inbox(user, InboxPage::Before(None), INBOX_HEAD_MAX).await {
            self.bell.remember(user, &newest);
        }
    }

    async fn count(&self, sink: &mut SplitSink<WebSocket, Wire>, when: Count) -> Result<(), End> {
        let unread = self.inbox.count_notices(self.viewer.user).await.map_err(|_| failed())?.unread;
        let body = match when {
            Count::Greeting => json!({ "unread_count": unread }),
            Count::Missed => json!({ "unread_count": unread, "missed": true }),
        };
        send(sink, Wire::Text(Utf8Bytes::from(body.to_string()))).await
    }

    /// Looks whether the token still lives.
    async fn renew(&mut self) -> Result<(), End> {
        match self.host.renew(&self.viewer.token).await {
            Ok(Some(viewer)) => {
                self.viewer = viewer;
                Ok(())
            }
            Ok(None) => Err(close(close_code::POLICY, "signed out")),
            // A store that is gone ends no socket.
            Err(_) => Ok(()),
        }
    }
}

async fn send(sink: &mut SplitSink<WebSocket, Wire>, message: Wire) -> Result<(), End> {
    in_time(timeout(SEND_WITHIN, sink.send(message)).await)
}
