//! What a check of a database found: the same for each of them.

use auction_core::AuctionId;
use auction_core::ports::{Failure, FailureKind};
use std::fmt;

/// How many things that are wrong are told; more are only counted.
pub const FINDINGS_MAX: usize = 100;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// How many auctions were looked at.
    pub auctions: u64,
    /// How many events were folded.
    pub events: u64,
    /// How many things are wrong.
    pub wrong: u64,
    /// The first [`FINDINGS_MAX`] of them, each as a sentence with its table and row.
    pub findings: Vec<String>,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckProgress {
    /// How many auctions were looked at.
    pub auctions: u64,
    /// How many there are.
    pub auctions_total: u64,
}

impl Checked {
    /// Nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.wrong == 0
    }

    pub(crate) fn find(&mut self, table: &str, row: impl fmt::Display, what: impl fmt::Display) {
        self.wrong += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(format!("table {table}, row {row}: {what}"));
        }
    }

    /// A row that cannot be read is a finding, a database that cannot be read is a failure.
    pub(crate) fn sound<T>(
        &mut self,
        table: &str,
        row: AuctionId,
        result: Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.kind == FailureKind::Corrupt => {
                let why = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
                self.find(table, row, why);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}
