//! The way to a server, which can fall silent.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How much is handed on at once.
const PORTION_MAX: usize = 64 * 1_024;

/// Hands on what nodes and their server say to each other, until it falls silent: then everything is swallowed, on
/// connections that are there and on new ones, and nobody is told. Connections that met the silence stay silent.
pub(super) struct Wire {
    address: SocketAddr,
    /// How many more messages of nodes are handed on; with the last one it falls silent.
    left: Arc<AtomicUsize>,
}

impl Wire {
    /// One that hands on.
    pub(super) async fn to(server: String) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let wire = Self { address, left: Arc::clone(&left) };
        tokio::spawn(async move {
            while let Ok((node, _)) = listener.accept().await {
                tokio::spawn(hand_on(node, server.clone(), Arc::clone(&left)));
            }
        });
        wire
    }

    /// Where nodes find the server.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Falls silent with this many more messages of nodes, before it is answered.
    pub(super) fn fall_silent_with(&self, messages: usize) {
        self.left.store(messages, Ordering::SeqCst);
    }

    /// Hands on again.
    pub(super) fn heal(&self) {
        self.left.store(usize::MAX, Ordering::SeqCst);
    }
}

/// Ends when the node closes its connection; the server finds its own closed as well.
async fn hand_on(mut node: TcpStream, server: String, left: Arc<AtomicUsize>) {
    let (mut said, mut answered) = (vec![0; PORTION_MAX], vec![0; PORTION_MAX]);
    let mut server = TcpStream::connect(server).await.unwrap();
    let mut is_silent = false;
    loop {
        tokio::select! {
            read = node.read(&mut said) => {
                let Ok(length @ 1..) = read else { return };
                let counted = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
                    usize::MAX => Some(left),
                    left => left.checked_sub(1),
                });
                is_silent |= counted.is_err();
                if !is_silent && server.write_all(&said[..length]).await.is_err() {
                    return;
                }
                is_silent |= left.load(Ordering::SeqCst) == 0;
            }
            read = server.read(&mut answered), if !is_silent => {
                let Ok(length @ 1..) = read else { return };
                is_silent |= left.load(Ordering::SeqCst) == 0;
                if !is_silent && node.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
