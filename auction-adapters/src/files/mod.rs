//! Blobs as files in a folder.

mod write;

use async_trait::async_trait;
use auction_core::ports::{BlobName, BlobStore, Failure, FailureKind};
use std::io::{self, ErrorKind};
use std::path::PathBuf;

/// Keeps each blob in a file of its own below a folder, which is made when it is first needed.
///
/// A file appears whole under its name or not at all, and is on the disk before that is answered. Only its owner may
/// read it, or enter a folder that was made here; what was there before keeps its permissions. A process that dies
/// while it writes leaves a file whose name begins with a dot, which nobody reads.
#[derive(Clone, Debug)]
pub struct FileBlobs {
    folder: PathBuf,
}

impl FileBlobs {
    /// Blobs below this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Does what waits for the disk on a thread of its own.
    async fn aside<T: Send + 'static>(
        &self,
        operation: &'static str,
        name: &BlobName,
        work: impl FnOnce(PathBuf) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let file = self.folder.join(name.as_str());
        let done = tokio::task::spawn_blocking(move || work(file)).await;
        done.map_err(|error| failure(operation, error))?.map_err(|error| failure(operation, error))
    }
}

#[async_trait]
impl BlobStore for FileBlobs {
    async fn put(&self, name: &BlobName, content: Vec<u8>) -> Result<bool, Failure> {
        self.aside("write a blob", name, move |file| write::new_file(&file, &content)).await
    }

    async fn read(&self, name: &BlobName) -> Result<Option<Vec<u8>>, Failure> {
        let read = |file: PathBuf| match std::fs::read(file) {
            Ok(content) => Ok(Some(content)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        };
        self.aside("read a blob", name, read).await
    }

    async fn remove(&self, name: &BlobName) -> Result<bool, Failure> {
        let remove = |file: PathBuf| match write::remove_file(&file) {
            Ok(()) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(error),
        };
        self.aside("remove a blob", name, remove).await
    }
}

/// Whether there is no such file; a folder is none.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory)
}

fn failure(operation: &'static str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::new(FailureKind::Unavailable, operation, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Deref;
    use std::path::Path;
    use tempfile::TempDir;

    /// Blobs in a folder that is there as long as they are.
    struct Place {
        folder: TempDir,
        blobs: FileBlobs,
    }

    impl Deref for Place {
        type Target = FileBlobs;

        fn deref(&self) -> &FileBlobs {
            &self.blobs
        }
    }

    fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let blobs = FileBlobs::new(folder.path().join("media"));
        Place { folder, blobs }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    mod conformance {
        use super::*;

        auction_core::blob_cases!(block_on, place());
    }

    fn name(text: &str) -> BlobName {
        BlobName::parse(text).unwrap()
    }

    /// The names of the files and folders in a folder, in order.
    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_and_folders_are_for_their_owner_only_and_nothing_else_is_left() {
        let place = place();
        assert!(block_on(place.put(&name("auctions/7/a.jpg"), b"a".to_vec())).unwrap());
        assert!(!block_on(place.put(&name("auctions/7/a.jpg"), b"b".to_vec())).unwrap());
        let folder = place.folder.path().join("media/auctions/7");
        assert_eq!(names(&folder), ["a.jpg"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder.join("a.jpg")), 0o600);
            for made in [&folder, folder.parent().unwrap(), &place.folder.path().join("media")] {
                assert_eq!(mode(made), 0o700, "{}", made.display());
            }
        }
    }

    #[test]
    fn a_blob_that_cannot_be_written_leaves_nothing() {
        let place = place();
        let folder = place.folder.path().join("media");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("auctions"), b"a file where a folder should be").unwrap();
        assert!(block_on(place.put(&name("auctions/a.jpg"), b"a".to_vec())).is_err());
        std::fs::create_dir(folder.join("b.jpg")).unwrap();
        assert!(!block_on(place.put(&name("b.jpg"), b"b".to_vec())).unwrap());
        assert_eq!(names(&folder), ["auctions", "b.jpg"]);
    }

    #[test]
    fn what_a_dead_process_left_is_in_nobodys_way() {
        let place = place();
        let folder = place.folder.path().join("media");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(".a.jpg.0.part"), b"half a pict").unwrap();
        assert!(block_on(place.put(&name("a.jpg"), b"whole".to_vec())).unwrap());
        assert_eq!(block_on(place.read(&name("a.jpg"))).unwrap().as_deref(), Some(&b"whole"[..]));
    }
}
