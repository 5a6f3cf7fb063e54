//! The sockets: accepting, serving, and the end.

use super::readers::Reader;
use super::source::Peer;
use crate::parts::Stop;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tower::Service;

/// How many connections are open at once; more wait in the system's queue.
pub const CONNECTIONS_MAX: usize = 16_384;

/// How long a client may take for the head of a request, and how long a connection may be idle.
pub const HEADERS_DURATION_MAX: Duration = Duration::from_secs(20);

/// The most headers of a request.
const HEADERS_MAX: usize = 64;

/// The most of a request's head that is held, in bytes.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// How long requests that are under way have when the server stops.
pub const STOP_DURATION_MAX: Duration = Duration::from_millis(2_500);

/// How long nothing is accepted after the system refused a connection, for lack of file handles for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections and serves them until `stop` is cancelled. Then nothing more is accepted, and requests that
/// are under way have [`STOP_DURATION_MAX`] to end.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let connections = TaskTracker::new();
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_DURATION_MAX)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX);
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = stop.0.cancelled() => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (builder, router, stop) = (builder.clone(), router.clone(), stop.clone());
                connections.spawn(async move {
                    connection(&builder, stream, peer, router, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(STOP_DURATION_MAX, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "connections were still open when the server stopped");
    }
}

/// Serves one connection to its end.
async fn connection(builder: &Builder, stream: TcpStream, peer: SocketAddr, router: Router, stop: Stop) {
    // Small answers should leave at once; where that cannot be, they leave a little later.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let mut router = router.clone();
        async move { Ok::<_, Infallible>(answer(router.call(request).await)) }
    });
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(Reader::new(stream)), service).with_upgrades());
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop.0.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::trace!(%error, "a connection ended early");
    }
}

/// A router always answers.
fn answer<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}
