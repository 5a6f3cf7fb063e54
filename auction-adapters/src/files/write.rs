//! How a file comes to be there whole, once, and for good.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many unfinished files of one name are tried before giving up: those that other processes write at this moment,
/// or left when they died.
const UNFINISHED_MAX: u32 = 64;

/// Writes a new file; false where the name is taken.
pub(super) fn new_file(file: &Path, content: &[u8]) -> io::Result<bool> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let (unfinished, mut open) = open_unfinished(folder, file)?;
    let written = open.write_all(content).and_then(|()| open.sync_all());
    // A link, since renaming would replace what is there.
    let linked = written.and_then(|()| fs::hard_link(&unfinished, file));
    let removed = fs::remove_file(&unfinished);
    match linked {
        Ok(()) => {
            removed?;
            sync_folder(folder)?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes a file for good.
pub(super) fn remove_file(file: &Path) -> io::Result<()> {
    if file.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    fs::remove_file(file)?;
    file.parent().map_or(Ok(()), sync_folder)
}

/// A file beside the one that is to be, under a name that is no name of a blob.
fn open_unfinished(folder: &Path, file: &Path) -> io::Result<(PathBuf, File)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 0..UNFINISHED_MAX {
        let unfinished = folder.join(format!(".{name}.{number}.part"));
        match options.open(&unfinished) {
            Ok(open) => return Ok((unfinished, open)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many unfinished files of this name"))
}

/// Makes a folder and those above it where they are missing, for good.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_folder(above)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Ok(()) => folder.parent().map_or(Ok(()), sync_folder),
        // Somebody else made it at the same time.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Names are as durable as their folder.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened here, and the system looks after their names.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
