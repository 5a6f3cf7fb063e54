//! How the log is written, and where.

use crate::settings::{Log, LogFormat};
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// How large a log file gets before another one is begun, in bytes.
pub const FILE_BYTES_MAX: u64 = 15_000_000;

/// How many old log files are kept.
pub const FILES_MAX: u32 = 10;

/// Whatever the level, what sockets say stays out of the log: tokens come as messages, too.
const QUIET: [&str; 2] = ["tungstenite=info", "tokio_tungstenite=info"];

/// Sends everything that is traced in this process to the log. Only the first call counts.
///
/// # Errors
/// Where the log file cannot be written.
pub fn start(log: &Log) -> io::Result<()> {
    match &log.file {
        Some(path) => {
            let file = RotatingFile::open(path.clone(), FILE_BYTES_MAX)
                .map_err(|error| io::Error::other(format!("the log file {}: {error}", path.display())))?;
            begin(log, Mutex::new(OneLine { to: file, is_painted: false }), false);
        }
        None => {
            let is_painted = io::stderr().is_terminal();
            begin(log, move || OneLine { to: io::stderr(), is_painted }, is_painted);
        }
    }
    // A panic is one line of the log, like everything else.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("without a message");
        tracing::error!(?message, place, "panicked");
    }));
    Ok(())
}

fn begin<W: for<'a> MakeWriter<'a> + Send + Sync + 'static>(log: &Log, writer: W, has_colours: bool) {
    let filter = EnvFilter::try_new(&log.level).unwrap_or_else(|_| EnvFilter::new(Log::LEVEL));
    let filter = QUIET.iter().filter_map(|part| part.parse().ok()).fold(filter, EnvFilter::add_directive);
    let log_to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(has_colours);
    // A second start in one process, as in tests, changes nothing.
    let _ = match log.format {
        LogFormat::Text => log_to.try_init(),
        LogFormat::Json => log_to.json().try_init(),
    };
}

/// Writes each event on one line, whatever stands in it: control characters are escaped, but for those that paint a
/// terminal where it is one. An event comes in one piece.
struct OneLine<W> {
    to: W,
    is_painted: bool,
}

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (text, end) = match event {
            [text @ .., b'\n'] => (text, "\n"),
            text => (text, ""),
        };
        let is_plain = |byte: &u8| match byte {
            b'\t' => true,
            0x1b => self.is_painted,
            byte => !byte.is_ascii_control(),
        };
        if text.iter().all(is_plain) {
            self.to.write_all(event)?;
        } else {
            let mut line = Vec::with_capacity(event.len() + 16);
            for byte in text {
                if is_plain(byte) { line.push(*byte) } else { line.extend(byte.escape_ascii()) }
            }
            line.extend(end.as_bytes());
            self.to.write_all(&line)?;
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A file that is renamed to `<name>.1` when it is full, that to `<name>.2`, and so on.
struct RotatingFile {
    path: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl RotatingFile {
    fn open(path: PathBuf, bytes_max: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = appended(&path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path, file, bytes, bytes_max })
    }

    fn rotate(&mut self) -> io::Result<()> {
        let numbered = |number: u32| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..FILES_MAX).rev() {
            match std::fs::rename(numbered(number), numbered(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        std::fs::rename(&self.path, numbered(1))?;
        self.file = appended(&self.path)?;
        self.bytes = 0;
        Ok(())
    }
}

fn appended(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Write for RotatingFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.bytes > 0 && self.bytes.saturating_add(length) > self.bytes_max {
            // A log that cannot be rotated is better than none.
            let _ = self.rotate();
        }
        self.file.write_all(line)?;
        self.bytes = self.bytes.saturating_add(length);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_line_within_an_event_is_escaped() {
        let mut lines = OneLine { to: Vec::new(), is_painted: false };
        lines.write_all(b"one\ttwo\n").expect("written");
        lines.write_all(b"three\r\nfour\x1b[31m\n").expect("written");
        lines.write_all(b"\n\n").expect("written");
        assert_eq!(String::from_utf8(lines.to).expect("text"), "one\ttwo\nthree\\r\\nfour\\x1b[31m\n\\n\n");
    }

    #[test]
    fn a_full_file_is_kept_under_a_number_and_ten_of_them_at_most() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("logs/server.log");
        let mut file = RotatingFile::open(path.clone(), 10).expect("a file");
        for number in 0..30 {
            file.write_all(format!("line {number:02}\n").as_bytes()).expect("written");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), "line 29\n");
        let read = |number| std::fs::read_to_string(folder.path().join(format!("logs/server.log.{number}")));
        assert_eq!(read(1).expect("a file"), "line 28\n");
        assert_eq!(read(10).expect("a file"), "line 19\n");
        assert!(read(11).is_err());
    }
}
