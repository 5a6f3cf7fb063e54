//! A client for WebSockets that keeps to no rules: it writes whatever bytes a test wants.

use super::process::PATIENCE;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;

/// Whether more of the same message follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    More,
    Nothing,
}

/// A connection after its handshake.
pub(super) struct Frames(pub(super) TcpStream);

/// How much the system holds for a client that never reads, in bytes.
const DEAF_BYTES: u32 = 4_096;

impl Frames {
    pub(super) async fn open(address: SocketAddr, path: &str) -> Self {
        Self::shake_hands(TcpStream::connect(address).await.expect("it accepts"), path).await
    }

    /// A connection of a client that will not read.
    pub(super) async fn open_deaf(address: SocketAddr, path: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(DEAF_BYTES).expect("a small buffer");
        Self::shake_hands(socket.connect(address).await.expect("it accepts"), path).await
    }

    async fn shake_hands(mut stream: TcpStream, path: &str) -> Self {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(timeout(PATIENCE, stream.read_u8()).await.expect("in time").expect("an answer"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
        Self(stream)
    }

    /// Writes as much as the server takes; an error where it takes no more.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).await
    }

    pub(super) async fn goodbye(&mut self) -> Option<u16> {
        goodbye(&mut self.0).await
    }
}

/// Reads on to the goodbye: its code, or nothing where the connection ends without one.
pub(super) async fn goodbye(mut stream: impl AsyncRead + Unpin) -> Option<u16> {
    timeout(PATIENCE, async {
        loop {
            let (kind, payload) = read(&mut stream).await.ok()?;
            if kind == CLOSE {
                return Some(u16::from_be_bytes(payload.get(..2)?.try_into().ok()?));
            }
        }
    })
    .await
    .expect("it ends in time")
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    let kind = stream.read_u8().await? & 0x0f;
    let length = match stream.read_u8().await? {
        126 => usize::from(stream.read_u16().await?),
        127 => usize::try_from(stream.read_u64().await?).map_err(io::Error::other)?,
        length => usize::from(length),
    };
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await?;
    Ok((kind, payload))
}

/// A frame of a client.
pub(super) fn frame(kind: u8, follows: Follows, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(kind, follows, payload.len());
    frame.extend(payload);
    frame
}

/// The head of a frame that claims this length. A mask of zeros leaves the payload as it is.
pub(super) fn head(kind: u8, follows: Follows, length: usize) -> Vec<u8> {
    let last = if follows == Follows::Nothing { 0x80 } else { 0 };
    let mut head = vec![last | kind];
    match length {
        0..126 => head.push(0x80 | u8::try_from(length).expect("a short one")),
        126..65_536 => {
            head.push(0x80 | 126);
            head.extend(u16::try_from(length).expect("a short one").to_be_bytes());
        }
        _ => {
            head.push(0x80 | 127);
            head.extend((length as u64).to_be_bytes());
        }
    }
    head.extend([0; 4]);
    head
}
