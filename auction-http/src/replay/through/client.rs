//! Somebody who sends bids.

use super::ServerError;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// One connection, over which everybody bids.
pub(super) struct Client {
    requests: SendRequest<Body>,
}

/// What is answered to a bid.
pub(super) enum Answer {
    /// It stands.
    Accepted,
    /// It does not, by the rule with this code.
    Refused(String),
    /// Anything else.
    Other(StatusCode, String),
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Result<Self, ServerError> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
        // What goes wrong with the connection is told to whoever has a request under way.
        tokio::spawn(connection);
        Ok(Self { requests })
    }

    /// Bids or buys, and waits for the answer.
    pub(super) async fn post(
        &mut self,
        path: &str,
        token: &str,
        body: String,
    ) -> Result<Answer, ServerError> {
        let request = Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(failed)?;
        self.requests.ready().await.map_err(failed)?;
        let response = self.requests.send_request(request).await.map_err(failed)?;
        let status = response.status();
        let body = to_bytes(Body::new(response.into_body()), ANSWER_BYTES_MAX).await.map_err(failed)?;
        Ok(answer(status, &body))
    }
}

fn answer(status: StatusCode, body: &[u8]) -> Answer {
    let code = || {
        let fields: Map<String, Value> = serde_json::from_slice(body).ok()?;
        Some(fields.get("code")?.as_str()?.to_owned())
    };
    let other = || Answer::Other(status, String::from_utf8_lossy(body).into_owned());
    match status {
        StatusCode::CREATED => Answer::Accepted,
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::CONFLICT => {
            code().map_or_else(other, Answer::Refused)
        }
        _ => other(),
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ServerError {
    ServerError::Request(error.into())
}
