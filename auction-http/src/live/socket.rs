//! One socket of one person in one auction.
//!
//! The answers to a person's bids come before the states that follow from them: the desk answers before it
//! publishes, and the loop looks for answers first.

use super::beat::beats_of;
use super::farewell::Close;
use super::frame::Frame;
use super::host::{Host, Viewer};
use super::message::{Message, Misunderstood};
use super::own::Own;
use super::tally::Tally;
use super::watcher::Watcher;
use crate::wire::auction::leader;
use crate::wire::state::You;
use auction_adapters::runtime::DeskHandle;
use auction_core::AuctionId;
use auction_core::auction::{Action, Bid, Command};
use auction_core::money::Amount;
use auction_core::ports::IdempotencyKey;
use auction_core::service::desk::Request;
use axum::extract::ws::{Message as Wire, Utf8Bytes, WebSocket, close_code};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// How often the server asks whether the client is still there.
pub const PING_EVERY: Duration = Duration::from_secs(20);
/// How many of a client's bids may wait for their answers; it is not read on before one is answered.
pub const BIDS_IN_FLIGHT_MAX: usize = 256;
/// How long a client may take to accept a message.
pub const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How many messages that were not understood close the socket, when they come within [`JUNK_WITHIN`].
pub const JUNK_MAX: u32 = 20;
/// In which time.
pub const JUNK_WITHIN: Duration = Duration::from_secs(10);
/// How many messages besides bids close the socket, pings of the protocol and bids above the limit included, when they
/// come within [`CHATTER_WITHIN`].
pub const CHATTER_MAX: u32 = 1_000;
/// In which time.
pub const CHATTER_WITHIN: Duration = Duration::from_secs(10);

/// Everything that a socket needs.
pub(super) struct Session {
    pub(super) auction: AuctionId,
    pub(super) viewer: Viewer,
    pub(super) host: Arc<dyn Host>,
    pub(super) desk: DeskHandle,
    pub(super) watcher: Watcher,
    pub(super) since: Option<u64>,
    pub(super) stop: CancellationToken,
}

/// The client is gone, or there is a reason to close.
pub(super) enum End {
    Gone,
    Close(Close),
}

/// What is answered, and from which version on the viewer is owed an own copy.
type Answer = BoxFuture<'static, (Utf8Bytes, Option<u64>)>;

/// What a socket remembers between messages.
struct Seat {
    session: Session,
    sink: SplitSink<WebSocket, Wire>,
    answers: FuturesOrdered<Answer>,
    /// The next state of this version or a later one has to be the viewer's own copy.
    owed: Option<u64>,
    own: Own,
    was_leader: bool,
    junk: Tally,
    chatter: Tally,
    heard: bool,
}

/// Serves a socket until it ends.
pub(super) async fn serve(socket: WebSocket, session: Session) {
    let (sink, mut stream) = socket.split();
    let mut seat = Seat {
        session,
        sink,
        answers: FuturesOrdered::new(),
        owed: Some(0),
        own: Own::default(),
        was_leader: false,
        junk: Tally::new(JUNK_MAX, JUNK_WITHIN),
        chatter: Tally::new(CHATTER_MAX, CHATTER_WITHIN),
        heard: true,
    };
    if let Err(End::Close(close)) = seat.run(&mut stream).await {
        let _late = timeout(SEND_WITHIN, seat.finish_answers()).await;
        close.say(&mut seat.sink, &mut stream).await;
    }
}

