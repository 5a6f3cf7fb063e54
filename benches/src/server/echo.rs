//! The probes that answer over the network: what axum alone does with the same requests and the same bytes.

use super::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The name that files of answers end with.
pub const ANSWER_SUFFIX: &str = ".answer";
/// Where a socket answers what it hears.
pub const SOCKET: &str = "/ws";
/// Where JSON is read, and written again.
pub const JSON: &str = "/api/auctions/{id}/bids/";

type Answers = Arc<HashMap<String, Bytes>>;

/// Serves until the process ends. Files of `folder` that end with [`ANSWER_SUFFIX`] are answers by name.
///
/// # Errors
/// Where it cannot serve.
pub fn serve(folder: &Path) -> Result<()> {
    let mut answers = HashMap::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(ANSWER_SUFFIX));
        if let Some(name) = name {
            answers.insert(name.to_owned(), Bytes::from(std::fs::read(&path)?));
        }
    }
    let router = Router::new()
        .route(SOCKET, any(socket))
        .route(JSON, post(json))
        .route("/{name}", get(answer))
        .with_state(Arc::new(answers));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            // Without it the answer is late, and the figure a better one for whoever is compared.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// Answers every text with itself.
async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if matches!(message, Message::Text(_)) && socket.send(message).await.is_err() {
                return;
            }
        }
    })
}

/// Reads JSON and writes it again.
async fn json(axum::Json(body): axum::Json<Value>) -> (StatusCode, axum::Json<Value>) {
    (StatusCode::CREATED, axum::Json(body))
}

/// Answers bytes from memory.
async fn answer(
    State(answers): State<Answers>,
    axum::extract::Path(name): axum::extract::Path<String>,
) -> Response {
    match answers.get(&name) {
        Some(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
