//! A client for WebSockets that keeps to the rules.

use super::process::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// A socket that is open.
pub(super) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Which protocol the server chose.
    pub(super) protocol: Option<String>,
}

/// What came over a socket.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    Text(String),
    /// The code with which it was closed.
    Closed(u16),
    /// The connection ended without a word.
    Gone,
}

impl Socket {
    /// Opens a socket; the status and the body of the refusal where it is refused, and 0 where nothing is answered.
    pub(super) async fn open(
        address: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, (u16, String)> {
        // A server that is just being killed answers nothing.
        let gone = |error: &dyn std::fmt::Display| (0, error.to_string());
        let stream = TcpStream::connect(address).await.map_err(|error| gone(&error))?;
        stream.set_nodelay(true).map_err(|error| gone(&error))?;
        let mut request = format!("ws://{address}{path}").into_client_request().expect("an address");
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("a name");
            request.headers_mut().append(name, HeaderValue::try_from(*value).expect("a value"));
        }
        match timeout(PATIENCE, client_async(request, stream)).await.expect("an answer in time") {
            Ok((stream, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|name| name.to_str().expect("ASCII").to_owned());
                Ok(Self { stream, protocol })
            }
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((response.status().as_u16(), String::from_utf8(body).expect("UTF-8")))
            }
            Err(other) => Err(gone(&other)),
        }
    }

    pub(super) async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await.expect("it is sent");
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), Error> {
        timeout(PATIENCE, self.stream.send(message)).await.expect("in time")
    }

    /// What comes next, besides pings.
    pub(super) async fn hear(&mut self) -> Heard {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("something comes") {
                Some(Ok(Message::Text(text))) => return Heard::Text(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(1005, |frame| frame.code.into());
                    // The answer to it goes out while the end is waited for.
                    while self.stream.next().await.is_some_and(|more| more.is_ok()) {}
                    return Heard::Closed(code);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> Value {
        match self.hear().await {
            Heard::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("{other:?}"),
        }
    }

    /// The next message that is so.
    pub(super) async fn next_where(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            if is_so(&message) {
                return message;
            }
        }
    }

    /// Reads to the end: the code with which it is closed.
    pub(super) async fn end(&mut self) -> Heard {
        loop {
            match self.hear().await {
                Heard::Text(_) => {}
                end => return end,
            }
        }
    }

    /// Bids, and waits for the answer.
    pub(super) async fn bid(&mut self, price: &str) -> Value {
        self.say(&json!({"action": "place_bid", "price": price})).await;
        self.next_where(|message| message["success"].is_string() || message["error"].is_string()).await
    }
}