impl Seat {
    async fn run(&mut self, stream: &mut SplitStream<WebSocket>) -> Result<(), End> {
        self.greet().await?;
        let stop = self.session.stop.clone();
        let (mut ping, mut renew) = (every(PING_EVERY), beats_of(self.session.viewer.user));
        loop {
            let reads_on = self.answers.len() < BIDS_IN_FLIGHT_MAX;
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(End::Close(Close::RESTART)),
                Some(answer) = self.answers.next(), if !self.answers.is_empty() => self.answer(answer).await?,
                _ = renew.tick() => self.renew().await?,
                _ = ping.tick() => self.ping().await?,
                frame = self.session.watcher.next() => match frame {
                    Ok(frame) => {
                        // An answer may have come since it was looked for, and the frame may follow from it.
                        if let Some(answer) = self.answers.next().now_or_never().flatten() {
                            self.answer(answer).await?;
                        }
                        self.show(&frame).await?;
                    }
                    Err(over) => return Err(End::Close(Close::after(over))),
                },
                message = stream.next(), if reads_on => match message {
                    Some(Ok(message)) => self.hear(message).await?,
                    Some(Err(error)) => return Err(Close::of(error).map_or(End::Gone, End::Close)),
                    None => return Err(End::Gone),
                },
            }
        }
    }

    /// What was missed, and the state.
    async fn greet(&mut self) -> Result<(), End> {
        if let Some(since) = self.session.since {
            let missed = self.session.host.missed(self.session.auction, since).await;
            self.send(missed.map_err(|_| failed())?.into()).await?;
        }
        match self.session.watcher.newest() {
            Some(frame) => self.show(&frame).await,
            None => Err(failed()),
        }
    }

    async fn hear(&mut self, message: Wire) -> Result<(), End> {
        self.heard = true;
        match message {
            Wire::Text(text) => match Message::read(&text) {
                Ok(Message::Bid { bid, key }) => self.bid(bid, key),
                Ok(Message::Ping) => {
                    self.count_chatter()?;
                    self.send(pong(&self.session.desk)).await
                }
                // The token was known before the socket was opened.
                Ok(Message::Token(_)) => self.count_chatter(),
                Err(misunderstood) => self.scold(misunderstood).await,
            },
            Wire::Binary(_) => {
                self.scold(Misunderstood { error: "Invalid JSON format", code: "invalid_json", key: None })
                    .await
            }
            Wire::Ping(_) | Wire::Pong(_) => self.count_chatter(),
            Wire::Close(_) => Err(End::Gone),
        }
    }

    /// Counts a message that is no bid; too much of it closes the socket.
    fn count_chatter(&mut self) -> Result<(), End> {
        if self.chatter.is_exceeded(Instant::now()) {
            return Err(close(close_code::POLICY, "too many messages"));
        }
        Ok(())
    }

    /// Hands a bid in. The answer comes through [`Seat::answers`], in the order of the bids.
    fn bid(&mut self, bid: Bid, key: Option<IdempotencyKey>) -> Result<(), End> {
        let Session { auction, viewer, host, desk, .. } = &self.session;
        if let Err(seconds) = host.count_bid(viewer.user) {
            self.count_chatter()?;
            let text = complaint("Too many bids. Slow down.", "throttled", key, Some(seconds));
            self.answers.push_back(std::future::ready((text, None)).boxed());
            return Ok(());
        }
        let stamp = desk.stamp();
        let request = Request {
            auction: *auction,
            command: Command::of(viewer.user, stamp.at(), Action::Bid(bid)),
            facts: viewer.facts,
            key,
        };
        let (desk, host) = (desk.clone(), Arc::clone(host));
        // The desk takes the bid when the future is first polled: at once, and in order.
        let mut waiting = async move { desk.submit(stamp, request).await }.boxed();
        let early = (&mut waiting).now_or_never();
        let answer = async move {
            let reply = match early {
                Some(reply) => reply,
                None => waiting.await,
            };
            match &reply {
                Ok(accepted) => (host.accepted(accepted, key).into(), Some(accepted.version)),
                Err(refusal) => (host.refused(refusal, key).into(), None),
            }
        };
        self.answers.push_back(answer.boxed());
        Ok(())
    }

    /// Sends an answer, and with it all others that are there already.
    async fn answer(&mut self, first: (Utf8Bytes, Option<u64>)) -> Result<(), End> {
        let mut next = Some(first);
        while let Some((text, owed)) = next {
            self.owed = self.owed.max(owed);
            self.feed(text).await?;
            next = self.answers.next().now_or_never().flatten();
        }
        self.flush().await
    }

    /// Answers everything that was handed in.
    async fn finish_answers(&mut self) {
        while let Some((text, _)) = self.answers.next().await {
            if self.feed(text).await.is_err() {
                return;
            }
        }
    }

    /// Shows a state: one's own copy where one leads, has just lost the lead, has a rank, has acted (also over another
    /// connection, or had bids struck), or is owed one.
    async fn show(&mut self, frame: &Frame) -> Result<(), End> {
        let user = self.session.viewer.user;
        self.own.see(frame, user);
        let is_leader = leader(&frame.auction) == Some(user);
        let is_owed = self.owed.is_some_and(|owed| owed <= frame.auction.version());
        let rank = frame.ranks.as_ref().and_then(|ranks| ranks.rank(user));
        let has_acted = frame.acted.as_ref().is_some_and(|acted| acted.standing(user).is_some());
        let is_own = is_owed || is_leader || self.was_leader || has_acted || rank.is_some();
        self.was_leader = is_leader;
        if !is_own {
            return self.send(frame.public.clone()).await;
        }
        if is_owed {
            self.owed = None;
        }
        let maximum = self.own_maximum(frame).await?;
        let you = self.session.host.you(&frame.auction, You { leading: is_leader, maximum, rank });
        self.send(frame.own(&you)).await
    }

    /// Up to how much the viewer bids, from the frames where they tell.
    async fn own_maximum(&mut self, frame: &Frame) -> Result<Option<Amount>, End> {
        if let Some(known) = self.own.maximum() {
            return Ok(known);
        }
        let Session { auction, viewer, host, .. } = &self.session;
        let standing = host.standing(*auction, viewer.user).await.map_err(|_| failed())?;
        self.own.learn(frame, standing);
        Ok(standing.maximum)
    }

    /// Says what was not understood; too much of it closes the socket.
    async fn scold(&mut self, what: Misunderstood) -> Result<(), End> {
        if self.junk.is_exceeded(Instant::now()) {
            return Err(close(close_code::POLICY, "too many messages that make no sense"));
        }
        self.send(complaint(what.error, what.code, what.key, None)).await
    }

    /// Asks whether the client is still there; who has not been heard of since the last time is gone.
    async fn ping(&mut self) -> Result<(), End> {
        if !std::mem::take(&mut self.heard) {
            return Err(End::Gone);
        }
        self.put(Wire::Ping(axum::body::Bytes::new())).await?;
        self.flush().await
    }

    /// Looks whether the token still lives, and what is known of the person now.
    async fn renew(&mut self) -> Result<(), End> {
        match self.session.host.renew(&self.session.viewer.token).await {
            Ok(Some(viewer)) => {
                self.session.viewer = viewer;
                Ok(())
            }
            Ok(None) => Err(close(close_code::POLICY, "signed out")),
            // The desk asks again before it refuses; a store that is gone ends no socket.
            Err(_) => Ok(()),
        }
    }

    async fn send(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.feed(text).await?;
        self.flush().await
    }

    async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.put(Wire::Text(text)).await
    }

    async fn put(&mut self, message: Wire) -> Result<(), End> {
        in_time(timeout(SEND_WITHIN, self.sink.feed(message)).await)
    }

    async fn flush(&mut self) -> Result<(), End> {
        in_time(timeout(SEND_WITHIN, self.sink.flush()).await)
    }
}

