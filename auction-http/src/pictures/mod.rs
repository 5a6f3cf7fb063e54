//! Taking in pictures that people send.
//!
//! What comes in is never kept: its kind is found by its content, its size is read before it is decoded, and what is
//! kept is a new picture of the pixels that were seen. So nothing of a file survives that is no picture: neither
//! metadata (among them the place where it was taken) nor what was hidden behind it.
//!
//! Of each picture two are kept, a full one and a small one beside it. This room does not know what they are
//! pictures of.

mod names;
mod places;
mod remake;

pub use names::small;
pub use places::{Place, UPLOADS_MAX, UPLOADS_OF_ONE_MAX};
pub use remake::{
    FULL_SIDE_MAX, InvalidPicture, JPEG_QUALITY, PIXELS_MAX, SMALL_SIDE_MAX, SQUARE_SIDE_MAX, Shape,
    TRANSPARENT_SIDE_MAX, WORKING_BYTES_MAX,
};

use auction_core::UserId;
use auction_core::ports::{BlobName, BlobStore, Entropy, Failure, FailureKind};
use places::Places;
use remake::{Remade, remake};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The largest file of a picture, in bytes.
pub const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// How many pictures are decoded at once; others wait for their turn.
pub const DECODED_AT_ONCE_MAX: usize = 2;

const OPERATION: &str = "keep a picture";

/// Where pictures are kept, and how they get there.
pub struct Pictures {
    blobs: Arc<dyn BlobStore>,
    entropy: Arc<dyn Entropy>,
    places: Places,
    turns: Arc<Semaphore>,
}

/// Why a picture was not kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// It is none that is taken.
    #[error(transparent)]
    Invalid(#[from] InvalidPicture),
    /// It could not be kept.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Pictures {
    /// Pictures in a store, under names that are drawn.
    pub fn new(blobs: Arc<dyn BlobStore>, entropy: Arc<dyn Entropy>) -> Self {
        let turns = Arc::new(Semaphore::new(DECODED_AT_ONCE_MAX));
        Self { blobs, entropy, places: Places::default(), turns }
    }

    /// A place for one upload of somebody until it is dropped; `None` where there are too many, theirs or all.
    pub fn enter(&self, user: UserId) -> Option<Place> {
        self.places.enter(user)
    }

    /// Keeps a picture that somebody sent, below a folder, and answers its path: that of the full one, from which
    /// [`small`] makes the other. Nobody finds it before something names it. It is decoded on a thread of its own.
    ///
    /// # Errors
    /// A [`PictureError`]. What was half done is left: files that nothing names.
    pub async fn keep(&self, folder: &str, file: Vec<u8>, shape: Shape) -> Result<String, PictureError> {
        let Remade { full, small, extension } = self.remade(file, shape).await?;
        let name = names::draw(folder, extension, &*self.entropy);
        self.put(&self::small(&name), small).await?;
        self.put(&name, full).await?;
        Ok(name)
    }

    /// Removes a picture that nothing names any more; one that was not made here stays. What cannot be removed is
    /// left, and logged.
    pub async fn remove(&self, path: &str) {
        if !names::is_made_here(path) {
            return;
        }
        for name in [path, &small(path)] {
            let Ok(blob) = BlobName::parse(name) else { continue };
            if let Err(failure) = self.blobs.remove(&blob).await {
                tracing::warn!(name, %failure, "a picture that nothing names was left");
            }
        }
    }

    async fn remade(&self, file: Vec<u8>, shape: Shape) -> Result<Remade, PictureError> {
        let failed = |error| Failure::new(FailureKind::Other, OPERATION, error);
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(failed)?;
        // The turn ends with the work, also where nobody waits for it any more.
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            remake(file, shape)
        });
        match work.await {
            Ok(remade) => Ok(remade?),
            // A file at which a decoder panics is as good as damaged.
            Err(error) => {
                tracing::warn!(%error, "a picture could not be decoded");
                Err(InvalidPicture::Damaged.into())
            }
        }
    }

    async fn put(&self, name: &str, content: Vec<u8>) -> Result<(), Failure> {
        let failed = |error| Failure::new(FailureKind::Other, OPERATION, error);
        let blob = BlobName::parse(name).map_err(failed)?;
        if self.blobs.put(&blob, content).await? {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Other, OPERATION, "a name that was drawn is taken"))
    }
}
