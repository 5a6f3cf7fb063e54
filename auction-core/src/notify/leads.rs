//! How long before people are reminded.

use crate::time::Span;

/// How long before the start and the end of an auction people are reminded. Zero turns a reminder off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadTimes {
    /// Before the start.
    pub starting: Span,
    /// Before the end. In an auction that is open for less than this, people are reminded when it starts.
    pub ending: Span,
}

impl Default for LeadTimes {
    /// 15 minutes each.
    fn default() -> Self {
        let quarter = Span::from_secs(15 * 60);
        Self { starting: quarter, ending: quarter }
    }
}
