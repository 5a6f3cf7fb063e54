//! Why something could not be done.

use std::error::Error;
use std::fmt;

/// Something could not be done, and that is nobody's refusal.
///
/// It is opaque: what it says is for the log of the host, never for clients.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed ({kind})")]
pub struct Failure {
    /// What can be done about it.
    pub kind: FailureKind,
    /// What was being done.
    pub operation: &'static str,
    /// Why.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// What can be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The other side did not answer, or not in time. A read can be repeated. Of a write the outcome is unknown:
    /// it can be repeated with the same key.
    Unavailable,
    /// Too much is waiting to be written. Nothing was written, and it can be tried again in a moment.
    Busy,
    /// What is stored makes no sense. The source says where.
    Corrupt,
    /// Anything else; a repetition would fail in the same way.
    Other,
}

impl Failure {
    /// A failure of this kind, with its source.
    pub fn new(
        kind: FailureKind,
        operation: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { kind, operation, source: Some(source.into()) }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::Corrupt => "corrupt",
            Self::Other => "other",
        })
    }
}
