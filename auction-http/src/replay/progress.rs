//! A bar on standard error for replays that take a while.

use crate::progress::Bar;
use std::io::IsTerminal;

/// Below this many rows a replay is over before a bar could be read.
const ROWS_MIN: usize = 200_000;
/// How many rows pass between two looks at the bar.
const STEP_ROWS: usize = 10_000;

/// How far something has come. It is shown only where standard error is a terminal and the work is long.
pub(super) struct Progress {
    what: &'static str,
    total: Option<usize>,
    told: usize,
    bar: Option<Bar>,
    is_wanted: bool,
}

impl Progress {
    /// Progress of work that nobody knows the end of.
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, total: None, told: 0, bar: None, is_wanted: std::io::stderr().is_terminal() }
    }

    /// Progress of work on this many rows.
    pub(super) fn of(what: &'static str, total: usize) -> Self {
        let mut progress = Self::new(what);
        progress.total = Some(total);
        progress.is_wanted &= total >= ROWS_MIN;
        progress
    }

    /// This many rows are done.
    pub(super) fn tell(&mut self, rows: usize) {
        if !self.is_wanted || rows < self.told + STEP_ROWS {
            return;
        }
        self.told = rows;
        if self.total.is_some() || rows >= ROWS_MIN {
            let (what, total) = (self.what, self.total);
            self.bar.get_or_insert_with(|| Bar::new(what, total)).tell(rows);
        }
    }
}
