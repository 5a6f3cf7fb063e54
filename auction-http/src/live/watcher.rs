//! An auction that is watched, and who watches it.

use super::frame::Frame;
use super::hub::Shared;
use auction_core::AuctionId;
use std::sync::{Arc, Weak};
use tokio::sync::watch;

/// An auction that somebody watches. It is forgotten with its last watcher.
pub(super) struct Room {
    shown: watch::Sender<Shown>,
    id: AuctionId,
    shared: Weak<Shared>,
}

/// What an auction shows.
#[derive(Clone)]
enum Shown {
    Nothing,
    Frame(Arc<Frame>),
    /// What it showed is not stored any more.
    Lost,
}

/// Watches one auction.
pub struct Watcher {
    // Keeps the room alive.
    _room: Arc<Room>,
    shown: watch::Receiver<Shown>,
}

/// Why there are no more frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Over {
    /// The hub is gone.
    #[error("nothing is shown any more")]
    Closed,
    /// What was shown is not stored any more: whoever watches has to forget it, and to begin anew.
    #[error("the auction went back to an earlier state")]
    Lost,
}

impl Shown {
    fn frame(&self) -> Option<&Arc<Frame>> {
        match self {
            Self::Frame(frame) => Some(frame),
            Self::Nothing | Self::Lost => None,
        }
    }
}

impl Room {
    pub(super) fn new(id: AuctionId, shared: Weak<Shared>) -> Self {
        Self { shown: watch::Sender::new(Shown::Nothing), id, shared }
    }

    pub(super) const fn id(&self) -> AuctionId {
        self.id
    }

    pub(super) fn newest(&self) -> Option<Arc<Frame>> {
        self.shown.borrow().frame().cloned()
    }

    /// The version of the newest frame.
    pub(super) fn version(&self) -> Option<u64> {
        self.shown.borrow().frame().map(|frame| frame.auction.version())
    }

    /// Shows a frame, if it is newer than the last one.
    pub(super) fn show(&self, frame: Arc<Frame>) {
        self.shown.send_if_modified(|shown| {
            let is_newer = match shown {
                Shown::Nothing => true,
                Shown::Frame(old) => old.auction.version() < frame.auction.version(),
                Shown::Lost => false,
            };
            if is_newer {
                *shown = Shown::Frame(frame);
            }
            is_newer
        });
    }

    /// Shows nothing from now on.
    pub(super) fn lose(&self) {
        self.shown.send_replace(Shown::Lost);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.left(self.id);
        }
    }
}

impl Watcher {
    pub(super) fn of(room: Arc<Room>) -> Self {
        let shown = room.shown.subscribe();
        Self { _room: room, shown }
    }

    pub(super) fn has_frame(&self) -> bool {
        self.shown.borrow().frame().is_some()
    }

    pub(super) fn is_lost(&self) -> bool {
        matches!(*self.shown.borrow(), Shown::Lost)
    }

    /// The newest frame.
    pub fn newest(&mut self) -> Option<Arc<Frame>> {
        self.shown.borrow_and_update().frame().cloned()
    }

    /// The next frame that is newer than the last one; older ones in between are skipped.
    ///
    /// # Errors
    /// Where there are no more.
    pub async fn next(&mut self) -> Result<Arc<Frame>, Over> {
        loop {
            self.shown.changed().await.map_err(|_| Over::Closed)?;
            match &*self.shown.borrow_and_update() {
                Shown::Frame(frame) => return Ok(Arc::clone(frame)),
                Shown::Lost => return Err(Over::Lost),
                Shown::Nothing => {}
            }
        }
    }
}
