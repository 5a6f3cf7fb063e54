//! What a case finds.

use crate::auction::Rejection;
use crate::ports::Failure;
use std::error::Error;
use std::fmt::Debug;

/// What a case came to.
pub type Verdict = Result<(), Deviation>;

/// Something that a store did and should not have done, as a text for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Deviation(String);

impl Deviation {
    /// This is what it did.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl From<Failure> for Deviation {
    fn from(failure: Failure) -> Self {
        let mut what = format!("a call failed: {failure}");
        let mut source = failure.source();
        while let Some(error) = source {
            what.push_str(": ");
            what.push_str(&error.to_string());
            source = error.source();
        }
        Self(what)
    }
}

impl From<Rejection> for Deviation {
    fn from(rejection: Rejection) -> Self {
        Self(format!("the case itself is wrong, a command was refused: {rejection}"))
    }
}

/// Two values have to be the same.
pub(super) fn same<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Verdict {
    if found == expected {
        return Ok(());
    }
    Err(Deviation(format!("{what}\n expected: {expected:?}\n    found: {found:?}")))
}

/// Something has to be so.
pub(super) fn holds(what: &str, is_so: bool) -> Verdict {
    if is_so { Ok(()) } else { Err(Deviation(what.to_owned())) }
}
