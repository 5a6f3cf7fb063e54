//! The pages in a folder, for those who work on them. They are read anew each time.

use super::bundle::File;
use axum::body::Bytes;
use sha2::{Digest, Sha256};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

/// The largest file that is served, in bytes.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A folder.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// A file by its name, which is made of plain parts. What leads out of the folder is no file of it.
    pub(super) async fn file(&self, name: &str) -> Option<File> {
        let (folder, name) = (self.0.clone(), name.to_owned());
        let read = tokio::task::spawn_blocking(move || read(&folder, &name)).await.ok()?;
        read.ok().flatten()
    }
}

fn read(folder: &Path, name: &str) -> io::Result<Option<File>> {
    let Some((path, written)) = find(folder, name)? else { return Ok(None) };
    // A compressed form that is older than its file is of another build.
    if let Some(plain) = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"))
        && find(folder, plain)?.is_none_or(|(_, changed)| changed > written)
    {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    let hash = Sha256::digest(&bytes).into();
    Ok(Some(File { bytes: Bytes::from(bytes), hash }))
}

/// Where a file of the folder really is, and when it was written.
fn find(folder: &Path, name: &str) -> io::Result<Option<(PathBuf, SystemTime)>> {
    let (folder, path) = (folder.canonicalize()?, folder.join(name).canonicalize()?);
    let metadata = fs::metadata(&path)?;
    let is_ours = path.starts_with(&folder) && metadata.is_file() && metadata.len() <= FILE_BYTES_MAX;
    Ok(if is_ours { Some((path, metadata.modified()?)) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(folder: &Path, name: &str) -> Option<String> {
        let file = read(folder, name).ok().flatten()?;
        Some(String::from_utf8(file.bytes.to_vec()).unwrap())
    }

    #[cfg(unix)]
    #[test]
    fn what_leads_out_of_the_folder_is_not_served() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("dist");
        fs::create_dir_all(folder.join("assets")).unwrap();
        fs::write(outer.path().join("secret.txt"), "secret").unwrap();
        fs::write(folder.join("plain.txt"), "plain").unwrap();
        std::os::unix::fs::symlink(outer.path().join("secret.txt"), folder.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(outer.path(), folder.join("assets/out")).unwrap();
        std::os::unix::fs::symlink(folder.join("plain.txt"), folder.join("assets/in.txt")).unwrap();
        assert_eq!(text(&folder, "plain.txt").as_deref(), Some("plain"));
        assert_eq!(text(&folder, "assets/in.txt").as_deref(), Some("plain"));
        for name in ["link.txt", "assets/out/secret.txt", "assets", "nothing.txt", "../secret.txt"] {
            assert_eq!(text(&folder, name), None, "{name}");
        }
    }

    #[test]
    fn a_compressed_form_of_another_build_is_not_served() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, age: u64| {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000 - age))
                .unwrap();
        };
        write("a.js", 5);
        write("a.js.br", 9);
        write("a.js.gz", 5);
        write("b.js.gz", 5);
        let found = |name| read(folder.path(), name).ok().flatten().is_some();
        assert!(found("a.js") && found("a.js.gz") && !found("a.js.br") && !found("b.js.gz"));
    }
}