/// What came of sending; a client that takes too long is as good as gone.
pub(super) fn in_time<E>(sent: Result<Result<(), E>, tokio::time::error::Elapsed>) -> Result<(), End> {
    match sent {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}

pub(super) fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once.
    ticks.reset();
    ticks
}

/// The answer to a ping: the time of the house.
pub(super) fn pong(desk: &DeskHandle) -> Utf8Bytes {
    json!({ "pong": desk.stamp().at().millis() }).to_string().into()
}

/// Whether a client that can order nothing here asks whether the server is there.
pub(super) fn is_ping(message: &Wire) -> bool {
    matches!(message, Wire::Text(text) if matches!(Message::read(text), Ok(Message::Ping)))
}

pub(super) const fn close(code: u16, reason: &'static str) -> End {
    End::Close(Close::new(code, reason))
}

pub(super) const fn failed() -> End {
    close(close_code::ERROR, "something went wrong on our side")
}

fn complaint(
    error: &str,
    code: &str,
    key: Option<IdempotencyKey>,
    retry_after_secs: Option<u32>,
) -> Utf8Bytes {
    let mut body = json!({ "error": error, "code": code });
    if let Some(key) = key {
        body["id"] = key.as_str().into();
    }
    if let Some(secs) = retry_after_secs {
        body["retry_after"] = secs.into();
    }
    body.to_string().into()
}
