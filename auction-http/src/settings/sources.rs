//! Where settings come from.

use super::names;
use super::problem::Problem;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// The largest file of settings, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Where the value of a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A flag of the command line.
    Flag,
    /// The environment of the process.
    Environment,
    /// The file `.env`.
    DotEnv,
    /// The file `auction.toml`.
    File,
    /// Nowhere: the default.
    Default,
}

/// Texts that settings are parsed from, in layers: a flag wins over the environment, that over `.env`, that over
/// `auction.toml`.
#[derive(Clone, Debug)]
pub struct Sources {
    data_dir: PathBuf,
    layers: BTreeMap<Given, Layer>,
    pub(super) problems: Vec<Problem>,
}

/// The texts of one source. `Debug` would show secrets, so it only names what is there.
#[derive(Clone, Default)]
struct Layer {
    texts: BTreeMap<String, String>,
    others_may_read: bool,
}

/// A text, and where it came from.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) given: Given,
    /// The name under which it was given, which may be another platform's.
    pub(super) name: &'a str,
    /// Other users of the machine can read the file that it stands in.
    pub(super) others_may_read: bool,
}

impl Sources {
    /// Nothing but the data folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), layers: BTreeMap::new(), problems: Vec::new() }
    }

    /// The environment of the process, and the files `.env` and `auction.toml` in `folder`.
    pub fn of_process(data_dir: impl Into<PathBuf>, folder: &Path) -> Self {
        let mut sources = Self::new(data_dir).with_environment(std::env::vars_os());
        if let Some(text) = sources.file(&folder.join(".env"), Given::DotEnv) {
            sources = sources.with_dotenv(&text);
        }
        if let Some(text) = sources.file(&folder.join("auction.toml"), Given::File) {
            sources = sources.with_toml(&text);
        }
        sources
    }

    /// Adds a flag of the command line, under the name of the setting.
    #[must_use]
    pub fn with_flag(mut self, name: &str, text: impl Into<String>) -> Self {
        self.insert(Given::Flag, name.to_owned(), text.into());
        self
    }

    /// Adds an environment.
    #[must_use]
    pub fn with_environment(mut self, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        for (name, text) in variables {
            let Some(name) = name.to_str().filter(|name| names::is_of_interest(name)) else { continue };
            match text.into_string() {
                Ok(text) => self.insert(Given::Environment, name.to_owned(), text),
                Err(_) => self.problems.push(Problem::new(name, "is not UTF-8")),
            }
        }
        self
    }

    /// Adds the text of a `.env` file.
    #[must_use]
    pub fn with_dotenv(mut self, text: &str) -> Self {
        for entry in dotenvy::from_read_iter(text.as_bytes()) {
            match entry {
                Ok((name, text)) => self.insert(Given::DotEnv, name, text),
                // The error would show the line, and that may hold a secret.
                Err(_) => {
                    let message = "has a line that is not NAME=value; values with spaces need quotes";
                    self.problems.push(Problem::new(".env", message));
                }
            }
        }
        self
    }

    /// Adds the text of an `auction.toml` file: the names of settings in lower case, and a table `[terms]`.
    #[must_use]
    pub fn with_toml(mut self, text: &str) -> Self {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
                let message = format!("line {line}: {}", error.message());
                self.problems.push(Problem::new("auction.toml", message));
                return self;
            }
        };
        for (key, value) in &table {
            let name = if key == "terms" { "DEFAULT_TERMS".to_owned() } else { key.to_ascii_uppercase() };
            match toml_text(value).filter(|_| names::is_setting(&name) && key.bytes().all(is_lower)) {
                Some(text) => self.insert(Given::File, name, text),
                None => {
                    let message = "is no setting, or has a value of the wrong type";
                    self.problems.push(Problem::new(format!("{key} (auction.toml)"), message));
                }
            }
        }
        self
    }

    /// Where everything is kept.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// What was said about a setting, under its own name or else under that of another platform. An empty text
    /// says nothing.
    pub(super) fn find(&self, name: &'static str) -> Option<Text<'_>> {
        std::iter::once(name).chain(names::aliases(name)).find_map(|name| {
            self.layers.iter().find_map(|(&given, layer)| {
                let text = layer.texts.get(name)?.as_str();
                let others_may_read = layer.others_may_read;
                Some(Text { text, given, name, others_may_read })
            })
        })
    }

    /// All names that were given, with where.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Given)> {
        self.layers
            .iter()
            .flat_map(|(&given, layer)| layer.texts.keys().map(move |name| (name.as_str(), given)))
    }

    fn insert(&mut self, given: Given, name: String, text: String) {
        if !text.trim().is_empty() {
            self.layers.entry(given).or_default().texts.insert(name, text.trim().to_owned());
        }
    }

    /// Reads a file of settings, where there is one.
    fn file(&mut self, path: &Path, given: Given) -> Option<String> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.len() <= FILE_BYTES_MAX => metadata,
            Ok(_) => {
                self.problems.push(Problem::new(name, format!("is larger than {FILE_BYTES_MAX} bytes")));
                return None;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.problems.push(Problem::new(name, format!("cannot be read: {error}")));
                return None;
            }
        };
        self.layers.entry(given).or_default().others_may_read = others_may_read(&metadata);
        match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problems.push(Problem::new(name, format!("cannot be read: {error}")));
                None
            }
        }
    }
}

/// Whether users other than the owner can read a file.
#[cfg(unix)]
pub(crate) fn others_may_read(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

/// Whether users other than the owner can read a file; not known here.
#[cfg(not(unix))]
pub(crate) fn others_may_read(_: &fs::Metadata) -> bool {
    false
}

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// A value as it would stand in the environment.
fn toml_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(is_on) => Some(if *is_on { "on" } else { "off" }.to_owned()),
        toml::Value::Array(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(toml::Value::as_str).collect();
            Some(parts?.join(","))
        }
        toml::Value::Table(_) => serde_json::to_string(value).ok(),
        toml::Value::Float(_) | toml::Value::Datetime(_) => None,
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.texts.keys()).finish()
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::DotEnv => ".env",
            Self::File => "auction.toml",
            Self::Default => "default",
        })
    }
}
