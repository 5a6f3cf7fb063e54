//! The socket, from both ends.

use super::message::{ANSWER_BYTES_MAX, Answer, Ask, Delivery, REQUEST_BYTES_MAX};
use super::{Commission, HandoverError, fill};
use crate::parts::Parts;
use std::fs::{self, Permissions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The socket, in the data folder.
pub const SOCKET_FILE: &str = "server.sock";

/// How long whoever connects may take for the request.
const REQUEST_DURATION_MAX: Duration = Duration::from_secs(5);

/// How long nothing is accepted after the system refused a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The server's end. It listens until the server stops.
#[derive(Debug)]
pub struct Listener {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Listener {
    /// Listens in the data folder, in the place of a server that did not tidy up. The caller holds the lock of the
    /// database, so that no other server is alive there; `address` is where it answers HTTP, if it does.
    ///
    /// # Errors
    /// Where the socket cannot be made: the path of the folder is longer than the system takes, for example.
    pub fn open(parts: &Parts, address: Option<SocketAddr>) -> io::Result<Self> {
        let path = parts.settings.data_dir.join(SOCKET_FILE);
        // Nobody else finds it under its name before it has its mode.
        let unfinished = path.with_extension("new");
        remove(&unfinished)?;
        let listener = UnixListener::bind(&unfinished)?;
        fs::set_permissions(&unfinished, Permissions::from_mode(0o600))?;
        let owner = fs::metadata(&unfinished)?.uid();
        fs::rename(&unfinished, &path)?;
        let task = tokio::spawn(listen(listener, owner, parts.clone(), address));
        Ok(Self { path, task })
    }

    /// Ends it, once the server stops, and removes the socket.
    pub async fn close(self) {
        // A task that panicked listens no more either.
        let _ = self.task.await;
        if let Err(error) = remove(&self.path) {
            tracing::warn!(%error, "the socket in the data folder was not removed");
        }
    }
}

/// Hands a commission to the server on this data folder and waits until it has carried it out; `made` is told how
/// many auctions there are so far. `None` where no server listens.
///
/// # Errors
/// A [`HandoverError`]; what was made by then stays.
pub async fn hand_over(
    folder: &Path,
    commission: &Commission,
    mut made: impl FnMut(usize),
) -> Result<Option<Delivery>, HandoverError> {
    use io::ErrorKind::{ConnectionRefused, InvalidInput, NotFound};
    let mut stream = match UnixStream::connect(folder.join(SOCKET_FILE)).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ConnectionRefused | InvalidInput | NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    write_line(&mut stream, &Ask::Generate(commission.clone())).await?;
    let mut lines = BufReader::new(stream.take(ANSWER_BYTES_MAX)).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line).map_err(io::Error::other)? {
            Answer::Made(count) => made(count),
            Answer::Finished(delivery) => return Ok(Some(delivery)),
            Answer::Failed(why) => return Err(HandoverError::Refused(why)),
        }
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
}

async fn listen(listener: UnixListener, owner: u32, parts: Parts, address: Option<SocketAddr>) {
    let stop = parts.stop.0.clone();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) if is_of(&stream, owner) => {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    result = answer(stream, &parts, address) => if let Err(error) = result {
                        tracing::warn!(%error, "work that was handed over was broken off");
                    },
                }
            }
            Ok(_) => tracing::warn!("somebody else tried to hand work over"),
            Err(error) => {
                tracing::warn!(%error, "a connection of another process was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether the other end belongs to the owner of the socket. Its mode says the same on systems that heed it.
fn is_of(stream: &UnixStream, owner: u32) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == owner)
}

/// Answers one request. Where the other end hangs up the work stops.
async fn answer(mut stream: UnixStream, parts: &Parts, address: Option<SocketAddr>) -> io::Result<()> {
    let mut line = String::new();
    let mut reader = BufReader::new((&mut stream).take(REQUEST_BYTES_MAX));
    timeout(REQUEST_DURATION_MAX, reader.read_line(&mut line)).await??;
    let commission = match serde_json::from_str(&line) {
        Ok(Ask::Generate(commission)) => commission,
        Err(error) => return write_line(&mut stream, &Answer::Failed(error.to_string())).await,
    };
    let (made, mut progress) = watch::channel(0);
    let mut work = pin!(fill(parts, &commission, move |count| {
        made.send_replace(count);
    }));
    let result = loop {
        tokio::select! {
            biased;
            result = &mut work => break result,
            Ok(()) = progress.changed() => {
                let count = *progress.borrow_and_update();
                write_line(&mut stream, &Answer::Made(count)).await?;
            }
        }
    };
    let last = match result {
        Ok(made) => Answer::Finished(Delivery { made, listen: address }),
        Err(error) => {
            tracing::error!(%error, "sample auctions were not made");
            Answer::Failed(error.to_string())
        }
    };
    write_line(&mut stream, &last).await
}

async fn write_line(stream: &mut UnixStream, message: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::other)?;
    line.push(b'\n');
    stream.write_all(&line).await
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
