//! The handshakes.

use super::bell::Bell;
use super::farewell::Close;
use super::feed::{self, FEED_AUCTIONS_MAX};
use super::host::{Host, Token, Unwelcome, Viewer};
use super::hub::{Hub, WatchError};
use super::message::{MESSAGE_BYTES_MAX, Message};
use super::notices;
use super::places::{Owner, Place, Places};
use super::socket::{self, Session};
use super::watcher::Watcher;
use crate::error::{ApiError, ApiResult};
use crate::people::ClientSource;
use auction_adapters::runtime::DeskHandle;
use auction_core::AuctionId;
use auction_core::ports::InboxStore;
use axum::Router;
use axum::extract::ws::{Message as Wire, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{FromRef, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use futures_util::StreamExt;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long a socket without a token may take to send it as its first message.
pub const TOKEN_WITHIN: Duration = Duration::from_secs(5);
/// The subprotocol of the sockets.
pub const PROTOCOL: &str = "auction.v1";
/// What stands before a token among the subprotocols.
const TOKEN_PROTOCOL: &str = "token.";

/// What the live room needs.
#[derive(Clone)]
pub struct LiveParts {
    /// Where states come from.
    pub hub: Hub,
    /// The rest of the server.
    pub host: Arc<dyn Host>,
    /// Where bids are handed in.
    pub desk: DeskHandle,
    /// How many sockets are open.
    pub places: Arc<Places>,
    /// The origins from which browsers may come; empty where that is not checked.
    pub origins: Arc<[String]>,
    /// Tells of new notices.
    pub bell: Arc<Bell>,
    /// Where notices are kept.
    pub inbox: Arc<dyn InboxStore>,
    /// Closes all sockets.
    pub stop: CancellationToken,
}

/// The sockets: `/ws/auction/{id}/`, `/ws/auctions/` and `/ws/notifications/`.
pub fn router<S>() -> Router<S>
where
    LiveParts: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/ws/auction/{id}/", get(auction))
        .route("/ws/auctions/", get(auctions))
        .route("/ws/notifications/", get(notifications))
}

#[derive(Deserialize)]
struct AuctionQuery {
    token: Option<String>,
    since: Option<u64>,
}

async fn auction(
    State(parts): State<LiveParts>,
    ClientSource(source): ClientSource,
    Path(id): Path<String>,
    Query(query): Query<AuctionQuery>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> ApiResult<Response> {
    check_origin(&parts, &headers)?;
    let id =
        id.parse().ok().and_then(|number| AuctionId::new(number).ok()).ok_or_else(ApiError::not_found)?;
    let upgrade = prepare(upgrade);
    let since = query.since;
    match token(query.token, &headers) {
        Some(token) => {
            let viewer = parts.host.admit(&token, id).await?;
            let place = take(&parts, Owner::User(viewer.user))?;
            let watcher = parts.hub.watch(id).await?.ok_or_else(ApiError::not_found)?;
            Ok(upgrade.on_upgrade(move |socket| seated(socket, parts, id, viewer, watcher, since, place)))
        }
        None => {
            let waiting = take(&parts, Owner::Source(source))?;
            Ok(upgrade.on_upgrade(move |socket| async move {
                welcome(socket, parts, id, since).await;
                drop(waiting);
            }))
        }
    }
}

/// The token of a socket that came without one, if it is the first thing that is said.
async fn first_token(socket: &mut WebSocket) -> Option<Token> {
    match timeout(TOKEN_WITHIN, socket.recv()).await {
        Ok(Some(Ok(Wire::Text(text)))) => match Message::read(&text) {
            Ok(Message::Token(token)) => Some(Token::new(token)),
            _ => None,
        },
        _ => None,
    }
}

async fn turn_away(socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    Close::new(close_code::POLICY, "not welcome").say(&mut sink, &mut stream).await;
}

/// Waits for the token of a socket that came without one.
async fn welcome(mut socket: WebSocket, parts: LiveParts, id: AuctionId, since: Option<u64>) {
    let token = first_token(&mut socket).await;
    let welcome = async {
        let viewer = parts.host.admit(&token?, id).await.ok()?;
        let place = parts.places.take(Owner::User(viewer.user))?;
        let watcher = parts.hub.watch(id).await.ok()??;
        Some((viewer, watcher, place))
    };
    match welcome.await {
        Some((viewer, watcher, place)) => seated(socket, parts, id, viewer, watcher, since, place).await,
        None => turn_away(socket).await,
    }
}

async fn seated(
    socket: WebSocket,
    parts: LiveParts,
    auction: AuctionId,
    viewer: Viewer,
    watcher: Watcher,
    since: Option<u64>,
    place: Place,
) {
    let LiveParts { host, desk, stop, .. } = parts;
    socket::serve(socket, Session { auction, viewer, host, desk, watcher, since, stop }).await;
    drop(place);
}

#[derive(Deserialize)]
struct NoticesQuery {
    token: Option<String>,
}

async fn notifications(
    State(parts): State<LiveParts>,
    ClientSource(source): ClientSource,
    Query(query): Query<NoticesQuery>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> ApiResult<Response> {
    check_origin(&parts, &headers)?;
    let upgrade = prepare(upgrade);
    match token(query.token, &headers) {
        Some(token) => {
            let viewer = parts.host.renew(&token).await?.ok_or_else(ApiError::invalid_token)?;
            let place = take(&parts, Owner::User(viewer.user))?;
            Ok(upgrade.on_upgrade(move |socket| told(socket, parts, viewer, place)))
        }
        None => {
            let waiting = take(&parts, Owner::Source(source))?;
            Ok(upgrade.on_upgrade(move |mut socket| async move {
                let token = first_token(&mut socket).await;
                let welcome = async {
                    let viewer = parts.host.renew(&token?).await.ok()??;
                    let place = parts.places.take(Owner::User(viewer.user))?;
                    Some((viewer, place))
                };
                match welcome.await {
                    Some((viewer, place)) => told(socket, parts, viewer, place).await,
                    None => turn_away(socket).await,
                }
                drop(waiting);
            }))
        }
    }
}

async fn told(socket: WebSocket, parts: LiveParts, viewer: Viewer, place: Place) {
    let LiveParts { host, bell, inbox, desk, stop, .. } = parts;
    notices::serve(socket, notices::Session { viewer, host, bell, inbox, desk, stop }).await;
    drop(place);
}

#[derive(Deserialize)]
struct FeedQuery {
    #[serde(default)]
    ids: String,
    token: Option<String>,
}

async fn auctions(
    State(parts): State<LiveParts>,
    ClientSource(source): ClientSource,
    Query(query): Query<FeedQuery>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> ApiResult<Response> {
    check_origin(&parts, &headers)?;
    let mut ids = Vec::new();
    for text in query.ids.split(',').filter(|text| !text.is_empty()) {
        let id = text.trim().parse().ok().and_then(|number| AuctionId::new(number).ok());
        ids.push(id.ok_or_else(|| ApiError::field("ids", "Must be numbers with commas between them."))?);
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > FEED_AUCTIONS_MAX {
        return Err(ApiError::field("ids", format!("Must be 1 to {FEED_AUCTIONS_MAX} auctions.")));
    }
    let owner = match token(query.token, &headers) {
        Some(token) => {
            let viewer = parts.host.renew(&token).await?.ok_or_else(ApiError::invalid_token)?;
            Owner::User(viewer.user)
        }
        None => Owner::Source(source),
    };
    let is_signed_in = matches!(owner, Owner::User(_));
    let place = take(&parts, owner)?;
    let LiveParts { hub, host, desk, stop, .. } = parts;
    Ok(prepare(upgrade).on_upgrade(move |socket| async move {
        let is_public = move |frame: &super::Frame| is_signed_in || host.is_public(&frame.auction);
        feed::serve(socket, hub, ids, is_public, desk, stop).await;
        drop(place);
    }))
}

fn prepare(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
}

fn take(parts: &LiveParts, owner: Owner) -> ApiResult<Place> {
    parts.places.take(owner).ok_or_else(|| {
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sockets", "Too many sockets are open.")
            .retry_after(1)
    })
}

/// The token of a handshake: in the address, in the header, or among the subprotocols.
fn token(query: Option<String>, headers: &HeaderMap) -> Option<Token> {
    if let Some(token) = query.filter(|token| !token.is_empty()) {
        return Some(Token::new(token));
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = text(header::AUTHORIZATION).and_then(|value| value.split_once(' ')) {
        let is_known = scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer");
        return is_known.then(|| Token::new(token.trim().to_owned()));
    }
    let protocols = text(header::SEC_WEBSOCKET_PROTOCOL)?;
    let found = protocols.split(',').find_map(|protocol| protocol.trim().strip_prefix(TOKEN_PROTOCOL))?;
    Some(Token::new(found.to_owned()))
}

/// A browser says from which site it comes; a foreign one may not use its visitor's rights. Our own may.
fn check_origin(parts: &LiveParts, headers: &HeaderMap) -> ApiResult<()> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_allowed = origin.to_str().is_ok_and(|origin| {
        is_of_host(origin, host) || parts.origins.iter().any(|allowed| allowed == origin)
    });
    if is_allowed { Ok(()) } else { Err(ApiError::forbidden()) }
}

/// Whether it is a page of the same server, under whatever name that was asked. The names are bounded elsewhere.
fn is_of_host(origin: &str, host: Option<&str>) -> bool {
    let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    name.is_some_and(|name| !name.is_empty() && host.is_some_and(|host| host.eq_ignore_ascii_case(name)))
}

impl From<Unwelcome> for ApiError {
    fn from(why: Unwelcome) -> Self {
        match why {
            Unwelcome::InvalidToken => Self::invalid_token(),
            Unwelcome::NotFound => Self::not_found(),
            Unwelcome::Forbidden => Self::forbidden(),
            Unwelcome::Failed(failure) => failure.into(),
        }
    }
}

impl From<WatchError> for ApiError {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::HubFull(_) => Self::busy(),
            WatchError::Failed(failure) => failure.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_same_host_is_ours_and_a_lookalike_is_not() {
        let is_ours = |origin, host| is_of_host(origin, Some(host));
        assert!(is_ours("https://a.test", "a.test") && is_ours("http://A.test:81", "a.test:81"));
        for origin in [
            "http://a.test",
            "https://a.test:82",
            "https://a.test:81.evil.test",
            "ws://a.test:81",
            "null",
            "http://",
            "",
        ] {
            assert!(!is_ours(origin, "a.test:81"), "{origin}");
        }
        assert!(!is_of_host("http://a.test", None) && !is_ours("http://", ""));
    }
}
