//! How people want to be told.

use super::kind::NoticeKind;
use std::collections::BTreeMap;

/// The ways by which somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// By mail.
    pub mail: bool,
    /// In the inbox, and at once where a socket is open.
    pub in_app: bool,
}

/// How somebody wants to be told of each kind. What they never chose is as the house has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    chosen: BTreeMap<NoticeKind, Channels>,
}

impl Preferences {
    /// How they want to be told of this.
    pub fn channels(&self, kind: NoticeKind) -> Channels {
        self.chosen.get(&kind).copied().unwrap_or(kind.channels_by_default())
    }

    /// The same with another choice for one kind.
    #[must_use]
    pub fn with(mut self, kind: NoticeKind, channels: Channels) -> Self {
        self.chosen.insert(kind, channels);
        self
    }

    /// What was chosen, by kind.
    pub fn chosen(&self) -> impl Iterator<Item = (NoticeKind, Channels)> + '_ {
        self.chosen.iter().map(|(kind, channels)| (*kind, *channels))
    }
}
