//! The public states of several auctions over one socket. It takes pings, and no bids.

use super::farewell::Close;
use super::frame::Frame;
use super::hub::Hub;
use super::socket::{CHATTER_MAX, CHATTER_WITHIN, PING_EVERY, SEND_WITHIN, is_ping, pong};
use super::tally::Tally;
use super::watcher::{Over, Watcher};
use auction_adapters::runtime::DeskHandle;
use auction_core::AuctionId;
use axum::extract::ws::{Message as Wire, Utf8Bytes, WebSocket, close_code};
use futures_util::future::select_all;
use futures_util::{FutureExt, SinkExt, StreamExt};
use std::sync::Arc;
use tokio::time::{Instant, interval, timeout};
use tokio_util::sync::CancellationToken;

/// How many auctions one feed can follow.
pub const FEED_AUCTIONS_MAX: usize = 50;

/// A state and whose it is.
fn named(id: AuctionId, frame: &Frame) -> Utf8Bytes {
    let public = frame.public.as_str();
    let rest = public.strip_prefix('{').unwrap_or(public);
    format!("{{\"auction\":{id},{rest}").into()
}

/// Serves a feed until it ends.
pub(super) async fn serve(
    socket: WebSocket,
    hub: Hub,
    auctions: Vec<AuctionId>,
    is_public: impl Fn(&Frame) -> bool + Send,
    desk: DeskHandle,
    stop: CancellationToken,
) {
    let (mut sink, mut stream) = socket.split();
    let mut watchers: Vec<(AuctionId, Watcher)> = Vec::with_capacity(auctions.len());
    for id in auctions {
        let Ok(Some(mut watcher)) = hub.watch(id).await else { continue };
        let Some(frame) = watcher.newest().filter(|frame| is_public(frame)) else { continue };
        if timeout(SEND_WITHIN, sink.send(Wire::Text(named(id, &frame)))).await.is_err() {
            return;
        }
        watchers.push((id, watcher));
    }
    let mut ping = interval(PING_EVERY);
    let mut heard = true;
    let mut chatter = Tally::new(CHATTER_MAX, CHATTER_WITHIN);
    loop {
        let next = async {
            if watchers.is_empty() {
                return std::future::pending().await;
            }
            let waiting = watchers.iter_mut().map(|(id, watcher)| {
                let id = *id;
                async move { (id, watcher.next().await) }.boxed()
            });
            select_all(waiting).await.0
        };
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => Err(Close::RESTART),
            (id, frame) = next => {
                let frame: Result<Arc<Frame>, Over> = frame;
                frame.map(|frame| Wire::Text(named(id, &frame))).map_err(Close::after)
            }
            _ = ping.tick() => {
                if !std::mem::take(&mut heard) {
                    return;
                }
                Ok(Wire::Ping(axum::body::Bytes::new()))
            }
            said = stream.next() => match said {
                Some(Ok(Wire::Close(_))) | None => return,
                Some(Err(error)) => match Close::of(error) {
                    Some(close) => Err(close),
                    None => return,
                },
                // Nothing else that is said here means anything.
                Some(Ok(said)) if !chatter.is_exceeded(Instant::now()) => {
                    heard = true;
                    if !is_ping(&said) {
                        continue;
                    }
                    Ok(Wire::Text(pong(&desk)))
                }
                Some(Ok(_)) => Err(Close::new(close_code::POLICY, "too many messages")),
            },
        };
        match message {
            Ok(message) => {
                if !matches!(timeout(SEND_WITHIN, sink.send(message)).await, Ok(Ok(()))) {
                    return;
                }
            }
            Err(close) => return close.say(&mut sink, &mut stream).await,
        }
    }
}
