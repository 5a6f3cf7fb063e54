//! Mishaps on order, for tests.

use std::fmt;

/// A step of the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sqlite) enum Step {
    /// Opens the connection.
    Connect,
    /// Writes a journal row, which commits it.
    Journal,
    /// Begins a transaction.
    Begin,
    /// Any statement inside of one.
    Statement,
    /// Commits one.
    Commit,
    /// Reads.
    Read,
}

/// What goes wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "only tests order mishaps"))]
pub(in crate::sqlite) enum Fault {
    /// It is not done, and fails.
    Fails,
    /// It is done, but nobody hears of it.
    Unheard,
    /// It is not done, and the connection is gone.
    Severed,
}

/// Orders mishaps.
pub(in crate::sqlite) trait Faults: Send + Sync + fmt::Debug {
    /// What goes wrong with the step that is about to be done.
    fn next(&self, step: Step) -> Option<Fault>;
}
